//! The schedules' rows: what the file said last, how far slots are planned, and who paused what.

use diesel::sql_types::{Nullable, Text, Timestamptz};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;

use super::{DbResult, schema};
use crate::job::Job;

mod pause;
mod plan;

pub use pause::{pause, paused_by, resume};
pub use plan::{Fate, PlannedSlot, open_run, plan};

/// A schedule as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// What a slot runs.
    pub job: Job,
    /// The cron line.
    pub cron: String,
    /// The zone's name.
    pub time_zone: String,
    /// `none`, `latest` or `all`.
    pub catch_up: &'static str,
    /// `skip` or `queue`.
    pub overlap: &'static str,
}

/// Makes the rows say what the file says. New schedules, ones that come back and ones whose cron line or zone has
/// changed are planned from now on: nothing is run after the fact.
pub async fn declare(conn: &mut AsyncPgConnection, declared: &[Declared]) -> DbResult<()> {
    conn.transaction(async |conn| {
        for schedule in declared {
            diesel::sql_query(include_str!("schedule_rows/declare.sql"))
                .bind::<Text, _>(&schedule.name)
                .bind::<Text, _>(schedule.job.to_string())
                .bind::<Text, _>(&schedule.cron)
                .bind::<Text, _>(&schedule.time_zone)
                .bind::<Text, _>(schedule.catch_up)
                .bind::<Text, _>(schedule.overlap)
                .execute(conn)
                .await?;
        }
        Ok(())
    })
    .await
}

/// Schedules that have left the file become inactive.
pub async fn retire_all_but(conn: &mut AsyncPgConnection, declared: &[Declared]) -> DbResult<()> {
    use schema::schedules::dsl;
    let names = declared.iter().map(|schedule| schedule.name.as_str());
    let gone = dsl::schedules.filter(dsl::active).filter(dsl::name.ne_all(names));
    diesel::update(gone).set(dsl::active.eq(false)).execute(conn).await?;
    Ok(())
}

/// How far a schedule is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// Every slot up to here has its row.
    pub planned_until: Timestamp,
    /// Why its slots are skipped, if it or its dataset is paused.
    pub paused: Option<String>,
    /// The database's clock.
    pub now: Timestamp,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Timestamptz)]
    planned_until: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Text>)]
    paused: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    now: jiff_diesel::Timestamp,
}

impl From<StandingRow> for Standing {
    fn from(row: StandingRow) -> Self {
        let (planned_until, now) = (row.planned_until.to_jiff(), row.now.to_jiff());
        Self { name: row.name, planned_until, paused: row.paused, now }
    }
}

/// How far all active schedules are planned.
pub async fn standings(conn: &mut AsyncPgConnection) -> DbResult<Vec<Standing>> {
    let query = diesel::sql_query(include_str!("schedule_rows/standings.sql")).bind::<Nullable<Text>, _>(None::<&str>);
    let rows: Vec<StandingRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Standing::from).collect())
}

/// Locks one schedule's row for the transaction; none if it is inactive, or if another daemon plans it right now.
pub async fn lock(conn: &mut AsyncPgConnection, name: &str) -> DbResult<Option<Standing>> {
    let sql = concat!(include_str!("schedule_rows/standings.sql"), "FOR UPDATE OF s SKIP LOCKED");
    let row: Option<StandingRow> =
        diesel::sql_query(sql).bind::<Nullable<Text>, _>(Some(name)).get_result(conn).await.optional()?;
    Ok(row.map(Standing::from))
}
