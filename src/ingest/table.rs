//! A dataset's table in schema `data`: made from its definition, and changed with it where that loses nothing.

use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::Dataset;

use crate::{
    db::{AsyncPgConnection, DbError, RunQueryDsl, dataset_rows, ident},
    job::{Failure, ReleaseId},
};

mod plan;
mod view;

use plan::{Existing, ExistingColumn};

/// A table that cannot follow its definition without losing something.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A change that a person must make.
    #[error("data.{table} cannot follow its definition: {reason}")]
    Stuck {
        /// Which table.
        table: String,
        /// What changed, and what would help.
        reason: String,
    },
    /// Something that PostgreSQL will not do to the table, such as altering a column that somebody's view shows.
    #[error("PostgreSQL would not bring data.{table} to its definition: {reason}")]
    Refused {
        /// Which table.
        table: String,
        /// In PostgreSQL's words.
        reason: String,
    },
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Db(error) => error.into(),
            error => Self::fatal(error),
        }
    }
}

/// Brings the table to its definition, and says which release it shows. Nothing happens if it is there already.
pub async fn shape(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<Option<ReleaseId>, TableError> {
    dataset_rows::know(conn, &dataset.name, &dataset.title).await?;
    conn.transaction(async |conn| {
        conn.batch_execute(super::LONG).await?;
        let known = dataset_rows::lock(conn, &dataset.name).await?;
        let existing = existing(conn, dataset).await?;
        if existing.is_some() && known.definition == dataset.hash {
            return Ok(known.published);
        }
        let stuck = |reason| TableError::Stuck { table: dataset.name.to_string(), reason };
        for statement in plan::statements(dataset, existing.as_ref()).map_err(stuck)? {
            conn.batch_execute(&statement).await.map_err(|error| refused(dataset, error))?;
        }
        dataset_rows::shaped(conn, &dataset.name, &dataset.title, &dataset.hash).await?;
        Ok(known.published)
    })
    .await
}

/// The statistics that plans and pages are made from. Worth having, not worth failing for.
pub(super) async fn analyze(conn: &mut AsyncPgConnection, dataset: &Dataset) {
    let table = ident::qualified("data", dataset.name.as_str());
    if let Err(error) = conn.batch_execute(&format!("ANALYZE {table}")).await {
        tracing::debug!(dataset = %dataset.name, %error, "the table's statistics stay as they are");
    }
}

/// Time-outs and deadlocks pass, and diesel does not tell them from refusals.
fn passes(message: &str) -> bool {
    message.starts_with("canceling statement due to") || message.starts_with("deadlock detected")
}

fn refused(dataset: &Dataset, error: DbError) -> TableError {
    match error {
        DbError::DatabaseError(diesel::result::DatabaseErrorKind::Unknown, information)
            if !passes(information.message()) =>
        {
            let details = information.details().map(|details| format!(" ({details})")).unwrap_or_default();
            let reason = format!("{}{details}", information.message());
            TableError::Refused { table: dataset.name.to_string(), reason }
        }
        error => TableError::Db(error),
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Array<Text>)]
    key: Vec<String>,
}

async fn existing(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<Option<Existing>, DbError> {
    let columns: Vec<ColumnRow> =
        diesel::sql_query(include_str!("table/columns.sql")).bind::<Text, _>(dataset.name.as_str()).load(conn).await?;
    if columns.is_empty() {
        return Ok(None);
    }
    let key: KeyRow = diesel::sql_query(include_str!("table/key.sql"))
        .bind::<Text, _>(dataset.name.as_str())
        .get_result(conn)
        .await?;
    let columns = columns
        .into_iter()
        .map(|row| ExistingColumn { name: row.name, kind: row.kind, required: row.required })
        .collect();
    Ok(Some(Existing { columns, key: key.key }))
}
