//! What happened in a run, in order.

use diesel::sql_types::{BigInt, Text};
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde::Serialize;

use crate::db::{DbResult, schema};
use crate::job::RunId;

use super::{Claim, RunError};

/// One thing that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = schema::run_events)]
pub struct Event {
    /// When, by the database's clock.
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub at: Timestamp,
    /// In which attempt.
    pub attempt: i32,
    /// `step`, `note`, `retry`, `interrupted` or `ended`.
    pub kind: String,
    /// The step that the run was at, if any.
    pub step: Option<String>,
    /// What happened, in words.
    pub message: String,
}

/// All events of a run, oldest first.
pub async fn events(conn: &mut AsyncPgConnection, run: RunId) -> DbResult<Vec<Event>> {
    use schema::run_events::dsl;
    dsl::run_events.filter(dsl::run.eq(run.0)).order(dsl::id).select(Event::as_select()).load(conn).await
}

/// Leaves a note with a run that is still held.
pub async fn note(conn: &mut AsyncPgConnection, claim: &Claim, message: &str) -> Result<(), RunError> {
    let noted = diesel::sql_query(include_str!("note.sql"))
        .bind::<BigInt, _>(claim.run.0)
        .bind::<BigInt, _>(claim.epoch)
        .bind::<Text, _>(message)
        .execute(conn)
        .await?;
    if noted == 1 { Ok(()) } else { Err(RunError::Lost) }
}
