//! `newest`: the newest date or moment moves forward, and not into the future.

use diesel::sql_types::{Nullable, Text};
use parsers::dataset::{Expectations, Newest};
use serde::Deserialize;

use super::{Finding, found, look::Answer};
use crate::db::{AsyncPgConnection, DbResult, RunQueryDsl, ident::quote};

#[derive(Deserialize)]
struct Found {
    newest: Option<String>,
    before: Option<String>,
    behind: Option<bool>,
    ahead: Option<bool>,
}

pub(super) async fn look(
    conn: &mut AsyncPgConnection,
    expect: &Expectations,
    newest: &Newest,
) -> DbResult<Option<Finding>> {
    let question = include_str!("newest.sql").replace("{column}", &quote(&newest.column));
    let answer: Answer = diesel::sql_query(question)
        .bind::<Text, _>(&newest.max_step_back)
        .bind::<Nullable<Text>, _>(newest.ahead.as_deref())
        .get_result(conn)
        .await?;
    let message = told(&newest.column, answer.read()?);
    Ok(message.map(|message| found(expect, "newest", "newest", message)))
}

fn told(column: &str, found: Found) -> Option<String> {
    let Found { newest, before, behind, ahead } = found;
    let name = "(expect.newest)";
    match (newest, before) {
        (None, Some(before)) => {
            Some(format!("no row has a value in `{column}`, whose newest was {before} until now {name}"))
        }
        (Some(newest), Some(before)) if behind == Some(true) => {
            Some(format!("the newest `{column}` goes back from {before} to {newest}: is this an older file? {name}"))
        }
        (Some(newest), _) if ahead == Some(true) => {
            Some(format!("the newest `{column}`, {newest}, lies further ahead of the clock than it may {name}"))
        }
        _ => None,
    }
}
