//! A load: from archived bytes to a published (or held) release. No network from here on.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use parsers::{Dataset, ReadSeek};

use super::{
    Ingest, Veil,
    ahead::Basis,
    fingerprint::{Fingerprints, GaveUp},
    fresh::{self, Bare, Fresh},
    merge::MergeError,
    source::{Origin, Source},
    stage::{self, Material, Prints, ReadingThread, Stage},
    statement::Names,
    table,
};
use crate::{
    db::{
        PgSession, Pooled,
        artifacts::{self, Artifact},
        fingerprints::{self, FingerprintRow, Holds},
        manifests, rejects,
        releases::{self, NewRelease, ReleaseRow},
        run_log::RunLog,
        runs::{self, RunError},
    },
    job::{ArtifactId, Failure, Outcome, ReleaseId, Step},
};

mod attempt;
mod emptied;
mod judged;
mod speaker;
mod sum;

pub(super) use emptied::is_emptied;

/// How often the difference is made because the table moves meanwhile.
const MOST_DIFFERENCES: usize = 5;

/// One load on its way.
struct Load<'a> {
    fingerprints: &'a Fingerprints,
    dataset: &'a Dataset,
    source: &'a Source,
    veil: &'a Veil,
    log: &'a RunLog,
    release: ReleaseId,
    stage: Stage,
    names: Names,
    /// The table, if another may take its place.
    bare: Option<Bare>,
}

/// What an attempt to publish came to.
enum Attempt {
    /// The run has ended.
    Ended(Outcome),
    /// The difference is not that to the table, or not any more, for this reason.
    Again(Reason),
}

/// Why a difference is made again.
#[derive(Debug, thiserror::Error)]
enum Reason {
    /// The comparison with the fingerprint came to no end.
    #[error(transparent)]
    Comparison(GaveUp),
    /// A table of unique keys was not to be made of it.
    #[error("the file has a key more than once")]
    KeyTwice,
    /// PostgreSQL does not find what it came to.
    #[error("the table is not what its fingerprint says")]
    Contradicted,
    /// The table is not, or not any more, what the release was compared with.
    #[error(transparent)]
    Merge(MergeError),
}

impl Ingest {
    /// Loads a source. Whatever goes wrong, the release does not stay "loading", and its stage does not stay behind.
    pub(super) async fn load(
        &self,
        dataset: &Dataset,
        source: &Source,
        veil: &Veil,
        log: &RunLog,
    ) -> Result<Outcome, Failure> {
        log.enter(Step::Stage).await?;
        for part in source.stored(log.claim(), &self.ahead) {
            self.archive.prove(&part.sha256).await.map_err(Failure::fatal)?;
        }
        let mut session = self.pool.get().await?;
        let base = table::shape(&mut session, dataset).await?.tell(log).await?;
        let definition = self.keep_definition(&mut session, dataset).await?;
        let release = open(&mut session, dataset, source, base, definition, log).await?;
        stage::drop_earlier(&mut session, &dataset.name, log.claim()).await?;
        let stage = Stage::new(&dataset.name, log.claim());
        let names = Names::new(dataset, &stage);
        let untouched = if base.is_none() { fresh::bare(&mut session, dataset).await? } else { None };
        let fingerprints = &self.fingerprints;
        let load = Load { fingerprints, dataset, source, veil, log, release, stage, names, bare: untouched };
        let result = self.carry(&load, &mut session).await;
        drop(session);
        if !matches!(result, Ok(_) | Err(Failure::Lost)) {
            self.give_up(&load).await;
        } else if result.is_ok() {
            self.tell_archive(release).await;
        }
        result
    }

    /// The definition's text goes into the archive with what it reads: without it, bytes are only bytes.
    pub(super) async fn keep_definition(
        &self,
        session: &mut PgSession,
        dataset: &Dataset,
    ) -> Result<ArtifactId, Failure> {
        let kept = self.archive.keep_bytes(dataset.text.as_bytes()).await.map_err(Failure::retry)?;
        Ok(artifacts::remember(session, &kept.sha256, kept.bytes, &format!("{}.toml", dataset.name)).await?)
    }

    /// Writes the manifest of what has been published. What a sudden end leaves out here, upkeep writes.
    async fn tell_archive(&self, release: ReleaseId) {
        let Ok(mut conn) = self.pool.get().await else { return };
        if let Err(error) = manifests::write(&mut conn, &self.archive, release).await {
            tracing::warn!(%release, %error, "the archive has no manifest of the release yet; upkeep writes it");
        }
    }

    /// Makes the difference and publishes it. If the table is not what the difference was made to, the release is read
    /// again from the archive, and the whole table compared. A release that is read again for its own sake is too.
    async fn carry(&self, load: &Load<'_>, session: &mut Pooled) -> Result<Outcome, Failure> {
        let emptied = load.notices_emptied(session).await?;
        let mut wholly = emptied || matches!(load.source.origin, Origin::Again);
        for again in 0..MOST_DIFFERENCES {
            let published = releases::published(session, &load.dataset.name).await?;
            let attempt = if load.source.is_sum() {
                Box::pin(self.attempt_sum(load, session, published.as_ref())).await?
            } else {
                let print = load.print(session, published.as_ref(), wholly).await?;
                let reading = self.reading(load, print.as_ref()).await?;
                let fresh = if wholly { None } else { load.fresh(published.as_ref()) };
                load.attempt(session, published.as_ref(), reading, fresh).await?
            };
            match attempt {
                Attempt::Ended(outcome) => return Ok(outcome),
                // The whole comparison has put the table right; what still differs is the history.
                Attempt::Again(Reason::Merge(error @ MergeError::History { .. })) if again > 0 => {
                    return Err(Failure::fatal(error));
                }
                Attempt::Again(reason) => {
                    wholly = true;
                    load.log.note(&format!("{reason}; the whole table is compared")).await?;
                    load.log.enter(Step::Stage).await?;
                }
            }
        }
        let name = &load.dataset.name;
        Err(Failure::retry(anyhow::anyhow!("data.{name} kept moving while the release was compared with it")))
    }

    /// The release being read: since before the run, or from now on.
    async fn reading(&self, load: &Load<'_>, print: Option<&FingerprintRow>) -> Result<ReadingThread, Failure> {
        if let [only] = load.source.parts.as_slice()
            && let Some(begun) = self.ahead.take(&Basis::new(load.dataset, &only.sha256, print, load.most_rejects()))
        {
            tracing::debug!(dataset = %load.dataset.name, "what was read ahead of the run is taken over");
            return Ok(begun);
        }
        let prints = Prints::open(load.fingerprints, load.dataset, print);
        Ok(ReadingThread::begin(self.material(load, 0, &load.source.parts, prints).await?))
    }

    /// Artifacts as files, the first of them with its number among the release's, and what to read them by.
    async fn material(
        &self,
        load: &Load<'_>,
        first_part: usize,
        parts: &[Artifact],
        prints: Option<Prints>,
    ) -> Result<Material, Failure> {
        let mut files: Vec<Box<dyn ReadSeek>> = Vec::new();
        for part in parts {
            files.push(Box::new(self.archive.read(&part.sha256).await.map_err(Failure::fatal)?));
        }
        Ok(Material {
            dataset: Arc::new(load.dataset.clone()),
            files,
            names: stage::told_apart(parts),
            first_part: u32::try_from(first_part).unwrap_or(u32::MAX),
            bytes: parts.iter().map(|part| part.bytes).sum(),
            most_rejects: load.most_rejects(),
            prints,
        })
    }

    async fn give_up(&self, load: &Load<'_>) {
        let Ok(mut conn) = self.pool.get().await else { return };
        load.stage.drop(&mut conn).await;
        if let Err(error) = rejects::forget_pending(&mut conn, load.release).await {
            tracing::debug!(release = %load.release, %error, "pending rejects are left to the next publication");
        }
        if let Err(error) = releases::fail(&mut conn, load.release).await {
            tracing::debug!(release = %load.release, %error, "the release stays to be given up by the next attempt");
        }
    }
}

impl Load<'_> {
    /// A first release whose stage may become the table.
    fn fresh(&self, published: Option<&ReleaseRow>) -> Option<Fresh<'_>> {
        let bare = self.bare.as_ref().filter(|_| published.is_none())?;
        Some(Fresh { dataset: self.dataset, names: &self.names, stage: &self.stage, bare })
    }

    /// The fingerprint that the release is compared with while it is read, if there is one.
    async fn print(
        &self,
        session: &mut PgSession,
        published: Option<&ReleaseRow>,
        wholly: bool,
    ) -> Result<Option<FingerprintRow>, Failure> {
        Ok(match published {
            Some(release) if !wholly && self.names.keyed => fingerprints::find(session, self.holds(release.id)).await?,
            _ => None,
        })
    }

    /// Rejects after which the rest is not read; whoever has decided wants all of it.
    fn most_rejects(&self) -> Option<u64> {
        self.dataset.expect.most_rejects().filter(|_| !self.source.origin.is_decided())
    }

    /// What a fingerprint of `release` holds for.
    fn holds(&self, release: ReleaseId) -> Holds<'_> {
        Holds::of(self.dataset, release)
    }
}

/// The release's row: a new one, or the held one that a person wants published.
async fn open(
    session: &mut PgSession,
    dataset: &Dataset,
    source: &Source,
    base: Option<ReleaseId>,
    definition_artifact: ArtifactId,
    log: &RunLog,
) -> Result<ReleaseId, Failure> {
    if let Origin::Approved(held) = &source.origin {
        return Ok(held.id);
    }
    let parts = source.new_parts();
    let new = NewRelease {
        dataset: &dataset.name,
        run: log.claim().run,
        base,
        definition: &dataset.hash,
        parser_version: dataset.parser_version(),
        content: &source.content,
        period: source.period,
        parts: &parts,
        definition_artifact,
        again: source.origin.manifest(),
    };
    let begun = session.transaction::<_, RunError, _>(async |conn| {
        runs::still_held(conn, log.claim()).await?;
        Ok(releases::begin(conn, &new).await?)
    });
    Ok(begun.await?)
}
