use super::label;
use crate::{ReadError, sample};

/// Rows as `a|b`, rejects as `!line reason`.
fn read(unpivot: &str, columns: &[&str], bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let column = |name: &&str| format!("{name} = {{ from = {name:?}, type = \"text\", comment = \"c\" }}\n");
    let columns: String = columns.iter().map(column).collect();
    let dataset = sample::parse(&format!(
        "mode = \"upsert\"\nkey = []\nnulls = [\"NULL\"]\n[format]\nkind = \"csv\"\nunpivot = {{ {unpivot} }}\n[columns]\n{columns}"
    ));
    let (mut rows, new) = sample::read(&dataset.unwrap(), bytes)?;
    rows.extend(new.iter().map(ToString::to_string));
    Ok(rows)
}

#[test]
fn a_number_in_the_name_or_any_part_of_it_is_the_label() {
    assert_eq!(label("#", "24"), Some("24"));
    assert_eq!(label("HE#", "HE07"), Some("07"));
    assert_eq!([label("#", ""), label("#", "Total"), label("HE#", "HEx"), label("HE#", "H1")], [None; 4]);
    assert_eq!(label("* (MW)", "Solar (MW)"), Some("Solar"));
    assert_eq!(label("*", ""), Some(""));
}

#[test]
fn hours_that_are_columns_become_rows() {
    let unpivot = "label = \"hour\", values = { price = \"HE#\" }";
    let csv = b"day,HE1,HE2,HE25,HEAD\nMon,5,,7,x\nTue,8\nWed,, , ,y\nThu,1,2,3,z\n";
    let rows = read(unpivot, &["day", "hour", "price"], csv).unwrap();
    let new = "head = { from = \"HEAD\", type = \"text\", comment = \"…\" }";
    let wanted =
        ["Mon|1|5", "Mon|25|7", "!3 has 2 fields, and the header has 5", "Thu|1|1", "Thu|2|2", "Thu|25|3", new];
    assert_eq!(rows, wanted);
}

#[test]
fn an_empty_value_is_a_row_by_declaration_only() {
    let keep = "label = \"hour\", values = { price = \"HE#\" }, skip = []";
    assert_eq!(read(keep, &["hour", "price"], b"HE1,HE2\n,5\n").unwrap(), ["1|", "2|5"]);
    let sentinel = "label = \"hour\", values = { price = \"HE#\" }, skip = [\"-99\"]";
    assert_eq!(read(sentinel, &["hour", "price"], b"HE1,HE2,HE3\n,-99,5\n").unwrap(), ["1|", "3|5"]);
}

#[test]
fn columns_that_the_definition_names_stay_columns_and_all_others_may_become_rows() {
    let unpivot = "label = \"currency\", values = { rate = \"*\" }";
    let rows = read(unpivot, &["date", "currency", "rate"], b"USD,date,JPY\n1.1,Mon,160\n").unwrap();
    assert_eq!(rows, ["Mon|USD|1.1", "Mon|JPY|160"]);
}

#[test]
fn several_values_of_one_label_stand_in_one_row() {
    let unpivot = "label = \"n\", values = { value = \"V#\", flag = \"F#\" }";
    let rows = read(unpivot, &["n", "value", "flag"], b"V1,F1,V2,F3\n1,a,,\n,,,c\n").unwrap();
    assert_eq!(rows, ["1|1|a", "3||c"]);
}

#[test]
fn a_file_without_such_columns_breaks_the_contract() {
    let unpivot = "label = \"hour\", values = { price = \"HE#\" }";
    let error = read(unpivot, &["hour", "price"], b"day,H1\nMon,2\n").unwrap_err();
    assert!(matches!(&error, ReadError::Contract(_)), "{error}");
    assert_eq!(error.to_string(), "the file lacks \"HE#\"");
}
