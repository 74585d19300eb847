//! The head of a dBase table: how many records it has, how long they are, and what stands where in them.

use std::io::{ErrorKind, Read};

use encoding_rs::Encoding;

use super::trimmed;
use crate::{decode::strict_text, read::ReadError};

/// The table's own facts, one field's, and the byte behind the last field.
const FACTS: usize = 32;
const FIELD: usize = 32;
const LAST: u8 = 0x0d;

/// What a table says of itself.
#[derive(Debug)]
pub(super) struct Head {
    /// How many records there are, deleted ones included.
    pub(super) records: u64,
    /// Bytes of a record, with the mark of deletion before its fields.
    pub(super) length: usize,
    /// In the order of the file.
    pub(super) fields: Vec<Field>,
}

/// A field of all records.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: String,
    /// What stands in it.
    pub(super) kind: Kind,
    start: usize,
    end: usize,
}

/// What stands in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A number, written out.
    Number,
    /// A day in eight digits.
    Day,
    /// A letter for true or false.
    Truth,
    /// Something in another file, or in binary.
    Other(char),
}

impl Head {
    /// Reads on to the first record.
    pub(super) fn read(bytes: &mut impl Read, charset: &'static Encoding) -> Result<Self, ReadError> {
        let mut facts = [0; FACTS];
        exact(bytes, &mut facts)?;
        let [_, _, _, _, n1, n2, n3, n4, h1, h2, r1, r2, ..] = facts;
        let (head, length) = (usize::from(u16::from_le_bytes([h1, h2])), usize::from(u16::from_le_bytes([r1, r2])));
        let mut rest = vec![0; head.checked_sub(FACTS).ok_or_else(contradicts)?];
        exact(bytes, &mut rest)?;
        let fields = fields(&rest, charset)?;
        if fields.last().map(|field| field.end) != Some(length) {
            return Err(contradicts());
        }
        Ok(Self { records: u64::from(u32::from_le_bytes([n1, n2, n3, n4])), length, fields })
    }
}

impl Field {
    /// Its part of a record.
    pub(super) fn of<'r>(&self, record: &'r [u8]) -> &'r [u8] {
        record.get(self.start..self.end).unwrap_or_default()
    }
}

fn fields(bytes: &[u8], charset: &'static Encoding) -> Result<Vec<Field>, ReadError> {
    let (mut fields, mut start, mut rest) = (Vec::new(), 1, bytes);
    while rest.first() != Some(&LAST) {
        let (field, behind) = rest.split_at_checked(FIELD).ok_or_else(contradicts)?;
        let (Some(name), Some(kind), Some(length)) = (field.get(..11), field.get(11), field.get(16)) else {
            return Err(contradicts());
        };
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let name = strict_text(trimmed(name), charset).filter(|name| !name.is_empty()).ok_or_else(contradicts)?;
        let end = start + usize::from(*length);
        fields.push(Field { name: name.trim().to_owned(), kind: kind_of(*kind), start, end });
        (start, rest) = (end, behind);
    }
    Ok(fields)
}

fn kind_of(letter: u8) -> Kind {
    match letter {
        b'C' => Kind::Text,
        b'N' | b'F' => Kind::Number,
        b'D' => Kind::Day,
        b'L' => Kind::Truth,
        other => Kind::Other(char::from(other)),
    }
}

fn exact(bytes: &mut impl Read, into: &mut [u8]) -> Result<(), ReadError> {
    bytes.read_exact(into).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => ReadError::broken(None, "the table ends in its header: it was cut"),
        _ => ReadError::reading(error),
    })
}

fn contradicts() -> ReadError {
    ReadError::broken(None, "the header of the table contradicts itself: it is damaged, or no dBase table")
}
