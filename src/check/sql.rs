//! A report's SQL, held against the database: parsed and planned, never run.

use std::ops::Range;

use parsers::Diagnostic;
use tokio_postgres::{
    Client,
    error::{DbError, ErrorPosition, SqlState},
};

use super::Findings;
use crate::report::{self, Query};

/// Prepares a query as it will be sent.
pub(super) async fn check(client: &Client, query: &Query, findings: &mut Findings) {
    let statement = report::statement(query);
    let Err(error) = client.prepare(&statement).await else { return };
    match error.as_db_error() {
        // Tables of datasets are made by their first release.
        Some(database) if *database.code() == SqlState::UNDEFINED_TABLE && database.message().contains("\"data.") => {
            findings.left_out.push(format!("{} was not checked: {}", query.file, database.message()));
        }
        Some(database) => findings.mistakes.push(mistake(query, &statement, database)),
        None => findings.left_out.push(format!("{} was not checked: {error}", query.file)),
    }
}

fn mistake(query: &Query, statement: &str, error: &DbError) -> Diagnostic {
    let at = match error.position() {
        Some(ErrorPosition::Original(at)) => usize::try_from(*at).ok(),
        _ => None,
    };
    Diagnostic {
        file: query.file.clone(),
        span: at.and_then(|at| span(&query.sql, statement, at)),
        message: error.message().to_owned(),
        help: error.hint().map(ToOwned::to_owned),
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
        assert_eq!(span(query, statement, at).map(|span| &query[span]), Some("colum"));
        assert_eq!(span(query, statement, 3), None, "before the query");
        assert_eq!(span(query, statement, 999), None, "behind it");
    }
}
