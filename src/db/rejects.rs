//! Rejects: records that failed their checks, as the publisher wrote them.

use diesel::{
    ExpressionMethods, Insertable, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper,
    sql_types::{Array, BigInt, Text},
};

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::rejects};
use crate::job::ReleaseId;

/// A reject to be kept.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = rejects)]
pub struct NewReject {
    /// Of which release.
    pub release: i64,
    /// In which of its files.
    pub part: i32,
    /// Number of the record in that file, from 1.
    pub record: i64,
    /// Its line, where the format has lines.
    pub line: Option<i64>,
    /// The column to blame, if one is.
    pub column_name: Option<String>,
    /// Its value as the source wrote it.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// The record's bytes, at most [`LONGEST_ORIGINAL`] of them.
    pub original: Vec<u8>,
}

/// Most bytes of a record that are kept beside its reject; all of them lie in the archive.
pub const LONGEST_ORIGINAL: usize = 64 * 1024;

/// A reject as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = rejects)]
pub struct RejectRow {
    /// Which reject.
    pub id: i64,
    /// In which of the release's files.
    pub part: i32,
    /// Number of the record in that file, from 1.
    pub record: i64,
    /// Its line, where the format has lines.
    pub line: Option<i64>,
    /// The column to blame, if one is.
    pub column_name: Option<String>,
    /// Its value as the source wrote it.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// The record's bytes.
    pub original: Vec<u8>,
}

/// Keeps rejects.
pub async fn keep(conn: &mut AsyncPgConnection, new: &[NewReject]) -> DbResult<()> {
    // A statement takes 65,535 binds at most.
    for some in new.chunks(1000) {
        diesel::insert_into(rejects::table).values(some).execute(conn).await?;
    }
    Ok(())
}

/// Forgets a release's rejects: it is read again from its beginning.
pub async fn forget(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<()> {
    diesel::delete(rejects::table.filter(rejects::release.eq(release.0))).execute(conn).await?;
    Ok(())
}

/// A page of a release's rejects, in the order of its files.
pub async fn list(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    offset: i64,
    limit: i64,
) -> DbResult<Vec<RejectRow>> {
    rejects::table
        .filter(rejects::release.eq(release.0))
        .order((rejects::part, rejects::record, rejects::id))
        .offset(offset)
        .limit(limit)
        .select(RejectRow::as_select())
        .load(conn)
        .await
}

/// How many rejects a release has.
pub async fn count(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<i64> {
    rejects::table.filter(rejects::release.eq(release.0)).count().get_result(conn).await
}

/// How often one column was to blame for a release's rejects.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Blamed {
    /// The table's column.
    #[diesel(sql_type = Text)]
    pub column: String,
    /// Rejects because of it.
    #[diesel(sql_type = BigInt)]
    pub rejects: i64,
    /// The first of its values, each once, as the source wrote them.
    #[diesel(sql_type = Array<Text>)]
    pub values: Vec<String>,
}

/// The columns that are to blame for a release's rejects, the worst first.
pub async fn blamed(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Vec<Blamed>> {
    diesel::sql_query(include_str!("rejects/blamed.sql")).bind::<BigInt, _>(release.0).load(conn).await
}
