//! Gaps: values that a dataset's calendar misses. While one is open, the publisher is asked for the whole file.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl,
    dsl::{exists, select},
    sql_types::{Jsonb, Text},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, schema::gaps};
use crate::job::DatasetName;

/// Values that are missing, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first of them, as PostgreSQL writes it.
    pub from: String,
    /// The last.
    pub to: String,
    /// How many they are.
    pub values: u64,
}

/// A gap that nobody has filled yet: what a backfill would ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The first value that is missing; a day is its beginning in UTC.
    pub from: jiff::Timestamp,
    /// The last.
    pub to: jiff::Timestamp,
}

/// Remembers what a dataset misses now: new gaps are opened, those that are filled are closed.
pub async fn notice(conn: &mut AsyncPgConnection, dataset: &DatasetName, missing: &[Range]) -> DbResult<()> {
    let missing = serde_json::to_value(missing).map_err(|error| DbError::SerializationError(error.into()))?;
    diesel::sql_query(include_str!("gaps/notice.sql"))
        .bind::<Text, _>(dataset.as_str())
        .bind::<Jsonb, Value>(missing)
        .execute(conn)
        .await?;
    Ok(())
}

/// The gaps of a dataset that are open, the oldest first.
pub async fn open(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<Gap>> {
    let open = gaps::table.filter(gaps::dataset.eq(dataset.as_str()).and(gaps::closed_at.is_null()));
    let found: Vec<(jiff_diesel::Timestamp, jiff_diesel::Timestamp)> =
        open.order(gaps::missing_from).select((gaps::missing_from, gaps::missing_to)).load(conn).await?;
    Ok(found.into_iter().map(|(from, to)| Gap { from: from.to_jiff(), to: to.to_jiff() }).collect())
}

/// Whether a dataset has an open gap.
pub async fn any(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<bool> {
    let open = gaps::table.filter(gaps::dataset.eq(dataset.as_str()).and(gaps::closed_at.is_null()));
    select(exists(open)).get_result(conn).await
}
