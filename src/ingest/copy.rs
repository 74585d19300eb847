//! Rows in the binary form of `COPY`: the server parses nothing, and nothing has to be escaped.

use bytes::{BufMut, Bytes, BytesMut};
use jiff::civil::{Date, date};
use parsers::{Row, Value};

mod numeric;

/// What every binary copy begins with: signature, flags, length of the header's extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// PostgreSQL counts days and microseconds from here.
const EPOCH: Date = date(2000, 1, 1);
const EPOCH_MICROSECOND: i64 = 946_684_800_000_000;

/// Bytes after which a piece is worth sending.
pub(super) const PIECE: usize = 128 * 1024;

/// A value that has no binary form. The reader checks values, so this is a mistake in a parser.
#[derive(Debug, thiserror::Error)]
#[error("record {record}: {what} cannot be sent to PostgreSQL; this is a mistake in the dataset's parser")]
pub(super) struct EncodeError {
    record: u64,
    what: String,
}

/// Collects rows until a piece of them is taken.
#[derive(Debug)]
pub(super) struct Encoder {
    out: BytesMut,
}

impl Encoder {
    /// An encoder whose first piece begins with the header.
    pub(super) fn new() -> Self {
        let mut out = BytesMut::with_capacity(PIECE * 2);
        out.put_slice(HEADER);
        Self { out }
    }

    /// Appends a row: its values, then the file and the record that it came from.
    pub(super) fn row(&mut self, row: &Row, part: i32) -> Result<(), EncodeError> {
        let values = row.values();
        let wrong = |what: String| EncodeError { record: row.record, what };
        let fields = i16::try_from(values.len() + 2).map_err(|_too_many| wrong("a row of so many columns".into()))?;
        let record = i64::try_from(row.record).map_err(|_too_many| wrong("a number of that size".into()))?;
        self.out.put_i16(fields);
        for value in values {
            self.value(value).ok_or_else(|| wrong(format!("{value:?}")))?;
        }
        self.out.put_i32(4);
        self.out.put_i32(part);
        self.out.put_i32(8);
        self.out.put_i64(record);
        Ok(())
    }

    /// Whether enough has been collected to be sent.
    pub(super) fn is_full(&self) -> bool {
        self.out.len() >= PIECE
    }

    /// Takes what has been collected.
    pub(super) fn take(&mut self) -> Bytes {
        let piece = self.out.split().freeze();
        self.out.reserve(PIECE * 2);
        piece
    }

    /// Takes the last piece, with the end mark.
    pub(super) fn finish(mut self) -> Bytes {
        self.out.put_i16(-1);
        self.out.freeze()
    }

    fn value(&mut self, value: Value<'_>) -> Option<()> {
        match value {
            Value::Null => self.out.put_i32(-1),
            Value::Boolean(value) => self.field(&[u8::from(value)])?,
            Value::Integer(value) => self.field(&value.to_be_bytes())?,
            Value::Float(value) => self.field(&value.to_be_bytes())?,
            Value::Decimal(digits) => numeric::put(digits, &mut self.out)?,
            Value::Text(text) => self.field(text.as_bytes())?,
            Value::Date(day) => {
                let days = day.duration_since(EPOCH).as_hours() / 24;
                self.field(&i32::try_from(days).ok()?.to_be_bytes())?;
            }
            Value::Timestamp(at) => self.field(&(at.as_microsecond() - EPOCH_MICROSECOND).to_be_bytes())?,
        }
        Some(())
    }

    fn field(&mut self, bytes: &[u8]) -> Option<()> {
        self.out.put_i32(i32::try_from(bytes.len()).ok()?);
        self.out.put_slice(bytes);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(values: &[Value<'_>]) -> Vec<u8> {
        let mut row = Row::default();
        row.record = 7;
        for value in values {
            row.push(*value);
        }
        let mut encoder = Encoder::new();
        encoder.row(&row, 1).unwrap();
        let bytes = encoder.finish();
        assert_eq!(&bytes[..19], HEADER);
        bytes[19..].to_vec()
    }

    #[test]
    fn a_row_is_its_fields_each_with_its_length() {
        let expected = [
            &[0, 5][..],
            &[0xff, 0xff, 0xff, 0xff],
            &[0, 0, 0, 1, 1],
            &[0, 0, 0, 2, b'o', b'k'],
            &[0, 0, 0, 4, 0, 0, 0, 1],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7],
            &[0xff, 0xff],
        ];
        assert_eq!(encoded(&[Value::Null, Value::Boolean(true), Value::Text("ok")]), expected.concat());
    }

    #[test]
    fn days_and_instants_are_counted_from_the_year_2000() {
        let bytes =
            encoded(&[Value::Date(date(1999, 12, 31)), Value::Timestamp("2000-01-01T00:00:01Z".parse().unwrap())]);
        assert_eq!(&bytes[2..10], [0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(&bytes[10..22], [0, 0, 0, 8, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40]);
    }
}
