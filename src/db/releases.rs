//! Releases: the artifacts that one run loads together, and what became of them.

use std::{fmt, str::FromStr};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use serde::Serialize;
use serde_json::Value;

use super::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, schema::releases};
use crate::job::{ArtifactId, Counts, DatasetName, Finding, ReleaseId, RunId};

mod decide;
mod load;
mod periods;
mod sums;

pub use decide::{DecideError, approve, discard, publishing};
pub use load::{NewPart, NewRelease, begin, fail, hold, moment, publish, reserve, staged};
pub use periods::{held_for_gaps, is_outdated, newest_period};
pub use sums::{Files, Link, Summand, chain, files, files_of_all, last_counts, read_alike};

/// The check whose findings no person can overrule: a file without the definition's columns cannot be read.
pub const COLUMNS: &str = "columns";

/// Where a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On its way, or cut off on it.
    Loading,
    /// It could not be read or merged.
    Failed,
    /// Suspicious: waits for a person.
    Held,
    /// It is what the table shows.
    Published,
    /// A newer one has taken its place.
    Superseded,
    /// A person decided against it.
    Discarded,
}

impl State {
    const ALL: [Self; 6] =
        [Self::Loading, Self::Failed, Self::Held, Self::Published, Self::Superseded, Self::Discarded];

    /// The word in the table and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Published => "published",
            Self::Superseded => "superseded",
            Self::Discarded => "discarded",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Text that is no state of a release.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no state of a release")]
pub struct StateError(pub String);

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| StateError(text.to_owned()))
    }
}

/// A release as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseRow {
    /// Which release.
    pub id: ReleaseId,
    /// Of which dataset.
    pub dataset: String,
    /// The run that loaded it.
    pub run: Option<RunId>,
    /// Where it stands.
    pub state: State,
    /// The published release that its counts are the difference to.
    pub base: Option<ReleaseId>,
    /// Hash of the definition that it was read by.
    pub definition: String,
    /// The definition's text in the archive.
    pub definition_artifact: Option<ArtifactId>,
    /// Version of the parser that read it.
    pub parser_version: i32,
    /// Hash over its artifacts.
    pub content: String,
    /// The period that it is the file of, by its first instant, where each is a file of its own.
    pub period: Option<Timestamp>,
    /// Its table in schema `stage`, while there is one.
    pub stage: Option<String>,
    /// Rows of that table.
    pub staged_rows: Option<i64>,
    /// What it did, or would do, to the table; none if it could not be read to its end.
    pub counts: Option<Counts>,
    /// What expectations found.
    pub findings: Vec<Finding>,
    /// When the publisher was asked for it.
    pub fetched_at: Timestamp,
    /// When it was published here.
    pub published_at: Option<Timestamp>,
    /// When a person decided about it.
    pub decided_at: Option<Timestamp>,
    /// Who that was.
    pub decided_by: Option<String>,
    /// Why.
    pub decision_reason: Option<String>,
}

impl ReleaseRow {
    /// Whether the file lacked columns of its definition, so that nothing could be staged.
    pub fn is_unreadable(&self) -> bool {
        // A check of one's own may have this name, too; it is asked only of what could be read.
        self.counts.is_none() && self.findings.iter().any(|finding| finding.check == COLUMNS)
    }
}

/// Releases, newest first; of one dataset, or of all. At most `limit`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    dataset: Option<&DatasetName>,
    limit: u16,
) -> DbResult<Vec<ReleaseRow>> {
    let mut query = releases::table.select(Raw::as_select()).into_boxed();
    if let Some(dataset) = dataset {
        query = query.filter(releases::dataset.eq(dataset.as_str()));
    }
    let rows: Vec<Raw> = query.order(releases::id.desc()).limit(limit.into()).load(conn).await?;
    rows.into_iter().map(ReleaseRow::try_from).collect()
}

/// One release; none if there is none of that number.
pub async fn show(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Option<ReleaseRow>> {
    let row: Option<Raw> = releases::table.find(release.0).select(Raw::as_select()).first(conn).await.optional()?;
    row.map(ReleaseRow::try_from).transpose()
}

/// The release that a dataset's table shows.
pub async fn published(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Option<ReleaseRow>> {
    let row: Option<Raw> = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::state.eq(State::Published.as_str()))
        .select(Raw::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(ReleaseRow::try_from).transpose()
}

/// Releases of a dataset that wait for a person, the newest first.
pub async fn held(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<ReleaseRow>> {
    let rows: Vec<Raw> = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::state.eq(State::Held.as_str()))
        .order(releases::id.desc())
        .select(Raw::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(ReleaseRow::try_from).collect()
}

/// The release that a run has loaded.
pub async fn of_run(conn: &mut AsyncPgConnection, run: RunId) -> DbResult<Option<ReleaseRow>> {
    let of_run = releases::table.filter(releases::run.eq(run.0)).order(releases::id.desc());
    let row: Option<Raw> = of_run.select(Raw::as_select()).first(conn).await.optional()?;
    row.map(ReleaseRow::try_from).transpose()
}

/// The moments at which a dataset's releases were published, oldest first.
pub async fn moments(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<Timestamp>> {
    let of_dataset = releases::table.filter(releases::dataset.eq(dataset.as_str())).order(releases::published_at);
    let moments: Vec<NullableTimestamp> = of_dataset.select(releases::published_at).load(conn).await?;
    Ok(moments.into_iter().filter_map(NullableTimestamp::to_jiff).collect())
}

/// The newest release of the same bytes, read by the same definition and parser.
pub async fn same(
    conn: &mut AsyncPgConnection,
    dataset: &DatasetName,
    content: &str,
    definition: &str,
    parser_version: i32,
) -> DbResult<Option<ReleaseRow>> {
    let row: Option<Raw> = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::content.eq(content))
        .filter(releases::definition.eq(definition))
        .filter(releases::parser_version.eq(parser_version))
        .order(releases::id.desc())
        .select(Raw::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(ReleaseRow::try_from).transpose()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = releases)]
struct Raw {
    id: i64,
    dataset: String,
    run: Option<i64>,
    state: String,
    base: Option<i64>,
    definition: String,
    definition_artifact: Option<i64>,
    parser_version: i32,
    content: String,
    period: NullableTimestamp,
    stage: Option<String>,
    staged_rows: Option<i64>,
    counts: Option<Value>,
    findings: Value,
    fetched_at: jiff_diesel::Timestamp,
    published_at: NullableTimestamp,
    decided_at: NullableTimestamp,
    decided_by: Option<String>,
    decision_reason: Option<String>,
}

impl TryFrom<Raw> for ReleaseRow {
    type Error = DbError;

    fn try_from(raw: Raw) -> DbResult<Self> {
        Ok(Self {
            id: ReleaseId(raw.id),
            dataset: raw.dataset,
            run: raw.run.map(RunId),
            state: understood(raw.state.parse())?,
            base: raw.base.map(ReleaseId),
            definition: raw.definition,
            definition_artifact: raw.definition_artifact.map(ArtifactId),
            parser_version: raw.parser_version,
            content: raw.content,
            period: raw.period.to_jiff(),
            stage: raw.stage,
            staged_rows: raw.staged_rows,
            counts: understood(raw.counts.map(serde_json::from_value).transpose())?,
            findings: understood(serde_json::from_value(raw.findings))?,
            fetched_at: raw.fetched_at.to_jiff(),
            published_at: raw.published_at.to_jiff(),
            decided_at: raw.decided_at.to_jiff(),
            decided_by: raw.decided_by,
            decision_reason: raw.decision_reason,
        })
    }
}

/// What stands in a column, as one of our own types.
fn understood<T, E: std::error::Error + Send + Sync + 'static>(value: Result<T, E>) -> DbResult<T> {
    value.map_err(|error| DbError::DeserializationError(error.into()))
}
