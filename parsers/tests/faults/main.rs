//! What publishers do to their files, and what strangers might: each case stands beside what it must come to. Whatever
//! is not understood is an error or a reject, and never a row that the publisher did not write.
//!
//! All of it runs always: together it costs some seconds.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "the crate is pure, its tests look at clocks")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of a test")]

use std::{fs, io::Cursor, time::Duration};

use parsers::{Dataset, ReadError, ReadSeek, Row, Step};

#[cfg(test)]
mod bombs;
#[cfg(test)]
mod csv;
#[cfg(test)]
mod drift;
#[cfg(test)]
mod json;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod packed;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod workbooks;
#[cfg(test)]
mod xml;
#[cfg(test)]
mod zipped;

const HEAD: &str = r#"title = "t"
description = "d"
licence = "l"
mode = "replace"
key = []
publisher = { name = "p", page = "https://example.org" }
source = { url = "https://example.org/x" }
expect = { min_rows = 0, max_rejected = 0 }
"#;

/// Two columns of text and one of numbers, all by their names in the file.
const COLUMNS: &str = r#"[columns]
a = { from = "a", type = "text", comment = "A" }
b = { from = "b", type = "integer", comment = "B" }
"#;

/// A definition, of which the test says the rest.
#[track_caller]
fn define(rest: &str) -> Dataset {
    let text = format!("{HEAD}{rest}");
    Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// What reading a file comes to: its rows as `a|b` and its rejects as `!line reason`, with `; ` between; and at the end
/// `BROKEN` or `CONTRACT` with the sentence, if that is how it ends.
fn outcome(dataset: &Dataset, bytes: impl ReadSeek + 'static) -> String {
    let mut came = Vec::new();
    let ended = walk(dataset, Box::new(bytes), &mut |what| came.push(what));
    came.extend(ended.err().map(|error| sentence(&error)));
    came.join("; ")
}

/// The same of bytes.
fn of(dataset: &Dataset, bytes: impl AsRef<[u8]>) -> String {
    outcome(dataset, Cursor::new(bytes.as_ref().to_vec()))
}

/// Only how it ends, and how many rows and rejects came before.
fn counts(dataset: &Dataset, bytes: impl ReadSeek + 'static) -> String {
    let (mut rows, mut rejects) = (0_u64, 0_u64);
    let ended = walk(dataset, Box::new(bytes), &mut |what| {
        *(if what.starts_with('!') { &mut rejects } else { &mut rows }) += 1;
    });
    let told = ended.err().map(|error| format!(", {}", sentence(&error))).unwrap_or_default();
    format!("{rows} rows, {rejects} rejects{told}")
}

fn walk(dataset: &Dataset, bytes: Box<dyn ReadSeek>, came: &mut dyn FnMut(String)) -> Result<(), ReadError> {
    let mut reading = dataset.open(bytes)?;
    let (mut row, mut records) = (Row::default(), 0);
    loop {
        match reading.next(&mut row)? {
            Step::Row => came(row.values().map(|value| value.to_string()).collect::<Vec<_>>().join("|")),
            Step::Rejected(reject) => came(format!("!{} {}", reject.line.unwrap_or(reject.record), reject.reason)),
            Step::End => break,
        }
        records += 1;
        assert_eq!(reading.record(), records, "each record is a row or a reject, and nothing else");
    }
    Ok(())
}

fn sentence(error: &ReadError) -> String {
    match error {
        ReadError::Contract(contract) => format!("CONTRACT {contract}"),
        ReadError::Broken { message, .. } => format!("BROKEN {message}"),
        ReadError::Io(error) => panic!("{error}: the bytes lie in memory"),
    }
}

/// Compares what each case came to with what it must come to; behind `…` a part of that is enough.
#[track_caller]
fn all_come_to(cases: impl IntoIterator<Item = (&'static str, String, &'static str)>) {
    let wrong: Vec<_> = cases
        .into_iter()
        .filter(|(_, came, wanted)| match wanted.strip_prefix('…') {
            Some(part) => !came.contains(part),
            None => came != wanted,
        })
        .map(|(what, came, wanted)| format!("{what}:\n    came   {came}\n    wanted {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a piece of work costs the processor, whoever else it works for meanwhile.
fn cost<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let spent = || {
        let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
    };
    let before = spent();
    (work(), spent().saturating_sub(before))
}
