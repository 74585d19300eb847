//! A dataset's table in schema `data`: made from its definition, and changed with it where that loses nothing.

use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Array, Bool, Text},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::Dataset;

use crate::{
    db::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, dataset_rows, ident, run_log::RunLog},
    job::{Failure, ReleaseId},
};

mod history;
mod offer;
mod plan;
mod view;

pub(crate) use offer::OUR_INDEX;
pub(crate) use plan::STORAGE;
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

/// A table that is as its definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    /// The release that it shows.
    pub published: Option<ReleaseId>,
    /// What of its offer could not be brought about, in sentences. The next run tries again.
    pub notes: Vec<String>,
}

impl Shaped {
    /// Leaves the notes with the run, and says which release the table shows.
    pub(super) async fn tell(self, log: &RunLog) -> Result<Option<ReleaseId>, Failure> {
        for note in &self.notes {
            log.note(note).await?;
        }
        Ok(self.published)
    }
}

/// Brings the table and what it offers to its definition. Nothing is written if it is there already.
pub async fn shape(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<Shaped, TableError> {
    dataset_rows::know(conn, &dataset.name, &dataset.title).await?;
    conn.transaction(async |conn| {
        conn.batch_execute(super::LONG).await?;
        let known = dataset_rows::lock(conn, &dataset.name).await?;
        let existing = existing(conn, dataset).await?;
        if existing.is_none() || known.definition != dataset.text_hash {
            let stuck = |reason| TableError::Stuck { table: dataset.name.to_string(), reason };
            let statements = plan::statements(dataset, existing.as_ref()).map_err(stuck)?;
            all(conn, dataset, &statements).await?;
            dataset_rows::shaped(conn, &dataset.name, &dataset.title, &dataset.text_hash).await?;
        }
        let rests = history::bring_about(conn, dataset, known.published).await?;
        let mut notes = offer::bring_about(conn, dataset, &known.readers).await?;
        notes.extend(rests);
        Ok(Shaped { published: known.published, notes })
    })
    .await
}

/// What of a dataset's offer the database would refuse now, in sentences. Looks, and changes nothing.
pub async fn foresee(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<String>> {
    offer::foresee(conn, dataset).await
}

/// Whether a dataset has its table.
pub async fn is_there(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<bool> {
    Ok(existing(conn, dataset).await?.is_some())
}

/// The statements that make the declared indexes on a table that is to become the dataset's and stands elsewhere.
pub(super) fn indexes(dataset: &Dataset, schema: &str, table: &str) -> Vec<String> {
    offer::index_statements(dataset, schema, table)
}

/// What is to be told of an index that does not take a value; none if the error is another one.
pub(super) fn too_long(dataset: &Dataset, stage: &str, error: &DbError) -> Option<String> {
    offer::too_long(dataset, stage, error)
}

/// Takes the views that are ours off the table, so that it can be dropped for another.
pub(super) async fn make_way(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<(), TableError> {
    let mut views = offer::in_the_way(conn, dataset).await?;
    views.extend(dataset.long_view.iter().map(|long| view::drop(&long.name)));
    all(conn, dataset, &views).await
}

/// Gives a table that has just been moved into its place what belongs to it: comments, views, names of its indexes,
/// readers. To be called under the lock of the dataset's row; returns what could not be, as [`Shaped::notes`] does.
pub(super) async fn dress(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<Vec<String>, TableError> {
    all(conn, dataset, &plan::dress(dataset)).await?;
    let known = dataset_rows::lock(conn, &dataset.name).await?;
    offer::bring_about(conn, dataset, &known.readers).await
}

/// Works off statements; what PostgreSQL refuses is told with the table's name.
pub(super) async fn all(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    statements: &[String],
) -> Result<(), TableError> {
    for statement in statements {
        conn.batch_execute(statement).await.map_err(|error| refused(dataset, error))?;
    }
    Ok(())
}

/// The statistics that plans and pages are made from, where they cost nothing: those of large tables are gathered by
/// autovacuum, within a minute of a load that changed much. Worth having, not worth failing for.
pub(super) async fn analyze(conn: &mut AsyncPgConnection, dataset: &Dataset) {
    let table = ident::qualified("data", dataset.name.as_str());
    let gathered = async {
        let wanted = diesel::sql_query(include_str!("table/statistics.sql")).bind::<Text, _>(&table);
        let wanted: Option<Wanted> = wanted.get_result(conn).await.optional()?;
        match wanted {
            Some(Wanted { wanted: true }) => conn.batch_execute(&format!("ANALYZE {table}")).await,
            _ => Ok(()),
        }
    };
    if let Err(error) = gathered.await {
        tracing::debug!(dataset = %dataset.name, %error, "the table's statistics stay as they are");
    }
}

#[derive(QueryableByName)]
struct Wanted {
    #[diesel(sql_type = Bool)]
    wanted: bool,
}

/// Whether a statement was given up because of somebody else's lock.
pub(super) fn waited(error: &DbError) -> bool {
    matches!(error, DbError::DatabaseError(_, said) if offer::waited(said.message()))
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
    let Some(existing) = columns_of(conn, dataset.name.as_str()).await? else { return Ok(None) };
    let in_the_way = offer::in_the_way(conn, dataset).await?;
    Ok(Some(Existing { in_the_way, ..existing }))
}

/// What a table of schema `data` is like, if it is there.
async fn columns_of(conn: &mut AsyncPgConnection, table: &str) -> Result<Option<Existing>, DbError> {
    let columns: Vec<ColumnRow> =
        diesel::sql_query(include_str!("table/columns.sql")).bind::<Text, _>(table).load(conn).await?;
    if columns.is_empty() {
        return Ok(None);
    }
    let key: KeyRow = diesel::sql_query(include_str!("table/key.sql")).bind::<Text, _>(table).get_result(conn).await?;
    let columns = columns
        .into_iter()
        .map(|row| ExistingColumn { name: row.name, kind: row.kind, required: row.required })
        .collect();
    Ok(Some(Existing { columns, key: key.key, in_the_way: Vec::new() }))
}
