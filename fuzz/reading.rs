//! What every fuzz target holds a reader against: it ends, it does not panic, and it says the same thing twice.

use std::io::Cursor;

use parsers::{Dataset, ReadError, Row, Step};

/// The head of a definition; the target says format and columns.
const HEAD: &str = r#"title = "t"
description = "d"
licence = "l"
mode = "upsert"
key = ["k"]
publisher = { name = "p", page = "https://example.org" }
source = { url = "https://example.org/x" }
expect = { min_rows = 0, max_rejected = 0 }
"#;

/// A definition of which the target says the rest.
///
/// # Panics
///
/// If it is no good definition: the target is to blame, not what it found.
pub fn dataset(rest: &str) -> Dataset {
    let text = format!("{HEAD}{rest}");
    Dataset::parse("fuzz.toml", "fuzz".parse().expect("a name"), &text).expect("a good definition")
}

/// Reads bytes to their end, twice: rows, rejects and digests must be the same.
///
/// # Panics
///
/// If they are not: a find.
pub fn twice(dataset: &Dataset, bytes: &[u8]) {
    let (first, second) = (read(dataset, bytes), read(dataset, bytes));
    assert_eq!(first, second, "the same bytes were read otherwise the second time");
}

/// All that a reading tells, in words.
fn read(dataset: &Dataset, bytes: &[u8]) -> Vec<String> {
    let mut told = Vec::new();
    if let Err(error) = walk(dataset, bytes, &mut told) {
        told.push(error.to_string());
    }
    told
}

fn walk(dataset: &Dataset, bytes: &[u8], told: &mut Vec<String>) -> Result<(), ReadError> {
    let mut reading = dataset.open(Box::new(Cursor::new(bytes.to_vec())))?;
    let mut row = Row::default();
    loop {
        match reading.next(&mut row)? {
            Step::Row => told.push(row.values().map(|value| value.to_string()).collect::<Vec<_>>().join("\u{1f}")),
            Step::Rejected(reject) => told.push(format!("{reject:?}")),
            Step::End => return Ok(()),
        }
        told.push(format!("{:032x} {}", reading.digest(1)?, reading.record()));
    }
}
