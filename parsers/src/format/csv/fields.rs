//! The fields of one record: told apart when they are asked for, quotes off.

use std::borrow::Cow;

use encoding_rs::Encoding;
use memchr::memchr;

use super::{
    quoted::{Dialect, Raw, Walked, walk},
    split::Cut,
};
use crate::{decode::strict_text, record::Span};

/// How and where the fields of a record lie. Filled again and again.
#[derive(Debug, Default)]
pub(super) struct Fields {
    form: Form,
    spans: Vec<Span>,
    raw: Vec<Raw>,
    unquoted: Vec<u8>,
}

/// How the fields lie.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In the record, between delimiters; no quote is in it. Not told apart yet.
    #[default]
    Whole,
    /// In the record, between delimiters.
    Plain,
    /// In the record, some of them within quotes.
    Quoted,
    /// In `unquoted`, because quotes inside of them are written twice.
    Unquoted,
}

impl Fields {
    /// Forgets the fields for a record that has no quotes.
    pub(super) fn plain(&mut self) {
        self.form = Form::Whole;
        self.spans.clear();
    }

    /// Finds the end of a record that has quotes.
    pub(super) fn walk(&mut self, bytes: &[u8], dialect: Dialect, ended: bool) -> Walked {
        self.spans.clear();
        self.raw.clear();
        self.form = Form::Quoted;
        walk(bytes, dialect, ended, &mut self.raw)
    }

    /// Whether a quote is in the record.
    pub(super) fn are_quoted(&self) -> bool {
        matches!(self.form, Form::Quoted | Form::Unquoted)
    }

    /// Tells the fields of `record` apart.
    pub(super) fn split(&mut self, record: &[u8], dialect: Dialect, cut: &Cut) {
        match (self.form, dialect.quote) {
            (Form::Whole, _) => {
                cut.split(record, dialect.delimiter, &mut self.spans);
                self.form = Form::Plain;
            }
            (Form::Quoted, Some(quote)) if self.spans.is_empty() => self.unquote(record, quote),
            _ => (),
        }
    }

    /// The bytes in which the fields lie.
    pub(super) fn bytes<'a>(&'a self, record: &'a [u8]) -> &'a [u8] {
        if self.form == Form::Unquoted { &self.unquoted } else { record }
    }

    /// Where they lie in it.
    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    fn unquote(&mut self, record: &[u8], quote: u8) {
        if !self.raw.iter().any(|raw| raw.doubled) {
            self.spans.extend(self.raw.iter().map(|raw| raw.span));
            return;
        }
        self.unquoted.clear();
        for raw in &self.raw {
            let (field, start) = (raw.span.of(record), self.unquoted.len());
            if raw.doubled {
                halve(field, quote, &mut self.unquoted);
            } else {
                self.unquoted.extend_from_slice(field);
            }
            self.spans.push(Span { start, end: self.unquoted.len() });
        }
        self.form = Form::Unquoted;
    }
}

/// Appends a field in which each quote is written twice, as it is meant.
fn halve(field: &[u8], quote: u8, into: &mut Vec<u8>) {
    let mut rest = field;
    while let Some(at) = memchr(quote, rest) {
        into.extend_from_slice(rest.get(..=at).unwrap_or_default());
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    into.extend_from_slice(rest);
}

/// A field whose bytes are not of the file's encoding.
#[derive(Debug)]
pub(crate) struct Undecodable(&'static Encoding);

impl std::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "does not decode as {}", self.0.name())
    }
}

/// A field's bytes as text.
pub(super) fn decode<'a>(bytes: &'a [u8], charset: &'static Encoding) -> Result<Cow<'a, str>, Undecodable> {
    strict_text(bytes, charset).ok_or(Undecodable(charset))
}
