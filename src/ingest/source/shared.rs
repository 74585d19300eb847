//! Files that another dataset has fetched: read once more, and published apart.

use diesel_async::AsyncConnection as _;
use parsers::Dataset;

use super::{Origin, Question, Source, refuse};
use crate::{
    db::{
        artifacts::{self, NewFetch},
        dataset_rows,
        run_log::RunLog,
        runs::{self, RunError},
        walks::{self, Walked},
    },
    ingest::Ingest,
    job::{Failure, RunId, Step, Trigger},
};

impl Ingest {
    /// The files that another dataset has fetched: by this run, or last.
    pub(super) async fn share(&self, dataset: &Dataset, run: Option<RunId>, log: &RunLog) -> Result<Source, Failure> {
        log.enter(Step::Archive).await?;
        let Some(other) = &dataset.source.same_as else {
            return Err(refuse(format!("{} fetches its own files by now", dataset.name)));
        };
        let mut conn = self.pool.get().await?;
        dataset_rows::know(&mut conn, &dataset.name, &dataset.title).await?;
        let walked = walks::last(&mut conn, other, run).await?.ok_or_else(|| {
            let name = &dataset.name;
            refuse(format!("{name} reads the files of {other}, and there are none yet: run `bluebook ingest {other}`"))
        })?;
        let question = question(dataset, &walked)?;
        let claim = log.claim();
        let written = conn.transaction::<_, RunError, _>(async |conn| {
            runs::still_held(conn, claim).await?;
            for (number, part) in (0_i32..).zip(&walked.parts) {
                let fetch = NewFetch {
                    run: claim.run.0,
                    dataset: dataset.name.as_str(),
                    part: Some(number),
                    url: &part.url,
                    final_url: &part.final_url,
                    status: 200,
                    etag: None,
                    last_modified: None,
                    content_type: part.content_type.as_deref(),
                    artifact: Some(part.artifact.id.0),
                };
                artifacts::fetched_then(conn, &fetch, walked.fetched_at).await?;
            }
            Ok(())
        });
        written.await?;
        let parts = walked.parts.into_iter().map(|part| part.artifact).collect();
        Ok(Source { question, period: question.period(), ..Source::new(parts, Origin::Confirmed) })
    }
}

/// What the other dataset has asked for.
fn question(dataset: &Dataset, walked: &Walked) -> Result<Question, Failure> {
    Ok(match walked.trigger {
        Trigger::Backfill(period) => Question::Period(period),
        _ => Question::at(dataset, walked.asked_for)?,
    })
}
