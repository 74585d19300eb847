//! Statements over reflected tables. Names are [`Ident`]s, which only the catalogue makes; values are all in one array
//! of texts, `$1`, and PostgreSQL casts each to its column's type.
//!
//! [`Ident`]: crate::db::catalog::Ident

use std::collections::BTreeMap;

use diesel::{
    result::DatabaseErrorKind,
    sql_types::{Array, Bool, Nullable, Text},
};

use super::shown::Resource;
use crate::db::{
    AsyncPgConnection, DbError, DbResult, RunQueryDsl,
    catalog::{Column, Link, Table},
};

/// How PostgreSQL's messages begin where it could not do its work, whatever the values were.
const UNWELL: [&str; 8] = [
    "canceling statement",
    "terminating connection",
    "deadlock detected",
    "current transaction is aborted",
    "permission denied",
    "out of ",
    "could not ",
    "must be owner",
];

/// Whether the database refused a value, by a cast or a trigger's exception, rather than being unwell or knowing the
/// table otherwise than we do (then it points into the statement). diesel keeps no SQLSTATE, so the message decides.
pub(super) fn refused(error: &DbError) -> bool {
    let DbError::DatabaseError(DatabaseErrorKind::Unknown, info) = error else { return false };
    let unwell = UNWELL.iter().any(|beginning| info.message().starts_with(beginning));
    info.constraint_name().is_some() || (info.statement_position().is_none() && !unwell)
}

/// The values of a statement.
#[derive(Debug, Default, Clone)]
pub(super) struct Binds(Vec<Option<String>>);

impl Binds {
    /// Takes a text in, and says how SQL names it.
    pub(super) fn text(&mut self, value: Option<&str>) -> String {
        self.0.push(value.map(str::to_owned));
        format!("($1::text[])[{}]", self.0.len())
    }

    /// Takes a value of a column in, and says how SQL names it: with the column's type.
    pub(super) fn value(&mut self, value: Option<&str>, column: &Column) -> String {
        format!("{}::{}", self.text(value), column.cast)
    }

    /// Takes a key in, and says which condition picks its row of `t`.
    pub(super) fn key(&mut self, table: &Table, key: &[String]) -> String {
        let parts = table.key_columns().zip(key);
        let parts = parts.map(|(column, value)| format!("t.{} = {}", column.name, self.value(Some(value), column)));
        parts.collect::<Vec<_>>().join(" AND ")
    }

    /// Rows that a statement gives.
    pub(super) async fn load(&self, conn: &mut AsyncPgConnection, sql: &str) -> DbResult<Vec<Raw>> {
        diesel::sql_query(sql).bind::<Array<Nullable<Text>>, _>(&self.0).load(conn).await
    }

    /// How many rows a statement changed.
    pub(super) async fn execute(&self, conn: &mut AsyncPgConnection, sql: &str) -> DbResult<usize> {
        diesel::sql_query(sql).bind::<Array<Nullable<Text>>, _>(&self.0).execute(conn).await
    }

    /// The answers of a statement that selects one array of truths, `answers`.
    pub(super) async fn ask(&self, conn: &mut AsyncPgConnection, sql: &str) -> DbResult<Vec<Option<bool>>> {
        let asked: Vec<Answers> = diesel::sql_query(sql).bind::<Array<Nullable<Text>>, _>(&self.0).load(conn).await?;
        Ok(asked.into_iter().next().map(|row| row.answers).unwrap_or_default())
    }
}

/// A row as SQL gives it: texts as PostgreSQL writes them.
#[derive(diesel::QueryableByName)]
pub(super) struct Raw {
    #[diesel(sql_type = Array<Nullable<Text>>)]
    pub(super) cells: Vec<Option<String>>,
    #[diesel(sql_type = Array<Nullable<Text>>)]
    pub(super) related: Vec<Option<String>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) version: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sort: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Answers {
    #[diesel(sql_type = Array<Nullable<Bool>>)]
    answers: Vec<Option<bool>>,
}

/// A row that staff may see.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// One for each column of the table; those that were not asked for are NULL.
    pub(super) cells: Vec<Option<String>>,
    /// What its links lead to, by their columns.
    pub(super) related: BTreeMap<usize, Related>,
    /// Changes whenever the row does; none where rows cannot be written.
    pub(super) version: Option<String>,
    /// The value by which the list is ordered.
    pub(super) sort: Option<String>,
}

/// The row at the other end of a link.
#[derive(Debug, Clone)]
pub(super) struct Related {
    pub(super) name: String,
    pub(super) href: String,
}

impl Row {
    /// The value of a column.
    pub(super) fn cell(&self, at: usize) -> Option<&str> {
        self.cells.get(at)?.as_deref()
    }

    /// The values of the table's key.
    pub(super) fn key(&self, table: &Table) -> Vec<Option<String>> {
        table.key.iter().map(|at| self.cell(*at).map(str::to_owned)).collect()
    }

    /// What names the row.
    pub(super) fn name(&self, resource: Resource<'_>) -> String {
        resource.look.name(resource.look.label_columns().map(|at| self.cell(at)))
    }
}

/// A SELECT of rows with the names of what they lead to.
pub(super) struct Select<'a> {
    pub(super) resource: Resource<'a>,
    /// Columns that are wanted.
    pub(super) columns: Vec<usize>,
    /// Links whose far ends are wanted.
    pub(super) links: Vec<End<'a>>,
    /// Conditions on `t`, all of which must hold.
    pub(super) conditions: Vec<String>,
    pub(super) order: Order,
    pub(super) limit: usize,
}

/// The far end of a link.
pub(super) struct End<'a> {
    /// The link's column here.
    pub(super) at: usize,
    pub(super) link: &'a Link,
    pub(super) target: Resource<'a>,
}

impl<'a> End<'a> {
    fn of(resource: Resource<'a>, at: usize) -> Option<Self> {
        resource.linked(at).map(|(link, target)| Self { at, link, target })
    }
}

/// The order of rows.
#[derive(Default)]
pub(super) struct Order {
    /// What comes first, over `t` and what `join` brings.
    pub(super) by: Option<String>,
    /// A join that `by` needs.
    pub(super) join: String,
    pub(super) falling: bool,
}

impl<'a> Select<'a> {
    /// Every column of a resource that staff may see, with the names of what it leads to.
    pub(super) fn all(resource: Resource<'a>) -> Self {
        Self::of(resource, resource.columns().map(|seen| seen.at).collect())
    }

    /// These columns, the key, what names a row, and the names of what the columns lead to.
    pub(super) fn of(resource: Resource<'a>, wanted: Vec<usize>) -> Self {
        let links = wanted.iter().filter_map(|at| End::of(resource, *at)).collect();
        let named = resource.look.label_columns().chain(resource.table.key.iter().copied());
        let mut columns: Vec<_> = wanted.into_iter().chain(named).collect();
        columns.sort_unstable();
        columns.dedup();
        Self { resource, columns, links, conditions: Vec::new(), order: Order::default(), limit: 1 }
    }

    /// Runs it.
    pub(super) async fn load(&self, conn: &mut AsyncPgConnection, binds: &Binds) -> DbResult<Vec<Row>> {
        let rows = binds.load(conn, &self.sql()).await?;
        Ok(rows.into_iter().map(|raw| self.row(raw)).collect())
    }

    /// The page is cut first, in a subquery; values become text and names are joined to what is left.
    fn sql(&self) -> String {
        let table = self.resource.table;
        let wanted = |at: usize| self.columns.contains(&at);
        let places = || (0..).zip(&table.columns);
        let cut = places().filter(|(at, _)| wanted(*at)).map(|(at, column)| format!("t.{} AS c{at}, ", column.name));
        let cells = places().map(|(at, _)| if wanted(at) { format!("p.c{at}::text") } else { "NULL".to_owned() });
        let version = if table.writable() { "t.xmin::text" } else { "NULL::text" };
        let conditions = if self.conditions.is_empty() { "true".to_owned() } else { self.conditions.join(" AND ") };
        let (inner, outer) = self.ordering();
        format!(
            "SELECT ARRAY[{cells}]::text[] AS cells, ARRAY[{related}]::text[] AS related, p.version, \
             p.sort::text AS sort FROM (SELECT {cut}{version} AS version, {sort} AS sort FROM {from} AS t {join} \
             WHERE {conditions} {inner} LIMIT {limit}) AS p {joins} {outer}",
            cells = cells.collect::<Vec<_>>().join(", "),
            related = self.related().join(", "),
            cut = cut.collect::<String>(),
            sort = self.order.by.as_deref().unwrap_or("NULL::text"),
            from = table.sql(),
            join = self.order.join,
            limit = self.limit,
            joins = self.joins().join(" "),
        )
    }

    fn ordering(&self) -> (String, String) {
        let Some(by) = &self.order.by else { return (String::new(), String::new()) };
        let (way, nulls) = if self.order.falling { ("DESC", "NULLS FIRST") } else { ("ASC", "NULLS LAST") };
        let table = self.resource.table;
        let inner = table.key_columns().map(|column| format!("t.{} {way}", column.name));
        let outer = table.key.iter().map(|at| format!("p.c{at} {way}"));
        let first = |by: &str| std::iter::once(format!("{by} {way} {nulls}"));
        let list = |parts: Vec<String>| format!("ORDER BY {}", parts.join(", "));
        (list(first(by).chain(inner).collect()), list(first("p.sort").chain(outer).collect()))
    }

    fn joins(&self) -> Vec<String> {
        let join = |(n, End { link, target, .. }): (usize, &End<'_>)| {
            let theirs = link.target.iter().flat_map(|target| &target.columns);
            let pairs =
                theirs.zip(&link.columns).filter_map(|(theirs, own)| Some((target.table.columns.get(*theirs)?, own)));
            let on =
                pairs.map(|(column, own)| format!("j{n}.{} = p.c{own}", column.name)).collect::<Vec<_>>().join(" AND ");
            format!("LEFT JOIN {} AS j{n} ON {on}", target.table.sql())
        };
        self.links.iter().enumerate().map(join).collect()
    }

    fn related(&self) -> Vec<String> {
        let of = |(n, End { target, .. }): (usize, &End<'_>)| {
            let columns = target.table.key.iter().copied().chain(target.look.label_columns());
            let columns = columns.filter_map(|at| target.table.columns.get(at)).collect::<Vec<_>>();
            columns.into_iter().map(move |column| format!("j{n}.{}::text", column.name)).collect::<Vec<_>>()
        };
        self.links.iter().enumerate().flat_map(of).collect()
    }

    fn row(&self, raw: Raw) -> Row {
        let mut values = raw.related.into_iter();
        let mut take = |count: usize| values.by_ref().take(count).collect::<Vec<_>>();
        let related = |End { at, target, .. }: &End<'_>| {
            let (key, label) = (take(target.table.key.len()), take(target.look.label_columns().count()));
            let there = key.iter().chain(&label).any(Option::is_some);
            let name = target.look.name(label.iter().map(Option::as_deref));
            there.then(|| (*at, Related { name, href: target.row_href(&key) }))
        };
        let related = self.links.iter().filter_map(related).collect();
        Row { cells: raw.cells, related, version: raw.version, sort: raw.sort }
    }
}
