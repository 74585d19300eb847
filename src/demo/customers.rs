//! Three hundred invented customers.

use diesel_async::SimpleAsyncConnection;

use crate::db::{AsyncPgConnection, DbResult};

/// Fills the six customer tables, unless there are customers already. All or nothing: one implicit transaction.
pub async fn insert_customers(conn: &mut AsyncPgConnection) -> DbResult<()> {
    conn.batch_execute(include_str!("../../demo/customers.sql")).await
}
