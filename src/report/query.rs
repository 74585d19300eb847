//! The figures of an edition: every query of a report in one read-only snapshot, with the releases that it shows.

use std::sync::Arc;

use diesel::QueryableByName;
use diesel::sql_types::{Json, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};
use parsers::Dataset;
use serde_json::{Map, Value};

use super::{
    ReportError,
    define::{Query, Report},
};
use crate::db::{DbError, Pool, editions, reading};
use crate::job::DatasetName;

/// Most rows that one query may answer with; snapshot.sql asks for one more.
const MOST_ROWS: usize = 100_000;

/// A row as the database wrote it, in the order of the query's columns.
pub type Row = Map<String, Value>;

/// What an edition is due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The slot; else the moment at which a person asked.
    pub moment: Timestamp,
    /// Whether the moment is a slot.
    pub slot: bool,
}

/// Everything that an edition shows, as of one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What the edition is due for.
    pub due: Due,
    /// When its figures were read.
    pub taken_at: Timestamp,
    /// The moment of the edition before, if there is one.
    pub previous: Option<Timestamp>,
    /// The datasets that the report reads, and what each has published.
    pub sources: Vec<(Arc<Dataset>, Option<editions::Source>)>,
    /// One answer for each query of the report, in its order.
    pub answers: Vec<Answer>,
}

/// What a query came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its rows.
    Rows(Vec<Row>),
    /// It was not asked: these datasets have never published anything.
    Unpublished(Vec<DatasetName>),
}

/// Runs all queries of a report in one snapshot.
pub async fn snapshot(pool: &Pool, report: &Report, due: Due) -> Result<Snapshot, ReportError> {
    let mut conn = pool.get().await?;
    let mut taken = None;
    let mut transaction = conn.build_transaction().repeatable_read().read_only();
    let taken_back = transaction.run(async |conn| {
        taken = Some(within(conn, report, due).await?);
        // What a query has set for the session is taken back with it.
        Err(DbError::RollbackTransaction.into())
    });
    match (taken_back.await, taken) {
        (Ok(()) | Err(ReportError::Db(DbError::RollbackTransaction)), Some(snapshot)) => Ok(snapshot),
        (Ok(()), None) => Err(DbError::NotFound.into()),
        (Err(error), _) => Err(error),
    }
}

/// The statement that is sent for a query: typed binds around it, and a limit.
pub fn statement(query: &Query) -> String {
    include_str!("query/snapshot.sql").replace("{query}", &query.sql)
}

async fn within(conn: &mut AsyncPgConnection, report: &Report, due: Due) -> Result<Snapshot, ReportError> {
    let datasets: Vec<String> = report.datasets.iter().map(|dataset| dataset.name.to_string()).collect();
    let mut published = editions::sources(conn, &datasets).await?;
    let mut take = |dataset: &Arc<Dataset>| {
        let at = published.iter().position(|source| source.dataset == dataset.name.as_str());
        (Arc::clone(dataset), at.map(|at| published.swap_remove(at)))
    };
    let sources: Vec<_> = report.datasets.iter().map(&mut take).collect();
    let previous = editions::before(conn, &report.name, due.moment).await?;
    limit_statements(conn, report).await?;
    let mut answers = Vec::with_capacity(report.queries.len());
    for query in &report.queries {
        reading::only(conn).await?;
        let missing = unpublished(query, &sources);
        answers.push(if missing.is_empty() {
            Answer::Rows(ask(conn, report, query, due.moment, previous).await?)
        } else {
            Answer::Unpublished(missing)
        });
    }
    Ok(Snapshot { due, taken_at: Timestamp::now(), previous, sources, answers })
}

fn unpublished(query: &Query, sources: &[(Arc<Dataset>, Option<editions::Source>)]) -> Vec<DatasetName> {
    let never = sources.iter().filter(|(_, published)| published.is_none()).map(|(dataset, _)| &dataset.name);
    never.filter(|name| query.reads.contains(name)).cloned().collect()
}

async fn limit_statements(conn: &mut AsyncPgConnection, report: &Report) -> Result<(), ReportError> {
    let limit = format!("{}ms", report.query_timeout.as_millis());
    let set = diesel::sql_query("SELECT set_config('statement_timeout', $1, true)");
    set.bind::<Text, _>(limit).execute(conn).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Answered {
    #[diesel(sql_type = Json)]
    row: Value,
}

async fn ask(
    conn: &mut AsyncPgConnection,
    report: &Report,
    query: &Query,
    moment: Timestamp,
    previous: Option<Timestamp>,
) -> Result<Vec<Row>, ReportError> {
    let asked = diesel::sql_query(statement(query))
        .bind::<Timestamptz, _>(moment.to_diesel())
        .bind::<Nullable<Timestamptz>, _>(NullableTimestamp::from(previous))
        .bind::<Text, _>(&report.zone_name);
    let refused = |source| ReportError::Query { file: query.file.clone(), source };
    let answered: Vec<Answered> = asked.load(conn).await.map_err(refused)?;
    if answered.len() > MOST_ROWS {
        return Err(ReportError::TooManyRows { file: query.file.clone(), most: MOST_ROWS });
    }
    let rows: Vec<Row> = answered.into_iter().filter_map(|answered| object(answered.row)).collect();
    check_columns(query, rows.as_slice().first())?;
    Ok(rows)
}

/// `row_to_json` makes nothing but objects.
fn object(row: Value) -> Option<Row> {
    if let Value::Object(row) = row { Some(row) } else { None }
}

/// What is not declared is as wrong as what is declared and not there.
fn check_columns(query: &Query, first: Option<&Row>) -> Result<(), ReportError> {
    let Some(first) = first else { return Ok(()) };
    let declared = query.columns.iter().map(|column| column.name.as_str());
    if first.keys().map(String::as_str).eq(declared.clone()) {
        return Ok(());
    }
    let list = |names: Vec<&str>| names.join(", ");
    Err(ReportError::Columns {
        file: query.file.clone(),
        found: list(first.keys().map(String::as_str).collect()),
        declared: list(declared.collect()),
    })
}
