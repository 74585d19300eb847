use proptest::prelude::*;

use crate::{ReadError, Row, sample};

const DEFINITION: &str = r#"mode = "upsert"
key = ["starts"]

[format]
kind = "xml"
record = "doc/period/point"

[format.series]
start = "../start"
end = "../end"
resolution = "../step"
position = "@at"
curve = "../../curve"

[columns]
starts = { series = "start", type = "timestamp", comment = "Start" }
ends = { series = "end", type = "timestamp", comment = "End" }
minutes = { series = "minutes", type = "integer", comment = "Minutes" }
value = { from = ".", type = "integer", comment = "Value" }
repeated = { series = "repeated", type = "boolean", comment = "Repeated" }
"#;

fn period(start: &str, end: &str, step: &str, points: &[i64]) -> String {
    let points = points.iter().fold(String::new(), |text, at| text + &format!("<point at='{at}'>{}</point>", at * 10));
    format!("<period><start>{start}</start><end>{end}</end><step>{step}</step>{points}</period>")
}

/// Rows as `start value`, with a star where the value is repeated; rejects as `!reason`.
fn read(curve: &str, periods: &str) -> Result<Vec<String>, ReadError> {
    let dataset = sample::parse(DEFINITION).unwrap();
    let text = format!("<doc><curve>{curve}</curve>{periods}</doc>");
    let row = |row: &Row| {
        let values: Vec<_> = row.values().map(|value| value.to_string()).collect();
        let star = if values[4] == "true" { "*" } else { "" };
        format!("{} {}{star}", values[0], values[3])
    };
    sample::read_as(&dataset, text.as_bytes(), row, |reject| format!("!{}", reject.reason)).map(|(rows, _)| rows)
}

fn hours(curve: &str, points: &[i64]) -> Result<Vec<String>, ReadError> {
    read(curve, &period("2025-01-01T00:00Z", "2025-01-01T04:00Z", "PT60M", points))
}

fn broken(curve: &str, periods: &str) -> String {
    read(curve, periods).unwrap_err().to_string()
}

#[test]
fn an_absent_point_repeats_the_one_before_in_the_middle_and_at_the_end() {
    let rows =
        ["2025-01-01T00:00:00Z 10", "2025-01-01T01:00:00Z 10*", "2025-01-01T02:00:00Z 30", "2025-01-01T03:00:00Z 30*"];
    assert_eq!(hours("A03", &[1, 3]).unwrap(), rows);
}

#[test]
fn a_gap_on_a_curve_without_repetition_is_rejected_wherever_it_is() {
    assert_eq!(hours("A01", &[1, 2, 3, 4]).unwrap().len(), 4);
    assert_eq!(
        hours("A01", &[1, 4]).unwrap()[1],
        "!positions 2 to 3 are absent before this, and the curve type allows no gap"
    );
    assert!(hours("A01", &[2, 3, 4]).unwrap()[0].starts_with("!position 1 is absent"));
    assert!(hours("A01", &[1, 2, 3]).unwrap()[3].starts_with("!position 4 is absent"));
}

#[test]
fn the_next_period_begins_anew() {
    let first = period("2025-01-01T00:00Z", "2025-01-01T02:00Z", "PT60M", &[1]);
    let second = period("2025-01-01T02:00Z", "2025-01-01T02:30Z", "PT15M", &[1, 2]);
    let rows = read("A03", &(first + &second)).unwrap();
    let wanted =
        ["2025-01-01T00:00:00Z 10", "2025-01-01T01:00:00Z 10*", "2025-01-01T02:00:00Z 10", "2025-01-01T02:15:00Z 20"];
    assert_eq!(rows, wanted);
}

#[test]
fn days_on_which_clocks_change_have_the_hours_that_they_have() {
    let spring = period("2025-03-29T23:00Z", "2025-03-30T22:00Z", "PT1H", &[1]);
    assert_eq!(read("A03", &spring).unwrap().len(), 23);
    let autumn = period("2025-10-25T22:00Z", "2025-10-26T23:00Z", "PT15M", &[1]);
    assert_eq!(read("A03", &autumn).unwrap().len(), 100);
}

#[test]
fn days_months_and_years_are_as_long_as_the_calendar_has_them() {
    let madrid = DEFINITION.replace("curve = \"..", "zone = \"Europe/Madrid\"\ncurve = \"..");
    let read_in = |definition: &str, start, end, step| {
        let text = format!("<doc><curve>A03</curve>{}</doc>", period(start, end, step, &[1]));
        let starts = |row: &Row| row.values().map(|value| value.to_string()).take(3).collect::<Vec<_>>().join(" ");
        let dataset = sample::parse(definition).unwrap();
        sample::read_as(&dataset, text.as_bytes(), starts, |reject| reject.reason.clone()).map(|(rows, _)| rows)
    };
    let read = |start, end, step| read_in(&madrid, start, end, step);
    let days = read("2025-03-28T23:00Z", "2025-03-30T22:00Z", "P1D").unwrap();
    let wanted = ["2025-03-28T23:00:00Z 2025-03-29T23:00:00Z 1440", "2025-03-29T23:00:00Z 2025-03-30T22:00:00Z 1380"];
    assert_eq!(days, wanted);
    let months = read("2025-01-31T23:00Z", "2025-04-30T22:00Z", "P1M").unwrap();
    assert_eq!(months[1], "2025-02-28T23:00:00Z 2025-03-31T22:00:00Z 44580");
    assert_eq!(months.len(), 3);
    assert_eq!(read("2023-12-31T23:00Z", "2025-12-31T23:00Z", "P1Y").unwrap().len(), 2);
    let odd = read("2025-03-28T23:00Z", "2025-03-30T23:00Z", "P1D").unwrap_err().to_string();
    assert!(odd.contains("into steps of P1D by the calendar of Europe/Madrid"), "{odd}");
    let santiago = madrid.replace("Europe/Madrid", "America/Santiago");
    let late = read_in(&santiago, "2023-09-03T04:00Z", "2023-09-05T03:00Z", "P1D").unwrap();
    assert_eq!(
        late[1], "2023-09-04T03:00:00Z 2023-09-05T03:00:00Z 1440",
        "a day that began at one o'clock is before it"
    );
    let nowhere = sample::parse(&madrid.replace("Madrid", "Mardid")).unwrap_err();
    assert_eq!(nowhere[0].message, "\"Europe/Mardid\" is no time zone that this system knows");
}

#[test]
fn a_total_beside_a_series_would_count_neither_points_nor_rows() {
    let both = DEFINITION.replace("record = ", "total = \"doc/@n\"\nrecord = ");
    let mistakes = sample::parse(&both).unwrap_err();
    assert_eq!(
        mistakes[0].message,
        "a series has no total: its points are counted by each period's start, end and resolution"
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let day = |step, points: &[i64]| period("2025-01-01T00:00Z", "2025-01-02T00:00Z", step, points);
    assert!(broken("A03", &day("PT60M", &[2])).contains("nothing to repeat"));
    assert!(broken("A03", &day("PT60M", &[1, 3, 2])).contains("position 2 comes again"));
    assert!(broken("A03", &day("PT60M", &[1, 1])).contains("position 1 comes again"));
    assert!(broken("A03", &day("PT60M", &[1, 25])).contains("from 1 to 24"));
    assert!(broken("A03", &day("PT60M", &[])).contains("no points"));
    assert!(broken("A03", &day("PT7M", &[1])).contains("does not divide"));
    assert!(broken("A03", &day("P1DT1H", &[1])).contains("no length of time"));
    assert!(broken("A03", &day("PT1.5S", &[1])).contains("no length of time"));
    assert!(broken("A03", &day("P1D", &[1])).ends_with("`zone` in [format.series] must say whose"));
    let half = day("PT1S", &[1]).replace("01-01T00:00Z", "01-01T00:00:00.5Z");
    assert!(broken("A03", &half).contains("does not divide"));
    assert!(broken("A03", &day("PT1S", &[1, 2]).replace("01-02", "01-01")).contains("does not divide"));
    assert!(broken("A02", &day("PT60M", &[1])).contains("only A01 and A03"));
    assert!(broken("A03", &day("PT60M", &[1]).replace("01-01T00:00Z", "soon")).contains("no instant"));
}

proptest! {
    #[test]
    fn every_position_of_a_period_becomes_one_row(present in prop::collection::vec(any::<bool>(), 95)) {
        let points: Vec<i64> = (2..).zip(present).filter(|(_, there)| *there).map(|(at, _)| at).collect();
        let points = [vec![1], points].concat();
        let rows = read("A03", &period("2025-01-01T00:00Z", "2025-01-02T00:00Z", "PT15M", &points)).unwrap();
        prop_assert_eq!(rows.len(), 96);
        prop_assert_eq!(rows.iter().filter(|row| !row.ends_with('*')).count(), points.len());
        prop_assert!(rows.is_sorted());
    }
}
