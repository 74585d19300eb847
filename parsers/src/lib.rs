//! Pure readers of what governments publish: bytes in, checked rows out.
//!
//! Nothing here touches a network, a database, a clock or a file; a fixture is the whole test.

#![deny(missing_docs)]

pub mod dataset;
pub mod decode;
mod diagnostic;
mod format;
pub mod headers;
pub mod infer;
mod name;
mod odd;
pub mod plan;
mod pointer;
mod read;
mod record;
#[cfg(test)]
mod sample;
pub mod schema;
pub mod section;

pub use dataset::Dataset;
pub use diagnostic::Diagnostic;
pub use format::{
    Csv, Dbf, Delimiter, Fixed, Format, Header, Json, LineRules, Parquet, Repeated, Said, SeriesValue, Table, Types,
    Unpivot, Workbook, Xml,
};
pub use name::{DatasetName, Name, NameError};
pub use odd::Odd;
pub use read::{Contract, NewColumn, Read, ReadError, ReadSeek, Reading, Reject, Step, Stranger};
pub use schema::{Column, ColumnType, Guess, Interval, Row, Schema, Value};
