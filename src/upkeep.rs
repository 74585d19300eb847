//! Upkeep: what nobody needs any more goes, and what is missing is asked for.

use std::{collections::HashSet, path::PathBuf, sync::Arc, time::Duration};

use crate::{
    archive::Archive,
    config::Secrets,
    datasets::Datasets,
    db::{Pool, manifests, run_log::RunLog},
    job::{Ended, Failure, Outcome, Step},
};

mod fingerprints;
mod gaps;
mod history;
mod scratch;
mod stages;
mod visitors;

/// Tidies the system's own tables and folders. Cheap to clone.
#[derive(Clone)]
pub struct Upkeep {
    /// Sessions.
    pub pool: Pool,
    /// Files in the making.
    pub scratch: [PathBuf; 2],
    /// What tables were loaded from.
    pub fingerprints: PathBuf,
    /// What is loaded.
    pub datasets: Arc<Datasets>,
    /// What publishers ask for.
    pub secrets: Secrets,
    /// Where manifests are kept.
    pub archive: Archive,
    /// How long runs and their events are kept after they ended.
    pub history: Duration,
}

impl Upkeep {
    /// One round. Each part may be cut off and done again.
    pub async fn sweep(&self, log: &RunLog) -> Result<Ended, Failure> {
        log.enter(Step::Sweep).await?;
        let mut removed = 0;
        removed += self.told(log, "stages", stages::drop_abandoned(&self.pool, log).await?).await?;
        removed += self.told(log, "sessions and links", visitors::forget(&self.pool).await?).await?;
        removed += self.told(log, "old runs", history::forget(&self.pool, self.history, log).await?).await?;
        removed += self.told(log, "old changes", history::forget_changes(&self.pool, self.history).await?).await?;
        for folder in self.scratch.clone() {
            let old = scratch::remove_old(folder, HashSet::new()).await?;
            removed += self.told(log, "scratch files", old).await?;
        }
        let orphans = fingerprints::remove_orphans(&self.pool, self.fingerprints.clone()).await?;
        removed += self.told(log, "fingerprints", orphans).await?;
        self.tell_archive(log).await?;
        gaps::ask(&self.pool, &self.datasets, &self.secrets, log).await?;
        Ok(Ended::Open(Outcome::Swept { removed }))
    }

    /// Writes the manifests that a sudden end has left out.
    async fn tell_archive(&self, log: &RunLog) -> Result<(), Failure> {
        let mut conn = self.pool.get().await?;
        let written = manifests::write_missing(&mut conn, &self.archive).await.map_err(Failure::retry)?;
        if written > 0 {
            log.note(&format!("{written} manifests written")).await?;
        }
        Ok(())
    }

    async fn told(&self, log: &RunLog, what: &str, removed: u64) -> Result<u64, Failure> {
        if removed > 0 {
            log.note(&format!("{removed} {what} removed")).await?;
        }
        Ok(removed)
    }
}
