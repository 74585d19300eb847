//! The publisher is asked, and what it answers goes into the archive.

use std::time::Duration;

use jiff::Timestamp;
use parsers::Dataset;
use url::Url;

use super::{Origin, Question, Source, question};
use crate::{
    archive::Kept,
    db::{
        artifacts::{self, Artifact, LastFetch, NewFetch},
        dataset_rows,
        run_log::{Progress, RunLog},
    },
    ingest::{
        Ingest, expect,
        fetch::{FetchError, Fetched, NewFile, Validators, shown},
    },
    job::{Failure, Step},
};

/// After this time the whole file is asked for, whatever the validators say: publishers' servers lie.
const TRUST: Duration = Duration::from_hours(7 * 24);

impl Ingest {
    /// Asks the publisher. None if it has no file for a period.
    pub(super) async fn ask(
        &self,
        dataset: &Dataset,
        question: Question,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        log.enter(Step::Fetch).await?;
        let (asked, period) = (question::url(dataset, question)?, question.period());
        let url = asked.parse().map_or_else(|_| asked.clone(), |url: Url| shown(&url));
        let last = self.last_full(dataset, &url).await?;
        let known = last.as_ref().map(|(fetch, _)| validators(fetch, &url, Timestamp::now())).unwrap_or_default();
        let known = if expect::misses(&self.pool, dataset).await? { Validators::default() } else { known };
        let watch = |bytes, total_bytes| log.progress(Progress { bytes, total_bytes, rows: 0 });
        let fetched = tokio::select! {
            fetched = self.fetcher.fetch(dataset, &asked, &known, &self.archive, &watch) => fetched,
            halted = log.halted() => return Err(halted),
        };
        let fetched = match fetched {
            Ok(fetched) => fetched,
            Err(error) => return self.absent(dataset, &url, question, error, log).await,
        };
        log.enter(Step::Archive).await?;
        let (None, Some((_, artifact))) = (&fetched.file, last) else {
            return self
                .keep(dataset, &url, fetched, log)
                .await
                .map(|source| Some(Source { question, period, ..source }));
        };
        let mut conn = self.pool.get().await?;
        let final_url = fetched.final_url.as_str();
        artifacts::fetched(&mut conn, &NewFetch { final_url, status: 304, ..answer(dataset, &url, log) }).await?;
        Ok(Some(Source { question, period, ..Source::new(vec![artifact], Origin::Confirmed) }))
    }

    /// A period that the publisher has no file for is a gap that is known from now on, and no failure.
    async fn absent(
        &self,
        dataset: &Dataset,
        url: &str,
        question: Question,
        error: FetchError,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        let (Some(status), Question::Period(_)) = (error.absent(), question) else { return Err(error.into()) };
        let mut conn = self.pool.get().await?;
        artifacts::fetched(&mut conn, &NewFetch { status: status.into(), ..answer(dataset, url, log) }).await?;
        log.note(&format!("the publisher has nothing there: {error}")).await?;
        Ok(None)
    }

    async fn keep(&self, dataset: &Dataset, url: &str, fetched: Fetched, log: &RunLog) -> Result<Source, Failure> {
        let Some(NewFile { incoming, name, validators, content_type }) = fetched.file else {
            // Only a conditional request is answered with "not modified", and there was none.
            return Err(Failure::retry(anyhow::anyhow!("the publisher sent neither a file nor a reason")));
        };
        let kept = self.archive.keep(incoming).await.map_err(Failure::retry)?;
        let mut conn = self.pool.get().await?;
        let id = artifacts::remember(&mut conn, &kept.sha256, kept.bytes, &name).await?;
        let fetch = NewFetch {
            final_url: &fetched.final_url,
            status: 200,
            etag: validators.etag.as_deref(),
            last_modified: validators.last_modified.as_deref(),
            content_type: content_type.as_deref(),
            artifact: Some(id.0),
            ..answer(dataset, url, log)
        };
        artifacts::fetched(&mut conn, &fetch).await?;
        let artifact = Artifact { id, sha256: kept.sha256, bytes: kept.bytes, name };
        Ok(Source::new(vec![artifact], Origin::Asked))
    }

    /// The last full answer to a URL, if the archive still has what it brought.
    async fn last_full(&self, dataset: &Dataset, url: &str) -> Result<Option<(LastFetch, Artifact)>, Failure> {
        let mut conn = self.pool.get().await?;
        dataset_rows::know(&mut conn, &dataset.name, &dataset.title).await?;
        let last = artifacts::last_full(&mut conn, &dataset.name, 0, url).await?;
        drop(conn);
        let Some((fetch, artifact)) = last else { return Ok(None) };
        let kept = Kept { sha256: artifact.sha256.clone(), bytes: artifact.bytes };
        let there = self.archive.has(&kept).await.map_err(Failure::retry)?;
        Ok(there.then_some((fetch, artifact)))
    }
}

/// What to ask with: nothing, if the last answer was to another question or is too old to be believed.
fn validators(last: &LastFetch, url: &str, now: Timestamp) -> Validators {
    let age = Duration::try_from(now.duration_since(last.fetched_at)).unwrap_or_default();
    if last.url != url || age > TRUST {
        return Validators::default();
    }
    Validators { etag: last.etag.clone(), last_modified: last.last_modified.clone() }
}

fn answer<'a>(dataset: &'a Dataset, url: &'a str, log: &RunLog) -> NewFetch<'a> {
    NewFetch {
        run: log.claim().run.0,
        dataset: dataset.name.as_str(),
        part: 0,
        url,
        final_url: url,
        status: 0,
        etag: None,
        last_modified: None,
        content_type: None,
        artifact: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last() -> LastFetch {
        LastFetch {
            url: "https://a.example/x".into(),
            etag: Some("\"1\"".into()),
            last_modified: None,
            fetched_at: "2026-11-01T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn the_whole_file_is_asked_for_at_least_weekly() {
        let ask = |url: &str, now: &str| validators(&last(), url, now.parse().unwrap()).etag;
        assert_eq!(ask("https://a.example/x", "2026-11-07T23:59:59Z"), Some("\"1\"".into()));
        assert_eq!(ask("https://a.example/x", "2026-11-08T00:00:01Z"), None);
    }

    #[test]
    fn another_url_is_another_question() {
        assert_eq!(validators(&last(), "https://a.example/y", last().fetched_at), Validators::default());
    }
}
