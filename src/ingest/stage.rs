//! Staging: a release's rows beside the table, where nobody reads them but the loader.

use diesel_async::SimpleAsyncConnection;

use crate::{
    db::{AsyncPgConnection, DbResult, ident, runs::Claim},
    job::DatasetName,
};

mod read;
mod settle;
mod write;

pub(super) use read::{Material, Stopped};
pub(super) use settle::{Settled, count, settle};
pub(super) use write::{WriteError, Written, write};

/// The stage of one attempt of one run. A daemon that slept past its lease has another epoch, and so another stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stage(String);

impl Stage {
    pub(super) fn new(dataset: &DatasetName, claim: &Claim) -> Self {
        Self(format!("{dataset}_{}_{}", claim.run, claim.epoch))
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

/// Takes a stage away, if it is there.
pub(super) async fn drop_named(conn: &mut AsyncPgConnection, name: &str) -> DbResult<()> {
    conn.batch_execute(&format!("DROP TABLE IF EXISTS {}", ident::qualified("stage", name))).await
}
