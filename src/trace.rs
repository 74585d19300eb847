//! Where does this figure come from? A row's versions, and for each the release that said it: file, record, line, and
//! the record's text as the publisher wrote it, read from the archive again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use parsers::Dataset;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    archive::{Archive, ArchiveError},
    db::{AsyncPgConnection, DbError},
    job::{DatasetName, ReleaseId},
};

mod asked;
mod original;
mod rejected;
mod versions;
mod whence;

pub use asked::Asked;
pub use original::Original;
pub use rejected::Rejected;
pub use whence::Whence;

/// Most versions, and most rejects, that are looked at.
const MOST: i64 = 100;

/// A row's way from the publisher to the table.
#[derive(Debug, Clone, Serialize)]
pub struct Traced {
    /// Of which dataset.
    pub dataset: DatasetName,
    /// What was asked for: column and value.
    pub key: Vec<(String, String)>,
    /// Whether the dataset has a history; without, only what stands now is known.
    pub history: bool,
    /// What was said under this key, oldest first.
    pub versions: Vec<Version>,
    /// Records with the key's values that failed their checks, newest first.
    pub rejects: Vec<Rejected>,
}

/// One version of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The declared columns.
    pub values: Map<String, Value>,
    /// Since when this was said here.
    pub from: Option<Timestamp>,
    /// Until when; none if it still is.
    pub to: Option<Timestamp>,
    /// The release that ended it.
    pub until_release: Option<ReleaseId>,
    /// Why it began: `publisher`, `definition` or `gap`.
    pub cause: Option<String>,
    /// The release that said it.
    pub release: ReleaseId,
    /// Which of its files, from 0.
    pub part: i32,
    /// Number of the record in that file, from 1.
    pub record: i64,
    /// Where the file came from.
    pub whence: Option<Whence>,
    /// The record in it.
    pub original: Option<Original>,
}

/// Why nothing could be traced.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// What was asked cannot be a row.
    #[error("{0}")]
    Asked(String),
    /// There is no such row.
    #[error("{table} has no row with {asked}, and never had one that is remembered; it has {rows} rows{help}")]
    Unknown {
        /// The table.
        table: String,
        /// The key, in words.
        asked: String,
        /// Rows that there are.
        rows: i64,
        /// What would help.
        help: String,
    },
    /// The artifact is not to be had.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Traces a row.
pub async fn trace(
    conn: &mut AsyncPgConnection,
    archive: &Archive,
    dataset: &Dataset,
    asked: &Asked,
) -> Result<Traced, TraceError> {
    let history = versions::has_history(conn, dataset).await?;
    if asked.as_of.is_some() && !history {
        let name = &dataset.name;
        let sentence =
            format!("{name} has no history, so what it was is not known: `history = true` in its TOML begins one");
        return Err(TraceError::Asked(sentence));
    }
    let mut versions = versions::find(conn, dataset, asked, history).await?;
    let rejects = rejected::find(conn, dataset, asked).await?;
    if versions.is_empty() && rejects.is_empty() {
        return Err(versions::unknown(conn, dataset, asked).await?);
    }
    if let Some(column) = &asked.column {
        versions = of_column(versions, column);
    }
    let mut files: BTreeMap<(i64, i32), Vec<&mut Version>> = BTreeMap::new();
    for version in &mut versions {
        files.entry((version.release.0, version.part)).or_default().push(version);
    }
    for ((release, part), said) in files {
        let Some(whence) = whence::of(conn, ReleaseId(release), part).await? else { continue };
        let wanted = said.iter().map(|version| version.record).collect();
        let found = original::read(archive, dataset, &whence, wanted).await?;
        for version in said {
            version.original = found.get(&version.record).cloned();
            version.whence = Some(whence.clone());
        }
    }
    Ok(Traced { dataset: dataset.name.clone(), key: asked.key.clone(), history, versions, rejects })
}

/// Versions in which one column was said alike become one: the first, until the last ended.
fn of_column(versions: Vec<Version>, column: &str) -> Vec<Version> {
    let mut told: Vec<Version> = Vec::new();
    for version in versions {
        match told.last_mut() {
            Some(last) if last.to == version.from && last.values.get(column) == version.values.get(column) => {
                (last.to, last.until_release) = (version.to, version.until_release);
            }
            _ => told.push(version),
        }
    }
    for version in &mut told {
        version.values.retain(|name, _| name == column);
    }
    told
}

#[cfg(test)]
mod tests;
