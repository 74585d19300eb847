use crate::{Dataset, ReadError, sample};

fn dataset() -> Dataset {
    let columns = ["NMISuffix", "IntervalStart", "IntervalEnd", "Value", "QualityMethod", "ReasonCode"];
    let column =
        |name: &&str| format!("{} = {{ from = {name:?}, type = \"text\", comment = \"c\" }}\n", name.to_lowercase());
    let columns: String = columns.iter().map(column).collect();
    sample::parse(&format!(
        "mode = \"upsert\"\nkey = []\nformat = {{ kind = \"odd\", parser = \"nem12\" }}\n[columns]\n{columns}"
    ))
    .unwrap()
}

/// Rows as `a|b`, rejects as `!line reason`.
fn read(text: &str) -> Result<Vec<String>, ReadError> {
    sample::read(&dataset(), text.as_bytes()).map(|(rows, _)| rows)
}

fn day(date: &str, intervals: usize, quality: &str) -> String {
    let values: Vec<String> = (1..=intervals).map(|at| at.to_string()).collect();
    format!("300,{date},{},{quality},,,20050402003445,\r\n", values.join(","))
}

const HEAD: &str = "100,NEM12,200505121107,A,B\r\n";
const STREAM: &str = "200,NEM1,E1,E1,E1,N1,02022,KWH,30,\r\n";

#[test]
fn a_day_is_a_row_for_each_interval_and_the_last_ends_at_midnight() {
    for (minutes, intervals) in [(5, 288), (15, 96), (30, 48)] {
        let stream = STREAM.replace(",30,", &format!(",{minutes},"));
        let rows = read(&format!("{HEAD}{stream}{}900\r\n", day("20040229", intervals, "A"))).unwrap();
        assert_eq!(rows.len(), intervals);
        assert_eq!(rows[0], format!("E1|2004-02-29T00:00:00|2004-02-29T00:{minutes:02}:00|1|A|"));
        let last = &rows[intervals - 1];
        assert!(last.contains(&format!("|2004-03-01T00:00:00|{intervals}|")), "{last}");
    }
}

#[test]
fn a_quality_that_varies_is_said_interval_by_interval() {
    let said = "400,1,20,A,,\r\n400,21,48,S14,32,\r\n";
    let rows = read(&format!("{HEAD}{STREAM}{}{said}900\r\n", day("20050401", 48, "V"))).unwrap();
    assert!(rows[19].ends_with("|20|A|") && rows[20].ends_with("|21|S14|32"), "{:?}", &rows[19..21]);
    let part = "400,1,47,A,,\r\n";
    let rows = read(&format!("{HEAD}{STREAM}{}{part}900\r\n", day("20050401", 48, "V"))).unwrap();
    assert_eq!(rows[47], "!3 has a quality that varies, and no line 400 says that of interval 48");
}

#[test]
fn what_is_wrong_with_a_day_costs_that_day() {
    let good = day("20050402", 48, "A");
    let cases = [
        (day("20050401", 47, "A"), "!3 has 54 fields, and a day of 30 minutes has 55"),
        (day("20050431", 48, "A"), "!3 is of \"20050431\", and that is no day"),
        (format!("{}400,40,49,A,,\r\n", day("20050401", 48, "V")), "!3 has line 4 behind it, whose intervals"),
        ("300,\"20050401\r\n".to_owned(), "!3 has a quote that is not closed"),
    ];
    for (bad, told) in cases {
        let rows = read(&format!("{HEAD}{STREAM}{bad}{good}900\r\n")).unwrap();
        assert!(rows[0].starts_with(told), "{:?}", rows[0]);
        assert_eq!(rows.len(), 49);
    }
    let rows = read(&format!("{HEAD}{}{good}900\r\n", STREAM.replace(",30,", ",20,"))).unwrap();
    assert_eq!(rows, ["!3 stands under no line 200 with intervals of 5, 15 or 30 minutes"]);
}

#[test]
fn a_file_that_was_cut_or_goes_on_is_no_file() {
    let day = day("20050401", 48, "A");
    let cases = [
        (format!("{HEAD}{STREAM}{day}"), "ends without its line 900"),
        (format!("{HEAD}{STREAM}{day}900\r\n{day}"), "goes on behind its line 900"),
        (format!("{STREAM}{day}900\r\n"), "does not begin with 100,NEM12"),
        (format!("{HEAD}{STREAM}400,1,48,A,,\r\n900\r\n"), "a line 400 is behind no line 300"),
        (HEAD.replace("NEM12", "NEM13"), "does not begin with 100,NEM12"),
    ];
    for (text, told) in cases {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(told), "{told}: {error}");
    }
}

#[test]
fn no_cut_makes_it_panic_or_pass_for_whole() {
    let whole = format!("{HEAD}{STREAM}{}400,1,48,A,,\r\n500,O,x,,\r\n900\r\n", day("20050401", 48, "V"));
    assert_eq!(read(&whole).unwrap().len(), 48);
    let end = whole.len() - "\r\n".len();
    for cut in 0..end {
        assert!(read(whole.get(..cut).unwrap()).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_day_that_cannot_be_read_takes_no_longer_for_what_is_said_of_it() {
    let said = (1..50_000).map(|at| format!("400,{at},{at},A,,\r\n")).collect::<Vec<_>>().concat();
    let rows = read(&format!("{HEAD}{STREAM}{}{said}{}900\r\n", day("20050431", 48, "V"), day("20050402", 48, "A")));
    assert_eq!(rows.unwrap().len(), 1 + 48);
}
