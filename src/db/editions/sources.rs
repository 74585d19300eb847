//! What datasets have published, for an edition to be computed from and to print.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use crate::db::DbResult;
use crate::job::ReleaseId;

/// The published release of one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The dataset.
    pub dataset: String,
    /// Its published release.
    pub release: ReleaseId,
    /// Whether there was none before it.
    pub first: bool,
    /// When the publisher was asked for it.
    pub fetched_at: Timestamp,
    /// When it was published here.
    pub published_at: Option<Timestamp>,
    /// When the publisher was last asked and had nothing newer.
    pub checked_at: Option<Timestamp>,
    /// Rows that the release had.
    pub rows: i64,
    /// Records of it that failed their checks.
    pub rejected: i64,
    /// A newer release that waits for a person's decision.
    pub held: Option<ReleaseId>,
}

/// The published releases of the named datasets, by name; those that never published anything are absent.
pub async fn sources(conn: &mut AsyncPgConnection, datasets: &[String]) -> DbResult<Vec<Source>> {
    let query = diesel::sql_query(include_str!("sources.sql")).bind::<Array<Text>, _>(datasets);
    Ok(query.load::<Row>(conn).await?.into_iter().map(Source::from).collect())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    release: i64,
    #[diesel(sql_type = Bool)]
    first: bool,
    #[diesel(sql_type = Timestamptz)]
    fetched_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: NullableTimestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    checked_at: NullableTimestamp,
    #[diesel(sql_type = Nullable<BigInt>)]
    rows: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    rejected: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    held: Option<i64>,
}

impl From<Row> for Source {
    fn from(row: Row) -> Self {
        Self {
            dataset: row.name,
            release: ReleaseId(row.release),
            first: row.first,
            fetched_at: row.fetched_at.to_jiff(),
            published_at: row.published_at.into(),
            checked_at: row.checked_at.into(),
            rows: row.rows.unwrap_or_default(),
            rejected: row.rejected.unwrap_or_default(),
            held: row.held.map(ReleaseId),
        }
    }
}
