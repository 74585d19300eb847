//! What a dataset's rows look like, once every value has been checked.

mod row;

pub use row::{Row, Value};

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
}

impl ColumnType {
    /// The PostgreSQL type, as it stands in `CREATE TABLE`.
    pub fn sql(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Integer => "bigint".into(),
            Self::Decimal { precision, scale } => format!("numeric({precision},{scale})"),
            Self::Float => "double precision".into(),
            Self::Boolean => "boolean".into(),
            Self::Date => "date".into(),
            Self::Timestamp => "timestamptz".into(),
        }
    }
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
}

/// A dataset's columns and key.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// Positions of the key columns; empty if the dataset says that it has no key.
    pub key: Vec<usize>,
}

impl Schema {
    /// The key columns.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|&at| self.columns.get(at))
    }
}
