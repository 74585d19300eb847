//! The one place where a run ends.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Double, Integer, Jsonb, Nullable, Text};
use diesel::{OptionalExtension, result::Error::SerializationError};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

use crate::db::DbError;
use crate::db::conditions::{self, Cause};
use crate::job::{Failure, Outcome, shortened};

use super::{Claim, Ending};

/// Most characters of an error that are kept: it may quote what a publisher wrote.
pub(super) const LONGEST_ERROR: usize = 4000;

/// A write for a run did not count.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The run has another holder by now, or has ended.
    #[error("the run is no longer held by this daemon: what it did for it does not count")]
    Lost,
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Lost => Self::Lost,
            RunError::Db(error) => error.into(),
        }
    }
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "that there is a row is the answer")]
    id: i64,
}

/// Ends an attempt: the run, its event, the lease with it, and what that makes of the job's condition. May be called
/// inside the transaction of the work itself, at its end; then both stand or neither. Fails with [`RunError::Lost`] if
/// the claim no longer holds.
pub async fn finish(conn: &mut AsyncPgConnection, claim: &Claim, ending: &Ending) -> Result<(), RunError> {
    conn.transaction(async |conn| {
        end(conn, claim, ending).await?;
        if matches!(ending, Ending::Done(_) | Ending::Failed { .. }) {
            conditions::judge(conn, &claim.job.to_string(), Cause::Ended(claim.run)).await?;
        }
        Ok(())
    })
    .await
}

async fn end(conn: &mut AsyncPgConnection, claim: &Claim, ending: &Ending) -> Result<(), RunError> {
    let end = End::of(ending).map_err(|error| SerializationError(error.into()))?;
    let ended: Option<Ended> = diesel::sql_query(include_str!("finish.sql"))
        .bind::<BigInt, _>(claim.run.0)
        .bind::<BigInt, _>(claim.epoch)
        .bind::<Text, _>(end.state)
        .bind::<Nullable<Jsonb>, _>(end.outcome)
        .bind::<Nullable<Text>, _>(end.error)
        .bind::<Nullable<Text>, _>(end.reason)
        .bind::<Double, _>(end.wait)
        .bind::<Text, _>(end.kind)
        .bind::<Text, _>(end.message)
        .bind::<Integer, _>(end.again)
        .get_result(conn)
        .await
        .optional()?;
    ended.map(|_| ()).ok_or(RunError::Lost)
}

/// An ending as the row takes it.
struct End {
    state: &'static str,
    outcome: Option<Value>,
    error: Option<String>,
    reason: Option<String>,
    /// Seconds.
    wait: f64,
    kind: &'static str,
    message: String,
    /// Attempts that were made within this one.
    again: i32,
}

impl End {
    fn of(ending: &Ending) -> serde_json::Result<Self> {
        let plain = |state, message: String| Self {
            state,
            outcome: None,
            error: None,
            reason: None,
            wait: 0.0,
            kind: "ended",
            message,
            again: 0,
        };
        Ok(match ending {
            Ending::Done(outcome) => {
                let state = if matches!(outcome, Outcome::Held { .. }) { "held" } else { "succeeded" };
                Self { outcome: Some(serde_json::to_value(outcome)?), ..plain(state, state.into()) }
            }
            Ending::Failed { error } => {
                let error = shortened(error.clone(), LONGEST_ERROR);
                Self { error: Some(error.clone()), ..plain("failed", error) }
            }
            Ending::Cancelled { by } => {
                let reason = format!("cancelled by {by}");
                Self { reason: Some(reason.clone()), ..plain("cancelled", reason) }
            }
            Ending::Retry { error, after, again } => {
                let wait = after.as_secs_f64();
                let error = shortened(error.clone(), LONGEST_ERROR);
                let message = format!("{error}; again in {wait:.0} s");
                Self {
                    error: Some(error),
                    wait,
                    kind: "retry",
                    again: i32::try_from(*again).unwrap_or(i32::MAX),
                    ..plain("queued", message)
                }
            }
            Ending::Waits { why, after } => {
                let wait = after.as_secs_f64();
                Self { kind: "note", wait, ..plain("queued", format!("{why}; looks again every {wait:.0} s")) }
            }
            Ending::HandedBack => {
                let message = "handed back, as the daemon stops".to_owned();
                Self { kind: "note", ..plain("queued", message) }
            }
        })
    }
}
