//! Notices: one change through one channel. The outbox that a daemon empties.

use std::time::Duration;

use diesel::{
    ExpressionMethods, QueryDsl, QueryableByName, SelectableHelper,
    dsl::now,
    sql_types::{Array, BigInt, Double, Integer, Nullable, Text},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use super::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    conditions::{Change, Raw},
    schema::{changes, notices},
};

/// For how long a notice is tried, and how old a change may be that is still told of.
pub const PATIENCE: Duration = Duration::from_hours(3 * 24);

/// A notice that this process may send until its hold is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub id: i64,
    /// How often it has been tried, this time included. Whoever records the end of an attempt must still be at it.
    pub attempts: i32,
    /// Through which channel.
    pub channel: String,
    /// What it tells of.
    pub change: Change,
}

/// Makes one notice a channel of each change that has none yet, and gives up what is too old to be sent. Returns how
/// many were given up.
pub async fn address(conn: &mut AsyncPgConnection, channels: &[&str]) -> DbResult<usize> {
    let address = diesel::sql_query(include_str!("notices/address.sql"));
    address.bind::<Array<Text>, _>(channels).bind::<Double, _>(PATIENCE.as_secs_f64()).execute(conn).await?;
    let give_up = diesel::sql_query(include_str!("notices/give_up.sql"));
    give_up.bind::<Double, _>(PATIENCE.as_secs_f64()).execute(conn).await
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    change: i64,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Takes at most `most` notices that are due for one of these channels. No other daemon takes them before `hold` is
/// over: whoever sends must have ended by then.
pub async fn claim(
    conn: &mut AsyncPgConnection,
    channels: &[&str],
    hold: Duration,
    most: i64,
) -> DbResult<Vec<Claimed>> {
    let query = diesel::sql_query(include_str!("notices/claim.sql")).bind::<Array<Text>, _>(channels);
    let query = query.bind::<Double, _>(hold.as_secs_f64()).bind::<BigInt, _>(most);
    let mut claimed = Vec::new();
    for row in query.load::<ClaimedRow>(conn).await? {
        let change: Raw = changes::table.find(row.change).select(Raw::as_select()).first(conn).await?;
        let ClaimedRow { id, attempts, channel, .. } = row;
        claimed.push(Claimed { id, attempts, channel, change: change.try_into()? });
    }
    Ok(claimed)
}

/// How an attempt to send a notice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// It was taken.
    Sent,
    /// Worth another attempt.
    Failed {
        /// Why.
        error: String,
        /// When.
        again_in: Duration,
    },
    /// It was refused for good.
    Refused {
        /// Why.
        error: String,
    },
}

/// Records how an attempt ended; nothing if somebody else has taken the notice meanwhile.
pub async fn record(conn: &mut AsyncPgConnection, notice: &Claimed, attempt: &Attempt) -> DbResult<()> {
    let (state, error, wait) = match attempt {
        Attempt::Sent => ("sent", None, Duration::ZERO),
        Attempt::Failed { error, again_in } => ("pending", Some(error), *again_in),
        Attempt::Refused { error } => ("dead", Some(error), Duration::ZERO),
    };
    diesel::sql_query(include_str!("notices/record.sql"))
        .bind::<BigInt, _>(notice.id)
        .bind::<Integer, _>(notice.attempts)
        .bind::<Text, _>(state)
        .bind::<Nullable<Text>, _>(error)
        .bind::<Double, _>(wait.as_secs_f64())
        .execute(conn)
        .await?;
    Ok(())
}

/// A notice, for people who look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its number.
    pub id: i64,
    /// Which change it tells of.
    pub change: i64,
    /// Through which channel.
    pub channel: String,
    /// `pending`, `sent` or `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next, while it is pending.
    pub not_before: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// The last failure in words.
    pub error: Option<String>,
}

/// The notices of these changes, in the order in which they were made.
pub async fn of_changes(conn: &mut AsyncPgConnection, of: &[i64]) -> DbResult<Vec<NoticeRow>> {
    type Raw = (i64, i64, String, String, i32, jiff_diesel::Timestamp, NullableTimestamp, Option<String>);
    let rows: Vec<Raw> = notices::table
        .filter(notices::change.eq_any(of.to_vec()))
        .order(notices::id)
        .select((
            notices::id,
            notices::change,
            notices::channel,
            notices::state,
            notices::attempts,
            notices::not_before,
            notices::sent_at,
            notices::error,
        ))
        .load(conn)
        .await?;
    let row = |(id, change, channel, state, attempts, not_before, sent_at, error): Raw| NoticeRow {
        id,
        change,
        channel,
        state,
        attempts,
        not_before: not_before.to_jiff(),
        sent_at: sent_at.into(),
        error,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How many notices wait although they have failed before, and how many were given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Unsent {
    /// Tried in vain, and tried again.
    #[diesel(sql_type = BigInt)]
    pub failing: i64,
    /// Given up within the last thirty days.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
}

/// Counts what could not be sent.
pub async fn unsent(conn: &mut AsyncPgConnection) -> DbResult<Unsent> {
    diesel::sql_query(include_str!("notices/unsent.sql")).get_result(conn).await
}

/// Tries once more what was given up. Returns how many.
pub async fn revive(conn: &mut AsyncPgConnection) -> DbResult<usize> {
    let dead = diesel::update(notices::table.filter(notices::state.eq("dead")));
    dead.set((notices::state.eq("pending"), notices::not_before.eq(now), notices::made_at.eq(now))).execute(conn).await
}
