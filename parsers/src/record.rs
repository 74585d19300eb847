//! One record as the source wrote it, filled again and again.

use std::ops::Range;

use crate::read::ReadError;

/// The texts of one record, in the order of the schema's columns, and where it stood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    text: String,
    fields: Vec<Option<Range<usize>>>,
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// The line on which it began, from 1.
    pub(crate) line: Option<u64>,
}

/// What a call of [`Records::next`] came to.
#[derive(Debug)]
pub(crate) enum Found {
    /// The record is filled.
    Record,
    /// There is a record, but its fields cannot be told apart; number and line are filled.
    Bad(String),
    /// The file has been read to its proper end.
    End,
}

/// A file on its way to records.
pub(crate) trait Records: Send {
    /// Fills `into` with the next record. After an error nothing more can be read.
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError>;

    /// The bytes of the record last found, as the source wrote them.
    fn original(&self) -> &[u8];

    /// Columns of the file that nobody asked for.
    fn new_columns(&self) -> &[String];
}

impl Record {
    /// Forgets the fields, keeps the buffers.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
    }

    /// Appends the next column's text; `None` if the record has no such field.
    pub(crate) fn push(&mut self, field: Option<&str>) {
        let start = self.text.len();
        self.text.push_str(field.unwrap_or_default());
        self.fields.push(field.map(|_| start..self.text.len()));
    }

    /// The text for the column at this place.
    pub(crate) fn field(&self, column: usize) -> Option<&str> {
        self.text.get(self.fields.get(column)?.clone()?)
    }
}
