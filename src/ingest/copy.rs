//! Rows in the binary form of `COPY`: the server parses nothing, and nothing has to be escaped.

use bytes::Bytes;
use jiff::civil::{Date, Time};
use parsers::{Row, Value};

mod numeric;

/// What every binary copy begins with: signature, flags, length of the header's extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Bytes of the two fields that say which file and record a row came from.
const PLACE: usize = 8 + 12;

/// PostgreSQL counts microseconds from the beginning of the year 2000; days, too.
const EPOCH_MICROSECOND: i64 = 946_684_800_000_000;

/// A range with both its bounds, of which the lower belongs to it.
const WITH_ITS_START: u8 = 2;

/// What stands before the text of a `jsonb`.
const JSONB_VERSION: u8 = 1;

/// Bytes after which a piece is worth sending.
pub(super) const PIECE: usize = 128 * 1024;

/// Room for the row that makes a piece full.
const ROOM: usize = PIECE + 16 * 1024;

/// A value that has no binary form. The reader checks values, so this is a mistake in a parser.
#[derive(Debug, thiserror::Error)]
#[error("record {record}: {what} cannot be sent to PostgreSQL; this is a mistake in the dataset's parser")]
pub struct EncodeError {
    record: u64,
    what: String,
}

/// Collects rows until a piece of them is taken.
#[derive(Debug)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// An encoder whose first piece begins with the header.
    #[expect(clippy::new_without_default, reason = "a piece begins with bytes, not with nothing")]
    pub fn new() -> Self {
        let mut out = Vec::with_capacity(ROOM);
        out.extend_from_slice(HEADER);
        Self { out }
    }

    /// Appends a row: its values, then the file and the record that it came from.
    pub fn row(&mut self, row: &Row, part: i32) -> Result<(), EncodeError> {
        let values = row.values();
        let wrong = |what: String| EncodeError { record: row.record, what };
        let fields = i16::try_from(values.len() + 2).map_err(|_too_many| wrong("a row of so many columns".into()))?;
        let record = i64::try_from(row.record).map_err(|_too_many| wrong("a number of that size".into()))?;
        self.out.extend_from_slice(&fields.to_be_bytes());
        for value in values {
            self.value(value).ok_or_else(|| wrong(format!("{value:?}")))?;
        }
        self.four(part);
        self.eight(record);
        Ok(())
    }

    /// Appends a row of a stage that is only a key: its fields as they were encoded, no place, and its kind.
    pub(super) fn key(&mut self, key: &[u8], columns: i16, kind: u8) {
        self.out.extend_from_slice(&(columns + 3).to_be_bytes());
        self.out.extend_from_slice(key);
        self.four(0);
        self.eight(0);
        self.out.extend_from_slice(&[0, 0, 0, 1, kind]);
    }

    /// Where the next row will begin in what has been collected.
    pub(super) fn mark(&self) -> usize {
        self.out.len()
    }

    /// The values of the row that began at `mark`: each with its length before it, without number and place.
    pub(super) fn values(&self, mark: usize) -> &[u8] {
        let end = self.out.len().saturating_sub(PLACE);
        self.out.get(mark + 2..end).unwrap_or_default()
    }

    /// Takes the row back that began at `mark`.
    pub(super) fn undo(&mut self, mark: usize) {
        self.out.truncate(mark);
    }

    /// Whether enough has been collected to be sent.
    pub fn is_full(&self) -> bool {
        self.out.len() >= PIECE
    }

    /// Takes what has been collected.
    pub fn take(&mut self) -> Bytes {
        std::mem::replace(&mut self.out, Vec::with_capacity(ROOM)).into()
    }

    /// The values alone, as [`Encoder::values`] gives them.
    pub(super) fn fields<'v>(values: impl Iterator<Item = Value<'v>>) -> Option<Bytes> {
        let mut encoder = Self { out: Vec::new() };
        for value in values {
            encoder.value(value)?;
        }
        Some(encoder.out.into())
    }

    /// Takes the last piece, with the end mark.
    pub(super) fn finish(mut self) -> Bytes {
        self.out.extend_from_slice(&(-1_i16).to_be_bytes());
        self.out.into()
    }

    fn value(&mut self, value: Value<'_>) -> Option<()> {
        match value {
            Value::Null => self.out.extend_from_slice(&(-1_i32).to_be_bytes()),
            Value::Boolean(value) => self.out.extend_from_slice(&[0, 0, 0, 1, u8::from(value)]),
            Value::Integer(value) => self.eight(value),
            Value::Float(value) => self.eight(value.to_bits().cast_signed()),
            Value::Decimal(digits) => numeric::put(digits, &mut self.out)?,
            Value::Text(text) => {
                self.out.extend_from_slice(&i32::try_from(text.len()).ok()?.to_be_bytes());
                self.out.extend_from_slice(text.as_bytes());
            }
            Value::Date(day) => self.four(days(day)),
            Value::Timestamp(at) => self.eight(at.as_microsecond() - EPOCH_MICROSECOND),
            Value::Time(time) => self.eight(microseconds(time)),
            Value::Range(interval) => {
                let (start, end) = interval.microseconds();
                self.out.extend_from_slice(&[0, 0, 0, 25, WITH_ITS_START]);
                self.eight(start - EPOCH_MICROSECOND);
                self.eight(end - EPOCH_MICROSECOND);
            }
            Value::Uuid(bytes) => {
                self.out.extend_from_slice(&[0, 0, 0, 16]);
                self.out.extend_from_slice(&bytes);
            }
            Value::Json(text) => {
                self.out.extend_from_slice(&i32::try_from(text.len() + 1).ok()?.to_be_bytes());
                self.out.push(JSONB_VERSION);
                self.out.extend_from_slice(text.as_bytes());
            }
        }
        Some(())
    }

    /// A field of four bytes, behind its length.
    fn four(&mut self, value: i32) {
        self.out.extend_from_slice(&((4_i64 << 32) | i64::from(value.cast_unsigned())).to_be_bytes());
    }

    /// A field of eight bytes, behind its length.
    fn eight(&mut self, value: i64) {
        let mut field = [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0];
        if let Some(place) = field.last_chunk_mut() {
            *place = value.to_be_bytes();
        }
        self.out.extend_from_slice(&field);
    }
}

/// Microseconds since midnight.
fn microseconds(time: Time) -> i64 {
    let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
    (minutes * 60 + i64::from(time.second())) * 1_000_000 + i64::from(time.subsec_nanosecond()) / 1000
}

/// Days since the first of the year 2000. Years are counted from March, so that the leap day is the last of its year.
fn days(day: Date) -> i32 {
    const FIRST: i32 = 730_426;
    let (year, month) = (i32::from(day.year()), i32::from(day.month()));
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + i32::from(day.day()) - FIRST
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn every_day_has_its_number(number in -700_000_i64..2_900_000) {
            let day = date(2000, 1, 1).checked_add(jiff::SignedDuration::from_hours(24 * number)).unwrap();
            prop_assert_eq!(i64::from(days(day)), number);
        }
    }
}
