//! The first rows of a table: the stage becomes the table.
//!
//! Rows that go into an empty table need not be compared with anything and written a second time. They are copied into
//! a table of the same shape, get key and indexes at the end, where these cost a fraction, are looked at as every release
//! is, and then the empty table makes way for the full one. Where anything stands in the way, the release is loaded as
//! every other.

use diesel::{
    OptionalExtension, QueryableByName,
    result::DatabaseErrorKind::UniqueViolation,
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::Dataset;

use super::{
    LONG,
    merge::MergeError,
    stage::{Difference, Settled, Stage, Struck},
    statement::Names,
    table::{self, TableError},
};
use crate::{
    db::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, ident},
    job::ReleaseId,
};

/// Sorting for key and indexes in memory where the server's own setting would let it go through the disk.
const SORT: &str = "SELECT set_config('maintenance_work_mem', '256MB', true) \
                    WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('256MB')";

/// Readers of the empty table are not kept waiting behind a statement that itself waits.
const PATIENCE: &str = "SET LOCAL lock_timeout = '10s'";

/// A table that another can take the place of: it has nothing about it but what its definition says.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub(super) struct Bare {
    #[diesel(sql_type = Text)]
    mark: String,
}

/// A stage that is to become a dataset's table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fresh<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) names: &'a Names,
    pub(super) stage: &'a Stage,
    pub(super) bare: &'a Bare,
}

/// Whether a dataset's table is bare.
pub(super) async fn bare(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Option<Bare>> {
    diesel::sql_query(include_str!("fresh/bare.sql"))
        .bind::<Text, _>(dataset.name.as_str())
        .bind::<Text, _>(table::STORAGE)
        .bind::<Text, _>(table::OUR_INDEX)
        .get_result(conn)
        .await
        .optional()
}

impl Fresh<'_> {
    /// The statements that make the stage.
    pub(super) fn create(self, release: ReleaseId) -> String {
        let template = include_str!("fresh/create.sql").replace("{storage}", table::STORAGE);
        self.names.fill(&template).replace("{release}", &release.to_string())
    }

    /// Gives the stage, which has so many rows, its key and indexes.
    pub(super) async fn complete(self, conn: &mut AsyncPgConnection, rows: u64) -> DbResult<Settled> {
        let completed = conn.transaction(async |conn| {
            conn.batch_execute(LONG).await?;
            conn.batch_execute(SORT).await?;
            if self.names.keyed {
                conn.batch_execute(&self.key()).await?;
            }
            for statement in table::indexes(self.dataset, "stage", self.stage.name()) {
                conn.batch_execute(&statement).await?;
            }
            Ok(())
        });
        match completed.await {
            Ok(()) => {
                let all_new = Difference { inserted: rows, staged: rows.cast_signed(), ..Difference::default() };
                Ok(Settled::Difference(all_new, Struck::default()))
            }
            Err(DbError::DatabaseError(UniqueViolation, _)) => Ok(Settled::KeyTwice),
            Err(error) => Err(error),
        }
    }

    /// Leaves the stage to be looked at as any other, by people who decide about it.
    pub(super) async fn leave(self, conn: &mut AsyncPgConnection) -> DbResult<()> {
        let kind = "ALTER TABLE {stage} ADD COLUMN _kind \"char\" NOT NULL DEFAULT 'r'";
        conn.batch_execute(&self.names.fill(kind)).await
    }

    /// Puts the stage in the table's place, in the caller's transaction and under its lock of the dataset's row.
    pub(super) async fn move_in(self, conn: &mut AsyncPgConnection) -> Result<(), MergeError> {
        self.take_place(conn).await.map_err(in_the_way)
    }

    async fn take_place(self, conn: &mut AsyncPgConnection) -> Result<(), TableError> {
        conn.batch_execute(PATIENCE).await?;
        conn.batch_execute(&self.names.fill("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await?;
        if !self.is_empty(conn).await? || bare(conn, self.dataset).await?.as_ref() != Some(self.bare) {
            return Err(TableError::Stuck { table: self.dataset.name.to_string(), reason: MOVED.into() });
        }
        let rights = self.rights(conn).await?;
        table::make_way(conn, self.dataset).await?;
        let name = self.dataset.name.as_str();
        let move_in = self.names.fill(include_str!("fresh/move_in.sql")).replace("{unqualified}", &ident::quote(name));
        let key = self.names.keyed.then(|| self.rename_key());
        table::all(conn, self.dataset, &[vec![move_in], key.into_iter().collect()].concat()).await?;
        // What it offers was looked after a moment ago, and told then.
        let _told = table::dress(conn, self.dataset).await?;
        table::all(conn, self.dataset, &rights).await
    }

    async fn is_empty(self, conn: &mut AsyncPgConnection) -> DbResult<bool> {
        #[derive(QueryableByName)]
        struct Empty {
            #[diesel(sql_type = Bool)]
            empty: bool,
        }
        let look = self.names.fill("SELECT NOT EXISTS (SELECT FROM {table}) AS empty");
        let found: Empty = diesel::sql_query(look).get_result(conn).await?;
        Ok(found.empty)
    }

    async fn rights(self, conn: &mut AsyncPgConnection) -> DbResult<Vec<String>> {
        #[derive(QueryableByName)]
        struct Right {
            #[diesel(sql_type = Text)]
            statement: String,
        }
        let rights: Vec<Right> = diesel::sql_query(include_str!("fresh/rights.sql"))
            .bind::<Text, _>(self.dataset.name.as_str())
            .load(conn)
            .await?;
        Ok(rights.into_iter().map(|right| right.statement).collect())
    }

    fn key(self) -> String {
        let key = ident::quote(&format!("{}_pkey", self.stage.name()));
        self.names.fill(&format!("ALTER TABLE {{stage}} ADD CONSTRAINT {key} PRIMARY KEY ({{key}})"))
    }

    fn rename_key(self) -> String {
        let [old, new] = [self.stage.name(), self.dataset.name.as_str()].map(|name| format!("{name}_pkey"));
        self.names.fill(&format!(
            "ALTER TABLE {{table}} RENAME CONSTRAINT {} TO {}",
            ident::quote(&old),
            ident::quote(&new)
        ))
    }
}

/// Why a table that was bare is left in its place.
const MOVED: &str = "somebody has changed it since the load began";

/// What only keeps one table from taking the place of another stands in the way of nothing else.
fn in_the_way(error: TableError) -> MergeError {
    match error {
        TableError::Db(error) if !table::waited(&error) => error.into(),
        error => MergeError::InTheWay(error.to_string()),
    }
}
