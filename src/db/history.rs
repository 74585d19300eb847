//! Histories of datasets' tables: whether they say what the tables say.

use diesel::{QueryableByName, sql_types::BigInt};

use super::{AsyncPgConnection, DbResult, RunQueryDsl};

/// How a history stands apart from its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Apart {
    /// Open versions of which the table has no row.
    #[diesel(sql_type = BigInt)]
    pub versions: i64,
    /// Rows of the table that have no open version.
    #[diesel(sql_type = BigInt)]
    pub rows: i64,
}

/// Holds all open versions of `history` against all rows of `table`, by these columns; the three as they stand in SQL.
pub async fn apart(conn: &mut AsyncPgConnection, history: &str, table: &str, columns: &str) -> DbResult<Apart> {
    let query = include_str!("history/differing.sql")
        .replace("{columns}", columns)
        .replace("{history}", history)
        .replace("{table}", table);
    diesel::sql_query(query).get_result(conn).await
}
