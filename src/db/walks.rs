//! Walks to a publisher: their answers, written down at once, and the datasets that read the same files.

use std::collections::BTreeSet;

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use super::{
    AsyncPgConnection, DbError, DbResult, RunQueryDsl,
    artifacts::{self, Artifact},
};
use crate::job::{DatasetName, RunId, Trigger};

/// What a walk has brought, for another dataset to read.
#[derive(Debug, Clone)]
pub struct Walked {
    /// The run that walked.
    pub run: RunId,
    /// Why it did.
    pub trigger: Trigger,
    /// The moment that it asked for.
    pub asked_for: Timestamp,
    /// When.
    pub fetched_at: Timestamp,
    /// The parts in order.
    pub parts: Vec<WalkedPart>,
}

/// One part.
#[derive(Debug, Clone)]
pub struct WalkedPart {
    /// The file.
    pub artifact: Artifact,
    /// As asked, without secrets.
    pub url: String,
    /// After redirects.
    pub final_url: String,
    /// The publisher's `Content-Type`.
    pub content_type: Option<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    run: i64,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Text)]
    final_url: String,
    #[diesel(sql_type = Nullable<Text>)]
    content_type: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    fetched_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    sha256: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Jsonb)]
    trigger: serde_json::Value,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    slot: NullableTimestamp,
    #[diesel(sql_type = Timestamptz)]
    queued_at: jiff_diesel::Timestamp,
}

/// URLs of files that a dataset needs no more.
pub async fn loaded(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<BTreeSet<String>> {
    #[derive(QueryableByName)]
    struct Loaded {
        #[diesel(sql_type = Text)]
        url: String,
    }
    let found: Vec<Loaded> =
        diesel::sql_query(include_str!("walks/loaded.sql")).bind::<Text, _>(dataset.as_str()).load(conn).await?;
    Ok(found.into_iter().map(|loaded| loaded.url).collect())
}

/// Has these datasets read what a run has fetched. Call it in the transaction that writes down what that was.
pub async fn share(conn: &mut AsyncPgConnection, run: RunId, with: &[DatasetName]) -> DbResult<()> {
    if with.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = with.iter().map(DatasetName::as_str).collect();
    let trigger = serde_json::to_value(Trigger::SameAs(run)).map_err(|error| DbError::SerializationError(error.into()));
    diesel::sql_query(include_str!("walks/share.sql"))
        .bind::<Array<Text>, _>(names)
        .bind::<Jsonb, _>(trigger?)
        .execute(conn)
        .await?;
    Ok(())
}

/// What a dataset fetched last, or by this run.
pub async fn last(conn: &mut AsyncPgConnection, dataset: &DatasetName, run: Option<RunId>) -> DbResult<Option<Walked>> {
    let rows: Vec<Row> = diesel::sql_query(include_str!("walks/last.sql"))
        .bind::<Text, _>(dataset.as_str())
        .bind::<Nullable<BigInt>, _>(run.map(|run| run.0))
        .load(conn)
        .await?;
    let Some(first) = rows.as_slice().first() else { return Ok(None) };
    let trigger = serde_json::from_value(first.trigger.clone());
    let walked = Walked {
        run: RunId(first.run),
        trigger: trigger.map_err(|error| DbError::DeserializationError(error.into()))?,
        asked_for: first.slot.to_jiff().unwrap_or(first.queued_at.to_jiff()),
        fetched_at: first.fetched_at.to_jiff(),
        parts: Vec::new(),
    };
    let parts = rows.into_iter().map(|Row { url, final_url, content_type, id, sha256, bytes, name, .. }| WalkedPart {
        artifact: artifacts::artifact((id, sha256, bytes, name)),
        url,
        final_url,
        content_type,
    });
    Ok(Some(Walked { parts: parts.collect(), ..walked }))
}
