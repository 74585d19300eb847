//! A row as text: its cells with tabs between them, as a rejected record is shown.

use super::sheet::Sheet;
use crate::record::Span;

/// A row. Written again and again.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Where each cell's text lies, and the column that it stands in.
    cells: Vec<(u32, Span)>,
}

/// Two cells stand where only one can be meant.
#[derive(Debug)]
pub(super) struct Twice;

impl Line {
    /// Writes down a row of the sheet.
    pub(super) fn write(&mut self, sheet: &Sheet, at: usize) {
        self.text.clear();
        self.cells.clear();
        for cell in sheet.row(at).map_or(&[][..], |(_, cells)| cells) {
            let start = self.text.len();
            sheet.value(cell).write(&mut self.text);
            self.cells.push((cell.column, Span { start, end: self.text.len() }));
            self.text.push('\t');
        }
        self.text.pop();
    }

    /// All of it.
    pub(super) fn whole(&self) -> &str {
        &self.text
    }

    /// The cells' texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.cells.len()).map(|cell| self.text(cell))
    }

    /// One cell's text.
    pub(super) fn text(&self, cell: usize) -> &str {
        self.cells.get(cell).and_then(|(_, span)| self.text.get(span.start..span.end)).unwrap_or_default()
    }

    /// The cell that stands in one of these columns.
    pub(super) fn within(&self, (first, last): (u32, u32)) -> Result<Option<usize>, Twice> {
        let start = self.cells.partition_point(|(column, _)| *column < first);
        let stands = |at: usize| self.cells.get(at).is_some_and(|(column, _)| *column <= last);
        match (stands(start), stands(start + 1)) {
            (true, true) => Err(Twice),
            (true, false) => Ok(Some(start)),
            (false, _) => Ok(None),
        }
    }
}
