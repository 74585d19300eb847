//! Records as the source wrote them: found one after the other, then hashed, read or passed over.

mod canon;
mod filled;

pub(crate) use canon::Canon;
pub(crate) use filled::{Filled, Filling, Found, Record};

use crate::read::{NewColumn, ReadError};

/// A file on its way to records.
pub(crate) trait Records: Send {
    /// Goes to the next record; false at the file's proper end. After an error nothing more can be read.
    fn advance(&mut self) -> Result<bool, ReadError>;

    /// Where it stands.
    fn place(&self) -> Place;

    /// Writes down all that the record's row depends on.
    fn write(&mut self, into: &mut Canon);

    /// The record's texts, or why they cannot be told apart.
    fn texts(&mut self) -> Result<Texts<'_>, String>;

    /// The record's bytes, as the source wrote them.
    fn original(&self) -> &[u8];

    /// Columns of the file that nobody asked for.
    fn new_columns(&self) -> Vec<NewColumn>;

    /// The file in the artifact that it stands in, if there may be several.
    fn member(&self) -> Option<&str> {
        None
    }
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// The line on which it begins, from 1.
    pub(crate) line: Option<u64>,
}

/// The texts of one record, in the order of the schema's columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'a> {
    /// Where all of them lie.
    pub(crate) text: &'a str,
    /// Where each of them lies; none if the record has no such field.
    pub(crate) spans: &'a [Option<Span>],
}

/// A part of a text or of a record's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl<'a> Texts<'a> {
    /// The text for the column at this place.
    pub(crate) fn field(&self, column: usize) -> Option<&'a str> {
        let Span { start, end } = (*self.spans.get(column)?)?;
        self.text.get(start..end)
    }
}

impl Span {
    /// The part of `bytes` that this is.
    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start..self.end).unwrap_or_default()
    }
}
