//! The history's table and the function that reads it, brought to the dataset's definition beside its table.

use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Array, Text},
};
use parsers::{Column, Dataset};

use super::{
    TableError, all, columns_of,
    plan::{self, Existing, OWN},
};
use crate::{
    db::{
        AsyncPgConnection, RunQueryDsl, dataset_rows,
        ident::{list, literal, qualified, quote},
    },
    ingest::{
        history::{self, Cause},
        statement::Names,
    },
    job::ReleaseId,
};

/// Columns that a version has beside those of its row, with their comments.
const VERSION: [(&str, &str, &str); 4] = [
    ("_from", "timestamptz NOT NULL", "Since when this was said: when its release was published here"),
    ("_to", "timestamptz", "Until when it was said; empty while it still is. Without a successor: taken back"),
    ("_until_release", "bigint", "The release that ended it"),
    (
        "_cause",
        "text NOT NULL",
        "Why it began: the publisher published it; the definition or parser changed, and the same bytes read otherwise; \
         or a gap, in which no history was written, was closed",
    ),
];

/// Brings the history about, or lays it to rest: then its table stays as it is. Under the lock of the dataset's row.
pub(super) async fn bring_about(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    published: Option<ReleaseId>,
) -> Result<Option<String>, TableError> {
    let since = dataset_rows::history_since(conn, &dataset.name).await?;
    if !dataset.history {
        if since.is_some() {
            dataset_rows::keep_history(conn, &dataset.name, false).await?;
            return Ok(Some(format!("data.{0}_history is no longer written; what it holds stays", dataset.name)));
        }
        return Ok(None);
    }
    let existing = columns_of(conn, &format!("{}_history", dataset.name)).await?;
    let (made, statements) = match &existing {
        None => (true, create(dataset)),
        Some(existing) => (false, change(dataset, existing)?),
    };
    all(conn, dataset, &statements).await?;
    offer_as_of(conn, dataset).await?;
    if made || since.is_none() {
        begin(conn, dataset, published, made).await?;
    }
    Ok(None)
}

/// A new history begins with the table as it is; one that rested goes on with what differs now.
async fn begin(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    published: Option<ReleaseId>,
    made: bool,
) -> Result<(), TableError> {
    let names = Names::without_stage(dataset);
    match published {
        Some(release) if made => history::fill(conn, &names, release).await?,
        Some(release) => history::catch_up(conn, &names, release).await?,
        None => (),
    }
    dataset_rows::keep_history(conn, &dataset.name, true).await?;
    Ok(())
}

fn create(dataset: &Dataset) -> Vec<String> {
    let table = table(dataset);
    let declared = dataset.schema.columns.iter().map(|column| defined(column, &column.kind.sql()));
    let own = OWN.iter().map(|(name, kind, _)| format!("{} {kind} NOT NULL", quote(name)));
    let version = VERSION.iter().map(|(name, kind, _)| format!("{} {kind}", quote(name)));
    let causes: Vec<String> = Cause::ALL.iter().map(|cause| literal(cause.as_str())).collect();
    let mut lines: Vec<String> = declared.chain(own).chain(version).collect();
    // PostgreSQL finds the names: those of a history that was moved away stay taken.
    lines.push("CHECK (_to > _from)".to_owned());
    lines.push("CHECK ((_to IS NULL) = (_until_release IS NULL))".to_owned());
    lines.push(format!("CHECK (_cause IN ({}))", causes.join(", ")));
    let mut indexes = vec![format!("CREATE INDEX ON {table} (_from)")];
    if !dataset.schema.key.is_empty() {
        let key = list(key(dataset));
        lines.push(format!("PRIMARY KEY ({key}, _from)"));
        indexes.push(format!("CREATE UNIQUE INDEX ON {table} ({key}) WHERE _to IS NULL"));
    }
    let mut statements = vec![format!("CREATE TABLE {table} (\n    {}\n)", lines.join(",\n    "))];
    statements.extend(indexes);
    statements.extend(comments(dataset));
    statements
}

fn defined(column: &Column, kind: &str) -> String {
    format!("{} {kind}", quote(&column.name))
}

/// New columns and wider types. A column that the definition does not name any more stays: the past had it.
fn change(dataset: &Dataset, existing: &Existing) -> Result<Vec<String>, TableError> {
    let stuck = |reason: String| TableError::Stuck { table: format!("{}_history", dataset.name), reason };
    let away = format!("move it away (ALTER TABLE data.{0}_history RENAME TO …): a new one begins", dataset.name);
    let with_time = key(dataset).chain((!dataset.schema.key.is_empty()).then_some("_from"));
    if existing.key.iter().map(String::as_str).ne(with_time) {
        return Err(stuck(format!("its versions have another key than the dataset: {away}")));
    }
    let mut changes = Vec::new();
    for column in &dataset.schema.columns {
        let kind = column.kind.sql();
        match existing.columns.iter().find(|old| old.name == column.name) {
            None => changes.push(format!("ADD COLUMN {}", defined(column, &kind))),
            Some(old) if old.kind == plan::spelled(column.kind) => (),
            Some(old) if plan::widens(&old.kind, column.kind) => {
                changes.push(format!("ALTER COLUMN {} TYPE {kind}", quote(&column.name)));
            }
            Some(old) => {
                return Err(stuck(format!("column {} was {} and is now {kind}: {away}", column.name, old.kind)));
            }
        }
    }
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let mut statements = vec![format!("ALTER TABLE {} {}", table(dataset), changes.join(", "))];
    statements.extend(comments(dataset));
    Ok(statements)
}

fn comments(dataset: &Dataset) -> Vec<String> {
    let table = table(dataset);
    let whole = format!("Every version of every row of data.{}: who said what, from when until when", dataset.name);
    let declared = dataset.schema.columns.iter().map(|column| (column.name.as_str(), column.comment.as_str()));
    let own = OWN.iter().chain(&VERSION).map(|(name, _, comment)| (*name, *comment));
    let of_column = |(name, text)| format!("COMMENT ON COLUMN {table}.{} IS {}", quote(name), literal(text));
    let mut comments = vec![format!("COMMENT ON TABLE {table} IS {}", literal(&whole))];
    comments.extend(declared.chain(own).map(of_column));
    comments
}

#[derive(QueryableByName, PartialEq, Eq)]
struct Function {
    #[diesel(sql_type = Array<Text>)]
    names: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    kinds: Vec<String>,
    #[diesel(sql_type = Text)]
    body: String,
}

/// The function `data.<name>_as_of(t)`. One whose columns are others is dropped for the new one: what was built on it
/// by others refuses that, and says so.
async fn offer_as_of(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<(), TableError> {
    let wanted = as_of(dataset);
    let found: Option<Function> = diesel::sql_query(include_str!("history/function.sql"))
        .bind::<Text, _>(format!("{}_as_of", dataset.name))
        .get_result(conn)
        .await
        .optional()?;
    if found.as_ref() == Some(&wanted) {
        return Ok(());
    }
    let name = qualified("data", &format!("{}_as_of", dataset.name));
    let pairs = wanted.names.iter().zip(&wanted.kinds).skip(1);
    let columns: Vec<String> = pairs.map(|(name, kind)| format!("{} {kind}", quote(name))).collect();
    let comment = format!("data.{} as it was published at a moment; empty before its history begins", dataset.name);
    let statements = [
        format!("DROP FUNCTION IF EXISTS {name}(timestamptz)"),
        format!(
            "CREATE FUNCTION {name}(_at timestamptz) RETURNS TABLE ({})\nLANGUAGE sql STABLE PARALLEL SAFE AS {}",
            columns.join(", "),
            literal(&wanted.body)
        ),
        format!("COMMENT ON FUNCTION {name}(timestamptz) IS {}", literal(&comment)),
    ];
    all(conn, dataset, &statements).await
}

fn as_of(dataset: &Dataset) -> Function {
    let declared = dataset.schema.columns.iter();
    let plain = |kind: String| kind.split('(').next().unwrap_or_default().to_owned();
    let columns = declared.map(|column| (column.name.clone(), plain(plan::spelled(column.kind))));
    let own = OWN.iter().map(|(name, kind, _)| ((*name).to_owned(), (*kind).to_owned()));
    let columns: Vec<(String, String)> = columns.chain(own).collect();
    let shown: Vec<String> = columns.iter().map(|(name, _)| format!("h.{}", quote(name))).collect();
    let body = format!(
        "SELECT {}\nFROM {} h\nWHERE h._from <= $1 AND (h._to IS NULL OR h._to > $1)",
        shown.join(", "),
        table(dataset)
    );
    let at = ("_at".to_owned(), "timestamp with time zone".to_owned());
    let (names, kinds) = std::iter::once(at).chain(columns).unzip();
    Function { names, kinds, body }
}

fn table(dataset: &Dataset) -> String {
    qualified("data", &format!("{}_history", dataset.name))
}

fn key(dataset: &Dataset) -> impl Iterator<Item = &str> {
    dataset.schema.key_columns().map(|column| column.name.as_str())
}
