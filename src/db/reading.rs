//! SQL that people have written, in reports and in checks of datasets: it may read, and nothing else.
//!
//! Three things hold it. It is sent as one prepared statement, into which PostgreSQL lets no second one. The transaction
//! is read-only, which cannot be undone once something has been read, and its owner takes it back. And the program steps
//! down to PostgreSQL's `pg_read_all_data`, where it is a member (as on its private server) or the superuser, who could
//! write files and end sessions in a read-only transaction, too.

use diesel_async::SimpleAsyncConnection;

use super::{AsyncPgConnection, DbResult};

/// May read every table, and nothing else. A row that a policy hides from it is an error, not a row less.
const STEP_DOWN: &str = include_str!("reading/step_down.sql");

/// From here to its end, the transaction (or savepoint) may only read. To be called before each text that people have
/// written: one could have stepped up again.
pub async fn only(conn: &mut AsyncPgConnection) -> DbResult<()> {
    conn.batch_execute(STEP_DOWN).await
}
