//! What a report can go wrong with.

use crate::{
    archive::ArchiveError,
    db::{DbError, PoolError, runs::RunError},
    job::Failure,
};

/// A report could not be made or handed over.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No session.
    #[error("cannot reach the database")]
    Pool(#[from] PoolError),
    /// The database refused something of our own.
    #[error("cannot read or write the report's records")]
    Db(#[from] DbError),
    /// The run is somebody else's by now.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The database refused a query of the report.
    #[error("{file}: the database refused this query")]
    Query {
        /// The SQL file.
        file: String,
        /// What the database says.
        source: DbError,
    },
    /// The query's columns are not those of the report.toml.
    #[error("{file}: the query answers with {found}; the report.toml declares {declared}")]
    Columns {
        /// The SQL file.
        file: String,
        /// The columns that came.
        found: String,
        /// The columns that were declared.
        declared: String,
    },
    /// A value does not fit its column.
    #[error("{file}, row {row}, column `{column}`: {value} cannot be written as a {declared}")]
    Value {
        /// The SQL file.
        file: String,
        /// From 1.
        row: usize,
        /// Which column.
        column: String,
        /// The value.
        value: String,
        /// What the report.toml declares.
        declared: &'static str,
    },
    /// More rows than a report may have.
    #[error("{file}: the query answers with more than {most} rows; let it add up, or narrow it")]
    TooManyRows {
        /// The SQL file.
        file: String,
        /// How many there may be.
        most: usize,
    },
    /// A template could not be filled in.
    #[error("{template}.hbs cannot be filled in")]
    Template {
        /// Which template.
        template: String,
        /// What the engine says.
        source: Box<handlebars::RenderError>,
    },
    /// A document could not be written.
    #[error("cannot write {name}: {reason}")]
    Document {
        /// Which document.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The archive could not keep or give a document.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A file cannot be put into the reports folder.
    #[error("cannot put {path} into the reports folder: check its space and rights")]
    Disk {
        /// The file, below the reports folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something stands where an edition's file belongs.
    #[error("{path} is there already and is not this edition's: move it away, then run the report again")]
    Occupied {
        /// The file, below the reports folder.
        path: String,
    },
    /// A delivery's recipient is not understood.
    #[error("{0:?} is no recipient: it should read disk:PATH, with a path below the reports folder")]
    Recipient(String),
    /// The file to hand over is not among the edition's.
    #[error("the edition has no file {0:?}")]
    NoFile(String),
    /// A task ended without an answer.
    #[error("rendering ended without an answer")]
    Ended(#[from] tokio::task::JoinError),
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Pool(error) => error.into(),
            ReportError::Db(error) => error.into(),
            ReportError::Run(error) => error.into(),
            ReportError::Disk { .. } | ReportError::Archive(_) => Self::retry(error),
            ReportError::Query { source: DbError::DatabaseError(kind, _), .. } if may_pass(kind) => Self::retry(error),
            _ => Self::fatal(error),
        }
    }
}

/// Lost connections and conflicts pass; a query that is wrong stays wrong.
fn may_pass(kind: diesel::result::DatabaseErrorKind) -> bool {
    use diesel::result::DatabaseErrorKind as Kind;
    matches!(kind, Kind::ClosedConnection | Kind::SerializationFailure | Kind::UnableToSendCommand)
}
