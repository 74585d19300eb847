//! What stands in two kinds of workbooks comes to the same rows out of both.
#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::io::Cursor;

use parsers::{Dataset, Row, Step};

/// Each fixture that is a workbook, and the same file as `LibreOffice` 7.4 saved it in ODS (`soffice --convert-to ods`): no
/// publisher's own was at hand. Merged names, formulas, days, codes with zeros and cells that are repeated are in them. Of a
/// number with more than 15 digits `LibreOffice` itself keeps 15. The utilities' file lies in an archive, as theirs does.
macro_rules! in_two_workbooks {
    ($($name:literal: $file:literal = $other:literal),+) => {
        [$((
            include_str!(concat!("../datasets/", $name, ".toml")),
            include_bytes!(concat!("../fixtures/", $name, "/", $file)).as_slice(),
            include_bytes!(concat!("formats/", $name, $other)).as_slice(),
        )),+]
    };
}

#[test]
fn a_workbook_is_the_same_in_opendocument_cell_by_cell() {
    let pairs = in_two_workbooks!(
        "aemo_registrations": "first.xls" = ".ods",
        "eia860_utilities": "first.zip" = ".zip",
        "epa_eia_crosswalk": "first.xlsx" = ".ods",
        "nhs_dispensing_practices": "first.xls" = ".ods"
    );
    for (definition, workbook, opendocument) in pairs {
        let (one, other) = (rows(definition, workbook), rows(definition, opendocument));
        assert!(one.len() >= 10, "{}", one.len());
        assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other);
        }
    }
}

/// The values of all rows, none of which may be rejected.
fn rows(definition: &str, bytes: &'static [u8]) -> Vec<Vec<String>> {
    let dataset = Dataset::parse("x.toml", "x".parse().unwrap(), definition).unwrap();
    let mut reading = dataset.open(Box::new(Cursor::new(bytes))).unwrap();
    let (mut rows, mut row) = (Vec::new(), Row::default());
    loop {
        match reading.next(&mut row).unwrap() {
            Step::Row => rows.push(row.values().map(|value| value.to_string()).collect()),
            Step::Rejected(reject) => assert_eq!(reject.reason, "", "{reject:?}"),
            Step::End => return rows,
        }
    }
}
