//! Comma-separated values and their kin.

mod block;
mod define;
mod fields;
pub(crate) mod head;
pub(crate) mod layout;
mod lines;
mod quoted;
mod records;
mod split;
mod tables;

use crate::{
    decode::Text,
    format::{
        Binding, Types, Unpivot, bind_by,
        types::{Width, Within},
        unpivot::Plan,
    },
    read::ReadError,
    record::Records,
    schema::{Schema, Version, When},
    section::Section,
};
pub use head::{Header, Said};
pub(crate) use lines::{Line, Lines};
pub(crate) use quoted::Dialect;
pub(crate) use records::{Extent, LineRecords, Shape};
pub(crate) use split::{Cut, Places};
pub use tables::Table;

/// Raise it when the same CSV comes to other records.
pub(super) const VERSION: i32 = 2;

/// How a CSV file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    /// What stands between two fields.
    pub delimiter: Delimiter,
    /// Around a field; none if the publisher does not quote.
    pub quote: Option<u8>,
    /// Whether a quoted field may hold line breaks. If not, an open quote costs one line and not the rest of the file.
    pub multiline: bool,
    /// Whether every line may end in one more delimiter, with an unnamed and empty column behind it.
    pub trailing_column: bool,
    /// Where the names of the columns stand.
    pub header: Header,
    /// How lines are told from records.
    pub lines: LineRules,
    /// The types of lines, where only one of them is a record.
    pub types: Option<Types>,
    /// The one of several tables that is read.
    pub table: Option<Table>,
    /// Columns that become rows.
    pub unpivot: Option<Unpivot>,
    /// Columns of the file that are known and not wanted.
    pub ignore: Vec<String>,
}

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// This character.
    Byte(u8),
    /// Any run of blanks and tabs.
    Blanks,
}

/// What may stand between records and around them, in every format of lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineRules {
    /// The first byte of lines that say nothing.
    pub comment: Option<u8>,
    /// First field of the line that ends the file and is no record. If declared it must be there.
    pub footer: Option<String>,
    /// What the line begins with that ends the records, whatever comes behind it. If declared it must be there.
    pub footer_begins: Option<String>,
    /// Whether a record may have fewer fields than the header, or be shorter than it should: the others are absent.
    pub padded: bool,
    /// Whether the last line may lack its line end. It also may if its record shows that it is whole.
    pub final_newline_optional: bool,
}

impl LineRules {
    /// Whether no line must be there that is no record.
    pub(super) fn are_records_alone(&self) -> bool {
        self.footer.is_none() && self.footer_begins.is_none()
    }
}

impl Csv {
    /// Notes a mistake if files of a version cannot be told from others, or have no such columns.
    pub(super) fn check_version(&self, table: &Section<'_>, version: &Version) {
        let Some(when) = &version.when else { return };
        if when.length.is_some() {
            table.mistake("when", "how long a line is tells nothing of separated values: say `fields`", None);
        }
        if when.fields.is_some() && self.lines.padded {
            table.mistake("when", "records may be shorter here, so that the number of fields tells nothing", None);
        }
        check_line(table, when, self.header.preamble);
        let offered = |name: &str| {
            let said = self.header.said.iter().any(|said| said.name == name);
            let typed = self.types.as_ref().is_some_and(|types| types.names().any(|said| said == name));
            said || typed || self.unpivot.as_ref().is_some_and(|unpivot| unpivot.offers(name))
        };
        self.header.check_version(table, version, offered);
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let (delimiter, cut) = match self.delimiter {
            Delimiter::Byte(byte) => (byte, Cut::Delimiter),
            Delimiter::Blanks => (b' ', Cut::Blanks),
        };
        let dialect = Dialect { delimiter, quote: self.quote, multiline: self.multiline };
        let mut lines = Lines::new(text, dialect, cut, self.lines.comment);
        if let Some(table) = &self.table {
            return table.open(lines, schema, &self.ignore);
        }
        let head = self.header.find(&mut lines, schema)?;
        if lines.unterminated() && !self.lines.final_newline_optional {
            return Err(lines.cut());
        }
        let (mut names, width, by) = (head.names, head.width, head.by);
        let trailing = self.trailing_column && names.last().is_some_and(String::is_empty);
        if trailing {
            names.pop();
        }
        let mut ignore = self.ignore.clone();
        for (at, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            *name = unnamed(at);
            // Who gives columns their names leaves those without that are not wanted.
            if !self.header.is_there() {
                ignore.push(name.clone());
            }
        }
        let extent = Extent::Fields { width, trailing };
        let named_by = if self.header.is_there() { "the header" } else { "the definition" };
        if let Some(types) = &self.types {
            let own = names.len();
            names.extend(types.names().map(str::to_owned));
            let binding = bind_by(by, &names, schema, &ignore)?;
            lines.decode_as(binding.charset);
            let within = types.within().filter_map(Within::field).collect();
            return Ok(types.open(&self.lines, lines, (own, Width::Fields(width)), within, binding));
        }
        if self.unpivot.is_some() || !head.said.is_empty() {
            let plan = Plan::new(self.unpivot.as_ref(), &names, head.said, schema)?;
            let wide = LineRecords::new(&self.lines, lines, Shape::wide(names, named_by, extent));
            return plan.open(Box::new(wide), schema, by, &ignore);
        }
        let Binding { fields, news, charset } = bind_by(by, &names, schema, &ignore)?;
        lines.decode_as(charset);
        let shape = Shape { header: names, named_by, extent, fields, news, charset };
        Ok(Box::new(LineRecords::new(&self.lines, lines, shape)))
    }
}

/// Notes a mistake if a line of the preamble is meant that is none.
pub(super) fn check_line(table: &Section<'_>, when: &When, preamble: u64) {
    if when.line.is_some_and(|line| u64::try_from(line).is_ok_and(|line| line > preamble)) {
        let help = "lines are counted from 1; say how many lines it has with `preamble`".to_owned();
        table.mistake("when", "the line does not stand in the preamble", Some(help));
    }
}

/// How a column is called that has no name.
fn unnamed(at: usize) -> String {
    format!("(column {} without a name)", at + 1)
}

#[cfg(test)]
mod tests;
