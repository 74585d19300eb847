//! Walks through a record that has quotes: where it ends, where its fields lie, and whether its quotes are in order.

use memchr::{memchr, memchr2, memchr3};

use crate::record::Span;

/// How fields are set apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    /// Whether a quoted field may hold line breaks.
    pub(crate) multiline: bool,
}

/// What a walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walked {
    /// The record ends behind so many bytes.
    Whole(usize),
    /// It does, but text stands behind one of its closing quotes.
    BehindQuote(usize),
    /// Its line ends behind so many bytes within quotes, and no field may hold a line break.
    OpenQuote(usize),
    /// The bytes end before the record does.
    Short,
    /// The bytes end within quotes, and the file with them.
    NeverClosed,
}

/// A field, as it lies in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) span: Span,
    /// Whether quotes inside of it are written twice.
    pub(super) doubled: bool,
}

/// How a field ended.
enum Field {
    /// At this place, with a delimiter or a line end behind it.
    Ends { raw: Raw, behind: usize, well: bool },
    /// The walk is over.
    Over(Walked),
}

/// Walks through the record that `bytes` begin with, which lie behind all that is known of the file if it has `ended`.
pub(super) fn walk(bytes: &[u8], dialect: Dialect, ended: bool, into: &mut Vec<Raw>) -> Walked {
    let (mut at, mut well) = (0, true);
    loop {
        let field = match dialect.quote {
            Some(quote) if bytes.get(at) == Some(&quote) => quoted(bytes, at, quote, dialect, ended),
            _ => plain(bytes, at, dialect, ended),
        };
        match field {
            Field::Over(walked) => return walked,
            Field::Ends { raw, behind, well: this } => {
                into.push(raw);
                well &= this;
                if bytes.get(behind) != Some(&dialect.delimiter) {
                    return if well { Walked::Whole(behind) } else { Walked::BehindQuote(behind) };
                }
                at = behind + 1;
            }
        }
    }
}

fn plain(bytes: &[u8], start: usize, dialect: Dialect, ended: bool) -> Field {
    match end(bytes, start, dialect, ended) {
        Some(end) => Field::Ends { raw: Raw { span: Span { start, end }, doubled: false }, behind: end, well: true },
        None => Field::Over(Walked::Short),
    }
}

/// The next delimiter or line end.
fn end(bytes: &[u8], start: usize, dialect: Dialect, ended: bool) -> Option<usize> {
    let rest = bytes.get(start..).unwrap_or_default();
    match memchr3(dialect.delimiter, b'\n', b'\r', rest) {
        Some(at) => Some(start + at),
        None => ended.then_some(bytes.len()),
    }
}

/// The line that ends here ends within quotes.
fn open(bytes: &[u8], line_end: usize) -> Walked {
    let line = bytes.get(..line_end).unwrap_or_default();
    Walked::OpenQuote(line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1))
}

fn quoted(bytes: &[u8], opening: usize, quote: u8, dialect: Dialect, ended: bool) -> Field {
    let over = Field::Over(if ended { Walked::NeverClosed } else { Walked::Short });
    let (start, mut doubled, mut at) = (opening + 1, false, opening + 1);
    let closing = loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let found = if dialect.multiline { memchr(quote, rest) } else { memchr2(quote, b'\n', rest) };
        let Some(found) = found.map(|found| at + found) else { return over };
        let next = bytes.get(found + 1);
        if next.is_none() && !ended {
            return Field::Over(Walked::Short);
        }
        if bytes.get(found) != Some(&quote) {
            return Field::Over(if next.is_none() { Walked::NeverClosed } else { open(bytes, found) });
        }
        if next != Some(&quote) {
            break found;
        }
        (doubled, at) = (true, found + 2);
    };
    let raw = Raw { span: Span { start, end: closing }, doubled };
    match end(bytes, closing + 1, dialect, ended) {
        Some(behind) => Field::Ends { raw, behind, well: behind == closing + 1 },
        None => Field::Over(Walked::Short),
    }
}
