//! Publishers' hosts: when each may be asked next, whichever datasets and daemons ask.

use std::time::Duration;

use diesel::{
    ExpressionMethods, QueryableByName,
    sql_types::{Double, Text},
};
use diesel_async::AsyncConnection as _;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::hosts};

/// Whether a host may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After this wait; nobody else has this place.
    After(Duration),
    /// Not before so long from now: no place was taken.
    NotBefore(Duration),
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = Double)]
    seconds: f64,
}

/// Takes a place in the row of those who ask a host: each a `distance` after the one before. Who would wait longer than
/// `most` takes none.
pub async fn place(conn: &mut AsyncPgConnection, host: &str, distance: Duration, most: Duration) -> DbResult<Place> {
    conn.transaction(async |conn| {
        diesel::insert_into(hosts::table)
            .values((hosts::host.eq(host), hosts::free_at.eq(diesel::dsl::now)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        let left = "SELECT extract(epoch FROM free_at - clock_timestamp())::float8 AS seconds \
                    FROM bluebook.hosts WHERE host = $1 FOR UPDATE";
        let left: Left = diesel::sql_query(left).bind::<Text, _>(host).get_result(conn).await?;
        let wait = Duration::try_from_secs_f64(left.seconds.max(0.0)).unwrap_or(Duration::MAX);
        if wait > most {
            return Ok(Place::NotBefore(wait));
        }
        let taken = "UPDATE bluebook.hosts SET free_at = greatest(free_at, clock_timestamp()) + make_interval(secs => $2) \
                     WHERE host = $1";
        diesel::sql_query(taken)
            .bind::<Text, _>(host)
            .bind::<Double, _>(distance.as_secs_f64())
            .execute(conn)
            .await?;
        Ok(Place::After(wait))
    })
    .await
}

/// Leaves a host alone for so long, as it wishes.
pub async fn leave_alone(conn: &mut AsyncPgConnection, host: &str, wish: Duration) -> DbResult<()> {
    diesel::sql_query(include_str!("hosts/leave_alone.sql"))
        .bind::<Text, _>(host)
        .bind::<Double, _>(wish.as_secs_f64())
        .execute(conn)
        .await?;
    Ok(())
}
