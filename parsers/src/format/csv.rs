//! Comma-separated values and their kin.

pub(crate) mod lines;
mod quotes;

use crate::{
    decode::Text,
    format::{Binding, bind},
    read::ReadError,
    record::{Found, Record, Records},
    schema::Schema,
    section::Section,
};
use lines::{Line, Lines};

/// Raise it when the same CSV comes to other records.
pub(super) const VERSION: i32 = 1;

/// How a CSV file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    /// Between two fields.
    pub delimiter: u8,
    /// Around a field; none if the publisher does not quote.
    pub quote: Option<u8>,
    /// Whether a quoted field may hold line breaks. If not, an open quote costs one line and not the rest of the file.
    pub multiline: bool,
    /// Whether every line may end in one more delimiter, with an unnamed and empty column behind it.
    pub trailing_column: bool,
    /// Whether the last line may lack its line end. It also may if the trailing column proves that it is whole.
    pub final_newline_optional: bool,
    /// First field of the line that ends the file and is no record. If declared it must be there.
    pub footer: Option<String>,
    /// Columns of the file that are known and not wanted.
    pub ignore: Vec<String>,
}

impl Csv {
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let delimiter = byte(table, "delimiter", b',');
        let quoted = table.optional_word("quoting", &[("double", true), ("none", false)]).unwrap_or(true);
        let quote = if quoted { byte(table, "quote", b'"').map(Some) } else { Some(None) };
        let multiline = table.optional("multiline").unwrap_or(false);
        let trailing_column = table.optional("trailing_column").unwrap_or(false);
        let words = [("required", false), ("optional", true)];
        let final_newline_optional = table.optional_word("final_newline", &words).unwrap_or(false);
        let footer = table.optional("footer");
        let ignore = table.optional("ignore").unwrap_or_default();
        let (delimiter, quote) = (delimiter?, quote?);
        Some(Self { delimiter, quote, multiline, trailing_column, final_newline_optional, footer, ignore })
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let mut lines = Lines::new(text, self.delimiter, self.quote, self.multiline);
        let mut header = match lines.next()? {
            Line::Fields => lines.texts()?,
            Line::Malformed(reason) => return Err(ReadError::broken(Some(lines.line()), reason)),
            Line::End => return Err(ReadError::broken(None, "the file has no header")),
        };
        let width = header.len();
        let trailing = self.trailing_column && header.last().is_some_and(String::is_empty);
        if trailing {
            header.pop();
        }
        for (at, name) in header.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            *name = format!("(column {} without a name)", at + 1);
        }
        let Binding { fields, new_columns } = bind(&header, schema, &self.ignore)?;
        Ok(Box::new(CsvRecords { csv: self, lines, fields, new_columns, header, width, trailing, number: 0 }))
    }
}

fn byte(table: &Section<'_>, key: &str, default: u8) -> Option<u8> {
    match table.optional::<&str>(key).map(str::as_bytes) {
        None => Some(default),
        Some(&[byte]) if byte.is_ascii() && byte != b'\n' && byte != b'\r' => Some(byte),
        Some(_) => {
            table.mistake(key, format!("`{key}` must be one ASCII character"), None);
            None
        }
    }
}

struct CsvRecords<'a> {
    csv: &'a Csv,
    lines: Lines<'a>,
    fields: Vec<Option<usize>>,
    new_columns: Vec<String>,
    header: Vec<String>,
    width: usize,
    trailing: bool,
    number: u64,
}

impl Records for CsvRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        let line = self.lines.next()?;
        (into.number, into.line) = (self.number + 1, Some(self.lines.line()));
        match line {
            Line::End if self.csv.footer.is_some() => Err(self.without_footer()),
            Line::End => Ok(Found::End),
            Line::Malformed(reason) => {
                self.number += 1;
                Ok(Found::Bad(reason))
            }
            Line::Fields if self.at_footer() => self.behind_footer(),
            Line::Fields => self.record(into),
        }
    }

    fn original(&self) -> &[u8] {
        self.lines.original()
    }

    fn new_columns(&self) -> &[String] {
        &self.new_columns
    }
}

impl CsvRecords<'_> {
    fn record(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        self.number += 1;
        let found = self.lines.len();
        if self.lines.unterminated() && !(found == self.width && (self.trailing || self.csv.final_newline_optional)) {
            return Err(self.cut());
        }
        if found != self.width {
            return Ok(Found::Bad(format!("has {found} fields, and the header has {}", self.width)));
        }
        if self.trailing && self.lines.field(found - 1).is_some_and(|field| !field.is_empty()) {
            return Ok(Found::Bad("has text behind the last column".to_owned()));
        }
        into.clear();
        for &field in &self.fields {
            if let Err(error) = self.lines.push(field, into) {
                let name = field.and_then(|at| self.header.get(at)).map_or("", String::as_str);
                return Ok(Found::Bad(format!("the field {name:?} {error}")));
            }
        }
        Ok(Found::Record)
    }

    fn at_footer(&self) -> bool {
        self.csv.footer.as_ref().is_some_and(|footer| self.lines.field(0) == Some(footer.as_bytes()))
    }

    fn behind_footer(&mut self) -> Result<Found, ReadError> {
        match self.lines.next()? {
            Line::End => Ok(Found::End),
            _ => Err(ReadError::broken(Some(self.lines.line()), "the file goes on behind its last line")),
        }
    }

    fn without_footer(&self) -> ReadError {
        let footer = self.csv.footer.as_deref().unwrap_or_default();
        ReadError::broken(
            Some(self.lines.line()),
            format!("the file ends without its last line {footer:?}: it was cut"),
        )
    }

    fn cut(&self) -> ReadError {
        let line = self.lines.line();
        let help = "if the publisher writes it so, say `final_newline = \"optional\"` in [format]";
        ReadError::broken(Some(line), format!("line {line}, the last, has no line end: the file was cut; {help}"))
    }
}

#[cfg(test)]
mod tests;
