//! Slots become rows.

use std::sync::Arc;

use diesel::dsl::sql;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::db::{DbResult, schema};
use crate::job::{Job, RunId};

/// The oldest run of a job that has not ended and that a slot would overlap. A backfill is none: the slot waits for it,
/// or the newest period would be what it costs to have the old ones.
pub async fn open_run(conn: &mut AsyncPgConnection, job: &Job) -> DbResult<Option<RunId>> {
    use schema::runs::dsl;
    let open = dsl::runs.filter(dsl::job.eq(job.to_string())).filter(dsl::finished_at.is_null());
    let open = open.filter(sql::<Bool>("NOT jsonb_exists(trigger, 'backfill')"));
    let id: Option<i64> = open.order(dsl::id).select(dsl::id).first(conn).await.optional()?;
    Ok(id.map(RunId))
}

/// A slot, and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSlot {
    /// The moment.
    pub slot: Timestamp,
    /// What was decided.
    pub fate: Fate,
}

/// What becomes of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is run, not before this moment.
    Run(Timestamp),
    /// The overlap policy or a pause leaves it out, for this reason.
    Skipped(Arc<str>),
    /// It was noticed too late, and the catch-up policy leaves it out, for this reason.
    Missed(Arc<str>),
}

/// How many rows are inserted by one statement.
const CHUNK: usize = 5_000;

/// Gives each slot its row, and moves the schedule's mark. To be called under [`lock`](super::lock).
pub async fn plan(
    conn: &mut AsyncPgConnection,
    name: &str,
    job: &Job,
    slots: &[PlannedSlot],
    until: Timestamp,
) -> DbResult<()> {
    use schema::schedules::dsl;
    for chunk in slots.chunks(CHUNK) {
        let column = |value: fn(&PlannedSlot) -> Timestamp| -> Vec<_> {
            chunk.iter().map(|planned| value(planned).to_diesel()).collect()
        };
        let states: Vec<&str> = chunk.iter().map(|planned| planned.fate.state()).collect();
        let reasons: Vec<Option<&str>> = chunk.iter().map(|planned| planned.fate.reason()).collect();
        diesel::sql_query(include_str!("plan.sql"))
            .bind::<Text, _>(name)
            .bind::<Text, _>(job.to_string())
            .bind::<Array<Timestamptz>, _>(column(|planned| planned.slot))
            .bind::<Array<Timestamptz>, _>(column(|planned| planned.fate.not_before().unwrap_or(planned.slot)))
            .bind::<Array<Text>, _>(states)
            .bind::<Array<Nullable<Text>>, _>(reasons)
            .execute(conn)
            .await?;
    }
    let moved = diesel::update(dsl::schedules.find(name)).set(dsl::planned_until.eq(until.to_diesel()));
    moved.execute(conn).await.map(|_| ())
}

impl Fate {
    fn state(&self) -> &'static str {
        match self {
            Self::Run(_) => "queued",
            Self::Skipped(_) => "skipped",
            Self::Missed(_) => "missed",
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Run(_) => None,
            Self::Skipped(reason) | Self::Missed(reason) => Some(reason),
        }
    }

    fn not_before(&self) -> Option<Timestamp> {
        match self {
            Self::Run(moment) => Some(*moment),
            Self::Skipped(_) | Self::Missed(_) => None,
        }
    }
}
