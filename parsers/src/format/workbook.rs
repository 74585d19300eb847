//! Workbooks: XLSX, XLS and ODS, told apart by their bytes. One sheet is one table, under the row that names its
//! columns.

mod biff;
mod book;
mod header;
mod line;
pub(crate) mod look;
mod moment;
mod ods;
mod records;
mod sheet;
mod xls;
mod xlsx;

use crate::{
    decode::{Part, matches},
    read::ReadError,
    record::{Filled, Records},
    schema::Schema,
    section::Section,
};
use records::SheetRecords;

/// Raise it when the same workbook comes to other records.
pub(super) const VERSION: i32 = 1;

/// Rows of a header that are believed.
const MOST_HEADER_ROWS: u32 = 20;

/// Where in a workbook the table stands, and what around it is none of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbook {
    /// The sheet's name, without the white space around it; `*` stands for any run of characters. Without it the
    /// workbook must have one sheet only.
    pub sheet: Option<String>,
    /// Rows whose first filled cell is one of these, `*` as above, are no records.
    pub skip: Vec<String>,
    /// The first filled cell of the row with which the table ends. If declared it must be there.
    pub footer: Option<String>,
    /// Rows whose first filled cell is one of these say in the next one what holds for the rows below: a column of that
    /// name.
    pub above: Vec<String>,
    /// Whether a name over merged cells is that of all columns below it, of which each row fills one.
    pub merged: bool,
    /// Rows that name the columns together: what all of them say of a column, where a name over merged cells is said of
    /// each column below it.
    pub header_rows: u32,
    /// Columns of the sheet that are known and not wanted.
    pub ignore: Vec<String>,
}

impl Workbook {
    pub(super) fn define(table: &Section<'_>) -> Self {
        let names = |key: &str| -> Vec<String> { table.optional(key).unwrap_or_default() };
        let merged = table.optional("merged").unwrap_or(false);
        let header_rows = table.optional::<u64>("header_rows").map(u32::try_from);
        let good = |rows: &u32| (1..=MOST_HEADER_ROWS).contains(rows);
        if header_rows.is_some_and(|rows| !rows.as_ref().is_ok_and(good)) {
            table.mistake("header_rows", format!("a header has 1 to {MOST_HEADER_ROWS} rows"), None);
        }
        let header_rows = header_rows.and_then(Result::ok).unwrap_or(1);
        if merged && header_rows > 1 {
            let message = "over several rows, a merged name is said of each column below it: it cannot be one column";
            table.mistake("merged", message, None);
        }
        Self {
            sheet: table.optional("sheet"),
            skip: names("skip"),
            footer: table.optional("footer"),
            above: names("above"),
            merged,
            header_rows,
            ignore: names("ignore"),
        }
    }

    /// A sheet of this name, of which nothing else is known.
    fn of_sheet(name: String) -> Self {
        let (skip, above, ignore) = (Vec::new(), Vec::new(), Vec::new());
        Self { sheet: Some(name), skip, footer: None, above, merged: false, header_rows: 1, ignore }
    }

    /// Whether a sheet of this name may be the one that is meant.
    fn means(&self, name: &str) -> bool {
        self.sheet.as_ref().is_none_or(|pattern| matches(pattern.trim(), name.trim()))
    }

    /// Whether it matters which cells are merged.
    fn wants_merged(&self) -> bool {
        self.merged || self.header_rows > 1
    }

    /// Whether a row that begins with this text can be a record.
    fn is_record(&self, first: &str) -> bool {
        let other = self.skip.iter().chain(&self.footer).any(|pattern| matches(pattern, first));
        !other && !first.is_empty() && !self.above.iter().any(|label| label == first)
    }

    pub(super) fn open<'a>(&'a self, part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let sheet = book::read(self, part)?;
        let header = header::find(self, &sheet, schema)?;
        Ok(Box::new(Filled::new(SheetRecords::new(self, sheet, header, schema))))
    }
}

#[cfg(test)]
mod tests;
