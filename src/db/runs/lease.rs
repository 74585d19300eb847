//! The lease: extended while its holder lives, taken away when it does not.

use std::time::Duration;

use diesel::OptionalExtension;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Double, Integer, Jsonb, Nullable, Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

use crate::db::DbResult;
use crate::db::conditions::{self, Cause};
use crate::job::{RunId, Step};

use super::{Claim, RunError, State, look::understood};

/// How long a claim holds without a heartbeat, by the database's clock.
pub const LEASE: Duration = Duration::from_secs(8);

/// A run that was cut off this often is not tried again: it may be what cuts its worker off.
pub const MOST_INTERRUPTIONS: i32 = 3;

/// What the run's row answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beat {
    /// The run is still ours.
    Held,
    /// It is ours, and somebody asked to cancel it.
    CancelledBy(String),
    /// It is no longer ours.
    Lost,
}

#[derive(QueryableByName)]
struct Asked {
    #[diesel(sql_type = Nullable<Text>)]
    cancel_requested_by: Option<String>,
}

impl From<Option<Asked>> for Beat {
    fn from(row: Option<Asked>) -> Self {
        match row {
            None => Self::Lost,
            Some(Asked { cancel_requested_by: None }) => Self::Held,
            Some(Asked { cancel_requested_by: Some(who) }) => Self::CancelledBy(who),
        }
    }
}

/// Extends the lease, and leaves word of the progress if there is any.
pub async fn beat(conn: &mut AsyncPgConnection, claim: &Claim, progress: Option<&Value>) -> DbResult<Beat> {
    let row: Option<Asked> = diesel::sql_query(include_str!("beat.sql"))
        .bind::<BigInt, _>(claim.run.0)
        .bind::<BigInt, _>(claim.epoch)
        .bind::<Double, _>(LEASE.as_secs_f64())
        .bind::<Nullable<Jsonb>, _>(progress)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.into())
}

/// Extends the lease and records that the run has come to `step`.
pub async fn enter(conn: &mut AsyncPgConnection, claim: &Claim, step: Step) -> DbResult<Beat> {
    let row: Option<Asked> = diesel::sql_query(include_str!("enter.sql"))
        .bind::<BigInt, _>(claim.run.0)
        .bind::<BigInt, _>(claim.epoch)
        .bind::<Double, _>(LEASE.as_secs_f64())
        .bind::<Text, _>(step.to_string())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.into())
}

/// Fails with [`RunError::Lost`] unless the claim still holds; keeps it so until the transaction ends. The first
/// statement of every transaction that writes for a run and does not end it.
pub async fn still_held(conn: &mut AsyncPgConnection, claim: &Claim) -> Result<(), RunError> {
    let held =
        diesel::sql_query("SELECT id FROM bluebook.runs WHERE id = $1 AND epoch = $2 AND state = 'running' FOR SHARE");
    let held = held.bind::<BigInt, _>(claim.run.0).bind::<BigInt, _>(claim.epoch).execute(conn).await?;
    if held == 1 { Ok(()) } else { Err(RunError::Lost) }
}

/// A run whose lease had run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupted {
    /// Which run.
    pub run: RunId,
    /// Its job, as it stands in the table.
    pub job: String,
    /// Where it stands now: interrupted, or ended because it was cancelled or cut off too often.
    pub state: State,
}

#[derive(QueryableByName)]
struct InterruptedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    job: String,
    #[diesel(sql_type = Text)]
    state: String,
}

/// Takes runs from daemons that no longer beat. Any daemon may do so; a run that is being finished is left alone.
pub async fn interrupt_expired(conn: &mut AsyncPgConnection) -> DbResult<Vec<Interrupted>> {
    conn.transaction(async |conn| {
        let rows: Vec<InterruptedRow> =
            diesel::sql_query(include_str!("interrupt.sql")).bind::<Integer, _>(MOST_INTERRUPTIONS).load(conn).await?;
        let mut taken = Vec::new();
        for row in rows {
            let (run, job, state) = (RunId(row.id), row.job, understood(row.state.parse())?);
            if state == State::Failed {
                conditions::judge(conn, &job, Cause::Ended(run)).await?;
            }
            taken.push(Interrupted { run, job, state });
        }
        Ok(taken)
    })
    .await
}
