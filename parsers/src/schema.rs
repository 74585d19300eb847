//! What a dataset's rows look like, once every value has been checked.

mod check;
mod clock;
mod file_name;
mod guess;
mod json;
mod number;
mod row;
mod time;
mod uuid;
mod version;
mod when;

use std::{fmt, str::FromStr};

pub(crate) use check::{Checker, Fault};
pub use clock::{Clock, Fold};
pub use file_name::{FileName, FileNameError};
pub use guess::Guess;
pub(crate) use guess::{is_day, is_instant, is_time_of_day, local_time, otherwise_written};
pub use number::{Digits, Written};
pub use row::{Interval, Row, Value};
pub(crate) use time::is_readable;
pub use time::{Label, Moment, Within};
pub use version::{Layout, Version};
pub(crate) use when::First;
pub use when::When;

use crate::format::SeriesValue;

/// The type of a column; each has one PostgreSQL type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// `text`, as the source wrote it.
    Text,
    /// `bigint`.
    Integer,
    /// `numeric(precision, scale)`, exact; more decimals than `scale` are refused, not rounded.
    Decimal {
        /// Digits in all, 1 to 1000.
        precision: u16,
        /// Digits after the point.
        scale: u16,
    },
    /// `double precision`.
    Float,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `timestamptz`: an instant, whatever clock the source wrote.
    Timestamp,
    /// `time`: a time of day, to the microsecond.
    Time,
    /// `tstzrange`: from an instant on and up to another, which no longer belongs to it.
    Range,
    /// `uuid`.
    Uuid,
    /// `jsonb`: a JSON value by RFC 8259, in which no name stands twice in one object.
    Json,
    /// `text` out of a closed set; another one is refused, and told by name.
    Enum,
}

impl ColumnType {
    /// The PostgreSQL type, as it stands in `CREATE TABLE`.
    pub fn sql(self) -> String {
        match self {
            Self::Text | Self::Enum => "text".into(),
            Self::Integer => "bigint".into(),
            Self::Decimal { precision, scale } => format!("numeric({precision},{scale})"),
            Self::Float => "double precision".into(),
            Self::Boolean => "boolean".into(),
            Self::Date => "date".into(),
            Self::Timestamp => "timestamptz".into(),
            Self::Time => "time".into(),
            Self::Range => "tstzrange".into(),
            Self::Uuid => "uuid".into(),
            Self::Json => "jsonb".into(),
        }
    }
}

/// As a definition names it.
impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Integer => f.write_str("integer"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Float => f.write_str("float"),
            Self::Boolean => f.write_str("boolean"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Time => f.write_str("time"),
            Self::Range => f.write_str("range"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Enum => f.write_str("enum"),
        }
    }
}

/// Text that names no column type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no column type: use text, integer, decimal(precision,scale), float, boolean, date, time, timestamp, range, \
     uuid, json or enum, a decimal with 1 to 1000 digits in all and no more of them after the point"
)]
pub struct TypeError(String);

impl FromStr for ColumnType {
    type Err = TypeError;

    fn from_str(text: &str) -> Result<Self, TypeError> {
        match text {
            "text" => Ok(Self::Text),
            "integer" => Ok(Self::Integer),
            "float" => Ok(Self::Float),
            "boolean" => Ok(Self::Boolean),
            "date" => Ok(Self::Date),
            "timestamp" => Ok(Self::Timestamp),
            "time" => Ok(Self::Time),
            "range" => Ok(Self::Range),
            "uuid" => Ok(Self::Uuid),
            "json" => Ok(Self::Json),
            "enum" => Ok(Self::Enum),
            _ => decimal(text).ok_or_else(|| TypeError(text.to_owned())),
        }
    }
}

fn decimal(text: &str) -> Option<ColumnType> {
    let (precision, scale) = text.strip_prefix("decimal(")?.strip_suffix(')')?.split_once(',')?;
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    ((1..=1000).contains(&precision) && scale <= precision).then_some(ColumnType::Decimal { precision, scale })
}

/// One column of a dataset's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the table: lower-case letters, digits and underscores.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// What it means, with its unit; becomes the column's `COMMENT`.
    pub comment: String,
    /// A record without this value is rejected. Key columns always are required.
    pub required: bool,
    /// Where in the file its text comes from.
    pub origin: Origin,
    /// How that text is understood.
    pub rule: Rule,
}

/// Where a column's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The file's column of this name, or the XML path from the record: a file without it breaks the contract.
    File(String),
    /// The same, but a file may lack it: then the column is null.
    Sometimes(String),
    /// The name of the file in an archive, in which a part is the value.
    Name(FileName),
    /// What the reader of a series works out.
    Series(SeriesValue),
    /// Nowhere: files of this version do not have it, and the column is null.
    Nowhere,
}

impl Origin {
    /// The name in the file, if the file has one for it.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::File(name) | Self::Sometimes(name) => Some(name),
            Self::Name(_) | Self::Series(_) | Self::Nowhere => None,
        }
    }
}

/// How the text of a value is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// Texts that stand for "no value".
    pub nulls: Vec<String>,
    /// The strptime pattern of a date or time; ISO 8601 without one.
    pub pattern: Option<String>,
    /// Whether text is lower-cased: for keys that a publisher spells now so, now so.
    pub lower_case: bool,
    /// What stands between the values of a record that has several, where the format has such records.
    pub join: Option<String>,
    /// The word for true.
    pub yes: String,
    /// The word for false.
    pub no: String,
    /// Sources whose texts follow the column's own, each behind a space; counted among [`Schema::parts`].
    pub behind: Vec<usize>,
    /// What makes an instant or an interval, if it is more than a text and its pattern.
    pub moment: Option<Box<Moment>>,
    /// The words of an enum.
    pub words: Vec<String>,
    /// How numbers are written, if it is not as `-1234.5`.
    pub written: Option<Box<Written>>,
}

impl Rule {
    /// Whether `text` stands for "no value".
    pub(crate) fn is_null(&self, text: &str) -> bool {
        // Mostly the lengths differ, or nothing is compared with nothing.
        let is = |null: &String| null.len() == text.len() && (text.is_empty() || null == text);
        self.nulls.iter().any(is)
    }
}

/// A dataset's columns and key.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// What records have to say beside that, for columns that are put together of several texts: in no table, and named
    /// after its column, such as `starts_at.hour`.
    pub parts: Vec<Column>,
    /// Positions of the key columns; empty if the dataset says that it has no key.
    pub key: Vec<usize>,
    /// Whose clock local times are read on.
    pub clock: Option<Clock>,
    /// Whether white space around every value is dropped.
    pub trim: bool,
    /// Other layouts of the file, beside the one that the columns themselves name.
    pub versions: Vec<Version>,
}

impl Schema {
    /// All that a record is asked for: the columns, then the parts.
    pub fn sources(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().chain(&self.parts)
    }

    /// The key columns.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|&at| self.columns.get(at))
    }
}

/// Columns of a dataset at most: a table of PostgreSQL has 1600, of which the loader takes some for itself.
pub(crate) const MOST_COLUMNS: usize = 1500;

/// The bytes of a UUID that [`Value::Uuid`] displays.
pub fn uuid(text: &str) -> Option<[u8; 16]> {
    uuid::read(text).ok()
}

/// Whether `name` can be a column of a dataset: lower-case letters, digits and underscores, a letter first.
/// A leading underscore is kept for the loader's own columns, and a few names are PostgreSQL's in every table.
pub fn is_column_name(name: &str) -> bool {
    const LONGEST: usize = 63;
    const TAKEN: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
    let spelled = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    spelled && name.len() <= LONGEST && !TAKEN.contains(&name) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests;
