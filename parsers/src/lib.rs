//! Pure readers of what governments publish: bytes in, checked rows out.
//!
//! Nothing here touches a network, a database, a clock or a file; a fixture is the whole test.

pub mod dataset;
pub mod decode;
mod diagnostic;
mod format;
mod name;
mod read;
pub mod schema;
pub mod section;

pub use dataset::Dataset;
pub use diagnostic::Diagnostic;
pub use format::Format;
pub use name::{DatasetName, Name, NameError};
pub use read::{Contract, ReadError, ReadSeek, Reading, Reject, Step};
pub use schema::{Column, ColumnType, Row, Schema, Value};
