//! Releases of datasets of which each period is a file of its own: what one of them says of the others.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName,
    dsl::max,
    sql_types::{BigInt, Text},
};
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

use super::ReleaseRow;
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl, schema::releases},
    job::{DatasetName, ReleaseId},
};

/// Whether what a release said may not be what its table says any more: after it, another was published of its period,
/// or of the one that is asked for now.
pub async fn is_outdated(
    conn: &mut AsyncPgConnection,
    release: &ReleaseRow,
    asked: Option<Timestamp>,
) -> DbResult<bool> {
    let periods: Vec<_> = [release.period, asked].into_iter().flatten().map(ToDiesel::to_diesel).collect();
    let later: Option<i64> = releases::table
        .filter(releases::dataset.eq(&release.dataset))
        .filter(releases::published_at.gt(release.published_at.to_diesel()))
        .filter(releases::period.eq_any(periods))
        .select(releases::id)
        .first(conn)
        .await
        .optional()?;
    Ok(later.is_some())
}

/// The newest period of which a file was published; none where there is none, or none has a period.
pub async fn newest_period(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Option<Timestamp>> {
    let newest: NullableTimestamp = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::published_at.is_not_null())
        .select(max(releases::period))
        .first(conn)
        .await?;
    Ok(newest.to_jiff())
}

/// Releases of a dataset that are held because periods before them are missing, and that no run in the queue is about.
pub async fn held_for_gaps(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<ReleaseId>> {
    #[derive(QueryableByName)]
    struct Held {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let query = diesel::sql_query(include_str!("periods/held_for_gaps.sql")).bind::<Text, _>(dataset.as_str());
    let held: Vec<Held> = query.load(conn).await?;
    Ok(held.into_iter().map(|held| ReleaseId(held.id)).collect())
}
