//! What a held release would change: its stage against the table that is published.

use diesel::{
    QueryableByName,
    sql_types::{Jsonb, Nullable},
};
use parsers::Dataset;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    ident::{list, qualified, quote},
    releases::{ReleaseRow, State},
};

mod caution;

pub use caution::Caution;

/// What a release would do to its table: counts for each column, and a few rows of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is not any more, if what it was made against has moved or if it is gone.
    pub caution: Option<Caution>,
    /// How many rows change in each column; only those in which any does, most changed first.
    pub columns: Vec<Column>,
    /// Rows that change.
    pub changed: Vec<Changed>,
    /// Rows that are new: name and value of each column that has one.
    pub inserted: Vec<Vec<Cell>>,
    /// Rows that go.
    pub removed: Vec<Vec<Cell>>,
}

/// A column in which rows change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// In how many rows.
    pub rows: u64,
}

/// A row that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its key's values, with commas between them.
    pub key: String,
    /// The values that change.
    pub cells: Vec<Change>,
}

/// A value that changes; none stands for no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In which column.
    pub column: String,
    /// As published.
    pub old: Option<String>,
    /// As the release says.
    pub new: Option<String>,
}

/// A value and its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// In which column.
    pub column: String,
    /// What stands there.
    pub value: String,
}

/// What a held release would change, with at most twenty rows of each kind; none if nobody has to decide about it, or if
/// it could not be read.
pub async fn of_held(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    release: &ReleaseRow,
) -> DbResult<Option<Difference>> {
    let (Some(stage), State::Held) = (&release.stage, release.state) else { return Ok(None) };
    let caution = caution::about(conn, dataset, release, stage).await?;
    if caution.as_ref().is_some_and(|caution| !caution.leaves_rows()) {
        return Ok(Some(Difference { caution, ..Difference::default() }));
    }
    let difference = of_stage(conn, dataset, stage).await?;
    Ok(Some(Difference { caution, ..difference }))
}

/// The difference that lies in a settled stage, with at most twenty rows of each kind.
pub async fn of_stage(conn: &mut AsyncPgConnection, dataset: &Dataset, stage: &str) -> DbResult<Difference> {
    let (table, stage) = (qualified("data", dataset.name.as_str()), qualified("stage", stage));
    let names = Names::new(dataset, table, stage);
    let keyed = !dataset.schema.key.is_empty();
    let (inserted, removed) = if keyed {
        (include_str!("difference/inserted.sql"), include_str!("difference/removed.sql"))
    } else {
        (include_str!("difference/come.sql"), include_str!("difference/gone.sql"))
    };
    let mut difference = Difference {
        inserted: ask(conn, &names, inserted).await?.iter().map(|row| cells(dataset, row)).collect(),
        removed: ask(conn, &names, removed).await?.iter().map(|row| cells(dataset, row)).collect(),
        ..Difference::default()
    };
    if keyed {
        let counts = ask(conn, &names, include_str!("difference/columns.sql")).await?;
        if let [counts] = counts.as_slice() {
            difference.columns = columns(dataset, counts);
        }
        let rows = ask(conn, &names, include_str!("difference/changed.sql")).await?;
        // Where the table has moved, some of them may stand there by now.
        difference.changed =
            rows.iter().map(|row| changed(dataset, row)).filter(|changed| !changed.cells.is_empty()).collect();
    }
    Ok(difference)
}

/// The names of a dataset as they stand in the statements.
struct Names(Vec<(&'static str, String)>);

impl Names {
    fn new(dataset: &Dataset, table: String, stage: String) -> Self {
        let columns = || dataset.schema.columns.iter().map(|column| column.name.as_str());
        let of = |alias: &str| columns().map(|name| format!("{alias}.{}", quote(name))).collect::<Vec<_>>().join(", ");
        let same = dataset.schema.key_columns().map(|column| quote(&column.name));
        let count = |name: &str| {
            let name = quote(name);
            format!("count(*) FILTER (WHERE t.{name} IS DISTINCT FROM s.{name}) AS {name}")
        };
        Self(vec![
            ("{table}", table),
            ("{stage}", stage),
            ("{columns}", list(columns())),
            ("{s_columns}", of("s")),
            ("{t_columns}", of("t")),
            ("{same_key}", same.map(|name| format!("t.{name} = s.{name}")).collect::<Vec<_>>().join(" AND ")),
            ("{counts}", columns().map(count).collect::<Vec<_>>().join(",\n")),
        ])
    }
}

/// The rows of a question, each as one JSON object.
async fn ask(conn: &mut AsyncPgConnection, names: &Names, template: &str) -> DbResult<Vec<Map<String, Value>>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Nullable<Jsonb>)]
        row: Option<Value>,
    }
    let sql = names.0.iter().fold(template.to_owned(), |sql, (place, text)| sql.replace(place, text));
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn).await?;
    let object = |row: Row| match row.row {
        Some(Value::Object(row)) => row,
        _ => Map::new(),
    };
    Ok(rows.into_iter().map(object).collect())
}

fn columns(dataset: &Dataset, counts: &Map<String, Value>) -> Vec<Column> {
    let rows = |name: &str| counts.get(name).and_then(Value::as_u64).unwrap_or_default();
    let all =
        dataset.schema.columns.iter().map(|column| Column { name: column.name.clone(), rows: rows(&column.name) });
    let mut columns: Vec<_> = all.filter(|column| column.rows > 0).collect();
    columns.sort_by_key(|column| std::cmp::Reverse(column.rows));
    columns
}

fn changed(dataset: &Dataset, row: &Map<String, Value>) -> Changed {
    let side = |side: &str, name: &str| row.get(side).and_then(|values| values.get(name)).and_then(shown);
    let key = dataset.schema.key_columns().filter_map(|column| side("new", &column.name));
    let cells = dataset.schema.columns.iter().filter_map(|column| {
        let (old, new) = (side("old", &column.name), side("new", &column.name));
        (old != new).then(|| Change { column: column.name.clone(), old, new })
    });
    Changed { key: key.collect::<Vec<_>>().join(", "), cells: cells.collect() }
}

fn cells(dataset: &Dataset, row: &Map<String, Value>) -> Vec<Cell> {
    let cell = |name: &String| Some(Cell { column: name.clone(), value: row.get(name).and_then(shown)? });
    dataset.schema.columns.iter().filter_map(|column| cell(&column.name)).collect()
}

/// A value as people read it, cut where it is long; nothing for no value.
fn shown(value: &Value) -> Option<String> {
    const LONGEST: usize = 200;
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cut = text.chars().nth(LONGEST).is_some();
    Some(if cut { text.chars().take(LONGEST).chain(['…']).collect() } else { text })
}
