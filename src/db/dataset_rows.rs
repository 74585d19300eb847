//! What the system knows of each dataset beyond its TOML.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName,
    dsl::now,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use serde::Serialize;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, ident, schema::datasets};
use crate::job::{DatasetName, ReleaseId};

mod state;

pub use state::State;

/// A dataset's row, as whoever loads it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Hash of the text that its table was last shaped by; empty if there is no table yet.
    pub definition: String,
    /// Roles that were let in because the definition names them.
    pub readers: Vec<String>,
    /// The release that its table shows.
    pub published: Option<ReleaseId>,
}

/// Makes sure that a dataset has its row.
pub async fn know(conn: &mut AsyncPgConnection, name: &DatasetName, title: &str) -> DbResult<()> {
    diesel::insert_into(datasets::table)
        .values((datasets::name.eq(name.as_str()), datasets::title.eq(title), datasets::definition.eq("")))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Locks a dataset's row until the transaction ends: only its holder shapes the table and publishes.
pub async fn lock(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<Known> {
    let (definition, readers, published): (String, Vec<String>, Option<i64>) = datasets::table
        .find(name.as_str())
        .select((datasets::definition, datasets::readers, datasets::published_release))
        .for_no_key_update()
        .first(conn)
        .await?;
    Ok(Known { definition, readers, published: published.map(ReleaseId) })
}

/// Remembers by which text of its definition the table was shaped.
pub async fn shaped(conn: &mut AsyncPgConnection, name: &DatasetName, title: &str, definition: &str) -> DbResult<()> {
    diesel::update(datasets::table.find(name.as_str()))
        .set((datasets::title.eq(title), datasets::definition.eq(definition)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Remembers who was let in because the definition names them.
pub async fn let_in(conn: &mut AsyncPgConnection, name: &DatasetName, readers: &[String]) -> DbResult<()> {
    diesel::update(datasets::table.find(name.as_str())).set(datasets::readers.eq(readers)).execute(conn).await?;
    Ok(())
}

/// Since when a dataset's history is written; none if it is not.
pub async fn history_since(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<Option<Timestamp>> {
    let since: NullableTimestamp =
        datasets::table.find(name.as_str()).select(datasets::history_since).first(conn).await?;
    Ok(since.to_jiff())
}

/// Remembers that a dataset's history is written from now on, or no longer.
pub async fn keep_history(conn: &mut AsyncPgConnection, name: &DatasetName, kept: bool) -> DbResult<()> {
    let row = diesel::update(datasets::table.find(name.as_str()));
    if kept {
        row.set(datasets::history_since.eq(now)).execute(conn).await?;
    } else {
        row.set(datasets::history_since.eq(None::<jiff_diesel::Timestamp>)).execute(conn).await?;
    }
    Ok(())
}

/// Whether a dataset's table is there and has a row.
pub async fn has_rows(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let table = ident::qualified("data", name.as_str());
    let there = diesel::sql_query("SELECT to_regclass($1) IS NOT NULL AS found").bind::<Text, _>(&table);
    let there: Found = there.get_result(conn).await?;
    if !there.found {
        return Ok(false);
    }
    let rows = diesel::sql_query(format!("SELECT EXISTS (SELECT FROM {table}) AS found"));
    let rows: Found = rows.get_result(conn).await?;
    Ok(rows.found)
}

/// Remembers that the publisher was asked and its answer understood.
pub async fn checked(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<()> {
    diesel::update(datasets::table.find(name.as_str())).set(datasets::checked_at.eq(now)).execute(conn).await?;
    Ok(())
}

/// One line a dataset, for pages and `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Overview {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its title.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// The release that its table shows.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub published_release: Option<i64>,
    /// When that was published here.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub published_at: Option<Timestamp>,
    /// The period that it is the file of, by its first instant, where each is a file of its own.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub period: Option<Timestamp>,
    /// Since when its history is written; none if it is not.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub history_since: Option<Timestamp>,
    /// Rows of its table: exact for all but very large tables.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub rows: Option<i64>,
    /// Last time that the publisher was asked and the answer understood.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub checked_at: Option<Timestamp>,
    /// Last time that a row changed.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub changed_at: Option<Timestamp>,
    /// Since when it is paused.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub paused_at: Option<Timestamp>,
    /// Since when its runs fail for good.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub failing_since: Option<Timestamp>,
    /// The newest release that waits for a person.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub held_release: Option<i64>,
}

/// All datasets that have been loaded or tried, by name.
pub async fn overview(conn: &mut AsyncPgConnection) -> DbResult<Vec<Overview>> {
    diesel::sql_query(include_str!("dataset_rows/overview.sql")).load(conn).await
}

/// When a dataset's publisher was last asked and its answer understood; none if never.
pub async fn checked_at(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<Option<Timestamp>> {
    let at: Option<NullableTimestamp> =
        datasets::table.find(name.as_str()).select(datasets::checked_at).first(conn).await.optional()?;
    Ok(at.and_then(NullableTimestamp::to_jiff))
}

/// Pauses a dataset: its schedules' slots are skipped. It has its row from now on, if it had none.
pub async fn pause(conn: &mut AsyncPgConnection, name: &DatasetName, title: &str, by: &str) -> DbResult<()> {
    know(conn, name, title).await?;
    let row = diesel::update(datasets::table.find(name.as_str()));
    row.set((datasets::paused_at.eq(now), datasets::paused_by.eq(by))).execute(conn).await.map(|_| ())
}

/// Resumes a dataset. Slots that came due meanwhile stay skipped.
pub async fn resume(conn: &mut AsyncPgConnection, name: &DatasetName) -> DbResult<()> {
    let free = (datasets::paused_at.eq(None::<jiff_diesel::Timestamp>), datasets::paused_by.eq(None::<String>));
    diesel::update(datasets::table.find(name.as_str())).set(free).execute(conn).await.map(|_| ())
}
