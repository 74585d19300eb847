//! Where a file of a release came from.

use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use serde::Serialize;

use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    job::ReleaseId,
};

/// A file of a release, and how it came here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Whence {
    /// Where the release stands: `published`, `superseded`, …
    #[diesel(sql_type = Text)]
    pub state: String,
    /// When it was published here.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub published_at: Option<Timestamp>,
    /// The run that loaded it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub run: Option<i64>,
    /// The person who had it published although it was held.
    #[diesel(sql_type = Nullable<Text>)]
    pub decided_by: Option<String>,
    /// The file's name in the archive.
    #[diesel(sql_type = Text)]
    pub sha256: String,
    /// The file's own name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Its length.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// Where it was fetched; none for a file given by hand.
    #[diesel(sql_type = Nullable<Text>)]
    pub url: Option<String>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    pub fetched_at: Option<Timestamp>,
    /// SHA-256 of the definition's text that it was read by.
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip)]
    pub(super) definition: Option<String>,
}

/// The file of a release that is its part of this number.
pub(super) async fn of(conn: &mut AsyncPgConnection, release: ReleaseId, part: i32) -> DbResult<Option<Whence>> {
    diesel::sql_query(include_str!("whence.sql"))
        .bind::<BigInt, _>(release.0)
        .bind::<Integer, _>(part)
        .get_result(conn)
        .await
        .optional()
}
