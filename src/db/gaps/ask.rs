//! What is missing asks for itself: a run for each period of a dated source that an open gap lies in.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Text},
};
use diesel_async::AsyncConnection;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use parsers::{ColumnType, Dataset, plan::Dated};
use serde_json::Value;

use super::{Gap, open};
use crate::{
    db::{
        AsyncPgConnection, DbError, DbResult, RunQueryDsl,
        runs::{self, NewRun},
        schema::datasets,
    },
    job::{Job, Trigger},
};

/// Most backfills of a dataset that wait or run at a time. As they end, what is left is asked for.
const MOST: i64 = 31;

/// Who asks, as the run says it.
const WHO: &str = "the calendar";

/// Asks for the periods that a dataset misses, the oldest first, and returns them. A period is asked for once a day, not
/// while it waits or runs, not once its publisher has said that it is gone for good, and not for longer than
/// [`PATIENCE`](super::PATIENCE). A dataset that is paused, that reads another's files, or whose URL
/// has no date, asks for nothing.
pub async fn ask(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<Timestamp>> {
    let (Some(dated), Some(_)) = (&dataset.source.dated, &dataset.expect.calendar) else { return Ok(Vec::new()) };
    if dataset.source.same_as.is_some() {
        return Ok(Vec::new());
    }
    conn.transaction(async |conn| {
        let row = datasets::table.find(dataset.name.as_str()).filter(datasets::paused_at.is_null());
        // Whoever else would ask waits here.
        let locked = row.select(datasets::name).for_no_key_update();
        if locked.first::<String>(conn).await.optional()?.is_none() {
            return Ok(Vec::new());
        }
        let now = Timestamp::now();
        let mut gaps = open(conn, &dataset.name).await?;
        gaps.retain(|gap| gap.asked_until() > now);
        let job = Job::Ingest(dataset.name.clone());
        let askable = askable(conn, &job, periods(dataset, dated, &gaps, now)).await?;
        for period in &askable {
            runs::enqueue(conn, &NewRun::asked(job.clone(), Trigger::Backfill(*period), WHO)).await?;
        }
        Ok(askable)
    })
    .await
}

/// The periods that gaps lie in and that have come, each once. What lies beyond the calendar lies in none.
fn periods(dataset: &Dataset, dated: &Dated, gaps: &[Gap], now: Timestamp) -> Vec<Timestamp> {
    let Ok(newest) = dated.newest(now) else { return Vec::new() };
    let mut periods: Vec<_> =
        gaps.iter().filter_map(|gap| within(dataset, dated, gap).ok()).flatten().filter(|at| *at <= newest).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}

/// A day is one of the dataset's own clock; a moment is the same everywhere.
fn within(dataset: &Dataset, dated: &Dated, gap: &Gap) -> Result<Vec<Timestamp>, parsers::plan::PlanError> {
    let Some(calendar) = &dataset.expect.calendar else { return Ok(Vec::new()) };
    let column = dataset.schema.columns.iter().find(|column| column.name == calendar.column);
    if column.is_some_and(|column| column.kind == ColumnType::Date) {
        let day = |at: Timestamp| -> DateTime { at.to_zoned(TimeZone::UTC).datetime() };
        let last = day(gap.to).date().at(23, 59, 59, 0);
        return dated.periods(day(gap.from), last);
    }
    dated.covering(gap.from, gap.to)
}

async fn askable(conn: &mut AsyncPgConnection, job: &Job, periods: Vec<Timestamp>) -> DbResult<Vec<Timestamp>> {
    #[derive(QueryableByName)]
    struct Place {
        #[diesel(sql_type = BigInt)]
        nth: i64,
    }
    let triggers = periods.iter().map(|period| serde_json::to_value(Trigger::Backfill(*period)));
    let triggers: Vec<Value> =
        triggers.collect::<Result<_, _>>().map_err(|error| DbError::SerializationError(error.into()))?;
    let places: Vec<Place> = diesel::sql_query(include_str!("ask.sql"))
        .bind::<Text, _>(job.to_string())
        .bind::<Array<Jsonb>, _>(triggers)
        .bind::<BigInt, _>(MOST)
        .load(conn)
        .await?;
    let places = places.into_iter().filter_map(|place| usize::try_from(place.nth).ok()?.checked_sub(1));
    Ok(places.filter_map(|at| periods.get(at).copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dataset with a file each of these periods, by Madrid's clock, whose calendar is about a column of this type.
    fn dataset(period: &str, kind: &str) -> Dataset {
        let text = format!(
            "title = \"t\"\ndescription = \"d\"\nlicence = \"l\"\nmode = \"upsert\"\nkey = [\"at\"]\n\
             publisher = {{ name = \"p\", page = \"https://example.org\" }}\n\
             source = {{ url = \"https://example.org/{{date:%FT%H%z}}\", period = \"{period}\" }}\n\
             format = {{ kind = \"csv\" }}\ntime = {{ zone = \"Europe/Madrid\" }}\n\
             expect = {{ min_rows = 0, max_rejected = 0, calendar = {{ column = \"at\", every = \"1 day\" }} }}\n\
             [columns]\nat = {{ from = \"at\", type = \"{kind}\", comment = \"c\" }}\n"
        );
        Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap()
    }

    fn asked(dataset: &Dataset, gaps: &[(&str, &str)], now: &str) -> Vec<String> {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let gap = |(from, to): &(&str, &str)| Gap { from: at(from), to: at(to), noticed_at: at("2026-03-01T00:00Z") };
        let dated = dataset.source.dated.as_ref().unwrap();
        let gaps: Vec<_> = gaps.iter().map(gap).collect();
        periods(dataset, dated, &gaps, at(now)).into_iter().map(|period| dated.told(period)).collect()
    }

    #[test]
    fn a_missing_day_is_one_of_the_publishers_own_clock() {
        let gap = [("2026-01-05T00:00Z", "2026-01-06T00:00Z"), ("2026-01-06T00:00Z", "2026-01-06T00:00Z")];
        let daily = dataset("day", "date");
        assert_eq!(asked(&daily, &gap, "2026-02-01T00:00Z"), ["2026-01-05", "2026-01-06"]);
        assert_eq!(asked(&daily, &gap, "2026-01-05T22:59Z"), ["2026-01-05"], "no period is asked for before it comes");
        assert_eq!(asked(&dataset("month", "date"), &gap, "2026-02-01T00:00Z"), ["2026-01"]);
        let hours = asked(&dataset("hour", "date"), &gap, "2026-02-01T00:00Z");
        assert_eq!((hours.len(), hours[47].as_str()), (48, "2026-01-06 23:00+01:00"));
    }

    #[test]
    fn a_missing_moment_lies_in_one_period() {
        let gap = [("2026-01-05T23:30Z", "2026-01-05T23:30Z")];
        assert_eq!(asked(&dataset("day", "timestamp"), &gap, "2026-02-01T00:00Z"), ["2026-01-06"]);
        assert_eq!(asked(&dataset("hour", "timestamp"), &gap, "2026-02-01T00:00Z"), ["2026-01-06 00:00+01:00"]);
    }
}
