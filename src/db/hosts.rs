//! Publishers' hosts: who asks each now, and when it may be asked next, whichever datasets and daemons ask.

use std::time::Duration;

use diesel::{
    ExpressionMethods, QueryableByName,
    sql_types::{BigInt, Bool, Double, Text},
};
use diesel_async::AsyncConnection as _;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, runs::Claim, schema::hosts};

/// Whether a host may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After this wait; nobody else asks it until the run leaves it, or is over.
    After(Duration),
    /// Another run asks it now, of this program or of another: no place was taken.
    Taken,
    /// Not before so long from now: no place was taken.
    NotBefore(Duration),
}

#[derive(QueryableByName)]
struct Stands {
    #[diesel(sql_type = Double)]
    seconds: f64,
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Takes the place of the one run that asks a host, and a `distance` to the request before. Who would wait longer than
/// `most` takes none.
pub async fn place(
    conn: &mut AsyncPgConnection,
    host: &str,
    claim: &Claim,
    distance: Duration,
    most: Duration,
) -> DbResult<Place> {
    conn.transaction(async |conn| {
        diesel::insert_into(hosts::table)
            .values((hosts::host.eq(host), hosts::free_at.eq(diesel::dsl::now)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        let stands: Stands = diesel::sql_query(include_str!("hosts/place.sql"))
            .bind::<Text, _>(host)
            .bind::<BigInt, _>(claim.run.0)
            .bind::<BigInt, _>(claim.epoch)
            .get_result(conn)
            .await?;
        if stands.taken {
            return Ok(Place::Taken);
        }
        let wait = Duration::try_from_secs_f64(stands.seconds.max(0.0)).unwrap_or(Duration::MAX);
        if wait > most {
            return Ok(Place::NotBefore(wait));
        }
        diesel::sql_query(include_str!("hosts/take.sql"))
            .bind::<Text, _>(host)
            .bind::<BigInt, _>(claim.run.0)
            .bind::<BigInt, _>(claim.epoch)
            .bind::<Double, _>(distance.as_secs_f64())
            .execute(conn)
            .await?;
        Ok(Place::After(wait))
    })
    .await
}

/// A run asks no host any more.
pub async fn leave(conn: &mut AsyncPgConnection, claim: &Claim) -> DbResult<()> {
    diesel::sql_query("UPDATE bluebook.hosts SET run = NULL, epoch = NULL WHERE run = $1 AND epoch = $2")
        .bind::<BigInt, _>(claim.run.0)
        .bind::<BigInt, _>(claim.epoch)
        .execute(conn)
        .await?;
    Ok(())
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
