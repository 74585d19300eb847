//! Choosing the row that a link leads to: by its name, never by its number.

use super::{
    list,
    shown::Resource,
    sql::{self, Binds, Order, Row, Select},
};
use crate::db::{AsyncPgConnection, DbResult, catalog::Link};

/// Up to so many rows are offered in a plain list; beyond it, they are searched.
pub(super) const FEW: usize = 50;

/// Suggestions to a search.
const SUGGESTED: usize = 12;

/// A row that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Choice {
    /// What the link's column would hold.
    pub(super) value: String,
    /// What names the row.
    pub(super) name: String,
}

/// All rows, if they are few.
pub(super) async fn all(
    conn: &mut AsyncPgConnection,
    link: &Link,
    target: Resource<'_>,
) -> DbResult<Option<Vec<Choice>>> {
    let choices = choices(conn, link, target, Vec::new(), &Binds::default(), FEW + 1).await?;
    Ok((choices.len() <= FEW).then_some(choices))
}

/// Rows that fit a search; the first ones if nothing is sought. True: there are more.
pub(super) async fn search(
    conn: &mut AsyncPgConnection,
    link: &Link,
    target: Resource<'_>,
    words: &str,
) -> DbResult<(Vec<Choice>, bool)> {
    let mut binds = Binds::default();
    let conditions = list::searched(target, words, &mut binds);
    let mut found = choices(conn, link, target, conditions, &binds, SUGGESTED + 1).await?;
    let more = found.len() > SUGGESTED;
    found.truncate(SUGGESTED);
    Ok((found, more))
}

/// The row that a value leads to; none if there is no such row.
pub(super) async fn one(
    conn: &mut AsyncPgConnection,
    link: &Link,
    target: Resource<'_>,
    value: &str,
) -> DbResult<Option<Choice>> {
    let Some(column) = referred(link, target).and_then(|at| target.table.columns.get(at)) else { return Ok(None) };
    let mut binds = Binds::default();
    let condition = format!("t.{} = {}", column.name, binds.value(Some(value), column));
    match choices(conn, link, target, vec![condition], &binds, 1).await {
        Ok(found) => Ok(found.into_iter().next()),
        Err(error) if sql::refused(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn choices(
    conn: &mut AsyncPgConnection,
    link: &Link,
    target: Resource<'_>,
    conditions: Vec<String>,
    binds: &Binds,
    limit: usize,
) -> DbResult<Vec<Choice>> {
    let Some(referred) = referred(link, target) else { return Ok(Vec::new()) };
    let named =
        target.look.label_columns().filter_map(|at| target.table.columns.get(at)).find(|column| column.sortable);
    let mut select = Select::of(target, vec![referred]);
    select.links = Vec::new();
    select.conditions = conditions;
    select.order = Order { by: named.map(|column| format!("t.{}", column.name)), ..Order::default() };
    select.limit = limit;
    let rows = select.load(conn, binds).await?;
    let choice = |row: &Row| Some(Choice { value: row.cell(referred)?.to_owned(), name: row.name(target) });
    Ok(rows.iter().filter_map(choice).collect())
}

/// The target's column that the link's only column holds.
fn referred(link: &Link, target: Resource<'_>) -> Option<usize> {
    let end = link.target.as_ref().filter(|end| end.table == target.table.id)?;
    end.columns.first().copied()
}
