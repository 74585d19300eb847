//! The one door of this crate: a dataset and an artifact in, checked rows out.

mod contract;
mod rows;
mod tally;

use std::io::{self, Seek};

use crate::{Dataset, Row, decode};
pub use contract::{Contract, NewColumn, Stranger};
use rows::Rows;

/// An artifact's bytes. Formats such as zip need to seek; the others read on.
pub trait ReadSeek: io::Read + Seek + Send {}

impl<T: io::Read + Seek + Send> ReadSeek for T {}

/// An open artifact on its way to rows: record after record, each hashed or read or passed over.
pub trait Reading: Send {
    /// Goes to the next record, no further into it than to know where it ends. False at the file's proper end. After
    /// an error nothing more can be read.
    fn advance(&mut self) -> Result<bool, ReadError>;

    /// Number of the record it stands on, from 1 in the artifact.
    fn record(&self) -> u64;

    /// The line on which it begins, from 1 in its file, where the format has lines; a row of a workbook is a line.
    fn line(&self) -> Option<u64>;

    /// The file in the artifact that it stands in, where an artifact may hold several.
    fn member(&self) -> Option<&str>;

    /// Its bytes as the source wrote them; some formats know them only once it has been read.
    fn original(&self) -> &[u8];

    /// A hash, keyed by `seed`, of all that the record's row depends on. Where definition and parser version are the
    /// same, equal digests mean equal rows, and records that fail alike.
    fn digest(&mut self, seed: u64) -> Result<u128, ReadError>;

    /// Reads the record it stands on: checks every value and fills `row`.
    fn read(&mut self, row: &mut Row) -> Result<Read, ReadError>;

    /// Columns of the file that the definition does not name: loaded nowhere, reported with the release.
    fn new_columns(&self) -> Vec<NewColumn>;

    /// Fills `row` with the next row, or says why there is none: [`Reading::advance`] and [`Reading::read`] at once.
    fn next(&mut self, row: &mut Row) -> Result<Step, ReadError> {
        if !self.advance()? {
            return Ok(Step::End);
        }
        Ok(match self.read(row)? {
            Read::Row => Step::Row,
            Read::Rejected(reject) => Step::Rejected(reject),
        })
    }
}

/// What a call of [`Reading::read`] came to.
#[derive(Debug)]
pub enum Read {
    /// The row is filled.
    Row,
    /// The record failed its checks.
    Rejected(Box<Reject>),
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
    /// Number of the record in its artifact, from 1.
    pub record: u64,
    /// Its line in its file, where the format has lines.
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

impl Dataset {
    /// Opens an artifact: unpacks it, decodes it, finds the columns. What is wrong with the file as a whole is said
    /// here where it can be, and by [`Reading::advance`] where it shows only later.
    pub fn open<'a>(&'a self, bytes: Box<dyn ReadSeek + 'a>) -> Result<Box<dyn Reading + 'a>, ReadError> {
        let parts = decode::open(&self.decoding, self.format.content(), bytes)?;
        let records = self.format.open(parts, &self.schema)?;
        Ok(Box::new(Rows::new(&self.schema, records)))
    }
}

impl ReadError {
    /// The bytes are not what the definition says.
    pub(crate) fn broken(line: Option<u64>, message: impl Into<String>) -> Self {
        Self::Broken { line, message: message.into() }
    }

    /// The same error, with the file in the artifact that it is about.
    pub(crate) fn in_member(self, name: &str) -> Self {
        match self {
            Self::Contract(mut contract) => {
                contract.member = Some(name.to_owned());
                Self::Contract(contract)
            }
            Self::Broken { line, message } => {
                let message = placed(line, &message);
                let says_it = message.starts_with(&format!("the zip member {name:?}"));
                let message = if says_it { message } else { format!("in the member {name:?}: {message}") };
                Self::Broken { line, message }
            }
            Self::Io(error) => Self::Io(error),
        }
    }

    /// What is wrong, with the line where it is.
    pub fn told(&self) -> String {
        match self {
            Self::Broken { line, message } => placed(*line, message),
            other => other.to_string(),
        }
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

/// A message behind its line, unless it says it itself.
fn placed(line: Option<u64>, message: &str) -> String {
    match line {
        Some(line) if !message.contains(&format!("line {line}")) => format!("line {line}: {message}"),
        _ => message.to_owned(),
    }
}
