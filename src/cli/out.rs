//! What commands print: results on standard output, everything else on standard error. What publishers wrote is in it,
//! and the terminal obeys none of that.

use std::{
    fmt::{Display, Write as _},
    io::{self, Write},
};

use serde::Serialize;

use crate::{
    db::difference::Cell,
    job::{Finding, harmless, harmless_json, one_line},
};

mod page;

pub(crate) use page::{fact, indented, listing, paragraph};

/// Values of a row that are printed.
const CELLS: usize = 6;

/// A line of the command's result. A reader that has gone away (`| head`) is no mistake.
pub(crate) fn line(text: impl Display) {
    put(&harmless(&text.to_string()));
}

/// Lines that are drawn for a terminal, with colours of our own.
pub(crate) fn drawn(text: &str) {
    put(text);
}

fn put(text: &str) {
    let _gone = writeln!(io::stdout().lock(), "{text}");
}

/// A line beside the result: what goes on, what to do next.
pub(crate) fn note(text: impl Display) {
    let _gone = writeln!(io::stderr().lock(), "{}", harmless(&text.to_string()));
}

/// One JSON value on one line, for machines.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    put(&harmless_json(&serde_json::to_string(value)?));
    Ok(())
}

/// What an expectation found, and what may be pasted into the dataset's TOML.
pub(crate) fn finding(finding: &Finding) {
    line(format_args!("  {}: {}", finding.check, one_line(&finding.message)));
    for suggested in finding.suggestion.iter().flat_map(|suggestion| suggestion.lines()) {
        line(format_args!("      {suggested}"));
    }
}

/// A row of a dataset as one of a kind, with its first values.
pub(crate) fn row(kind: &str, row: &[Cell]) {
    let cells: Vec<_> = row.iter().take(CELLS).map(|cell| format!("{} {:?}", cell.column, cell.value)).collect();
    let more = if row.len() > CELLS { ", …" } else { "" };
    line(format_args!("  {kind}: {}{more}", cells.join(", ")));
}

/// Rows under headings, each column as wide as its widest cell, each cell on one line.
pub(crate) fn table(headings: &[&str], rows: &[Vec<String>]) {
    line(aligned(headings, rows).trim_end());
}

/// An error with its causes, as a person reads it.
pub(crate) fn failure(error: &anyhow::Error) {
    let mut text = format!("bluebook: {error}");
    let mut last = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !last.contains(&cause) {
            let _infallible = write!(text, "\n  because {cause}");
        }
        last = cause;
    }
    note(text);
}

fn aligned(headings: &[&str], rows: &[Vec<String>]) -> String {
    let one_line = |row: &[String]| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>();
    let head: Vec<String> = headings.iter().map(ToString::to_string).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| one_line(row)).collect();
    let all = || std::iter::once(&head).chain(&rows);
    let width = |column: usize| all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in all() {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        let _infallible = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn a_cell_is_one_line_whatever_stands_in_it() {
        let rows = [vec!["one\ntwo".to_owned(), "\u{1b}[2J".to_owned()]];
        assert_eq!(aligned(&["a", "b"], &rows), "a         b\none\\ntwo  \\u{1b}[2J\n");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["12".to_owned(), "ingest:ecb".to_owned()], vec!["7".to_owned(), "upkeep".to_owned()]];
        assert_eq!(aligned(&["run", "job"], &rows), "run  job\n12   ingest:ecb\n7    upkeep\n");
    }
}
