//! Looking at runs.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper,
    sql_types::{Array, BigInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use serde::Serialize;
use serde_json::Value;

use crate::db::{DbError, DbResult, schema};
use crate::job::{Job, Outcome, RunId, Trigger};

use super::State;

/// A run as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRow {
    /// Which run.
    pub id: RunId,
    /// What it does.
    pub job: Job,
    /// Why.
    pub trigger: Trigger,
    /// The schedule's name, for a slot.
    pub schedule: Option<String>,
    /// The due moment, for a slot.
    pub slot: Option<Timestamp>,
    /// Who asked, if it was a person.
    pub requested_by: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why a slot was skipped or missed, why a run was cancelled.
    pub reason: Option<String>,
    /// How often it has been claimed.
    pub attempt: i32,
    /// How many of those attempts were cut off.
    pub interruptions: i32,
    /// When it may be claimed.
    pub not_before: Timestamp,
    /// The daemon that holds it.
    pub owner: Option<String>,
    /// The step that it is at, or was at last.
    pub step: Option<String>,
    /// How far it has come: a [`Progress`](crate::db::run_log::Progress).
    pub progress: Option<Value>,
    /// How it ended, if well.
    pub outcome: Option<Outcome>,
    /// The last failure in words; stays while a retry waits.
    pub error: Option<String>,
    /// Whether somebody has asked to cancel it.
    pub cancel_requested_by: Option<String>,
    /// When it was put into the queue.
    pub queued_at: Timestamp,
    /// When its last attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Which runs to list: all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this job.
    pub job: Option<Job>,
    /// Only in one of these states; empty for all.
    pub states: Vec<State>,
    /// Only of this schedule.
    pub schedule: Option<String>,
    /// Only older than this run: where the last page ended.
    pub before: Option<RunId>,
    /// At most so many; none for 50.
    pub limit: Option<u16>,
}

/// Runs, newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: &Filter) -> DbResult<Vec<RunRow>> {
    use schema::runs::dsl;
    let mut query = dsl::runs.select(Raw::as_select()).into_boxed();
    if let Some(job) = &filter.job {
        query = query.filter(dsl::job.eq(job.to_string()));
    }
    if !filter.states.is_empty() {
        let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
        query = query.filter(dsl::state.eq_any(states));
    }
    if let Some(schedule) = &filter.schedule {
        query = query.filter(dsl::schedule.eq(schedule));
    }
    if let Some(before) = filter.before {
        query = query.filter(dsl::id.lt(before.0));
    }
    let rows: Vec<Raw> = query.order(dsl::id.desc()).limit(filter.limit.unwrap_or(50).into()).load(conn).await?;
    rows.into_iter().map(RunRow::try_from).collect()
}

/// One run; none if there is none of that number.
pub async fn show(conn: &mut AsyncPgConnection, run: RunId) -> DbResult<Option<RunRow>> {
    use schema::runs::dsl;
    let row: Option<Raw> = dsl::runs.find(run.0).select(Raw::as_select()).first(conn).await.optional()?;
    row.map(RunRow::try_from).transpose()
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Those of `jobs` whose last run failed: that run of each.
pub async fn last_failed(conn: &mut AsyncPgConnection, jobs: &[Job]) -> DbResult<Vec<RunRow>> {
    use schema::runs::dsl;
    let jobs: Vec<String> = jobs.iter().map(Job::to_string).collect();
    let query = diesel::sql_query(include_str!("last_failed.sql")).bind::<Array<Text>, _>(jobs);
    let failed: Vec<i64> = query.load::<Id>(conn).await?.into_iter().map(|row| row.id).collect();
    let rows = dsl::runs.filter(dsl::id.eq_any(failed)).order(dsl::id.desc()).select(Raw::as_select());
    rows.load::<Raw>(conn).await?.into_iter().map(RunRow::try_from).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::runs)]
struct Raw {
    id: i64,
    job: String,
    trigger: Value,
    schedule: Option<String>,
    slot: NullableTimestamp,
    requested_by: Option<String>,
    state: String,
    reason: Option<String>,
    attempt: i32,
    interruptions: i32,
    not_before: jiff_diesel::Timestamp,
    owner: Option<String>,
    step: Option<String>,
    progress: Option<Value>,
    outcome: Option<Value>,
    error: Option<String>,
    cancel_requested_by: Option<String>,
    queued_at: jiff_diesel::Timestamp,
    started_at: NullableTimestamp,
    finished_at: NullableTimestamp,
}

impl TryFrom<Raw> for RunRow {
    type Error = DbError;

    fn try_from(raw: Raw) -> DbResult<Self> {
        Ok(Self {
            id: RunId(raw.id),
            job: understood(raw.job.parse())?,
            trigger: understood(serde_json::from_value(raw.trigger))?,
            schedule: raw.schedule,
            slot: raw.slot.to_jiff(),
            requested_by: raw.requested_by,
            state: understood(raw.state.parse())?,
            reason: raw.reason,
            attempt: raw.attempt,
            interruptions: raw.interruptions,
            not_before: raw.not_before.to_jiff(),
            owner: raw.owner,
            step: raw.step,
            progress: raw.progress,
            outcome: understood(raw.outcome.map(serde_json::from_value).transpose())?,
            error: raw.error,
            cancel_requested_by: raw.cancel_requested_by,
            queued_at: raw.queued_at.to_jiff(),
            started_at: raw.started_at.to_jiff(),
            finished_at: raw.finished_at.to_jiff(),
        })
    }
}

/// What stands in a column, as one of our own types.
pub(super) fn understood<T, E: std::error::Error + Send + Sync + 'static>(value: Result<T, E>) -> DbResult<T> {
    value.map_err(|error| DbError::DeserializationError(error.into()))
}
