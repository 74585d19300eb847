//! `calendar`: dates or moments that must be there, one after the other. What is missing is a gap, never a zero.

use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use parsers::{ColumnType, Dataset, dataset::Calendar};
use serde::Deserialize;

use super::{
    Finding, found,
    look::{Answer, there},
};
use crate::{
    db::{
        AsyncPgConnection, DbResult, Pool, RunQueryDsl,
        gaps::{self, PATIENCE, Range},
        ident::{qualified, quote},
    },
    job::Failure,
};

/// Ranges that a message shows.
const SHOWN: usize = 10;
/// Steps of the longest calendar: with more, one of its ends is not what somebody meant.
const LONGEST: i64 = 5_000_000;

/// What calendar.sql answers.
#[derive(Deserialize)]
struct Looked {
    oldest: Option<String>,
    newest: Option<String>,
    too_long: bool,
    gaps: Vec<Range>,
}

/// The finding, and all ranges that are missing; no ranges if it could not be asked.
pub(super) async fn look(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    calendar: &Calendar,
) -> DbResult<(Option<Finding>, Option<Vec<Range>>)> {
    let expect = &dataset.expect;
    let exceptions = calendar.exceptions.as_ref().map(|(name, column)| (qualified("data", name.as_str()), column));
    if let Some((table, _)) = &exceptions
        && !there(conn, table).await?
    {
        let message = format!("the calendar's exceptions cannot be read: {table} does not exist yet (expect.calendar)");
        return Ok((Some(found(expect, "calendar", "calendar", message)), None));
    }
    let answer: Answer = diesel::sql_query(question(dataset, calendar, exceptions))
        .bind::<Nullable<Text>, _>(calendar.from.as_deref())
        .bind::<Text, _>(&calendar.every)
        .bind::<Bool, _>(calendar.business_days)
        .bind::<BigInt, _>(LONGEST)
        .get_result(conn)
        .await?;
    let Looked { oldest, newest, too_long, gaps } = answer.read()?;
    if too_long {
        let (oldest, newest) = (oldest.unwrap_or_default(), newest.unwrap_or_default());
        let message = format!(
            "`{}` goes from {oldest} to {newest}, which is more than {LONGEST} steps of the calendar: one of the two \
             must be wrong, and nothing was looked for (expect.calendar)",
            calendar.column
        );
        return Ok((Some(found(expect, "calendar", "calendar", message)), None));
    }
    let finding = (!gaps.is_empty()).then(|| found(expect, "calendar", "gaps", told(dataset, &calendar.column, &gaps)));
    Ok((finding, Some(gaps)))
}

/// Whether the calendar misses something: then the whole file is asked for, for it may be there by now.
pub(in crate::ingest) async fn misses(pool: &Pool, dataset: &Dataset) -> Result<bool, Failure> {
    if dataset.expect.calendar.is_none() {
        return Ok(false);
    }
    Ok(gaps::any(&mut *pool.get().await?, &dataset.name).await?)
}

fn question(dataset: &Dataset, calendar: &Calendar, exceptions: Option<(String, &String)>) -> String {
    let kind = dataset.schema.columns.iter().find(|column| column.name == calendar.column).map(|column| column.kind);
    let (kind, series) = match kind {
        Some(ColumnType::Date) => ("date", "timestamp"),
        _ => ("timestamptz", "timestamptz"),
    };
    let exceptions = exceptions.map_or_else(
        || "false".to_owned(),
        |(table, column)| format!("EXISTS (SELECT FROM {table} e WHERE e.{}::{kind} = _moment::{kind})", quote(column)),
    );
    include_str!("calendar.sql")
        .replace("{column}", &quote(&calendar.column))
        .replace("{kind}", kind)
        .replace("{series}", series)
        .replace("{exceptions}", &exceptions)
}

fn told(dataset: &Dataset, column: &str, gaps: &[Range]) -> String {
    let missing: u64 = gaps.iter().map(|gap| gap.values).sum();
    let shown = gaps.iter().take(SHOWN).map(|Range { from, to, values }| match values {
        1 => from.clone(),
        values => format!("{from} to {to} ({values})"),
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = gaps.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(", and {more} more gaps") } else { String::new() };
    let again = if dataset.source.dated.is_some() {
        format!("their periods are fetched again by themselves, once a day for {PATIENCE} days")
    } else {
        format!("for {PATIENCE} days, each slot asks the publisher for the whole file again")
    };
    format!(
        "{missing} values of `{column}` are missing: {shown}{more}. Nothing stands in their place; {again} (expect.calendar)"
    )
}
