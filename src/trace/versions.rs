//! The versions of a row: out of the history where there is one, else the row as it stands.

use diesel::{
    QueryableByName,
    result::DatabaseErrorKind,
    sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use parsers::Dataset;
use serde_json::Value;

use super::{Asked, MOST, TraceError, Version};
use crate::{
    db::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, ident::qualified},
    job::ReleaseId,
};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    values: Value,
    #[diesel(sql_type = BigInt)]
    release: i64,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = BigInt)]
    record: i64,
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    from: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
    to: Option<Timestamp>,
    #[diesel(sql_type = Nullable<BigInt>)]
    until_release: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    cause: Option<String>,
}

/// Whether a dataset has a history that is written.
pub(super) async fn has_history(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<bool> {
    #[derive(QueryableByName)]
    struct There {
        #[diesel(sql_type = Bool)]
        there: bool,
    }
    let table = qualified("data", &format!("{}_history", dataset.name));
    let found: There = diesel::sql_query("SELECT to_regclass($1) IS NOT NULL AS there")
        .bind::<Text, _>(table)
        .get_result(conn)
        .await?;
    Ok(dataset.history && found.there)
}

/// What is, and was, said under a key; oldest first.
pub(super) async fn find(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    asked: &Asked,
    history: bool,
) -> Result<Vec<Version>, TraceError> {
    let template = if history { include_str!("history.sql") } else { include_str!("table.sql") };
    let sql = template
        .replace("{table}", &qualified("data", dataset.name.as_str()))
        .replace("{history}", &qualified("data", &format!("{}_history", dataset.name)))
        .replace("{asked}", &asked.condition(dataset));
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Array<Text>, _>(asked.values())
        .bind::<Nullable<Timestamptz>, _>(asked.as_of.map(jiff_diesel::Timestamp::from))
        .bind::<BigInt, _>(MOST)
        .load(conn)
        .await
        .map_err(|error| misread(dataset, error))?;
    Ok(rows.into_iter().map(version).collect())
}

fn version(row: Row) -> Version {
    let Row { values, release, part, record, from, to, until_release, cause } = row;
    let values = if let Value::Object(values) = values { values } else { serde_json::Map::new() };
    let (release, until_release) = (ReleaseId(release), until_release.map(ReleaseId));
    Version { values, from, to, until_release, cause, release, part, record, whence: None, original: None }
}

/// That there is no such row, and how many there are.
pub(super) async fn unknown(conn: &mut AsyncPgConnection, dataset: &Dataset, asked: &Asked) -> DbResult<TraceError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let table = qualified("data", dataset.name.as_str());
    let counted: Counted = diesel::sql_query(format!("SELECT count(*) AS rows FROM {table}")).get_result(conn).await?;
    let history = if dataset.history { "" } else { ". Without a history, rows that are gone are not remembered" };
    Ok(TraceError::Unknown {
        table: format!("data.{}", dataset.name),
        asked: asked.told(),
        rows: counted.rows,
        help: history.to_owned(),
    })
}

/// A value that is none of its column's, or a table that is not there, is the asker's to mend.
fn misread(dataset: &Dataset, error: DbError) -> TraceError {
    match &error {
        DbError::DatabaseError(DatabaseErrorKind::Unknown, told) => {
            let message = told.message();
            if message.contains("does not exist") {
                let name = &dataset.name;
                return TraceError::Asked(format!("data.{name} is not there yet: run `bluebook ingest {name}`"));
            }
            TraceError::Asked(format!("the key cannot be understood: {message}"))
        }
        _ => TraceError::Db(error),
    }
}
