//! Gaps: values that a dataset's calendar misses. While one is open and not too old, the publisher is asked again: for
//! the whole file, or for the periods that the gap lies in.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl,
    sql_types::{Bool, Jsonb, Text},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, schema::gaps};
use crate::job::DatasetName;

mod ask;

pub use ask::ask;

/// For how many days the publisher is asked for what is missing. After that a gap is only shown.
pub const PATIENCE: i32 = 30;

/// Values that are missing, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first of them, as PostgreSQL writes it.
    pub from: String,
    /// The last.
    pub to: String,
    /// How many they are.
    pub values: u64,
}

/// A gap that nobody has filled yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The first value that is missing; a day is its beginning in UTC.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
    /// When it was first missed.
    pub noticed_at: Timestamp,
}

impl Gap {
    /// Until when the publisher is asked for it.
    pub fn asked_until(&self) -> Timestamp {
        self.noticed_at.checked_add(SignedDuration::from_hours(24 * i64::from(PATIENCE))).unwrap_or(Timestamp::MAX)
    }

    /// What is missing and what becomes of it, in one sentence.
    pub fn told(&self, now: Timestamp) -> String {
        let (from, to, until) = (moment(self.from), moment(self.to), day(self.asked_until()));
        let missing = if from == to { format!("{from} is missing") } else { format!("{from} to {to} are missing") };
        if self.asked_until() > now {
            format!("{missing}: the publisher is asked again until {until}")
        } else {
            format!(
                "{missing}: the publisher has not been asked for that since {until}, {PATIENCE} days after it was noticed"
            )
        }
    }
}

/// Remembers what a dataset misses by a release: new gaps are opened, and unless the release is `held`, those that are
/// filled are closed. What is left of a gap is as old as the gap.
pub async fn notice(
    conn: &mut AsyncPgConnection,
    dataset: &DatasetName,
    missing: &[Range],
    held: bool,
) -> DbResult<()> {
    let missing = serde_json::to_value(missing).map_err(|error| DbError::SerializationError(error.into()))?;
    diesel::sql_query(include_str!("gaps/notice.sql"))
        .bind::<Text, _>(dataset.as_str())
        .bind::<Jsonb, Value>(missing)
        .bind::<Bool, _>(!held)
        .execute(conn)
        .await?;
    Ok(())
}

/// The gaps of a dataset that are open, the oldest first.
pub async fn open(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<Gap>> {
    type Row = (jiff_diesel::Timestamp, jiff_diesel::Timestamp, jiff_diesel::Timestamp);
    let open = gaps::table.filter(gaps::dataset.eq(dataset.as_str()).and(gaps::closed_at.is_null()));
    let columns = (gaps::missing_from, gaps::missing_to, gaps::noticed_at);
    let found: Vec<Row> = open.order(gaps::missing_from).select(columns).load(conn).await?;
    let gap = |(from, to, noticed): Row| Gap { from: from.to_jiff(), to: to.to_jiff(), noticed_at: noticed.to_jiff() };
    Ok(found.into_iter().map(gap).collect())
}

/// Whether a dataset has an open gap for which the publisher is still asked.
pub async fn any(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<bool> {
    let now = Timestamp::now();
    Ok(open(conn, dataset).await?.iter().any(|gap| gap.asked_until() > now))
}

/// A value as people write it: a day without its beginning.
fn moment(at: Timestamp) -> String {
    at.to_string().replace("T00:00:00Z", "")
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_says_until_when_it_is_asked_for() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let gap =
            Gap { from: at("2026-03-01T00:00Z"), to: at("2026-03-01T00:00Z"), noticed_at: at("2026-03-05T07:00Z") };
        let asked = "2026-03-01 is missing: the publisher is asked again until 2026-04-04";
        assert_eq!(gap.told(at("2026-04-04T06:59Z")), asked);
        let gap = Gap { to: at("2026-03-01T06:00Z"), ..gap };
        let given_up = "2026-03-01 to 2026-03-01T06:00:00Z are missing: the publisher has not been asked for that since \
                        2026-04-04, 30 days after it was noticed";
        assert_eq!(gap.told(at("2026-04-04T07:00Z")), given_up);
    }
}
