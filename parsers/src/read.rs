//! The one door of this crate: a dataset and an artifact in, checked rows out.

use std::io::{Read, Seek};

use crate::{Dataset, Row};

/// An artifact's bytes. Formats such as zip need to seek; the others read on.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// An open artifact on its way to rows.
pub trait Reading: Send {
    /// Fills `row` with the next row, or says why there is none. After an error nothing more can be read.
    fn next(&mut self, row: &mut Row) -> Result<Step, ReadError>;

    /// Columns of the file that the definition does not name: loaded nowhere, reported with the release.
    fn new_columns(&self) -> &[String];
}

/// What a call of [`Reading::next`] came to.
#[derive(Debug)]
pub enum Step {
    /// The row is filled.
    Row,
    /// A record failed its checks.
    Rejected(Box<Reject>),
    /// The file has been read to its proper end.
    End,
}

/// A record that failed its checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Number of the record in its file, from 1.
    pub record: u64,
    /// Its line, where the format has lines.
    pub line: Option<u64>,
    /// The table's column, if one value is to blame.
    pub column: Option<String>,
    /// That value as the source wrote it.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// The record as the source wrote it.
    pub original: Vec<u8>,
    /// The key's values as text, if all of them could be read: the old row stays.
    pub key: Option<Vec<String>>,
}

/// Reading on is pointless.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file's columns are not those of the definition. Holds the release; another definition may read it.
    #[error("{0}")]
    Contract(Box<Contract>),
    /// The bytes are not what the definition says: a cut archive, an HTML page, an open quote, a wrong footer.
    #[error("{message}")]
    Broken {
        /// Where, if the format has lines.
        line: Option<u64>,
        /// What is wrong, where, and what would help.
        message: String,
    },
    /// The bytes could not be read from where they lie.
    #[error("cannot read the artifact")]
    Io(#[from] std::io::Error),
}

/// How a file's columns differ from the definition's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Columns of the definition that the file lacks, by their names in the file.
    pub missing: Vec<String>,
    /// Columns of the file that the definition does not name.
    pub unexpected: Vec<String>,
    /// Likely renames: name in the definition, name in the file.
    pub renamed: Vec<(String, String)>,
}

impl std::fmt::Display for Contract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the file lacks {}", quoted(&self.missing))?;
        if !self.unexpected.is_empty() {
            write!(f, "; it has {}, which the definition does not name", quoted(&self.unexpected))?;
        }
        for (defined, found) in &self.renamed {
            write!(f, "; was {defined:?} renamed to {found:?}?")?;
        }
        Ok(())
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}

impl Dataset {
    /// The version of the code that reads this dataset: another version reads an archived artifact anew.
    pub fn parser_version(&self) -> i32 {
        1
    }
}
