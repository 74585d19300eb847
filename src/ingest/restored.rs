//! A release that was published before, by a database that is lost: read again as the archive's manifest tells, by the
//! definition of then.

use jiff::Timestamp;
use parsers::Dataset;

use super::{
    Ingest,
    source::{Origin, Source},
};
use crate::{
    archive::manifest::Part,
    db::{
        artifacts::{self, Artifact, NewFetch},
        dataset_rows,
        releases::Files,
        run_log::RunLog,
    },
    job::{Failure, Step},
};

impl Ingest {
    /// The definition that the release of a moment was read by.
    pub(super) async fn defined_then(&self, dataset: &Dataset, at: Timestamp) -> Result<Dataset, Failure> {
        let manifest = self.archive.manifest(&dataset.name, at).await.map_err(Failure::fatal)?;
        let what = format!("the definition that {} was read by at {at}", dataset.name);
        self.definition(dataset, &manifest.definition, &what).await
    }

    /// A dataset's definition as the archive has it under this hash.
    pub(super) async fn definition(&self, dataset: &Dataset, sha256: &str, what: &str) -> Result<Dataset, Failure> {
        self.archive.prove(sha256).await.map_err(Failure::fatal)?;
        let text = self.archive.bytes(sha256).await.map_err(Failure::fatal)?;
        let text = String::from_utf8_lossy(&text);
        Dataset::parse("the definition of then", dataset.name.clone(), &text).map_err(|mistakes| {
            let first = mistakes.first().map_or_else(String::new, |mistake| mistake.message.clone());
            Failure::Final(anyhow::anyhow!("{what} ({sha256} in the archive) is not understood any more: {first}"))
        })
    }

    /// The files that the manifest names, each proved by its hash.
    pub(super) async fn restored(&self, dataset: &Dataset, at: Timestamp, log: &RunLog) -> Result<Source, Failure> {
        log.enter(Step::Archive).await?;
        let manifest = self.archive.manifest(&dataset.name, at).await.map_err(Failure::fatal)?;
        let mut parts = Vec::new();
        for (number, part) in (0_i32..).zip(&manifest.parts) {
            self.archive.prove(&part.sha256).await.map_err(Failure::fatal)?;
            parts.push((part.step, part.period, self.known_again(dataset, number, part, log).await?));
        }
        let period = manifest.period;
        Ok(Source { period, ..Source::of(Files::in_steps(parts), Origin::Restored(Box::new(manifest))) })
    }

    async fn known_again(
        &self,
        dataset: &Dataset,
        number: i32,
        part: &Part,
        log: &RunLog,
    ) -> Result<Artifact, Failure> {
        let mut conn = self.pool.get().await?;
        dataset_rows::know(&mut conn, &dataset.name, &dataset.title).await?;
        let id = artifacts::remember(&mut conn, &part.sha256, part.bytes, &part.name).await?;
        if let (Some(url), Some(fetched_at)) = (&part.url, part.fetched_at) {
            let fetch = NewFetch {
                run: log.claim().run.0,
                dataset: dataset.name.as_str(),
                part: Some(number),
                url,
                final_url: url,
                status: 200,
                // Without validators the next question is for the whole file.
                etag: None,
                last_modified: None,
                content_type: None,
                artifact: Some(id.0),
            };
            artifacts::fetched_then(&mut conn, &fetch, fetched_at).await?;
        }
        Ok(Artifact { id, sha256: part.sha256.clone(), bytes: part.bytes, name: part.name.clone() })
    }
}
