//! What lies in the archive already: a file given by hand, and releases that are read again, one or all, or published
//! after they were held.

use parsers::Dataset;

use super::{Origin, Source, refuse};
use crate::{
    db::{
        artifacts, dataset_rows,
        releases::{self, Files, ReleaseRow, State},
        run_log::RunLog,
    },
    ingest::Ingest,
    job::{ArtifactId, Failure, ReleaseId},
};

impl Ingest {
    /// A file that a person gave.
    pub(super) async fn given(&self, dataset: &Dataset, artifact: ArtifactId) -> Result<Source, Failure> {
        let mut conn = self.pool.get().await?;
        dataset_rows::know(&mut conn, &dataset.name, &dataset.title).await?;
        let found = artifacts::show(&mut conn, artifact).await?;
        let artifact = found.ok_or_else(|| refuse(format!("there is no artifact {artifact}")))?;
        Ok(Source::new(vec![artifact], Origin::Given))
    }

    /// A release that is read again.
    pub(super) async fn again(&self, dataset: &Dataset, release: ReleaseId) -> Result<Source, Failure> {
        let (row, files) = self.release(dataset, release).await?;
        Ok(Source { period: row.period, ..Source::of(files, Origin::Again) })
    }

    /// All published releases, to be read again as one.
    pub(super) async fn all(&self, dataset: &Dataset) -> Result<Source, Failure> {
        let mut conn = self.pool.get().await?;
        let each = releases::files_of_all(&mut conn, &dataset.name).await?;
        if each.is_empty() {
            return Err(refuse(format!("{} has no published release: there is nothing to read again", dataset.name)));
        }
        Ok(Source::of(Files::OfEach(each), Origin::Again))
    }

    /// A held release that a person wants published; none if another run has settled it while this one waited.
    pub(super) async fn approved(
        &self,
        dataset: &Dataset,
        release: ReleaseId,
        log: &RunLog,
    ) -> Result<Option<Source>, Failure> {
        let (row, files) = self.release(dataset, release).await?;
        if matches!(row.state, State::Published | State::Superseded) {
            log.note(&format!("release {release} was {} while this run waited: nothing is left to do", row.state))
                .await?;
            return Ok(None);
        }
        if row.state != State::Held {
            return Err(refuse(format!(
                "release {release} is {}: only a held release can be published anyway",
                row.state
            )));
        }
        if row.is_unreadable() {
            return Err(refuse(format!(
                "release {release} lacks columns of its definition: there is nothing to publish"
            )));
        }
        if row.definition != dataset.hash || row.parser_version != dataset.parser_version() {
            let name = &dataset.name;
            return Err(refuse(format!(
                "the definition of {name} has changed since release {release} was held: run `bluebook replay {name}` \
                 instead"
            )));
        }
        let period = row.period;
        Ok(Some(Source { period, ..Source::of(files, Origin::Approved(Box::new(row))) }))
    }

    /// A release, and its files.
    async fn release(&self, dataset: &Dataset, release: ReleaseId) -> Result<(ReleaseRow, Files), Failure> {
        let mut conn = self.pool.get().await?;
        let row = releases::show(&mut conn, release).await?;
        let row = row.filter(|row| row.dataset == dataset.name.as_str());
        let row = row.ok_or_else(|| refuse(format!("{} has no release {release}", dataset.name)))?;
        let files = releases::files(&mut conn, release).await?;
        Ok((row, files))
    }
}
