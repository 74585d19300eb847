//! A checked row, filled again and again: reading allocates nothing per row once its buffers have grown.

use std::{fmt, ops::Range};

use jiff::{Timestamp, civil::Date};

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
}

/// The value as PostgreSQL reads it; nothing for [`Value::Null`]. Equal values have equal texts.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Decimal(text) | Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
            Self::Timestamp(at) => write!(f, "{at}"),
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
        }
    }
}
