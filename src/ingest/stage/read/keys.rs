//! A row's key, cut out of its encoded values.

use std::ops::Range;

use parsers::{ColumnType, Schema, Value};

use crate::ingest::copy::Encoder;

/// Cuts keys out of rows, within its own buffers.
#[derive(Debug)]
pub(super) struct Keys {
    /// Positions of the key columns among all, and their types.
    columns: Vec<(usize, ColumnType)>,
    /// How many columns stand up to the last of them.
    upto: usize,
    fields: Vec<Range<usize>>,
    key: Vec<u8>,
}

impl Keys {
    pub(super) fn new(schema: &Schema) -> Self {
        let kind = |&at: &usize| schema.columns.get(at).map(|column| (at, column.kind));
        let columns: Vec<_> = schema.key.iter().filter_map(kind).collect();
        let upto = columns.iter().map(|(at, _)| at + 1).max().unwrap_or(0);
        Self { columns, upto, fields: Vec::new(), key: Vec::new() }
    }

    /// How many columns the key has.
    pub(super) fn width(&self) -> i16 {
        i16::try_from(self.columns.len()).unwrap_or(i16::MAX)
    }

    /// The key of an encoded row: its fields in the order of the key.
    pub(super) fn cut(&mut self, values: &[u8]) -> &[u8] {
        self.key.clear();
        self.fields.clear();
        let mut at = 0;
        for _ in 0..self.upto {
            let begin = at;
            let length = values.get(at..).and_then(<[u8]>::first_chunk).map_or(-1, |head| i32::from_be_bytes(*head));
            // A length of -1 is a null, which has no bytes.
            at += 4 + usize::try_from(length).unwrap_or(0);
            self.fields.push(begin..at);
        }
        for (column, _) in &self.columns {
            let field = self.fields.get(*column).and_then(|field| values.get(field.clone()));
            self.key.extend_from_slice(field.unwrap_or_default());
        }
        &self.key
    }

    /// The key of a rejected record, from its values' texts.
    pub(super) fn of_texts<'t>(&self, texts: &'t [String]) -> Option<bytes::Bytes> {
        let value = |((_, kind), text): (&(usize, ColumnType), &'t String)| read_back(*kind, text);
        let values: Option<Vec<Value<'t>>> = self.columns.iter().zip(texts).map(value).collect();
        Encoder::fields(values?.into_iter())
    }
}

/// A value from the text that it is displayed as.
fn read_back(kind: ColumnType, text: &str) -> Option<Value<'_>> {
    Some(match kind {
        ColumnType::Text | ColumnType::Enum => Value::Text(text),
        ColumnType::Decimal { .. } => Value::Decimal(text),
        ColumnType::Integer => Value::Integer(text.parse().ok()?),
        ColumnType::Float => Value::Float(text.parse().ok()?),
        ColumnType::Boolean => Value::Boolean(text.parse().ok()?),
        ColumnType::Date => Value::Date(text.parse().ok()?),
        ColumnType::Timestamp => Value::Timestamp(text.parse().ok()?),
        ColumnType::Time => Value::Time(text.parse().ok()?),
        ColumnType::Range => Value::Range(text.parse().ok()?),
        ColumnType::Uuid => Value::Uuid(parsers::schema::uuid(text)?),
        ColumnType::Json => Value::Json(text),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_is_read_back_from_its_text() {
        let values = [
            (ColumnType::Text, Value::Text("a b")),
            (ColumnType::Decimal { precision: 9, scale: 2 }, Value::Decimal("-1.5")),
            (ColumnType::Integer, Value::Integer(i64::MIN)),
            (ColumnType::Float, Value::Float(0.1)),
            (ColumnType::Float, Value::Float(-1e300)),
            (ColumnType::Boolean, Value::Boolean(true)),
            (ColumnType::Date, Value::Date(date(1, 1, 1))),
            (ColumnType::Timestamp, Value::Timestamp("1999-12-31T23:59:59.999999Z".parse().unwrap())),
            (ColumnType::Time, Value::Time("23:59:59.999999".parse().unwrap())),
            (ColumnType::Range, Value::Range("[1999-12-31T23:30:00Z,2000-01-01T00:00:00Z)".parse().unwrap())),
            (ColumnType::Uuid, Value::Uuid([0xf7; 16])),
            (ColumnType::Enum, Value::Text("A01")),
        ];
        for (kind, value) in values {
            assert_eq!(read_back(kind, &value.to_string()), Some(value));
        }
    }

    #[test]
    fn a_key_is_cut_out_in_its_own_order() {
        let values = [Value::Integer(1), Value::Null, Value::Text("two"), Value::Boolean(true)];
        let row = Encoder::fields(values.into_iter()).unwrap();
        let kinds = vec![(2, ColumnType::Text), (0, ColumnType::Integer)];
        let mut keys = Keys { columns: kinds, upto: 3, fields: Vec::new(), key: Vec::new() };
        let expected = Encoder::fields([values[2], values[0]].into_iter()).unwrap();
        assert_eq!(keys.cut(&row), expected);
        assert_eq!(keys.of_texts(&["two".into(), "1".into()]), Some(expected));
    }
}
