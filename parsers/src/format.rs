//! From text to records: one module a format.

/// How a dataset's text becomes records.
#[derive(Debug, Clone)]
pub enum Format {}
