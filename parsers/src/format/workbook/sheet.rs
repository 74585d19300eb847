//! The cells of one sheet that hold something, row by row, as the workbook stores them.

use std::{fmt::Write as _, ops::Range};

use jiff::civil::{DateTime, Time};

use crate::read::ReadError;

/// A sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    /// Cells of its first rows that are merged: row, first and last column, all from 0.
    pub(super) merged: Vec<(u32, u32, u32)>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    text: String,
}

/// A row that is not blank.
#[derive(Debug, Clone, Copy)]
struct Row {
    number: u32,
    first: usize,
}

/// A cell that is not blank.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Its column, from 0.
    pub(super) column: u32,
    value: Stored,
}

#[derive(Debug, Clone)]
enum Stored {
    Text(Range<usize>),
    Error(Range<usize>),
    Number(f64, usize),
    Truth(bool),
    Moment(DateTime),
    Time(Time),
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'s> {
    /// Text.
    Text(&'s str),
    /// What is shown where a formula failed, such as `#N/A`.
    Error(&'s str),
    /// A number, and how many digits before the point its format shows at least.
    Number(f64, usize),
    /// A truth value.
    Truth(bool),
    /// A day, or an instant on somebody's clock.
    Moment(DateTime),
    /// A time of day.
    Time(Time),
}

impl Sheet {
    /// A sheet without cells.
    pub(super) fn new(name: String, merged: Vec<(u32, u32, u32)>) -> Self {
        Self { name, merged, ..Self::default() }
    }

    /// Appends the next cell, by row and column from 0. Blank text is no cell.
    pub(super) fn push(&mut self, row: u32, column: u32, value: Value<'_>) -> Result<(), ReadError> {
        if matches!(value, Value::Text("")) {
            return Ok(());
        }
        let number = row.saturating_add(1);
        let before = self.rows.last().map(|row| row.number).zip(self.cells.last().map(|cell| cell.column));
        if before.is_some_and(|before| (number, column) <= before) {
            let name = &self.name;
            let message = format!("the cells of the sheet {name:?} are not in their order in row {number}");
            return Err(ReadError::broken(Some(u64::from(number)), message));
        }
        if before.is_none_or(|(last, _)| last != number) {
            self.rows.push(Row { number, first: self.cells.len() });
        }
        let value = match value {
            Value::Text(text) => Stored::Text(self.keep(text)),
            Value::Error(text) => Stored::Error(self.keep(text)),
            Value::Number(number, digits) => Stored::Number(number, digits),
            Value::Truth(truth) => Stored::Truth(truth),
            Value::Moment(moment) => Stored::Moment(moment),
            Value::Time(time) => Stored::Time(time),
        };
        self.cells.push(Cell { column, value });
        Ok(())
    }

    /// How many rows are not blank.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// One of the rows that are not blank: its number, from 1, and its cells.
    pub(super) fn row(&self, at: usize) -> Option<(u64, &[Cell])> {
        let row = self.rows.get(at)?;
        let end = self.rows.get(at + 1).map_or(self.cells.len(), |next| next.first);
        Some((u64::from(row.number), self.cells.get(row.first..end)?))
    }

    /// What a cell of this sheet holds.
    pub(super) fn value(&self, cell: &Cell) -> Value<'_> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        match &cell.value {
            Stored::Text(range) => Value::Text(text(range)),
            Stored::Error(range) => Value::Error(text(range)),
            Stored::Number(number, digits) => Value::Number(*number, *digits),
            Stored::Truth(truth) => Value::Truth(*truth),
            Stored::Moment(moment) => Value::Moment(*moment),
            Stored::Time(time) => Value::Time(*time),
        }
    }

    /// What a cell holds, as text.
    pub(super) fn text(&self, cell: &Cell) -> String {
        let mut text = String::new();
        self.value(cell).write(&mut text);
        text
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }
}

impl Value<'_> {
    /// Appends the value as text. A number is the shortest text that is read back as the same number: a workbook stores
    /// binary numbers, and what it shows of them is only a matter of style. Days and times are as in ISO 8601.
    pub(super) fn write(self, into: &mut String) {
        let _infallible = match self {
            Self::Text(text) | Self::Error(text) => write!(into, "{text}"),
            // Minus zero is zero.
            Self::Number(number, digits) => write!(into, "{:0digits$}", number + 0.0),
            Self::Truth(true) => write!(into, "TRUE"),
            Self::Truth(false) => write!(into, "FALSE"),
            Self::Moment(moment) if moment.time() == Time::midnight() => write!(into, "{}", moment.date()),
            Self::Moment(moment) => write!(into, "{moment}"),
            Self::Time(time) => write!(into, "{time}"),
        };
    }
}
