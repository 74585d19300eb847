//! A look at a workbook of which nothing is known yet: its sheets, and their rows as they are.

use super::{
    Workbook, book,
    sheet::{Sheet, Value},
};
use crate::{decode::Part, read::ReadError};

/// A sheet, whatever it holds.
pub(crate) struct Looked(Sheet);

/// A cell that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Its column, from 0.
    pub(crate) column: u32,
    /// Whether it holds text, and neither a number nor a day.
    pub(crate) is_text: bool,
    /// What it holds, as a record would show it.
    pub(crate) text: String,
}

impl Looked {
    /// The names of a workbook's sheets.
    pub(crate) fn names(part: Part<'_>) -> Result<Vec<String>, ReadError> {
        book::names(part)
    }

    /// One sheet of it.
    pub(crate) fn open(part: Part<'_>, sheet: &str) -> Result<Self, ReadError> {
        book::read(&Workbook::of_sheet(sheet.to_owned()), part).map(Self)
    }

    /// How many rows are not blank.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// One of the rows that are not blank.
    pub(crate) fn row(&self, at: usize) -> Vec<Shown> {
        let (_, cells) = self.0.row(at).unwrap_or_default();
        let shown = cells.iter().map(|cell| Shown {
            column: cell.column,
            is_text: matches!(self.0.value(cell), Value::Text(_)),
            text: self.0.text(cell).trim().to_owned(),
        });
        shown.filter(|cell| !cell.text.is_empty()).collect()
    }
}

/// How a column without a name is called.
pub(crate) fn unnamed(column: u32) -> String {
    format!("(column {} without a name)", super::header::letters(column))
}
