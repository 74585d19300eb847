//! Rejects: records that failed their checks, as the publisher wrote them.

use diesel::{
    ExpressionMethods, Insertable, QueryDsl, Queryable, QueryableByName, Selectable, SelectableHelper,
    sql_types::{Array, BigInt, Text},
};

use super::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    releases::State,
    schema::{rejects, releases},
};
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
    /// Whether it waits for its release's publication, as [`begin`] says.
    pub pending: bool,
}

/// Most bytes of a record that are kept beside its reject; all of them lie in the archive.
pub const LONGEST_ORIGINAL: usize = 64 * 1024;

/// The same, once a release has kept [`MOST_ORIGINALS`] of them.
pub const SHORT_ORIGINAL: usize = 256;

/// Bytes of a release's records that are kept at length.
pub const MOST_ORIGINALS: usize = 16 * 1024 * 1024;

/// Most characters of a value, and of a reason.
pub const LONGEST_TEXT: usize = 1000;

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

/// Forgets a release's rejects if it is read from its beginning. A held one keeps those that people look at until what
/// is written from now on is confirmed: true means that it is pending so long.
pub async fn begin(conn: &mut AsyncPgConnection, release: ReleaseId, anew: bool) -> DbResult<bool> {
    let state = releases::table.find(release.0).select(releases::state).first::<String>(conn).await?;
    let pending = state == State::Held.as_str();
    if anew && pending {
        forget_pending(conn, release).await?;
    } else if anew {
        diesel::delete(rejects::table.filter(rejects::release.eq(release.0))).execute(conn).await?;
    }
    Ok(pending)
}

/// Forgets what was written for a publication that came to nothing.
pub async fn forget_pending(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<()> {
    let pending = rejects::table.filter(rejects::release.eq(release.0)).filter(rejects::pending);
    diesel::delete(pending).execute(conn).await?;
    Ok(())
}

/// What was written of a held release takes the place of what it had. In the transaction that decides about it, before
/// its state changes.
pub async fn confirm(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<()> {
    let state = releases::table.find(release.0).select(releases::state).first::<String>(conn).await?;
    if state == State::Held.as_str() {
        let before = rejects::table.filter(rejects::release.eq(release.0)).filter(rejects::pending.eq(false));
        diesel::delete(before).execute(conn).await?;
        let written = rejects::table.filter(rejects::release.eq(release.0));
        diesel::update(written).set(rejects::pending.eq(false)).execute(conn).await?;
    }
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
        .filter(rejects::pending.eq(false))
        .order((rejects::part, rejects::record, rejects::id))
        .offset(offset)
        .limit(limit)
        .select(RejectRow::as_select())
        .load(conn)
        .await
}

/// How many rejects a release has.
pub async fn count(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<i64> {
    let kept = rejects::table.filter(rejects::release.eq(release.0)).filter(rejects::pending.eq(false));
    kept.count().get_result(conn).await
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
