//! Records of formats that must look at every value in order to find the next record: they are filled on the way.

use super::{Canon, Place, Records, Span, Texts};
use crate::read::{NewColumn, ReadError};

/// The texts of one record, in the order of the schema's columns, and where it stood. Filled again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    text: String,
    spans: Vec<Option<Span>>,
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// The line on which it began, from 1.
    pub(crate) line: Option<u64>,
}

/// What a call of [`Filling::next`] came to.
#[derive(Debug)]
pub(crate) enum Found {
    /// The record is filled.
    Record,
    /// There is a record, but its fields cannot be told apart; number and line are filled.
    Bad(String),
    /// The file has been read to its proper end.
    End,
}

/// A file that fills its records as it finds them.
pub(crate) trait Filling: Send {
    /// Fills `into` with the next record. After an error nothing more can be read.
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError>;

    /// The bytes of the record last found, as the source wrote them.
    fn original(&self) -> &[u8];

    /// Columns of the file that nobody asked for.
    fn new_columns(&self) -> Vec<NewColumn>;
}

/// Such a file, and the record that it stands on.
pub(crate) struct Filled<F> {
    file: F,
    record: Record,
    found: Found,
}

impl<F: Filling> Filled<F> {
    /// Stands before the first record.
    pub(crate) fn new(file: F) -> Self {
        Self { file, record: Record::default(), found: Found::End }
    }
}

impl<F: Filling> Records for Filled<F> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.found = self.file.next(&mut self.record)?;
        Ok(!matches!(self.found, Found::End))
    }

    fn place(&self) -> Place {
        let Record { number, line, .. } = self.record;
        Place { number, line }
    }

    fn write(&mut self, into: &mut Canon) {
        match &self.found {
            Found::Bad(reason) => into.bad(&[reason.as_bytes(), self.file.original()]),
            Found::Record | Found::End => {
                let texts = self.record.texts();
                (0..texts.spans.len()).for_each(|at| into.field(texts.field(at).map(str::as_bytes)));
            }
        }
    }

    fn texts(&mut self) -> Result<Texts<'_>, String> {
        match &self.found {
            Found::Bad(reason) => Err(reason.clone()),
            Found::Record | Found::End => Ok(self.record.texts()),
        }
    }

    fn original(&self) -> &[u8] {
        self.file.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.file.new_columns()
    }
}

impl Record {
    /// Forgets the fields, keeps the buffers.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    /// Appends the next column's text; `None` if the record has no such field.
    pub(crate) fn push(&mut self, field: Option<&str>) {
        let start = self.text.len();
        self.text.push_str(field.unwrap_or_default());
        self.spans.push(field.map(|_| Span { start, end: self.text.len() }));
    }

    /// The texts, in the order in which they were pushed.
    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts { text: &self.text, spans: &self.spans }
    }
}
