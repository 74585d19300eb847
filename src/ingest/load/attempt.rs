//! One attempt at a difference: staged, judged, merged or held.

use super::{Attempt, Load, Reason};
use crate::{
    db::{
        DbError, DbResult, PgSession, artifacts,
        fingerprints::FingerprintRow,
        gaps::Range,
        releases::{self, ReleaseRow},
        runs::RunError,
    },
    ingest::{
        end::{self, Holding},
        expect::{self, Seen},
        fingerprint::Draft,
        fresh::Fresh,
        gaps::Missing,
        merge::{self, MergeError, Ready},
        source::Origin,
        stage::{self, Difference, ReadingThread, Settled, Stopped, Struck, Summary, WriteError, Written},
        statement::Names,
        table,
    },
    job::{Counts, Failure, Finding, Outcome, ReleaseId, Step},
};

/// A release of which nothing but its difference to `base` is staged.
pub(super) struct Staged<'a> {
    pub(super) read: Summary,
    pub(super) difference: Difference,
    pub(super) struck: Struck,
    pub(super) base: Option<&'a ReleaseRow>,
    /// Records that were read for it.
    pub(super) records: u64,
    /// What was found while it was made.
    pub(super) findings: Vec<Finding>,
    /// Set if the stage is to become the table.
    pub(super) fresh: Option<Fresh<'a>>,
}

impl Load<'_> {
    /// Where the release is staged. A held release keeps the stage that people look at until it is published.
    pub(super) async fn remember_stage(&self, session: &mut PgSession, rows: Option<i64>) -> Result<(), Failure> {
        if !matches!(self.source.origin, Origin::Approved(_)) {
            releases::staged(session, self.release, self.stage.name(), rows).await?;
        }
        Ok(())
    }

    /// Stages the release's difference to the published one, judges it, and merges or holds it.
    pub(super) async fn attempt(
        &self,
        session: &mut PgSession,
        published: Option<&ReleaseRow>,
        reading: ReadingThread,
        fresh: Option<Fresh<'_>>,
    ) -> Result<Attempt, Failure> {
        let base = published.map(|release| release.id);
        self.remember_stage(session, None).await?;
        let create = fresh.map_or_else(|| self.names.fill(stage::CREATE), |fresh| fresh.create(self.release));
        let written = match stage::write(session, &create, &self.names, self.release, reading, Some(self.log)).await {
            Ok(written) => written,
            Err(WriteError::Failed(failure)) => return Err(failure),
            Err(WriteError::Stopped(stopped)) => return self.stopped(session, base, stopped).await.map(Attempt::Ended),
        };
        if written.summary.gave_up {
            return self.gave_up(session, base, &written.summary).await.map(Attempt::Ended);
        }
        if let Some(reason) = written.summary.whole_instead {
            return Ok(Attempt::Again(Reason::Comparison(reason)));
        }
        let settled = match fresh {
            Some(fresh) => fresh.complete(session, written.summary.rows).await.map_err(|error| self.refused(error))?,
            None => self.settle(session, &self.names, &written).await?,
        };
        match settled {
            Settled::KeyTwice => Ok(Attempt::Again(Reason::KeyTwice)),
            Settled::Contradicted => Ok(Attempt::Again(Reason::Contradicted)),
            Settled::Difference(difference, struck) => {
                self.remember_stage(session, Some(difference.staged)).await?;
                let (read, findings) = (written.summary, Vec::new());
                let (base, records) = (published, read.rows + read.rejected);
                let staged = Staged { read, difference, struck, base, records, findings, fresh };
                self.decide(session, staged).await
            }
        }
    }

    /// Leaves nothing in the stage but its difference to the table that `names` name.
    pub(super) async fn settle(&self, session: &mut PgSession, names: &Names, written: &Written) -> DbResult<Settled> {
        let key: Vec<&str> = self.dataset.schema.key_columns().map(|column| column.name.as_str()).collect();
        stage::settle(session, names, self.release, written, &key).await
    }

    /// Judges a staged release, and merges or holds it.
    pub(super) async fn decide(&self, session: &mut PgSession, mut staged: Staged<'_>) -> Result<Attempt, Failure> {
        self.log.enter(Step::Expect).await?;
        let base = staged.base.map(|release| release.id);
        let counts = staged.difference.counts(&staged.read)?;
        let (findings, missing) = self.findings(session, &staged, &counts).await?;
        let held = self.is_held(&findings);
        let missing = missing.as_deref().map(|ranges| self.missing(ranges));
        if held {
            if let Some(fresh) = staged.fresh {
                fresh.leave(session).await?;
            }
            return self.hold(session, base, Some(&counts), findings, missing).await.map(Attempt::Ended);
        }
        let findings = self.veiled(findings);
        self.tell_outdated(staged.difference.outdated).await?;
        self.log.enter(Step::Merge).await?;
        let history = self.speaker(session, staged.base).await?;
        let draft = staged.read.draft.take();
        let fingerprint = draft.and_then(|draft| self.fingerprint(draft, &staged.struck, &counts));
        let ready = Ready {
            holds: self.holds(self.release),
            fingerprint: fingerprint.as_ref(),
            base,
            difference: staged.difference,
            counts: &counts,
            findings: &findings,
            asked: self.source.is_checked(),
            by_period: self.dataset.source.dated.is_some(),
            past: self.source.is_past(),
            missing: missing.as_ref(),
            at: self.source.origin.manifest().map(|manifest| manifest.published_at),
            history,
            fresh: staged.fresh,
        };
        let published = merge::publish(session, &self.names, ready, self.log).await;
        if let (Err(_), Some(new)) = (&published, &fingerprint) {
            self.fingerprints.remove(&new.file);
        }
        match published {
            Ok((outcome, old)) => {
                self.log.settled();
                if let Some(old) = old {
                    self.fingerprints.remove(&old);
                }
                if matches!(outcome, Outcome::Published { .. }) {
                    table::analyze(session, self.dataset).await;
                }
                Ok(Attempt::Ended(outcome))
            }
            Err(MergeError::Run(RunError::Db(error))) => Err(self.refused(error)),
            Err(MergeError::Run(error)) => Err(error.into()),
            Err(MergeError::Referenced(_)) => {
                let message = merge::referenced(session, &self.names).await?;
                let findings = [findings, vec![expect::referenced(message)]].concat();
                self.hold(session, base, Some(&counts), findings, missing).await.map(Attempt::Ended)
            }
            Err(moved) => Ok(Attempt::Again(Reason::Merge(moved))),
        }
    }

    /// An index that does not take a value is told with what would help.
    fn refused(&self, error: DbError) -> Failure {
        match table::too_long(self.dataset, self.stage.name(), &error) {
            Some(told) => Failure::Final(anyhow::Error::from(error).context(told)),
            None => error.into(),
        }
    }

    /// A file of an older period says less than it seems to.
    async fn tell_outdated(&self, rows: u64) -> Result<(), Failure> {
        match rows {
            0 => Ok(()),
            1 => self.log.note("1 row was left as it was: a file of a later period says otherwise").await,
            _ => {
                self.log
                    .note(&format!("{rows} rows were left as they were: files of later periods say otherwise"))
                    .await
            }
        }
    }

    /// The new fingerprint in its place, if it has an entry for every row that could be missed later on. Where nothing
    /// is ever removed, none can be.
    fn fingerprint(&self, draft: Draft, struck: &Struck, counts: &Counts) -> Option<FingerprintRow> {
        if struck.records != struck.places.len() as u64 {
            return None;
        }
        let sealed = draft.seal(&struck.places)?;
        let complete = !self.names.removes || sealed.rows() == expect::rows(counts);
        if complete { self.fingerprints.place(self.dataset.name.as_str(), sealed) } else { None }
    }

    /// The file was not read to its end. Columns that are not the definition's hold the release.
    async fn stopped(
        &self,
        session: &mut PgSession,
        base: Option<ReleaseId>,
        stopped: Stopped,
    ) -> Result<Outcome, Failure> {
        let Stopped::Contract(contract) = stopped else { return Err(self.unreadable(session, stopped).await?) };
        self.log.enter(Step::Expect).await?;
        self.hold(session, base, None, vec![expect::contract(&contract)], None).await
    }

    /// So many records were rejected that reading on was pointless.
    async fn gave_up(
        &self,
        session: &mut PgSession,
        base: Option<ReleaseId>,
        read: &Summary,
    ) -> Result<Outcome, Failure> {
        self.log.enter(Step::Expect).await?;
        let seen = Seen {
            counts: None,
            rejected: read.rejected,
            conflicting: 0,
            before: None,
            new_columns: &read.new_columns,
        };
        let mut findings = expect::findings(&self.dataset.expect, seen);
        findings.extend(self.retyped(session, read.rows + read.rejected).await?);
        self.hold(session, base, None, findings, None).await
    }

    fn missing<'a>(&'a self, ranges: &'a [Range]) -> Missing<'a> {
        Missing { dataset: self.dataset, ranges, again: self.source.is_read_again() }
    }

    pub(super) async fn hold(
        &self,
        session: &mut PgSession,
        base: Option<ReleaseId>,
        counts: Option<&Counts>,
        findings: Vec<Finding>,
        missing: Option<Missing<'_>>,
    ) -> Result<Outcome, Failure> {
        let findings = &self.veiled(findings);
        if counts.is_none() {
            self.stage.drop(session).await;
        }
        let by_period = self.dataset.source.dated.is_some();
        end::hold(session, Holding { release: self.release, base, counts, findings, missing, by_period }, self.log)
            .await
    }

    /// The file is not what it should be. If it has just come over the network, another attempt may bring it whole,
    /// so what it came with must not make the publisher say "not modified".
    async fn unreadable(&self, session: &mut PgSession, stopped: Stopped) -> Result<Failure, Failure> {
        let io = matches!(stopped, Stopped::Io(_));
        if !self.source.asked() {
            return Ok(if io { Failure::retry(stopped) } else { Failure::fatal(stopped) });
        }
        let other = self.dataset.source.same_as.as_ref();
        for part in &self.source.parts {
            artifacts::distrust(session, other.unwrap_or(&self.dataset.name), part.id).await?;
        }
        // Another attempt would read the same file: it is the other dataset's to fetch it again.
        Ok(if other.is_some() { Failure::fatal(stopped) } else { Failure::retry(stopped) })
    }
}
