use proptest::prelude::*;

use crate::{Dataset, ReadError, sample};

const CROSSWALK: &str = include_str!("../../../../datasets/epa_eia_crosswalk.toml");
/// Rows cut out of the publisher's CSV; and the same rows as pyarrow 26 wrote them, with types of its own finding, ten to a
/// row group: no publisher's own file was at hand.
const CSV: &[u8] = include_bytes!("../../../../tests/formats/epa_eia_crosswalk.csv");
const PARQUET: &[u8] = include_bytes!("../../../../tests/formats/epa_eia_crosswalk.parquet");
/// Three rows of every kind of value, made with pyarrow 26.
const KINDS: &[u8] = include_bytes!("../../../../tests/formats/kinds.parquet");

fn crosswalk(kind: &str) -> Dataset {
    let (before, rest) = CROSSWALK.split_once("[format]").unwrap();
    let (_, columns) = rest.split_once("[columns]").unwrap();
    let text = format!("{before}[format]\nkind = \"{kind}\"\n\n[columns]{columns}");
    Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap()
}

fn kinds(columns: &[(&str, &str)], more: &str) -> Dataset {
    let column =
        |(from, kind): &(&str, &str)| format!("{from} = {{ from = '{from}', type = '{kind}', comment = 'c' }}\n");
    let columns: String = columns.iter().map(column).collect();
    let text = format!(
        "mode = 'replace'\nkey = []\n[format]\nkind = 'parquet'\nignore = ['*']\n[time]\nzone = 'Europe/Madrid'\n{more}\n\
         [columns]\n{columns}"
    );
    sample::parse(&text).unwrap()
}

fn rows(dataset: &Dataset, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    sample::read(dataset, bytes).map(|(rows, _)| rows)
}

#[test]
fn a_table_is_the_same_in_parquet_and_in_its_csv() {
    let (one, other) = (rows(&crosswalk("parquet"), PARQUET).unwrap(), rows(&crosswalk("csv"), CSV).unwrap());
    assert_eq!(one.len(), 36);
    assert_eq!(one, other);
}

#[test]
fn a_day_is_a_day_and_a_time_is_on_the_clock_that_the_file_says() {
    let times = kinds(
        &[
            ("day", "date"),
            ("at_ms", "timestamp"),
            ("at_ns", "timestamp"),
            ("local_us", "timestamp"),
            ("time_us", "time"),
        ],
        "",
    );
    let came = rows(&times, KINDS).unwrap();
    assert_eq!(came[0], "2025-03-30|2025-03-30T00:30:00.125Z|1969-12-31T23:59:59.9Z|2025-07-01T10:00:00Z|06:30:00.5");
    assert_eq!(came[1], "1899-12-31||||");
}

#[test]
fn numbers_are_exact_and_what_is_none_is_rejected() {
    let numbers = kinds(&[("price", "decimal(12,4)"), ("large", "text"), ("share", "float"), ("done", "boolean")], "");
    let came = rows(&numbers, KINDS).unwrap();
    assert_eq!(came[..2], ["12345678.9|18446744073709551615|0.1|true", "-0.0001|0||false"]);
    assert_eq!(came[2], "!0 holds NaN, which is no number in \"share\"");
    assert_eq!(
        rows(&kinds(&[("raw", "text")], ""), KINDS).unwrap(),
        ["text", "", "!0 holds bytes that are no text in \"raw\""]
    );
}

#[test]
fn columns_are_found_by_name_and_one_that_is_no_value_is_refused_if_it_is_wanted() {
    let (came, new) = sample::read(
        &sample::parse(
            "mode = 'replace'\nkey = []\nformat = { kind = 'parquet' }\n\
         columns = { day = { from = 'day', type = 'date', comment = 'c' } }",
        )
        .unwrap(),
        KINDS,
    )
    .unwrap();
    assert_eq!(came.len(), 3);
    assert!(new.iter().any(|column| column.name == "list"), "{new:?}");
    let list = rows(&kinds(&[("list", "text")], ""), KINDS).unwrap_err().to_string();
    assert_eq!(list, "the column \"list\" is a group or a list, which is not read");
    let missing = rows(&kinds(&[("days", "date")], ""), KINDS).unwrap_err();
    assert!(matches!(missing, ReadError::Contract(_)), "{missing}");
}

#[test]
fn a_file_that_is_cut_or_unpacks_to_too_much_is_broken() {
    let dataset = crosswalk("parquet");
    for cut in (0..PARQUET.len()).step_by(97).chain([PARQUET.len() - 1]) {
        assert!(matches!(rows(&dataset, &PARQUET[..cut]), Err(ReadError::Broken { .. })), "cut at {cut}");
    }
    let small = "mode = 'replace'\nkey = []\nformat = { kind = 'parquet' }\ndecode = { max_size = '8 KiB' }\n\
                 columns = { a = { from = 'a', type = 'text', comment = 'c' } }";
    let message = rows(&sample::parse(small).unwrap(), PARQUET).unwrap_err().to_string();
    assert!(message.contains("unpacks to more than"), "{message}");
    let page = rows(&dataset, b"<html>").unwrap_err().to_string();
    assert_eq!(page, "the publisher sent a web page, and a Parquet file is expected");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_neither_stops_nor_kills_the_reader(at in 0..PARQUET.len(), byte in any::<u8>()) {
        let mut bytes = PARQUET.to_vec();
        bytes[at] = byte;
        drop(rows(&crosswalk("parquet"), &bytes));
    }
}
