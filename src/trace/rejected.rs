//! Rejected records that hold the key's values: what is not in the table may have been refused.

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, Text},
};
use parsers::Dataset;
use serde::Serialize;

use super::{Asked, MOST};
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    job::ReleaseId,
};

/// A record that failed its checks.
#[derive(Debug, Clone, Serialize)]
pub struct Rejected {
    /// Of which release.
    pub release: ReleaseId,
    /// Which of its files, from 0.
    pub part: i32,
    /// Number of the record in that file, from 1.
    pub record: i64,
    /// Its line, where the format has lines.
    pub line: Option<i64>,
    /// The column to blame, if one is.
    pub column: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// The record as the source wrote it.
    pub original: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    release: i64,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = BigInt)]
    record: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    line: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    column_name: Option<String>,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Binary)]
    original: Vec<u8>,
}

/// The newest rejects whose text holds every value of the key. A reject has no columns, so this is a search in texts.
pub(super) async fn find(conn: &mut AsyncPgConnection, dataset: &Dataset, asked: &Asked) -> DbResult<Vec<Rejected>> {
    let rows: Vec<Row> = diesel::sql_query(include_str!("rejected.sql"))
        .bind::<Text, _>(dataset.name.as_str())
        .bind::<Array<Text>, _>(asked.values())
        .bind::<BigInt, _>(MOST)
        .load(conn)
        .await?;
    let rejected = |row: Row| Rejected {
        release: ReleaseId(row.release),
        part: row.part,
        record: row.record,
        line: row.line,
        column: row.column_name,
        reason: row.reason,
        original: String::from_utf8_lossy(&row.original).into_owned(),
    };
    Ok(rows.into_iter().map(rejected).collect())
}
