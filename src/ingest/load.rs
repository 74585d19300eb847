//! A load: from archived bytes to a published (or held) release. No network from here on.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use parsers::Dataset;

use super::{
    Ingest,
    merge::MergeError,
    source::{Origin, Source},
    stage::{self, Difference, Material, Stage, Written},
    statement::Names,
    table,
};
use crate::{
    db::{
        PgSession, Pooled,
        releases::{self, NewRelease, ReleaseRow},
        run_log::RunLog,
        runs::{self, RunError},
    },
    job::{Failure, Outcome, ReleaseId, Step},
};

mod attempt;

/// How often the difference is made because the table moves meanwhile.
const MOST_DIFFERENCES: usize = 5;

/// One load on its way.
struct Load<'a> {
    dataset: &'a Dataset,
    source: &'a Source,
    log: &'a RunLog,
    release: ReleaseId,
    stage: Stage,
    names: Names,
}

/// What an attempt to publish came to.
enum Attempt {
    /// The run has ended.
    Ended(Outcome),
    /// The difference is no longer that to the table, for this reason.
    Again(MergeError),
}

/// A release of which nothing but its difference to `published` is staged.
struct Staged {
    written: Written,
    difference: Difference,
    published: Option<ReleaseRow>,
}

impl Ingest {
    /// Loads a source. Whatever goes wrong, the release does not stay "loading", and its stage does not stay behind.
    pub(super) async fn load(&self, dataset: &Dataset, source: &Source, log: &RunLog) -> Result<Outcome, Failure> {
        log.enter(Step::Stage).await?;
        for part in source.stored() {
            self.archive.prove(&part.sha256).await.map_err(Failure::fatal)?;
        }
        let mut session = self.pool.get().await?;
        let base = table::shape(&mut session, dataset).await?.tell(log).await?;
        let release = open(&mut session, dataset, source, base, log).await?;
        stage::drop_earlier(&mut session, &dataset.name, log.claim()).await?;
        let stage = Stage::new(&dataset.name, log.claim());
        let names = Names::new(dataset, &stage);
        let load = Load { dataset, source, log, release, stage, names };
        let result = self.carry(&load, &mut session, base).await;
        drop(session);
        if !matches!(result, Ok(_) | Err(Failure::Lost)) {
            self.give_up(&load).await;
        }
        result
    }

    /// Makes the difference and publishes it; once more from the archive if the table moved meanwhile.
    async fn carry(&self, load: &Load<'_>, session: &mut Pooled, base: Option<ReleaseId>) -> Result<Outcome, Failure> {
        for again in 0..MOST_DIFFERENCES {
            let material = self.material(load).await?;
            match load.attempt(session, base, material).await? {
                Attempt::Ended(outcome) => return Ok(outcome),
                // The whole comparison has put the table right; what still differs is the history.
                Attempt::Again(reason @ MergeError::History { .. }) if again > 0 => return Err(Failure::fatal(reason)),
                Attempt::Again(reason) => {
                    load.log.note(&reason.to_string()).await?;
                    load.log.enter(Step::Stage).await?;
                }
            }
        }
        let name = &load.dataset.name;
        Err(Failure::retry(anyhow::anyhow!("data.{name} kept moving while the release was compared with it")))
    }

    /// The artifacts as files, and what to read them by.
    async fn material(&self, load: &Load<'_>) -> Result<Material, Failure> {
        let mut files = Vec::new();
        for part in &load.source.parts {
            files.push(self.archive.read(&part.sha256).await.map_err(Failure::fatal)?);
        }
        let approved = matches!(load.source.origin, Origin::Approved(_));
        Ok(Material {
            dataset: Arc::new(load.dataset.clone()),
            files,
            bytes: load.source.parts.iter().map(|part| part.bytes).sum(),
            most_rejects: load.dataset.expect.most_rejects().filter(|_| !approved),
        })
    }

    async fn give_up(&self, load: &Load<'_>) {
        let Ok(mut conn) = self.pool.get().await else { return };
        load.stage.drop(&mut conn).await;
        if let Err(error) = releases::fail(&mut conn, load.release).await {
            tracing::debug!(release = %load.release, %error, "the release stays to be given up by the next attempt");
        }
    }
}

/// The release's row: a new one, or the held one that a person wants published.
async fn open(
    session: &mut PgSession,
    dataset: &Dataset,
    source: &Source,
    base: Option<ReleaseId>,
    log: &RunLog,
) -> Result<ReleaseId, Failure> {
    if let Origin::Approved(held) = &source.origin {
        return Ok(held.id);
    }
    let parts: Vec<_> = source.parts.iter().map(|part| part.id).collect();
    let new = NewRelease {
        dataset: &dataset.name,
        run: log.claim().run,
        base,
        definition: &dataset.hash,
        parser_version: dataset.parser_version(),
        content: &source.content,
        parts: &parts,
    };
    let begun = session.transaction::<_, RunError, _>(async |conn| {
        runs::still_held(conn, log.claim()).await?;
        Ok(releases::begin(conn, &new).await?)
    });
    Ok(begun.await?)
}
