//! dBase tables: a header that names fields of fixed width, and records of one length under it, read as a stream. The
//! reader is our own: the format is a page long, and no length in it may be taken on trust.

mod head;

use std::{
    borrow::Cow,
    io::{self, ErrorKind, Read},
};

use encoding_rs::Encoding;

use crate::{
    Column, ColumnType,
    decode::{Part, strict_text},
    format::{Binding, bind},
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
    section::Section,
};
use head::{Field, Head, Kind};

/// Raise it when the same table comes to other records.
pub(super) const VERSION: i32 = 1;

/// Behind the last record.
const END: u8 = 0x1a;

/// How a dBase table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dbf {
    /// Fields of the table that are known and not wanted.
    pub ignore: Vec<String>,
}

impl Dbf {
    pub(super) fn define(table: &Section<'_>) -> Self {
        Self { ignore: table.optional("ignore").unwrap_or_default() }
    }

    /// The names of a table's fields, each with whether it can be read, and with its type where the table says it for sure.
    pub(crate) fn fields(part: Part<'_>) -> Result<Vec<(String, bool, Option<ColumnType>)>, ReadError> {
        let charset = part.charset();
        let head = Head::read(&mut part.binary()?, charset)?;
        let is_read = |field: &Field| !matches!(field.kind, Kind::Other(_));
        let kind = |field: &Field| Some(ColumnType::Boolean).filter(|_| field.kind == Kind::Truth);
        Ok(head.fields.iter().map(|field| (field.name.clone(), is_read(field), kind(field))).collect())
    }

    pub(super) fn open<'a>(&'a self, part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let charset = part.charset();
        let mut bytes = part.binary()?;
        let head = Head::read(&mut bytes, charset)?;
        let names: Vec<String> = head.fields.iter().map(|field| field.name.clone()).collect();
        let binding = bind(&names, schema, &self.ignore)?;
        let charset = binding.charset.unwrap_or(charset);
        for (column, at) in schema.sources().zip(&binding.fields) {
            if let Some(Field { name, kind: Kind::Other(kind), .. }) = at.and_then(|at| head.fields.get(at)) {
                let message =
                    format!("the field {name:?} of `{}` is of the kind {kind:?}, which is not read", column.name);
                return Err(ReadError::broken(None, message));
            }
        }
        let record = vec![0; head.length];
        Ok(Box::new(Filled::new(Table { schema, bytes, charset, head, binding, record, number: 0 })))
    }
}

struct Table<'a> {
    schema: &'a Schema,
    bytes: Box<dyn Read + Send + 'a>,
    charset: &'static Encoding,
    head: Head,
    binding: Binding,
    /// The record that it stands on, and its number: those that are marked as deleted are counted, too.
    record: Vec<u8>,
    number: u64,
}

impl Filling for Table<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            if self.number == self.head.records {
                return self.end();
            }
            self.bytes.read_exact(&mut self.record).map_err(|error| self.cut(error))?;
            self.number += 1;
            match self.record.first() {
                Some(b' ') => break,
                Some(b'*') => (),
                _ => {
                    let message =
                        format!("record {} begins with neither a space nor the mark of a deleted one", self.number);
                    return Err(ReadError::broken(None, message));
                }
            }
        }
        (into.number, into.line) = (self.number, None);
        if self.binding.news.wants(self.number) {
            let (fields, record) = (&self.head.fields, &self.record);
            self.binding.news.look(|at| Some(trimmed(fields.get(at)?.of(record))));
        }
        Ok(self.fill(into).map_or_else(Found::Bad, |()| Found::Record))
    }

    fn original(&self) -> &[u8] {
        &self.record
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.binding.news.columns()
    }
}

impl Table<'_> {
    fn fill(&self, into: &mut Record) -> Result<(), String> {
        into.clear();
        for (column, at) in self.schema.sources().zip(&self.binding.fields) {
            let Some(field) = at.and_then(|at| self.head.fields.get(at)) else {
                into.push(None);
                continue;
            };
            let bytes = trimmed(field.of(&self.record));
            let text = strict_text(bytes, self.charset)
                .ok_or_else(|| format!("the field {:?} does not decode as {}", field.name, self.charset.name()))?;
            into.push(read(&text, field.kind, column).as_deref());
        }
        Ok(())
    }

    /// Behind the last record nothing may stand but the mark of the end.
    fn end(&mut self) -> Result<Found, ReadError> {
        let mut rest = Vec::new();
        self.bytes.by_ref().take(2).read_to_end(&mut rest).map_err(ReadError::reading)?;
        match rest.as_slice() {
            [] | [END, ..] => {
                // What it is packed in is only known to be whole at its own end.
                io::copy(&mut self.bytes, &mut io::sink()).map_err(ReadError::reading)?;
                Ok(Found::End)
            }
            _ => {
                let records = self.head.records;
                let message = format!("the table goes on behind the {records} records that its header counts");
                Err(ReadError::broken(None, message))
            }
        }
    }

    fn cut(&self, error: io::Error) -> ReadError {
        if error.kind() != ErrorKind::UnexpectedEof {
            return ReadError::reading(error);
        }
        let (records, number) = (self.head.records, self.number + 1);
        let message = format!("the header counts {records} records, and the table ends in record {number}: it was cut");
        ReadError::broken(None, message)
    }
}

/// What a column reads of a field; nothing if the field is blank.
fn read<'t>(text: &'t str, kind: Kind, column: &Column) -> Option<Cow<'t, str>> {
    let plain = (!text.is_empty()).then_some(Cow::Borrowed(text));
    match kind {
        Kind::Text | Kind::Other(_) => plain,
        Kind::Number => plain.map(|_| Cow::Borrowed(text.trim_start())),
        Kind::Day if text == "00000000" => None,
        Kind::Day => plain.map(|_| day(text, column)),
        Kind::Truth if column.kind != ColumnType::Boolean => plain,
        Kind::Truth => match text {
            "Y" | "y" | "T" | "t" => Some(Cow::Owned(column.rule.yes.clone())),
            "N" | "n" | "F" | "f" => Some(Cow::Owned(column.rule.no.clone())),
            "?" => None,
            _ => plain,
        },
    }
}

/// A day in eight digits as in ISO 8601, unless the column has a pattern of its own.
fn day<'t>(text: &'t str, column: &Column) -> Cow<'t, str> {
    let parts = text.split_at_checked(4).and_then(|(year, rest)| Some((year, rest.split_at_checked(2)?)));
    match parts {
        Some((year, (month, day))) if column.rule.pattern.is_none() => Cow::Owned(format!("{year}-{month}-{day}")),
        _ => Cow::Borrowed(text),
    }
}

/// Without what fills the field up.
fn trimmed(field: &[u8]) -> &[u8] {
    let end = field.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    field.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
