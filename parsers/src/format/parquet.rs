//! Parquet: columns by their names, read row group by row group. Its library is built in where the feature `parquet` is on.

#[cfg(feature = "parquet")]
mod cell;
#[cfg(feature = "parquet")]
mod read;

use crate::{decode::Part, read::ReadError, record::Records, schema::Schema, section::Section};

/// Raise it when the same file comes to other records.
pub(super) const VERSION: i32 = 1;

const WITHOUT: &str = "this program was built without Parquet";

/// How a Parquet file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parquet {
    /// Columns of the file that are known and not wanted.
    pub ignore: Vec<String>,
}

impl Parquet {
    pub(super) fn define(table: &Section<'_>) -> Self {
        if !cfg!(feature = "parquet") {
            table.mistake("kind", WITHOUT, Some("build it with `--features parquet`".into()));
        }
        Self { ignore: table.optional("ignore").unwrap_or_default() }
    }

    #[cfg(feature = "parquet")]
    pub(super) fn open<'a>(&'a self, part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        read::open(self, part, schema)
    }

    #[cfg(not(feature = "parquet"))]
    #[expect(clippy::unused_self, reason = "where the feature is on it is used")]
    pub(super) fn open<'a>(&'a self, _part: Part<'a>, _schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        Err(ReadError::broken(None, WITHOUT))
    }
}

#[cfg(all(test, not(feature = "parquet")))]
mod tests {
    #[test]
    fn a_program_without_parquet_says_so() {
        let text = "mode = 'replace'\nkey = []\nformat = { kind = 'parquet' }\n\
                    columns = { a = { from = 'a', type = 'text', comment = 'c' } }";
        let mistakes = crate::sample::parse(text).unwrap_err();
        assert_eq!(mistakes[0].message, "this program was built without Parquet");
    }
}
