//! A checked row, filled again and again: reading allocates nothing per row once its buffers have grown.

use std::{fmt, ops::Range, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use super::uuid;

/// A checked value, borrowed from its row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A binary floating-point number.
    Float(f64),
    /// An exact number: an optional minus sign, digits, a point with the column's scale at most; no needless zero.
    Decimal(&'a str),
    /// Text without NUL.
    Text(&'a str),
    /// A day.
    Date(Date),
    /// An instant, to the microsecond.
    Timestamp(Timestamp),
    /// A time of day, to the microsecond.
    Time(Time),
    /// The time from one instant up to another.
    Range(Interval),
    /// A UUID, its bytes in the order of its digits.
    Uuid([u8; 16]),
    /// A JSON value, as the source wrote it: the one kind of value that may be written in several ways.
    Json(&'a str),
}

/// From an instant on, up to a later one that no longer belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    start: i64,
    end: i64,
}

impl Interval {
    /// Nothing if the end does not come after the start. To the microsecond; finer parts of a second are cut off.
    pub fn new(start: Timestamp, end: Timestamp) -> Option<Self> {
        let (start, end) = (start.as_microsecond(), end.as_microsecond());
        (start < end).then_some(Self { start, end })
    }

    /// Its first instant, and the first behind it, in microseconds since 1970.
    pub fn microseconds(self) -> (i64, i64) {
        (self.start, self.end)
    }
}

/// As PostgreSQL reads it.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |microsecond| Timestamp::from_microsecond(microsecond).map_err(|_outside| fmt::Error);
        write!(f, "[{},{})", at(self.start)?, at(self.end)?)
    }
}

/// What it is displayed as.
impl FromStr for Interval {
    type Err = NoInterval;

    fn from_str(text: &str) -> Result<Self, NoInterval> {
        let parts = text.strip_prefix('[').and_then(|text| text.strip_suffix(')')?.split_once(','));
        let both = parts.and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
        both.and_then(|(start, end)| Self::new(start, end)).ok_or(NoInterval)
    }
}

/// Text that is not what an [`Interval`] is displayed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no interval such as [2026-01-31T00:00:00Z,2026-01-31T00:30:00Z)")]
pub struct NoInterval;

/// The value as PostgreSQL reads it; nothing for [`Value::Null`]. Equal values have equal texts, but for JSON.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Decimal(text) | Self::Text(text) | Self::Json(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
            Self::Timestamp(at) => write!(f, "{at}"),
            Self::Time(time) => write!(f, "{time}"),
            Self::Range(interval) => write!(f, "{interval}"),
            Self::Uuid(bytes) => uuid::write(bytes, f),
        }
    }
}

/// One value as the row keeps it; texts lie in the row's one buffer.
#[derive(Debug, Clone)]
enum Stored {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Decimal(Range<usize>),
    Text(Range<usize>),
    Date(Date),
    Timestamp(Timestamp),
    Time(Time),
    Range(Interval),
    Uuid([u8; 16]),
    Json(Range<usize>),
}

/// The values of one row, in the order of the schema's columns, and where it stood.
#[derive(Debug, Clone, Default)]
pub struct Row {
    values: Vec<Stored>,
    text: String,
    /// Number of the record in its file, from 1.
    pub record: u64,
    /// Line on which the record began, from 1, where the format has lines.
    pub line: Option<u64>,
}

impl Row {
    /// Forgets the values, keeps the buffers.
    pub fn clear(&mut self) {
        self.values.clear();
        self.text.clear();
    }

    /// Appends the next column's value.
    #[inline]
    pub fn push(&mut self, value: Value<'_>) {
        let stored = match value {
            Value::Null => Stored::Null,
            Value::Boolean(value) => Stored::Boolean(value),
            Value::Integer(value) => Stored::Integer(value),
            Value::Float(value) => Stored::Float(value),
            Value::Decimal(digits) => Stored::Decimal(self.keep(digits)),
            Value::Text(text) => Stored::Text(self.keep(text)),
            Value::Date(date) => Stored::Date(date),
            Value::Timestamp(at) => Stored::Timestamp(at),
            Value::Time(time) => Stored::Time(time),
            Value::Range(interval) => Stored::Range(interval),
            Value::Uuid(bytes) => Stored::Uuid(bytes),
            Value::Json(text) => Stored::Json(self.keep(text)),
        };
        self.values.push(stored);
    }

    /// The values, in the order of the schema's columns.
    pub fn values(&self) -> impl ExactSizeIterator<Item = Value<'_>> {
        self.values.iter().map(|stored| self.value(stored))
    }

    /// Bytes of all texts and decimals.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Bytes of the text or decimal at this place; none of any other value.
    pub(crate) fn bytes_at(&self, at: usize) -> usize {
        match self.values.get(at) {
            Some(Stored::Text(range) | Stored::Decimal(range)) => range.len(),
            _ => 0,
        }
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    fn value<'a>(&'a self, stored: &Stored) -> Value<'a> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        match stored {
            Stored::Null => Value::Null,
            Stored::Boolean(value) => Value::Boolean(*value),
            Stored::Integer(value) => Value::Integer(*value),
            Stored::Float(value) => Value::Float(*value),
            Stored::Decimal(range) => Value::Decimal(text(range)),
            Stored::Text(range) => Value::Text(text(range)),
            Stored::Date(date) => Value::Date(*date),
            Stored::Timestamp(at) => Value::Timestamp(*at),
            Stored::Time(time) => Value::Time(*time),
            Stored::Range(interval) => Value::Range(*interval),
            Stored::Uuid(bytes) => Value::Uuid(*bytes),
            Stored::Json(range) => Value::Json(text(range)),
        }
    }
}
