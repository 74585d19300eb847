use super::*;

fn said(values: &[&str]) -> String {
    let said = Said::of(&values.iter().copied());
    format!("{}{}", said.guess, said.doubt.map_or_else(String::new, |doubt| format!(" # {doubt}")))
}

#[test]
fn what_publishers_write_less_often_is_recognised_too() {
    for (values, expected) in [
        (&["30 October 2026", "1 May 2026"][..], "type = \"date\", pattern = \"%d %B %Y\""),
        (&["05:30", "17:00"], "type = \"time\""),
        (&["5:30 PM", "11:00 AM"], "type = \"time\", pattern = \"%I:%M %p\""),
        (&["2018-04-05T17:29Z"], "type = \"timestamp\""),
        (&["2020-01-06T06", "2020-01-06T07"], "type = \"timestamp\""),
        (&["20200106:0610", "20200106:0710"], "type = \"timestamp\", pattern = \"%Y%m%d:%H%M\""),
        (&["2026-01-31 00:00:00 +0100"], "type = \"timestamp\", pattern = \"%Y-%m-%d %H:%M:%S %z\""),
        (&["936da01f-9abd-4d9d-80c7-02af85c822a8"], "type = \"uuid\""),
        (&["{\"a\": 1}", "[]"], "type = \"json\" # all are JSON"),
        (
            &["202601011200", "202601011300"],
            "type = \"timestamp\", pattern = \"%Y%m%d%H%M\" # all are days and times written %Y%m%d%H%M",
        ),
        (
            &["1.1", "1.2", "1.10"],
            "type = \"text\" # 1.1 and 1.10 would be one decimal; if they are measured and no codes, it is one",
        ),
        (&["-1.1", "1.10", "1.1"], "type = \"decimal(7,2)\""),
        (&["1", "1.0", "10.0", "10"], "type = \"decimal(7,1)\""),
        (
            &["1.00000000000001", "2"],
            "type = \"float\" # binary numbers; a decimal with digits = \"binary\" would be exact",
        ),
    ] {
        assert_eq!(said(values), expected, "{values:?}");
    }
}

#[test]
fn times_in_two_ways_are_text_with_a_reason() {
    let found = said(&["2026-01-01 10:00:00", "01/02/2026 11:00 AM", "2026-01-02 10:00:00"]);
    assert!(found.starts_with("type = \"text\" # times written in two ways, "), "{found}");
}

#[test]
fn few_words_that_come_often_are_an_enum() {
    let words: BTreeSet<String> = ["open", "closed"].map(str::to_owned).into();
    assert_eq!(Said::text().or_enum(&words, 500).words, ["closed", "open"]);
    assert!(Said::text().or_enum(&words, 30).is_text());
    let codes: BTreeSet<String> = ["01", "02"].map(str::to_owned).into();
    assert!(Said::text().or_enum(&codes, 500).is_text());
}
