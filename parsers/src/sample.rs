//! For the tests of this crate: the part of a definition that no test is about, and files read to their ends.

use std::io::{Cursor, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Dataset, Diagnostic, NewColumn, ReadError, Reject, Row, Step};

const HEAD: &str = r#"title = "t"
description = "d"
licence = "l"
publisher = { name = "p", page = "https://example.org" }
source = { url = "https://example.org/x" }
expect = { min_rows = 0, max_rejected = 0 }
"#;

/// A definition, of which the test says the rest: mode, key, format and columns.
pub(crate) fn parse(rest: &str) -> Result<Dataset, Vec<Diagnostic>> {
    Dataset::parse("x.toml", "x".parse().unwrap(), &format!("{HEAD}{rest}"))
}

/// Reads a file to its end: rows as `a|b`, rejects as `!line reason`, and the columns that nobody asked for.
pub(crate) fn read(dataset: &Dataset, bytes: &[u8]) -> Result<(Vec<String>, Vec<NewColumn>), ReadError> {
    read_as(dataset, bytes, values, |reject| format!("!{} {}", reject.line.unwrap_or(0), reject.reason))
}

/// The same, with rows and rejects as the test writes them.
pub(crate) fn read_as(
    dataset: &Dataset,
    bytes: &[u8],
    row: impl Fn(&Row) -> String,
    reject: impl Fn(&Reject) -> String,
) -> Result<(Vec<String>, Vec<NewColumn>), ReadError> {
    let mut reading = dataset.open(Box::new(Cursor::new(bytes.to_vec())))?;
    let (mut stood, mut came) = (Row::default(), Vec::new());
    loop {
        came.push(match reading.next(&mut stood)? {
            Step::Row => row(&stood),
            Step::Rejected(rejected) => reject(&rejected),
            Step::End => return Ok((came, reading.new_columns())),
        });
    }
}

/// A zip archive of such members.
pub(crate) fn zipped<T: AsRef<[u8]>>(members: &[(&str, T)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A row's values as `a|b`.
pub(crate) fn values(row: &Row) -> String {
    row.values().map(|value| value.to_string()).collect::<Vec<_>>().join("|")
}

/// Whether a document that is cut at any byte is broken.
pub(crate) fn is_broken_wherever_it_ends(whole: &str, read: impl Fn(&str) -> Result<Vec<String>, ReadError>) {
    for cut in 1..whole.len() {
        let text = whole.get(..cut).unwrap();
        assert!(matches!(read(text), Err(ReadError::Broken { .. })), "{text}");
    }
}
