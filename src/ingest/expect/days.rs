//! `intervals_per_day`: a day has as many intervals as its clock gives it, on the days on which clocks change, too.

use diesel::sql_types::{BigInt, Bool};
use parsers::{ColumnType, Dataset, dataset::IntervalsPerDay, schema::Clock};
use serde::Deserialize;
use serde_json::Value;

use super::{Finding, found, look::Answer};
use crate::db::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    ident::{literal, quote},
};

/// What days.sql answers.
#[derive(Deserialize)]
struct Looked {
    all: usize,
    first: Vec<Day>,
}

#[derive(Deserialize)]
struct Day {
    #[serde(rename = "day")]
    date: String,
    place: Vec<Value>,
    found: i64,
    due: i64,
}

pub(super) async fn look(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    days: &IntervalsPerDay,
) -> DbResult<Option<Finding>> {
    let Some(clock) = &dataset.schema.clock else { return Ok(None) };
    let answer: Answer = diesel::sql_query(question(dataset, days, clock))
        .bind::<BigInt, _>(days.seconds)
        .bind::<Bool, _>(days.open_ends)
        .get_result(conn)
        .await?;
    let looked: Looked = answer.read()?;
    let message = (looked.all > 0).then(|| told(days, &looked));
    Ok(message.map(|message| found(&dataset.expect, "intervals_per_day", "intervals_per_day", message)))
}

fn question(dataset: &Dataset, days: &IntervalsPerDay, clock: &Clock) -> String {
    let column = quote(&days.column);
    let kind = dataset.schema.columns.iter().find(|column| column.name == days.column).map(|column| column.kind);
    let start = if kind == Some(ColumnType::Range) { format!("lower({column})") } else { column };
    let per: Vec<_> = days.per.iter().map(|column| quote(column)).collect();
    include_str!("days.sql")
        .replace("{start}", &start)
        .replace("{per}", &per.join(", "))
        .replace("{zone}", &zone(clock))
}

/// A clock as PostgreSQL knows it.
fn zone(clock: &Clock) -> String {
    match (clock.zone.iana_name(), clock.zone.to_fixed_offset()) {
        (None, Ok(offset)) => format!("INTERVAL '{} seconds'", offset.seconds()),
        (name, _) => literal(name.unwrap_or("UTC")),
    }
}

fn told(days: &IntervalsPerDay, looked: &Looked) -> String {
    let shown = looked.first.iter().map(|Day { date, place, found, due }| {
        let place: Vec<_> =
            place.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect();
        let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
        format!("{date}{place} has {found} of {due}")
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    let more = looked.all - looked.first.len();
    let more = if more > 0 { format!("; and {more} days more") } else { String::new() };
    let column = &days.column;
    format!(
        "days have more or fewer intervals of `{column}` than they are long: {shown}{more} (expect.intervals_per_day)"
    )
}
