//! The write itself: one row, its audit entry, one transaction.

use diesel_async::AsyncConnection;
use serde_json::{Map, Value};

use super::{
    complaint::Complaint,
    input::{Change, New},
    shown::Resource,
    sql::{self, Binds, Row, Select},
};
use crate::db::{
    AsyncPgConnection, DbError, DbResult, audit,
    catalog::{Column, Table},
};

/// What the audit says in place of a sensitive value.
const HIDDEN: &str = "hidden";

/// What a save came to.
#[derive(Debug)]
pub(super) enum Saved {
    /// The row stands under this key.
    Done(Vec<Option<String>>),
    /// Somebody changed or removed the row since the form was shown.
    Overtaken,
    /// The database refused the row.
    Refused(Complaint),
}

/// The row of that key, as it is now.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    key: &[String],
) -> DbResult<Option<Row>> {
    let mut binds = Binds::default();
    let mut select = Select::all(resource);
    select.conditions = vec![binds.key(resource.table, key)];
    match select.load(conn, &binds).await {
        Ok(rows) => Ok(rows.into_iter().next()),
        // A key that its columns cannot have is the key of no row.
        Err(error) if sql::refused(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Adds a row. Columns without a change get their defaults.
pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    changes: &[Change],
    entry: audit::Entry<'_>,
) -> DbResult<Saved> {
    let done = conn.transaction::<_, DbError, _>(async |conn| {
        let key = insert_row(conn, resource.table, changes).await?;
        let row = load(conn, resource, &key).await?.ok_or(DbError::NotFound)?;
        let after = (0..row.cells.len()).filter(|at| row.cell(*at).is_some());
        let after = recorded(resource, after, |at| row.cell(at));
        let row_key = Some(row_key(resource.table, &row));
        audit::record(conn, audit::Entry { row_key, after: Some(after), ..entry }).await?;
        Ok(Saved::Done(row.key(resource.table)))
    });
    refused(resource, changes, done.await)
}

async fn insert_row(conn: &mut AsyncPgConnection, table: &Table, changes: &[Change]) -> DbResult<Vec<String>> {
    let mut binds = Binds::default();
    let given = changes.iter().filter_map(|change| Some((table.columns.get(change.at)?, change)));
    let (names, values): (Vec<_>, Vec<_>) =
        given.map(|(column, change)| (column.name.to_string(), value(&mut binds, change, column))).unzip();
    let what = if names.is_empty() {
        "DEFAULT VALUES".to_owned()
    } else {
        format!("({}) VALUES ({})", names.join(", "), values.join(", "))
    };
    let key = table.key_columns().map(|column| format!("t.{}::text", column.name)).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "INSERT INTO {} AS t {what} RETURNING ARRAY[{key}] AS cells, '{{}}'::text[] AS related, NULL::text AS version, \
         NULL::text AS sort",
        table.sql()
    );
    let row = binds.load(conn, &sql).await?.into_iter().next().ok_or(DbError::NotFound)?;
    Ok(row.cells.into_iter().flatten().collect())
}

fn value(binds: &mut Binds, change: &Change, column: &Column) -> String {
    match &change.value {
        New::Default => "DEFAULT".to_owned(),
        New::Text(_) | New::Null => binds.value(change.text(), column),
    }
}

/// Changes a row, if it is still the one that the form was filled from.
pub(super) async fn update(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    row: &Row,
    changes: &[Change],
    entry: audit::Entry<'_>,
) -> DbResult<Saved> {
    let table = resource.table;
    let done = conn.transaction::<_, DbError, _>(async |conn| {
        match update_row(conn, table, row, changes).await? {
            0 => return Ok(Saved::Overtaken),
            1 => {}
            // What names the row names others too: nothing is changed.
            _ => return Err(DbError::RollbackTransaction),
        }
        let places = || changes.iter().map(|change| change.at);
        let now = load(conn, resource, &new_key(table, row, changes)).await?.ok_or(DbError::NotFound)?;
        let before = Some(recorded(resource, places(), |at| row.cell(at)));
        let after = Some(recorded(resource, places(), |at| now.cell(at)));
        let row_key = Some(row_key(table, &now));
        audit::record(conn, audit::Entry { row_key, before, after, ..entry }).await?;
        Ok(Saved::Done(now.key(table)))
    });
    refused(resource, changes, done.await)
}

/// How many rows were changed: none if the row of that key and version is not there any more.
async fn update_row(conn: &mut AsyncPgConnection, table: &Table, row: &Row, changes: &[Change]) -> DbResult<usize> {
    let mut binds = Binds::default();
    let given = changes.iter().filter_map(|change| Some((table.columns.get(change.at)?, change)));
    let set = given
        .map(|(column, change)| format!("{} = {}", column.name, value(&mut binds, change, column)))
        .collect::<Vec<_>>()
        .join(", ");
    let key = row.key(table).into_iter().flatten().collect::<Vec<_>>();
    let this = binds.key(table, &key);
    let version = binds.text(row.version.as_deref());
    let sql = format!("UPDATE {} AS t SET {set} WHERE {this} AND t.xmin::text = {version}", table.sql());
    binds.execute(conn, &sql).await
}

fn new_key(table: &Table, row: &Row, changes: &[Change]) -> Vec<String> {
    let part = |at: &usize| {
        let change = changes.iter().find(|change| change.at == *at).and_then(Change::text);
        change.or_else(|| row.cell(*at)).unwrap_or_default().to_owned()
    };
    table.key.iter().map(part).collect()
}

/// A refusal by the database is an answer; any other failure is a failure.
fn refused(resource: Resource<'_>, changes: &[Change], done: DbResult<Saved>) -> DbResult<Saved> {
    done.or_else(|error| Complaint::of_error(resource, &error, changes).map(Saved::Refused).ok_or(error))
}

/// Values for the audit: texts as PostgreSQL writes them, sensitive ones hidden, columns that are not shown left out.
fn recorded<'v>(
    resource: Resource<'_>,
    places: impl Iterator<Item = usize>,
    value: impl Fn(usize) -> Option<&'v str>,
) -> Value {
    let entry = |at: usize| {
        let seen = resource.seen(at)?;
        let shown = if seen.look.sensitive { value(at).map(|_| HIDDEN) } else { value(at) };
        Some((seen.column.name.as_str().to_owned(), shown.map_or(Value::Null, Value::from)))
    };
    Value::Object(places.filter_map(entry).collect::<Map<_, _>>())
}

/// A row's key as the audit has it.
pub(super) fn row_key(table: &Table, row: &Row) -> Value {
    let part = |at: &usize| {
        let name = table.columns.get(*at)?.name.as_str();
        Some((name.to_owned(), row.cell(*at).map_or(Value::Null, Value::from)))
    };
    Value::Object(table.key.iter().filter_map(part).collect::<Map<_, _>>())
}
