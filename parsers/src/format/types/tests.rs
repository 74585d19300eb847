use crate::{Dataset, Diagnostic, sample};

/// Modelled on the downloads of the Balancing Mechanism Reporting Service, as Elexon's "BMRS API and Data Push User Guide"
/// describes them: HDR opens the file, FTR counts its data lines.
const DEMAND: &str = r#"
[format]
kind = "csv"
header = false
names = ["", "day", "period", "demand"]
types.record = "VD"
types.ignore = ["NOTE"]
types.last = "FTR"
types.said = { report = { type = "HDR", field = 2 } }
types.count = [{ type = "FTR", field = 2 }]

[columns]
report = { from = "report", type = "text", comment = "c" }
day = { from = "day", type = "date", pattern = "%Y%m%d", comment = "c" }
period = { from = "period", type = "integer", comment = "c" }
demand = { from = "demand", type = "integer", comment = "c" }
"#;

/// Modelled on the ACH file of the Nacha Operating Rules (Appendix Three): lines of 94 characters that begin with a digit;
/// 5 opens a batch, 8 closes it and counts its entries (6) and addenda (7), 9 counts those of the file, lines of nines fill
/// it up.
const PAYMENTS: &str = r#"
[format]
kind = "fixed"
length = 94

[format.types]
record = "6"
ignore = ["1", "7", "99999999"]
last = "9"
said = { company = { type = "5", place = "5-20" } }

[[format.types.count]]
type = "8"
place = "5-10"
of = ["6", "7"]
since = "5"

[[format.types.count]]
type = "9"
place = "14-21"
of = ["6", "7"]

[columns]
company = { from = "company", type = "text", comment = "c" }
account = { from = "13-29", type = "text", comment = "c" }
cents = { from = "30-39", type = "integer", comment = "c" }
"#;

fn parse(definition: &str) -> Result<Dataset, Vec<Diagnostic>> {
    sample::parse(&format!("mode = 'append'\nkey = []\n{definition}"))
}

fn read(definition: &str, text: &str) -> Result<Vec<String>, String> {
    let (rows, new) = sample::read(&parse(definition).unwrap(), text.as_bytes()).map_err(|error| error.to_string())?;
    assert!(new.is_empty(), "{new:?}");
    Ok(rows)
}

const DAY: &str = "HDR,ROLLING SYSTEM DEMAND\nVD,20180102,1,31000\nNOTE,revised\nVD,20180102,2,\"30500\"\nFTR,2\n";

#[test]
fn records_are_of_one_type_and_others_say_what_holds_for_them() {
    let rows = read(DEMAND, DAY).unwrap();
    assert_eq!(rows, ["ROLLING SYSTEM DEMAND|2018-01-02|1|31000", "ROLLING SYSTEM DEMAND|2018-01-02|2|30500"]);
    let again = DAY.replace("NOTE,revised", "HDR,OTHER");
    assert!(read(DEMAND, &again).unwrap()[1].starts_with("OTHER|"), "the last line of a type counts");
    let without = DAY.replace("HDR,ROLLING SYSTEM DEMAND\n", "");
    assert!(read(DEMAND, &without).unwrap()[0].starts_with("|2018"));
}

#[test]
fn a_file_that_ends_before_its_lines_are_counted_was_cut() {
    let without_last = DEMAND.replace("types.last = \"FTR\"\n", "");
    assert_eq!(read(&without_last, &format!("{DAY}NOTE,later\n")).unwrap().len(), 2, "what is not counted may follow");
    assert_eq!(read(&without_last, "HDR,ROLLING SYSTEM DEMAND\n").unwrap().len(), 0, "where none is, none is counted");
    let any = without_last.replace("field = 2 }]", "field = 2, of = \"*\" }]");
    for (definition, whole) in [(without_last, DAY.to_owned()), (any, DAY.replace("FTR,2", "FTR,5"))] {
        assert_eq!(read(&definition, &whole).unwrap().len(), 2);
        for cut in [whole.split("FTR").next().unwrap(), &format!("{whole}VD,20180103,1,1\n")] {
            let error = read(&definition, cut).unwrap_err();
            assert!(error.contains("ends without a line of the type \"FTR\" that counts those before it"), "{error}");
        }
    }
}

#[test]
fn what_a_line_counts_must_be_there() {
    let wrong = read(DEMAND, &DAY.replace("FTR,2", "FTR,3")).unwrap_err();
    assert_eq!(
        wrong,
        "the line of the type \"FTR\" counts 3 lines of VD, and there are 2: the file was cut or changed"
    );
    assert!(read(DEMAND, &DAY.replace("FTR,2", "FTR,x")).unwrap_err().contains("counts \"x\", which is no number"));
    assert!(read(DEMAND, &DAY.replace("FTR,2", "FTR")).unwrap_err().contains("too short to say what `count` is"));
    assert!(
        read(DEMAND, &DAY.replace("FTR,2\n", "")).unwrap_err().contains("without its last line, of the type \"FTR\"")
    );
    assert!(read(DEMAND, &format!("{DAY}VD,20180102,3,1\n")).unwrap_err().contains("goes on behind its last line"));
    let all = DEMAND.replace("field = 2 }]", "field = 2, of = '*' }]");
    assert_eq!(read(&all, &DAY.replace("FTR,2", "FTR,5")).unwrap().len(), 2);
}

#[test]
fn no_cut_passes_for_a_whole_file() {
    for cut in 1..DAY.len() - 1 {
        let (begun, _) = DAY.split_at(cut);
        let came = read(DEMAND, begun);
        assert!(came.is_err(), "{came:?} of {begun:?}");
    }
    assert_eq!(read(DEMAND, DAY.trim_end()).unwrap().len(), 2, "what is counted shows that the file is whole");
}

#[test]
fn a_line_of_no_known_type_is_an_error_and_a_record_of_another_width_a_reject() {
    let unknown = read(DEMAND, &DAY.replace("NOTE,", "NOTES,")).unwrap_err();
    assert!(unknown.starts_with("a line begins with \"NOTES,revised\", which is no type that is known"), "{unknown}");
    let rows = read(DEMAND, &DAY.replace("2,1,31000", "2,1,31000,x")).unwrap();
    assert_eq!(rows[0], "!2 has 5 fields, and the definition has 4");
}

#[test]
fn a_line_that_cannot_be_taken_apart_is_a_reject_and_counted_if_it_is_a_record_and_else_an_error() {
    let open = DAY.replace("NOTE,revised", "VD,\"open");
    assert!(read(DEMAND, &open).unwrap_err().contains("counts 2 lines of VD, and there are 3"));
    assert!(read(DEMAND, &open.replace("FTR,2", "FTR,3")).unwrap()[1].starts_with("!3 has a quote"));
    for line in ["HDR,\"OTHER", "HDR,\"OTHER\"x", "\"VD,20180102"] {
        let other = read(DEMAND, &DAY.replace("NOTE,revised", line)).unwrap_err();
        assert!(other.starts_with("a line that is no record has "), "{other}");
    }
}

fn line(start: &str, rest: &str) -> String {
    format!("{:<94}\n", format!("{start}{rest}"))
}

fn entry(account: &str, cents: u32) -> String {
    line("622123456780", &format!("{account:<17}{cents:010}"))
}

fn payments(batch: &str) -> String {
    let file = [
        line("101", " 123456789"),
        line("5220", "GRID OPERATOR"),
        entry("0815", 1050),
        line("705", "a note"),
        line("8220", "000002"),
        line("5220", "WATER BOARD"),
        entry("4711", 99),
        line("8220", batch),
        line("9000002000001", "00000003"),
        format!("{}\n", "9".repeat(94)),
    ];
    file.concat()
}

#[test]
fn lines_of_fixed_width_have_types_too_and_batches_are_counted_each() {
    assert_eq!(read(PAYMENTS, &payments("000001")).unwrap(), ["GRID OPERATOR|0815|1050", "WATER BOARD|4711|99"]);
    let wrong = read(PAYMENTS, &payments("000003")).unwrap_err();
    assert!(wrong.starts_with("the line of the type \"8\" counts 3 lines of 6, 7, and there are 1"), "{wrong}");
    let short = payments("000001").replace(&line("5220", "WATER BOARD"), "5220WATER\n");
    assert!(read(PAYMENTS, &short).unwrap_err().contains("too short to say what `company` is"));
    let narrow = payments("000001").replace(&entry("4711", 99), "622\n");
    assert_eq!(read(PAYMENTS, &narrow).unwrap()[1], "!7 is 3 characters long, and its definition says 94");
}

#[test]
fn what_does_not_go_with_types_is_a_mistake() {
    let mistake = |from: &str, to: &str| {
        assert!(DEMAND.contains(from));
        parse(&DEMAND.replace(from, to)).unwrap_err().remove(0).message
    };
    assert!(mistake("kind = \"csv\"", "kind = \"csv\"\nfooter = 'x'").contains("`footer` is not for files"));
    assert!(mistake("header = false\nnames = [\"\", \"day\", \"period\", \"demand\"]", "").contains("no header above"));
    assert!(mistake("\"HDR\", field = 2", "\"HDR\", field = 0").contains("counted from 1"));
    assert!(mistake("\"HDR\"", "\"VD\"").contains("stands in the record itself"));
    assert!(mistake("[\"NOTE\"]", "[\"\"]").contains("at least one character"));
    let behind = parse(&PAYMENTS.replace("5-20", "20-5")).unwrap_err();
    assert!(behind[0].message.contains("is no place in a line"), "{behind:?}");
}
