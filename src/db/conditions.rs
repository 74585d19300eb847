//! How each job stands, and each change of it: what people are told of.
//!
//! A condition is judged in the transaction in which a run ends or a release is discarded, so that no change is lost
//! and none is told that was not. Attempts that will be made again, interruptions and cancelled runs change nothing.

use std::{fmt, str::FromStr, time::Duration};

use diesel::{
    ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper,
    sql_types::{BigInt, Double, Nullable, Text},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    AsyncPgConnection, DbError, DbResult, RunQueryDsl,
    schema::{changes, conditions},
};
use crate::job::{Counts, Finding, ReleaseId, RunId};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nothing is wrong.
    Good,
    /// A release waits for a person.
    Held,
    /// Its last run failed for good.
    Failing,
}

impl Condition {
    /// The word in the table and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Held => "held",
            Self::Failing => "failing",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Text that is no condition.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no condition of a job")]
pub struct ConditionError(pub String);

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let all = [Self::Good, Self::Held, Self::Failing];
        all.into_iter().find(|condition| condition.as_str() == text).ok_or_else(|| ConditionError(text.to_owned()))
    }
}

/// What happened to a job that may have changed its condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A run came to an end by itself.
    Ended(RunId),
    /// A person discarded a held release.
    Discarded(ReleaseId),
}

/// Judges how a job stands after `cause`, and writes a change if that is news: another condition, or a release that is
/// held for other reasons than the one before it. Belongs into the transaction of the cause, after all else.
pub async fn judge(conn: &mut AsyncPgConnection, job: &str, cause: Cause) -> DbResult<()> {
    let (run, release) = match cause {
        Cause::Ended(run) => (Some(run.0), None),
        Cause::Discarded(release) => (None, Some(release.0)),
    };
    // Locks the row; what is judged next is seen as it stands after that.
    diesel::insert_into(conditions::table)
        .values(conditions::job.eq(job))
        .on_conflict(conditions::job)
        .do_update()
        .set(conditions::job.eq(job))
        .execute(conn)
        .await?;
    let query = diesel::sql_query(include_str!("conditions/judge.sql")).bind::<Text, _>(job);
    query.bind::<Nullable<BigInt>, _>(run).bind::<Nullable<BigInt>, _>(release).execute(conn).await?;
    Ok(())
}

/// What was so when a condition changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Why the run failed.
    pub error: Option<String>,
    /// Where the release stood.
    pub release_state: Option<String>,
    /// What the release did, or would do.
    pub counts: Option<Counts>,
    /// What expectations found in a held release.
    pub findings: Vec<Finding>,
}

/// A change of a job's condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub job: String,
    /// The dataset's or report's title at that time.
    pub title: String,
    /// How the job stood before.
    pub before: Condition,
    /// How it stands since.
    pub after: Condition,
    /// When the condition before began.
    pub since: Timestamp,
    /// When it changed.
    pub at: Timestamp,
    /// The run that ended, unless a person's decision was the cause.
    pub run: Option<RunId>,
    /// The release that it is about.
    pub release: Option<ReleaseId>,
    /// What was so.
    pub facts: Facts,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = changes)]
pub(super) struct Raw {
    id: i64,
    job: String,
    title: String,
    before: String,
    after: String,
    since: jiff_diesel::Timestamp,
    at: jiff_diesel::Timestamp,
    run: Option<i64>,
    release: Option<i64>,
    facts: serde_json::Value,
}

impl TryFrom<Raw> for Change {
    type Error = DbError;

    fn try_from(row: Raw) -> DbResult<Self> {
        let condition = |text: &str| text.parse().map_err(|error: ConditionError| strange(error));
        Ok(Self {
            before: condition(&row.before)?,
            after: condition(&row.after)?,
            facts: serde_json::from_value(row.facts).map_err(strange)?,
            id: row.id,
            job: row.job,
            title: row.title,
            since: row.since.to_jiff(),
            at: row.at.to_jiff(),
            run: row.run.map(RunId),
            release: row.release.map(ReleaseId),
        })
    }
}

/// Changes, the newest first: at most `limit`, and older than number `before` where one is given.
pub async fn changes(conn: &mut AsyncPgConnection, before: Option<i64>, limit: i64) -> DbResult<Vec<Change>> {
    let older = changes::table.filter(changes::id.lt(before.unwrap_or(i64::MAX)));
    let rows: Vec<Raw> = older.order(changes::id.desc()).limit(limit).select(Raw::as_select()).load(conn).await?;
    rows.into_iter().map(Change::try_from).collect()
}

/// The jobs that do not stand well: each with its condition, and since when.
pub async fn troubled(conn: &mut AsyncPgConnection) -> DbResult<Vec<(String, Condition, Timestamp)>> {
    let bad = conditions::table.filter(conditions::condition.ne(Condition::Good.as_str())).order(conditions::job);
    let rows: Vec<(String, String, jiff_diesel::Timestamp)> =
        bad.select((conditions::job, conditions::condition, conditions::since)).load(conn).await?;
    let row = |(job, word, since): (String, String, jiff_diesel::Timestamp)| {
        Ok((job, word.parse().map_err(|error: ConditionError| strange(error))?, since.to_jiff()))
    };
    rows.into_iter().map(row).collect()
}

/// Forgets changes that are older than `after`, with their notices. Returns how many.
pub async fn forget(conn: &mut AsyncPgConnection, after: Duration) -> DbResult<usize> {
    let old = diesel::sql_query("DELETE FROM bluebook.changes WHERE at < now() - make_interval(secs => $1)");
    old.bind::<Double, _>(after.as_secs_f64()).execute(conn).await
}

fn strange(error: impl std::error::Error + Send + Sync + 'static) -> DbError {
    DbError::DeserializationError(Box::new(error))
}
