//! The reports' SQL, held against the database: parsed and planned, never run.

use std::ops::Range;

use diesel::{
    QueryableByName,
    result::{DatabaseErrorInformation, Error},
    sql_types::{Bool, Text},
};
use diesel_async::SimpleAsyncConnection as _;
use parsers::{Dataset, Diagnostic};

use super::Findings;
use crate::{
    datasets::Datasets,
    db::{AsyncConnection as _, AsyncPgConnection, DbResult, RunQueryDsl as _},
    ingest,
    report::{self, Report, Reports},
};

/// Prepares each query as it will be sent. Tables that no release has made yet are made for it, in a transaction that
/// is taken back.
pub(super) async fn check(
    conn: &mut AsyncPgConnection,
    reports: &Reports,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for report in reports.iter() {
        let taken_back: DbResult<()> = conn
            .transaction(async |conn| {
                for dataset in &report.datasets {
                    make_table(conn, dataset).await?;
                }
                prepare_all(conn, report, findings).await;
                Err(Error::RollbackTransaction)
            })
            .await;
        match taken_back {
            Err(Error::RollbackTransaction) | Ok(()) => {}
            Err(error) => findings.left_out.push(format!("the SQL of {} was not checked: {error}", report.name)),
        }
    }
    Ok(())
}

/// Prepares the SQL checks of each dataset, with views that are as its table is.
pub(super) async fn check_datasets(conn: &mut AsyncPgConnection, datasets: &Datasets, findings: &mut Findings) {
    for dataset in datasets.iter().filter(|dataset| !dataset.checks.is_empty()) {
        let (views, statements) = ingest::rehearsal(dataset);
        let taken_back: DbResult<()> = conn
            .transaction(async |conn| {
                for other in datasets.iter() {
                    make_table(conn, other).await?;
                }
                conn.batch_execute(&views).await?;
                for (check, statement) in dataset.checks.iter().zip(&statements) {
                    prepare(conn, (&check.file, &check.sql), statement, findings).await;
                }
                Err(Error::RollbackTransaction)
            })
            .await;
        match taken_back {
            Err(Error::RollbackTransaction) | Ok(()) => {}
            Err(error) => findings.left_out.push(format!("the checks of {} were not checked: {error}", dataset.name)),
        }
    }
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Bool)]
    there: bool,
}

/// A table that is there is left alone: others may be reading it.
async fn make_table(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<()> {
    let asked = diesel::sql_query("SELECT to_regclass('data.' || quote_ident($1)) IS NOT NULL AS there");
    let verdict: Verdict = asked.bind::<Text, _>(dataset.name.as_str()).get_result(conn).await?;
    if verdict.there {
        return Ok(());
    }
    match ingest::shape(conn, dataset).await {
        Ok(_) => Ok(()),
        Err(ingest::TableError::Db(error)) => Err(error),
        Err(error) => Err(Error::QueryBuilderError(error.into())),
    }
}

async fn prepare_all(conn: &mut AsyncPgConnection, report: &Report, findings: &mut Findings) {
    for query in &report.queries {
        prepare(conn, (&query.file, &query.sql), &report::statement(query), findings).await;
    }
}

/// Prepares one statement, in which the text of a file stands.
async fn prepare(conn: &mut AsyncPgConnection, (file, sql): (&str, &str), statement: &str, findings: &mut Findings) {
    let statement = format!("PREPARE bluebook_check AS {statement}");
    // A savepoint: what is wrong with one query does not keep the next from being looked at. One statement, as it will be
    // sent: a text with a second one would have it run.
    let prepared: DbResult<()> = conn
        .transaction(async |conn| {
            diesel::sql_query(&statement).execute(conn).await?;
            conn.batch_execute("DEALLOCATE bluebook_check").await
        })
        .await;
    match prepared {
        Ok(()) => {}
        Err(Error::DatabaseError(_, said)) => findings.mistakes.push(mistake(file, sql, &statement, said.as_ref())),
        Err(error) => findings.left_out.push(format!("{file} was not checked: {error}")),
    }
}

fn mistake(file: &str, sql: &str, statement: &str, said: &(dyn DatabaseErrorInformation + Send + Sync)) -> Diagnostic {
    let at = said.statement_position().and_then(|at| usize::try_from(at).ok());
    Diagnostic {
        file: file.to_owned(),
        span: at.and_then(|at| span(sql, statement, at)),
        message: said.message().to_owned(),
        help: said.hint().map(ToOwned::to_owned),
    }
}

/// The word at the `at`th character (from 1) of the statement, as bytes of the query that stands within it.
fn span(query: &str, statement: &str, at: usize) -> Option<Range<usize>> {
    let begins = statement.find(query)?;
    let (byte, _) = statement.char_indices().nth(at.checked_sub(1)?)?;
    let start = byte.checked_sub(begins).filter(|start| *start < query.len())?;
    let rest = query.get(start..)?;
    let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
    Some(start..start + word.max(1))
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn the_servers_position_is_found_again_in_the_file() {
        let (query, statement) = ("SELECT 'ü', colum FROM t", "SELECT * FROM (SELECT 'ü', colum FROM t) AS q");
        let at = statement.chars().position(|c| c == 'm').unwrap() - 3;
        assert_eq!(span(query, statement, at).and_then(|span| query.get(span)), Some("colum"));
        assert_eq!(span(query, statement, 3), None, "before the query");
        assert_eq!(span(query, statement, 999), None, "behind it");
    }
}
