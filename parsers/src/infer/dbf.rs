//! dBase tables: their header says what their columns are.

use super::{
    InferError, Open, Packed,
    draft::{Kind, Place, Shape},
};
use crate::{decode::Content, format::Dbf, section::quoted};

/// Bytes of a header's own facts, and of a field.
const UNIT: usize = 32;

pub(super) fn shape(packed: &Packed, open: Open<'_>) -> Result<Shape, InferError> {
    let part = packed.part(Content::Dbf, open)?;
    let fields = Dbf::fields(part).map_err(InferError::Unreadable)?;
    let mut shape = Shape::new(Kind::Dbf);
    let unread: Vec<_> = fields.iter().filter(|(_, is_read, _)| !is_read).map(|(name, ..)| quoted(name)).collect();
    if !unread.is_empty() {
        shape.format.push(format!("ignore = [{}]  # memos and binary fields are not read", unread.join(", ")));
    }
    let twice = |name: &str| fields.iter().filter(|(other, ..)| other == name).count() > 1;
    for (name, _, kind) in fields.iter().filter(|(_, is_read, _)| *is_read) {
        if twice(name) {
            shape.notes.push(format!("left out, for two fields are called so: {}", quoted(name)));
        } else {
            shape.columns.push(Place { kind: *kind, ..Place::new(name.clone()) });
        }
    }
    Ok(shape)
}

/// Where the records of a dBase table begin; none if it is no such table.
pub(super) fn records(head: &[u8]) -> Option<usize> {
    let &[version, _, month, day, _, _, _, _, h1, h2, ..] = head else { return None };
    let length = usize::from(u16::from_le_bytes([h1, h2]));
    let known = matches!(version, 0x03 | 0x30..=0x32 | 0x83 | 0x8b | 0xf5);
    let of_fields = length > UNIT * 2 && length % UNIT <= 1 || length % UNIT == 8;
    let kinds = head.get(UNIT..).unwrap_or_default().chunks(UNIT).take_while(|field| field.first() != Some(&0x0d));
    let sound = kinds.filter_map(|field| field.get(11)).all(u8::is_ascii_graphic);
    (known && (1..=12).contains(&month) && (1..=31).contains(&day) && of_fields && sound).then_some(length)
}
