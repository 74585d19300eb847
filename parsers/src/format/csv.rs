//! Comma-separated values and their kin.

mod block;
mod fields;
pub(crate) mod lines;
mod quoted;
mod records;
mod split;

use encoding_rs::Encoding;

use crate::{
    decode::Text,
    format::{Binding, News, bind},
    read::ReadError,
    record::Records,
    schema::Schema,
    section::Section,
};
use lines::{Line, Lines};
use records::CsvRecords;

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
        let Binding { fields, news, charset } = bind(&header, schema, &self.ignore)?;
        lines.decode_as(charset);
        let shape = Shape { header, width, trailing, fields, news, charset };
        Ok(Box::new(CsvRecords::new(self, lines, shape)))
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

/// What a file's header says of its records.
#[derive(Debug)]
struct Shape {
    /// Names of the columns, without the trailing one.
    header: Vec<String>,
    /// Fields of each record, with the trailing one.
    width: usize,
    /// Whether there is a trailing column.
    trailing: bool,
    /// For each column of the schema the field of the file, if the file has it.
    fields: Vec<Option<usize>>,
    /// Columns of the file that the definition does not name.
    news: News,
    /// The encoding of files of this version, if it is another than the dataset's.
    charset: Option<&'static Encoding>,
}

#[cfg(test)]
mod tests;
