//! Into the queue, and out of it under a claim.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Jsonb, Nullable, Text, Timestamptz};
use diesel::{ExpressionMethods, OptionalExtension, insert_into, result::DatabaseErrorKind};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use jiff_diesel::{NullableTimestamp, ToDiesel};

use crate::db::{DbError, DbResult, schema};
use crate::job::RunId;

use super::{Claim, LEASE, NewRun, State, look::understood};

/// Puts a run into the queue; none if the schedule's slot has its row already.
pub async fn enqueue(conn: &mut AsyncPgConnection, run: &NewRun) -> DbResult<Option<RunId>> {
    use schema::runs::dsl;
    let (schedule, slot) = run.slot.clone().unzip();
    let id: Option<i64> = insert_into(dsl::runs)
        .values((
            dsl::job.eq(run.job.to_string()),
            dsl::trigger
                .eq(serde_json::to_value(run.trigger).map_err(|error| DbError::SerializationError(error.into()))?),
            dsl::requested_by.eq(run.requested_by.as_ref()),
            dsl::schedule.eq(schedule),
            dsl::slot.eq(slot.to_diesel()),
        ))
        .on_conflict((dsl::schedule, dsl::slot))
        .do_nothing()
        .returning(dsl::id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(id.map(RunId))
}

/// Claims the run that has waited longest and whose job is not running; none if nothing is due.
pub async fn claim(conn: &mut AsyncPgConnection, owner: &str) -> DbResult<Option<Claim>> {
    claim_one(conn, owner, None).await
}

/// Claims one run; none if it does not wait, or if its job is running.
pub async fn claim_this(conn: &mut AsyncPgConnection, run: RunId, owner: &str) -> DbResult<Option<Claim>> {
    claim_one(conn, owner, Some(run)).await
}

async fn claim_one(conn: &mut AsyncPgConnection, owner: &str, run: Option<RunId>) -> DbResult<Option<Claim>> {
    match take(conn, owner, run).await {
        Err(error) if already_running(&error) => Ok(None),
        taken => taken,
    }
}

async fn take(conn: &mut AsyncPgConnection, owner: &str, run: Option<RunId>) -> DbResult<Option<Claim>> {
    let claimed: Option<Claimed> = diesel::sql_query(include_str!("claim.sql"))
        .bind::<Text, _>(owner)
        .bind::<Nullable<BigInt>, _>(run.map(|run| run.0))
        .bind::<Double, _>(LEASE.as_secs_f64())
        .get_result(conn)
        .await
        .optional()?;
    let claim = claimed.map(Claim::try_from).transpose()?;
    Ok(claim.map(|claim| Claim { by_command: run.is_some(), ..claim }))
}

/// Two daemons took two runs of one job at the same moment: the index lets one of them have it.
fn already_running(error: &DbError) -> bool {
    matches!(error, DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// How a one-off command's run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It is this process's to work off.
    Claimed(Claim),
    /// Its job is running elsewhere: it waits in the queue, where [`claim_this`] or any daemon finds it.
    Waiting(RunId),
}

/// Commands that begin at the same moment look and queue one after the other, or none would find what the other left.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtextextended('bluebook.start ' || $1, 0))";

/// Puts a run into the queue and claims it at once, before any daemon can see it. If one like it waits there already,
/// left by a program that died or by a command that waits too, it is that one.
pub async fn start(conn: &mut AsyncPgConnection, run: &NewRun, owner: &str) -> DbResult<Started> {
    conn.transaction(async |conn| {
        diesel::sql_query(ONE_AT_A_TIME).bind::<Text, _>(run.job.to_string()).execute(conn).await?;
        let id = match left(conn, run).await? {
            Some(id) => id,
            None => enqueue(conn, run).await?.ok_or(DbError::NotFound)?,
        };
        // A savepoint: a refused claim leaves the row in the queue.
        match conn.transaction(async |conn| take(conn, owner, Some(id)).await).await {
            Ok(Some(claim)) => Ok(Started::Claimed(claim)),
            Ok(None) => Ok(Started::Waiting(id)),
            Err(error) if already_running(&error) => Ok(Started::Waiting(id)),
            Err(error) => Err(error),
        }
    })
    .await
}

async fn left(conn: &mut AsyncPgConnection, run: &NewRun) -> DbResult<Option<RunId>> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let trigger = serde_json::to_value(run.trigger).map_err(|error| DbError::SerializationError(error.into()))?;
    let found: Option<Left> = diesel::sql_query(include_str!("left.sql"))
        .bind::<Text, _>(run.job.to_string())
        .bind::<Jsonb, _>(trigger)
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(|left| RunId(left.id)))
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It waited, and now has ended.
    AtOnce,
    /// It is running; its worker has been asked.
    Asked,
    /// It had ended before.
    TooLate(State),
    /// There is no such run.
    Unknown,
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
}

/// Cancels a run: one that waits ends at once, one that runs is asked to stop at its next step.
pub async fn cancel(conn: &mut AsyncPgConnection, run: RunId, by: &str) -> DbResult<Cancelled> {
    let touched: Option<StateRow> = diesel::sql_query(include_str!("cancel.sql"))
        .bind::<BigInt, _>(run.0)
        .bind::<Text, _>(by)
        .get_result(conn)
        .await
        .optional()?;
    match touched {
        Some(row) if row.state == State::Running.as_str() => Ok(Cancelled::Asked),
        Some(_) => Ok(Cancelled::AtOnce),
        None => Ok(super::show(conn, run).await?.map_or(Cancelled::Unknown, |row| Cancelled::TooLate(row.state))),
    }
}

#[derive(QueryableByName)]
struct Claimed {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    job: String,
    #[diesel(sql_type = Jsonb)]
    trigger: serde_json::Value,
    #[diesel(sql_type = Nullable<Text>)]
    schedule: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    slot: NullableTimestamp,
    #[diesel(sql_type = Nullable<Text>)]
    requested_by: Option<String>,
    #[diesel(sql_type = Integer)]
    attempt: i32,
    #[diesel(sql_type = Integer)]
    interruptions: i32,
    #[diesel(sql_type = BigInt)]
    epoch: i64,
    #[diesel(sql_type = Bool)]
    at_once: bool,
}

impl TryFrom<Claimed> for Claim {
    type Error = DbError;

    fn try_from(row: Claimed) -> DbResult<Self> {
        Ok(Self {
            run: RunId(row.id),
            job: understood(row.job.parse())?,
            trigger: understood(serde_json::from_value(row.trigger))?,
            schedule: row.schedule,
            slot: row.slot.to_jiff(),
            requested_by: row.requested_by,
            attempt: row.attempt,
            interruptions: row.interruptions,
            epoch: row.epoch,
            at_once: row.at_once,
            by_command: false,
        })
    }
}
