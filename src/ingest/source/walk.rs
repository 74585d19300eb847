//! One walk to a publisher: question, answer, next question, until the plan has all parts.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use parsers::{
    Dataset,
    plan::{Plan, Request, WalkError},
};
use tokio::time::sleep;

use crate::{
    archive::{ArchiveError, Kept},
    db::{
        artifacts::{self, Artifact, LastFetch},
        hosts,
        run_log::{Progress, RunLog},
    },
    ingest::{
        Ingest,
        fetch::{self, Ask, FetchError, Fetched, Manner, Means, Validators},
    },
    job::Failure,
};

/// After this time the whole file is asked for, whatever the validators say: publishers' servers lie.
const TRUST: Duration = Duration::from_hours(7 * 24);
/// How far the clocks of two machines may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Who has to wait longer than this for a host waits in the queue.
const SHORT: Duration = Duration::from_secs(10);
/// How often one request is made once more within a run that has come further than its first part.
const MOST_AGAIN: u32 = 2;

mod came;
mod look;
mod turn;

pub(super) use came::Came;
use look::look;

/// A walk on its way.
pub(super) struct Walk<'a> {
    ingest: &'a Ingest,
    dataset: &'a Dataset,
    log: &'a RunLog,
    manner: &'a Manner,
    /// Whether nothing is asked conditionally.
    wholly: bool,
    came: Vec<Came>,
    /// Set once a publisher has been asked.
    begun: OnceLock<()>,
}

/// Why a walk comes to no end.
pub(super) enum Stuck {
    /// A request failed, so often once more.
    Fetch(FetchError, u32),
    Plan(WalkError),
    Failed(Failure),
}

impl From<WalkError> for Stuck {
    fn from(error: WalkError) -> Self {
        Self::Plan(error)
    }
}

impl<T: Into<Failure>> From<T> for Stuck {
    fn from(failure: T) -> Self {
        Self::Failed(failure.into())
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        ingest: &'a Ingest,
        dataset: &'a Dataset,
        log: &'a RunLog,
        manner: &'a Manner,
        wholly: bool,
    ) -> Self {
        Self { ingest, dataset, log, manner, wholly, came: Vec::new(), begun: OnceLock::new() }
    }

    /// All answers, in order.
    pub(super) async fn all(&mut self, mut plan: Plan) -> Result<Vec<Came>, Stuck> {
        let mut request = plan.first()?;
        let (mut parts, defined) = (0_i32, Arc::new(self.dataset.clone()));
        loop {
            let mut came = self.one(&request).await?;
            let content = if request.look.is_some() { self.content(&came).await? } else { Bytes::new() };
            let stepped;
            (plan, stepped) = look(plan, &came, content, &defined).await?;
            let step = match stepped {
                Ok(step) => step,
                Err(error) => {
                    self.came.push(came);
                    return Err(error.into());
                }
            };
            if step.is_part {
                came.part = Some(parts);
                parts += 1;
            }
            self.came.push(came);
            if let Some(note) = &step.note {
                self.log.note(note).await?;
            }
            let Some(next) = step.next else { break };
            request = next;
        }
        self.tell_of_the_end().await?;
        Ok(std::mem::take(&mut self.came))
    }

    /// Leaves a note if a file may have been cut between two rows, and nothing would show it.
    async fn tell_of_the_end(&self) -> Result<(), Failure> {
        let open = self.came.iter().any(|came| came.part.is_some() && !came.has_ended);
        if open && !self.dataset.shows_its_end() {
            let note = "the publisher told no length: nothing but the rows themselves shows whether some are missing";
            self.log.note(note).await?;
        }
        Ok(())
    }

    /// What has come so far.
    pub(super) fn came(&self) -> &[Came] {
        &self.came
    }

    /// Whether nothing has come.
    pub(super) fn is_at_its_beginning(&self) -> bool {
        self.came.is_empty()
    }

    async fn one(&self, request: &Request) -> Result<Came, Stuck> {
        let url = self.manner.shown(&request.url);
        let may_stand = request.may_stand && self.manner.is_plain() && self.manner.is_told_apart(&request.url);
        let last = if may_stand { self.last_full(&url).await? } else { None };
        let known = last.as_ref().filter(|_| !self.wholly);
        let known = known.map(|(fetch, _)| validators(fetch, Timestamp::now())).unwrap_or_default();
        let fetched = self.persistently(request, &known).await?;
        let Fetched { url: from, final_url, link, file } = fetched;
        let Some(file) = file else {
            // Only a conditional request is answered with "not modified".
            let Some((fetch, artifact)) = last else {
                let error = anyhow::anyhow!("the publisher sent neither a file nor a reason");
                return Err(Stuck::Failed(Failure::retry(error)));
            };
            let Artifact { id, sha256, bytes, name } = artifact;
            let (kept, stands) = (Kept { sha256, bytes }, Some(id));
            let validators = Validators { etag: fetch.etag, last_modified: fetch.last_modified };
            let (content_type, has_ended) = (None, true);
            return Ok(Came {
                part: None,
                kept,
                name,
                stands,
                url,
                from,
                final_url,
                link,
                validators,
                content_type,
                has_ended,
            });
        };
        let kept = self.ingest.archive.keep(file.incoming).await.map_err(Failure::retry)?;
        let (name, validators) = (file.name, file.validators);
        let (content_type, has_ended, stands) = (file.content_type, file.has_ended, None);
        Ok(Came { part: None, kept, name, stands, url, from, final_url, link, validators, content_type, has_ended })
    }

    /// Asks once more where that is soon over: if the publisher wishes for a moment's rest, or if much has come already.
    async fn persistently(&self, request: &Request, known: &Validators) -> Result<Fetched, Stuck> {
        // Each counts as an attempt of the run: a run asks in vain five times, and not five times as often.
        let most = self.log.claim().left().min(MOST_AGAIN);
        for again in 0.. {
            let fetched = tokio::select! {
                fetched = self.in_turn(request, known) => fetched,
                halted = self.log.halted() => return Err(Stuck::Failed(halted)),
            };
            let error = match fetched? {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            let wish = error.wish();
            if let (Some(wish), Some(host)) = (wish, error.host()) {
                hosts::leave_alone(&mut *self.ingest.pool.get().await?, &host, wish).await?;
            }
            let wait = match wish {
                Some(wish) if again == 0 && most > 0 && !wish.is_zero() && wish <= SHORT => wish,
                None if error.may_pass() && again < most && !self.came.is_empty() => {
                    fetch::before(again, rand::random())
                }
                _ => return Err(Stuck::Fetch(error, again)),
            };
            self.log.note(&format!("{error}; once more in {:.1} s", wait.as_secs_f64())).await?;
            tokio::select! {
                () = sleep(wait) => (),
                halted = self.log.halted() => return Err(Stuck::Failed(halted)),
            }
        }
        Err(Stuck::Failed(Failure::retry(anyhow::anyhow!("the publisher could not be asked"))))
    }

    /// Asks when it is our turn at the host, and at those that it sends us to.
    async fn in_turn(&self, request: &Request, known: &Validators) -> Result<Result<Fetched, FetchError>, Failure> {
        let taken: u64 = self.came.iter().map(|came| came.kept.bytes).sum();
        let left = self.dataset.source.max_bytes.saturating_sub(taken);
        let bytes = request.look.map_or(left, |most| left.min(most));
        let watch = |bytes, total: Option<u64>| self.log.progress(Progress { bytes, total_bytes: total, rows: 0 });
        let ask = Ask { url: &request.url, manner: self.manner, known, bytes };
        let Ingest { fetcher, archive, .. } = self.ingest;
        let turn =
            |host: String, held| async move { self.turn(&host, held).await.map_err(FetchError::no_turn) }.boxed();
        let fetched = fetcher.fetch(self.dataset, ask, Means { archive, watch: &watch, in_turn: &turn }).await;
        self.leave().await?;
        Ok(fetched.map_err(|error| if bytes < left { error.within(bytes) } else { error }))
    }

    /// The last full answer to a URL, if the archive still has what it brought.
    async fn last_full(&self, url: &str) -> Result<Option<(LastFetch, Artifact)>, Stuck> {
        let mut conn = self.ingest.pool.get().await?;
        let last = artifacts::last_full(&mut conn, &self.dataset.name, url).await?;
        drop(conn);
        let Some((fetch, artifact)) = last else { return Ok(None) };
        let kept = Kept { sha256: artifact.sha256.clone(), bytes: artifact.bytes };
        let there = self.ingest.archive.has(&kept).await.map_err(Failure::retry)?;
        Ok(there.then_some((fetch, artifact)))
    }

    /// What came, for the plan to look into.
    async fn content(&self, came: &Came) -> Result<Bytes, Stuck> {
        let failed = |error: ArchiveError| Stuck::Failed(Failure::retry(error));
        if came.stands.is_some() {
            self.ingest.archive.prove(&came.kept.sha256).await.map_err(failed)?;
        }
        self.ingest.archive.bytes(&came.kept.sha256).await.map_err(failed)
    }
}

/// What to ask with: nothing, if the last answer is too old to be believed, or by a clock that was wrong.
fn validators(last: &LastFetch, now: Timestamp) -> Validators {
    // A little ahead may another machine's clock be.
    let age = Duration::try_from(now.duration_since(last.fetched_at).saturating_add(SKEW));
    if age.is_err() || age.is_ok_and(|age| age > TRUST) {
        return Validators::default();
    }
    Validators { etag: last.etag.clone(), last_modified: last.last_modified.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_file_is_asked_for_at_least_weekly() {
        let last = LastFetch {
            etag: Some("\"1\"".into()),
            last_modified: None,
            fetched_at: "2026-11-01T00:00:00Z".parse().unwrap(),
        };
        let ask = |now: &str| validators(&last, now.parse().unwrap()).etag;
        assert_eq!(ask("2026-11-07T23:54:59Z"), Some("\"1\"".into()));
        assert_eq!(ask("2026-11-08T00:00:01Z"), None);
        assert_eq!(ask("2026-10-31T23:59:59Z"), Some("\"1\"".into()), "another machine's clock");
        assert_eq!(ask("2026-10-30T00:00:00Z"), None, "it was fetched tomorrow");
    }
}
