//! A schedule at rest.

use diesel::sql_types::Timestamptz;
use diesel::{ExpressionMethods, IntoSql, NullableExpressionMethods, OptionalExtension, QueryDsl, dsl::now};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::db::{DbResult, schema};

/// Pauses a schedule; false if there is no active one of that name.
pub async fn pause(conn: &mut AsyncPgConnection, name: &str, by: &str) -> DbResult<bool> {
    use schema::schedules::dsl;
    let active = dsl::schedules.filter(dsl::name.eq(name)).filter(dsl::active);
    let moment = now.into_sql::<Timestamptz>().nullable();
    let paused = diesel::update(active).set((dsl::paused_at.eq(moment), dsl::paused_by.eq(by)));
    Ok(paused.execute(conn).await? == 1)
}

/// Who has paused a schedule; none if nobody has.
pub async fn paused_by(conn: &mut AsyncPgConnection, name: &str) -> DbResult<Option<String>> {
    use schema::schedules::dsl;
    let who: Option<Option<String>> = dsl::schedules.find(name).select(dsl::paused_by).first(conn).await.optional()?;
    Ok(who.flatten())
}

/// Resumes a schedule; false if there is no active one of that name. Slots that came due meanwhile stay skipped.
pub async fn resume(conn: &mut AsyncPgConnection, name: &str) -> DbResult<bool> {
    use schema::schedules::dsl;
    let active = dsl::schedules.filter(dsl::name.eq(name)).filter(dsl::active);
    let resumed = diesel::update(active)
        .set((dsl::paused_at.eq(None::<jiff_diesel::Timestamp>), dsl::paused_by.eq(None::<String>)));
    Ok(resumed.execute(conn).await? == 1)
}
