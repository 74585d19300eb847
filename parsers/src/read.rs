//! The one door of this crate: a dataset and an artifact in, checked rows out.

use std::io::{self, Read, Seek};

use crate::{
    Dataset, Row, Schema, decode,
    record::{Found, Record, Records},
    schema::{Checker, Fault},
};

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
    /// Opens an artifact: unpacks it, decodes it, finds the columns. What is wrong with the file as a whole is said
    /// here where it can be, and by [`Reading::next`] where it shows only later.
    pub fn open<'a>(&'a self, bytes: Box<dyn ReadSeek + 'a>) -> Result<Box<dyn Reading + 'a>, ReadError> {
        let text = decode::open(&self.decoding, self.format.content(), bytes)?;
        let records = self.format.open(text, &self.schema)?;
        Ok(Box::new(Rows { schema: &self.schema, records, record: Record::default(), checker: Checker::default() }))
    }
}

struct Rows<'a> {
    schema: &'a Schema,
    records: Box<dyn Records + 'a>,
    record: Record,
    checker: Checker,
}

impl Reading for Rows<'_> {
    fn next(&mut self, row: &mut Row) -> Result<Step, ReadError> {
        match self.records.next(&mut self.record)? {
            Found::End => Ok(Step::End),
            Found::Bad(reason) => Ok(Step::Rejected(Box::new(self.reject(Fault::of_record(reason), None)))),
            Found::Record => Ok(match self.checker.check(self.schema, &self.record, row) {
                Ok(()) => Step::Row,
                Err(fault) => {
                    let key = self.checker.key(self.schema, &self.record);
                    Step::Rejected(Box::new(self.reject(fault, key)))
                }
            }),
        }
    }

    fn new_columns(&self) -> &[String] {
        self.records.new_columns()
    }
}

impl Rows<'_> {
    fn reject(&self, fault: Fault, key: Option<Vec<String>>) -> Reject {
        let Record { number, line, .. } = self.record;
        let original = self.records.original().to_vec();
        let Fault { column, value, reason } = fault;
        Reject { record: number, line, column, value, reason, original, key }
    }
}

impl ReadError {
    /// The bytes are not what the definition says.
    pub(crate) fn broken(line: Option<u64>, message: impl Into<String>) -> Self {
        Self::Broken { line, message: message.into() }
    }

    /// What a failed read of unpacked bytes means: our guards and the unpackers speak of the content, all else of
    /// where it lies.
    pub(crate) fn reading(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Self::broken(None, "the packed file ends early: it was cut on its way; fetch it again")
            }
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::broken(None, error.to_string()),
            _ => Self::Io(error),
        }
    }
}
