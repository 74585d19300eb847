//! A load: from archived bytes to a published (or held) release. No network from here on.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use parsers::Dataset;

use super::{
    Ingest,
    end::{self, Holding},
    expect::{self, Seen},
    merge::{self, MergeError, Ready},
    source::{Origin, Source},
    stage::{self, Material, Settled, Stage, Stopped, WriteError, Written},
    statement::Names,
    table,
};
use crate::{
    db::{
        PgSession, Pooled, artifacts,
        releases::{self, NewRelease},
        run_log::RunLog,
        runs::{self, RunError},
    },
    job::{Counts, Failure, Finding, Level, Outcome, ReleaseId, Step},
};

/// How often the difference is made again because the table moved meanwhile.
const MOST_COMPARISONS: usize = 5;

/// One load on its way.
struct Load<'a> {
    dataset: &'a Dataset,
    source: &'a Source,
    log: &'a RunLog,
    release: ReleaseId,
    stage: Stage,
    names: Names,
}

/// A release that is staged and settled.
struct Staged {
    written: Written,
    settled: Settled,
}

impl Ingest {
    /// Loads a source. Whatever goes wrong, the release does not stay "loading", and its stage does not stay behind.
    pub(super) async fn load(&self, dataset: &Dataset, source: &Source, log: &RunLog) -> Result<Outcome, Failure> {
        log.enter(Step::Stage).await?;
        let mut session = self.pool.get().await?;
        let base = table::shape(&mut session, dataset).await?;
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

    async fn carry(&self, load: &Load<'_>, session: &mut Pooled, base: Option<ReleaseId>) -> Result<Outcome, Failure> {
        let material = self.material(load).await?;
        load.remember_stage(session, None).await?;
        let written = stage::write(session, &load.stage, &load.names, load.release, material, load.log).await;
        let written = match written {
            Ok(written) => written,
            Err(WriteError::Failed(failure)) => return Err(failure),
            Err(WriteError::Stopped(Stopped::Contract(contract))) => {
                load.log.enter(Step::Expect).await?;
                let findings = [expect::contract(&contract)];
                return load.hold(session, base, None, &findings).await;
            }
            Err(WriteError::Stopped(stopped)) => return Err(load.unreadable(session, stopped).await?),
        };
        if written.gave_up {
            load.log.enter(Step::Expect).await?;
            let seen = Seen {
                counts: None,
                rejected: written.rejected,
                conflicting: 0,
                published: None,
                new_columns: &written.new_columns,
            };
            let findings = expect::findings(&load.dataset.expect, seen);
            return load.hold(session, base, None, &findings).await;
        }
        let key: Vec<&str> = load.dataset.schema.key_columns().map(|column| column.name.as_str()).collect();
        let settled = stage::settle(session, &load.names, load.release, &written, &key).await?;
        load.remember_stage(session, Some(settled.staged)).await?;
        load.decide(session, &Staged { written, settled }).await
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
            most_rejects: (!approved).then_some(load.dataset.expect.max_rejected),
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

impl Load<'_> {
    /// Where the release is staged. A held release keeps the stage that people look at until it is published.
    async fn remember_stage(&self, session: &mut PgSession, rows: Option<i64>) -> Result<(), Failure> {
        if !matches!(self.source.origin, Origin::Approved(_)) {
            releases::staged(session, self.release, self.stage.name(), rows).await?;
        }
        Ok(())
    }

    /// Compares, judges, and merges or holds. If the table moved in between, all of it is done again.
    async fn decide(&self, session: &mut PgSession, staged: &Staged) -> Result<Outcome, Failure> {
        for _again in 0..MOST_COMPARISONS {
            self.log.enter(Step::Expect).await?;
            let published = releases::published(session, &self.dataset.name).await?;
            let base = published.as_ref().map(|release| release.id);
            let difference = merge::compare(session, &self.names).await?;
            let counts = difference.counts(&staged.written, staged.settled)?;
            let before = published.and_then(|release| release.counts).map(|counts| expect::rows(&counts));
            let findings = self.findings(staged, &counts, before);
            if self.is_held(&findings) {
                return self.hold(session, base, Some(&counts), &findings).await;
            }
            self.log.enter(Step::Merge).await?;
            let ready = Ready {
                dataset: &self.dataset.name,
                release: self.release,
                base,
                difference,
                counts: &counts,
                findings: &findings,
                staged: staged.settled.staged,
                asked: self.source.asked(),
            };
            match merge::publish(session, &self.names, ready, self.log).await {
                Ok(outcome) => {
                    self.log.settled();
                    if matches!(outcome, Outcome::Published { .. }) {
                        table::analyze(session, self.dataset).await;
                    }
                    return Ok(outcome);
                }
                Err(MergeError::Moved) => self.log.note("the table moved; the difference is made again").await?,
                Err(MergeError::Referenced(_)) => {
                    let message = merge::referenced(session, &self.names).await?;
                    let findings = [findings, vec![expect::referenced(message)]].concat();
                    return self.hold(session, base, Some(&counts), &findings).await;
                }
                Err(MergeError::Run(error)) => return Err(error.into()),
                Err(lost @ MergeError::StageLost { .. }) => return Err(Failure::retry(lost)),
            }
        }
        let name = &self.dataset.name;
        Err(Failure::retry(anyhow::anyhow!("data.{name} kept moving while the release was compared with it")))
    }

    fn findings(&self, staged: &Staged, counts: &Counts, published: Option<u64>) -> Vec<Finding> {
        let seen = Seen {
            counts: Some(counts),
            rejected: counts.rejected,
            conflicting: staged.settled.conflicting,
            published,
            new_columns: &staged.written.new_columns,
        };
        expect::findings(&self.dataset.expect, seen)
    }

    /// Whether a finding holds the release; a person's word is stronger.
    fn is_held(&self, findings: &[Finding]) -> bool {
        let approved = matches!(self.source.origin, Origin::Approved(_));
        !approved && findings.iter().any(|finding| finding.level == Level::Fail)
    }

    async fn hold(
        &self,
        session: &mut PgSession,
        base: Option<ReleaseId>,
        counts: Option<&Counts>,
        findings: &[Finding],
    ) -> Result<Outcome, Failure> {
        if counts.is_none() {
            self.stage.drop(session).await;
        }
        end::hold(session, Holding { release: self.release, base, counts, findings }, self.log).await
    }

    /// The file is not what it should be. If it has just come over the network, another attempt may bring it whole,
    /// so what it came with must not make the publisher say "not modified".
    async fn unreadable(&self, session: &mut PgSession, stopped: Stopped) -> Result<Failure, Failure> {
        let io = matches!(stopped, Stopped::Io(_));
        if !self.source.asked() {
            return Ok(if io { Failure::retry(stopped) } else { Failure::fatal(stopped) });
        }
        for part in &self.source.parts {
            artifacts::distrust(session, &self.dataset.name, part.id).await?;
        }
        Ok(Failure::retry(stopped))
    }
}
