//! The publisher is asked, request by request, and what it answers goes into the archive.
//!
//! Nothing of a walk counts before all of it is there: its answers are written down in one transaction.

use diesel_async::AsyncConnection as _;
use parsers::Dataset;

use super::{
    Origin, Question, Source,
    walk::{Came, Stuck, Walk},
};
use crate::{
    db::{
        artifacts::{self, Artifact, NewFetch},
        dataset_rows,
        run_log::RunLog,
        runs::{self, RunError},
        walks,
    },
    ingest::{
        Ingest, expect,
        fetch::{FetchError, Manner},
    },
    job::{Failure, Step},
};

impl Ingest {
    /// Asks the publisher. None if it has no file for a period, or nothing that is new.
    pub(super) async fn ask(
        &self,
        dataset: &Dataset,
        question: Question,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        log.enter(Step::Fetch).await?;
        let asking = dataset.source.asking(question.asked_of(dataset)?).map_err(Failure::fatal)?;
        let manner = self.fetcher.manner(&asking)?;
        dataset_rows::know(&mut *self.pool.get().await?, &dataset.name, &dataset.title).await?;
        let mut plan = dataset.source.plan(&asking.url);
        if plan.asks_what_was_seen() {
            let seen = walks::loaded(&mut *self.pool.get().await?, &dataset.name).await?;
            let kept_by = manner.clone();
            plan = plan.having(seen, move |url| kept_by.shown(url));
        }
        let wholly = expect::misses(&self.pool, dataset).await?;
        let mut walk = Walk::new(self, dataset, log, &manner, wholly);
        let came = match walk.all(plan).await {
            Ok(came) => came,
            Err(Stuck::Fetch(error, _))
                if walk.is_at_its_beginning() && question.is_past() && error.absent().is_some() =>
            {
                return self.absent(dataset, &manner.shown(&asking.url), &error, log).await;
            }
            Err(stuck) => return Err(self.stuck(dataset, stuck, &walk, &manner).await?),
        };
        log.enter(Step::Archive).await?;
        self.settle(dataset, question, came, log).await
    }

    /// A period that the publisher has no file for is a gap that is known from now on, and no failure.
    async fn absent(
        &self,
        dataset: &Dataset,
        url: &str,
        error: &FetchError,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        let mut conn = self.pool.get().await?;
        let nothing = NewFetch {
            run: log.claim().run.0,
            dataset: dataset.name.as_str(),
            part: Some(0),
            url,
            final_url: url,
            status: error.absent().unwrap_or_default().into(),
            etag: None,
            last_modified: None,
            content_type: None,
            artifact: None,
        };
        artifacts::fetched(&mut conn, &nothing).await?;
        log.note(&format!("the publisher has nothing there: {error}")).await?;
        Ok(None)
    }

    /// A walk that came to no end. What still stood by its validators may be why: the next one asks for all of it.
    async fn stuck(
        &self,
        dataset: &Dataset,
        stuck: Stuck,
        walk: &Walk<'_>,
        manner: &Manner,
    ) -> Result<Failure, Failure> {
        Ok(match stuck {
            Stuck::Fetch(error, again) => Failure::from(error).tried(again),
            Stuck::Failed(failure) => failure,
            Stuck::Plan(error) => {
                let mut conn = self.pool.get().await?;
                for stands in walk.came().iter().filter_map(|came| came.stands) {
                    artifacts::distrust(&mut conn, &dataset.name, stands).await?;
                }
                // It quotes URLs as they are asked, and what the publisher wrote.
                let error = error.showing(|text| manner.shown_text(text));
                if error.may_pass() { Failure::retry(error) } else { Failure::fatal(error) }
            }
        })
    }

    /// Writes down what came, and has those datasets read it that read the same files.
    async fn settle(
        &self,
        dataset: &Dataset,
        question: Question,
        came: Vec<Came>,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        let claim = log.claim();
        let mut conn = self.pool.get().await?;
        let parts = conn.transaction::<_, RunError, _>(async |conn| {
            runs::still_held(conn, claim).await?;
            let mut parts = Vec::new();
            for one in &came {
                let artifact = artifacts::remember(conn, &one.kept.sha256, one.kept.bytes, &one.name).await?;
                artifacts::fetched(conn, &one.fetch(dataset, claim, artifact)).await?;
                if one.part.is_some() {
                    let (sha256, bytes, name) = (one.kept.sha256.clone(), one.kept.bytes, one.name.clone());
                    parts.push(Artifact { id: artifact, sha256, bytes, name });
                }
            }
            if parts.is_empty() {
                dataset_rows::checked(conn, &dataset.name).await?;
            } else {
                walks::share(conn, claim.run, &dataset.source.read_by).await?;
            }
            Ok(parts)
        });
        let parts = parts.await?;
        if parts.is_empty() {
            log.note("the publisher has no file that is new").await?;
            return Ok(None);
        }
        let stands = came.iter().any(|one| one.part.is_some() && one.stands.is_some());
        let origin = if stands { Origin::Confirmed } else { Origin::Asked };
        Ok(Some(Source { question, period: question.period(), ..Source::new(parts, origin) }))
    }
}
