//! Deliveries: one edition to one recipient, the outbox.

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use super::{DbResult, schema::deliveries};
use crate::job::EditionId;

/// One edition to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its number.
    pub id: i64,
    /// To whom, such as `disk:PATH`.
    pub recipient: String,
    /// Whether it was handed over; `pending` until then.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// The last failure in words.
    pub error: Option<String>,
    /// When it was handed over.
    pub delivered_at: Option<Timestamp>,
}

/// An edition's deliveries, in the order in which they were written.
pub async fn of_edition(conn: &mut AsyncPgConnection, edition: EditionId) -> DbResult<Vec<DeliveryRow>> {
    let query = deliveries::table.filter(deliveries::edition.eq(edition.0)).order(deliveries::id);
    let rows: Vec<(i64, String, String, i32, Option<String>, NullableTimestamp)> = query
        .select((
            deliveries::id,
            deliveries::recipient,
            deliveries::state,
            deliveries::attempts,
            deliveries::error,
            deliveries::delivered_at,
        ))
        .load(conn)
        .await?;
    let delivery = |(id, recipient, state, attempts, error, at): (_, _, _, _, _, NullableTimestamp)| DeliveryRow {
        id,
        recipient,
        state,
        attempts,
        error,
        delivered_at: at.into(),
    };
    Ok(rows.into_iter().map(delivery).collect())
}

/// Writes what is to be handed over, in the transaction that writes the edition.
pub async fn insert(conn: &mut AsyncPgConnection, edition: EditionId, recipients: &[String]) -> DbResult<()> {
    let row = |recipient: &String| (deliveries::edition.eq(edition.0), deliveries::recipient.eq(recipient.clone()));
    let rows: Vec<_> = recipients.iter().map(row).collect();
    diesel::insert_into(deliveries::table).values(&rows).execute(conn).await?;
    Ok(())
}

/// Records that a delivery reached its recipient.
pub async fn delivered(conn: &mut AsyncPgConnection, delivery: i64) -> DbResult<()> {
    diesel::update(deliveries::table.find(delivery))
        .set((
            deliveries::state.eq("delivered"),
            deliveries::attempts.eq(deliveries::attempts + 1),
            deliveries::error.eq(None::<String>),
            deliveries::delivered_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Records why a delivery did not reach its recipient; it stays pending.
pub async fn missed(conn: &mut AsyncPgConnection, delivery: i64, why: &str) -> DbResult<()> {
    diesel::update(deliveries::table.find(delivery))
        .set((deliveries::attempts.eq(deliveries::attempts + 1), deliveries::error.eq(why)))
        .execute(conn)
        .await?;
    Ok(())
}
