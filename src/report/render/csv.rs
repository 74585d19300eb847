//! CSV for machines and spreadsheets: exact figures, ISO dates, and no text that a spreadsheet would calculate.

use std::io;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use crate::report::{
    column::{Column, Format},
    define::Query,
    query::Row,
};

/// Writes a query's rows under its columns' labels: UTF-8, CRLF, as RFC 4180 has it. Drawings are left out.
pub(super) fn write(query: &Query, rows: &[Row], zone: &TimeZone) -> io::Result<Vec<u8>> {
    let columns: Vec<&Column> = query.columns.iter().filter(|column| !column.format.is_drawn()).collect();
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric).from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| guarded(&column.label)))?;
    for row in rows {
        writer.write_record(columns.iter().map(|column| field(column, row, zone)))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn field(column: &Column, row: &Row, zone: &TimeZone) -> String {
    match row.get(&column.name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(Value::String(text)) if column.format == Format::Moment => moment(text, zone),
        Some(Value::String(text)) => guarded(text),
        Some(other) => guarded(&other.to_string()),
    }
}

/// An instant with its offset in the report's zone; text that is none stays as it is.
fn moment(text: &str, zone: &TimeZone) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return guarded(text) };
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets hide.
fn guarded(text: &str) -> String {
    const FORMULA: [char; 12] =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let meant = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
    if meant.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(formats: &[(&str, Format)]) -> Query {
        let column = |(name, format): &(&str, Format)| Column {
            name: (*name).to_owned(),
            label: name.to_uppercase(),
            format: format.clone(),
        };
        Query {
            name: "test".parse().unwrap(),
            title: String::new(),
            file: String::new(),
            sql: String::new(),
            reads: Vec::new(),
            columns: formats.iter().map(column).collect(),
            chart: None,
        }
    }

    fn written(formats: &[(&str, Format)], rows: &Value) -> String {
        let rows: Vec<Row> = serde_json::from_value(rows.clone()).unwrap();
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        String::from_utf8(write(&query(formats), &rows, &zone).unwrap()).unwrap()
    }

    #[test]
    fn figures_are_exact_and_instants_carry_their_offset() {
        let formats = [
            ("price", Format::Number { decimals: Some(1), suffix: " %".into() }),
            ("at", Format::Moment),
            ("line", Format::Sparkline { decimals: 0 }),
            ("name", Format::Text),
        ];
        let rows = json!([
            {"price": -12.345, "at": "2026-10-25T00:30:00+00:00", "line": [1, 2], "name": "Zürich, \"ZH\""},
            {"price": null, "at": null, "line": null, "name": null},
        ]);
        let expected = "\"PRICE\",\"AT\",\"NAME\"\r\n-12.345,\"2026-10-25T02:30:00+02:00\",\"Zürich, \"\"ZH\"\"\"\r\n\
                        \"\",\"\",\"\"\r\n";
        assert_eq!(written(&formats, &rows), expected);
    }

    #[test]
    fn no_text_is_left_that_a_spreadsheet_would_calculate() {
        let hostile = [
            "=1+1",
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            "\u{ff1d}1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}x",
            "  =1",
            "\u{feff}=1",
        ];
        for text in hostile {
            let file = written(&[("name", Format::Text)], &json!([{ "name": text }]));
            let field = file.strip_prefix("\"NAME\"\r\n\"").unwrap();
            assert!(field.starts_with('\''), "{text:?} became {field:?}");
        }
        let after_a_separator = written(&[("name", Format::Text)], &json!([{ "name": "a;=1" }]));
        assert!(after_a_separator.contains("\"a;=1\""), "it stands in quotes: {after_a_separator:?}");
    }
}
