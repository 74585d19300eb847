//! Staging: what a release has and the table has not, beside the table.
//!
//! A stage begins with the rows of the release and, once settled, holds nothing but its difference to the table: rows
//! that are new or changed (`_kind` r), the keys of rejected records whose old rows stay (k), and what the release lacks
//! (g: the key, or without keys the whole row, once for each copy). A held release keeps it for people to look at.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};

use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl, ident, runs::Claim},
    job::DatasetName,
};

mod difference;
mod read;
mod settle;
mod thread;
mod write;

pub(super) use difference::Difference;
pub(super) use read::{Compared, Material, Prints, Stopped, Summary, told_apart};
pub(super) use settle::{Settled, Struck, count, settle};
pub(super) use thread::ReadingThread;
pub(super) use write::{WriteError, Written, write};

/// Makes an empty stage.
pub(super) const CREATE: &str = include_str!("stage/create.sql");

/// The stage of one attempt of one run. A daemon that slept past its lease has another epoch, and so another stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stage(String);

impl Stage {
    pub(super) fn new(dataset: &DatasetName, claim: &Claim) -> Self {
        Self(format!("{dataset}_{}_{}", claim.run, claim.epoch))
    }

    /// Where the sum of all releases is made. Like any stage it belongs to its run, as upkeep sees.
    pub(super) fn of_sum(dataset: &DatasetName, claim: &Claim) -> Self {
        Self(format!("sum_{dataset}_{}_{}", claim.run, claim.epoch))
    }

    /// Where somebody looks who has no run. It stays as long as the session of this number.
    pub(super) fn of_look(what: &str, dataset: &DatasetName, session: i32) -> Self {
        Self(format!("{what}_{dataset}_of_{session}"))
    }

    /// Its name in schema `stage`.
    pub(super) fn name(&self) -> &str {
        &self.0
    }

    /// Schema and name, quoted.
    pub(super) fn quoted(&self) -> String {
        ident::qualified("stage", &self.0)
    }

    /// Takes the stage away. Upkeep would do so too; what cannot be dropped now is left to it.
    pub(super) async fn drop(&self, conn: &mut AsyncPgConnection) {
        if let Err(error) = drop_named(conn, &self.0).await {
            tracing::debug!(stage = %self.0, %error, "the stage is left to upkeep");
        }
    }
}

/// Takes away what earlier attempts of the same run have staged. One that only sleeps may still hold its stage: then
/// it is left to upkeep.
pub(super) async fn drop_earlier(conn: &mut AsyncPgConnection, dataset: &DatasetName, claim: &Claim) -> DbResult<()> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let ours = format!("^(?:sum_)?{dataset}_{}_(\\d+)$", claim.run);
    let left: Vec<Left> = diesel::sql_query(include_str!("stage/earlier.sql"))
        .bind::<Text, _>(ours)
        .bind::<BigInt, _>(claim.epoch)
        .load(conn)
        .await?;
    for Left { name } in left {
        let dropped = conn
            .transaction(async |conn| {
                conn.batch_execute("SET LOCAL lock_timeout = '1s'").await?;
                drop_named(conn, &name).await
            })
            .await;
        if let Err(error) = dropped {
            tracing::debug!(stage = name, %error, "an earlier attempt's stage is left to upkeep");
        }
    }
    Ok(())
}

/// Takes a stage away, if it is there.
pub(super) async fn drop_named(conn: &mut AsyncPgConnection, name: &str) -> DbResult<()> {
    conn.batch_execute(&format!("DROP TABLE IF EXISTS {}", ident::qualified("stage", name))).await
}
