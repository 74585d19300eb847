//! What a walk brings home.

use parsers::Dataset;

use crate::{
    archive::Kept,
    db::{artifacts::NewFetch, runs::Claim},
    ingest::fetch::Validators,
    job::ArtifactId,
};

/// One answer, its bytes in the archive.
pub(in crate::ingest::source) struct Came {
    /// Which part of the release it is; none if it only told where parts are.
    pub(in crate::ingest::source) part: Option<i32>,
    pub(in crate::ingest::source) kept: Kept,
    pub(in crate::ingest::source) name: String,
    /// Set if it came before, and stands.
    pub(in crate::ingest::source) stands: Option<ArtifactId>,
    pub(super) url: String,
    /// After redirects, as it is asked.
    pub(super) from: String,
    pub(super) final_url: String,
    pub(super) link: Option<String>,
    pub(super) validators: Validators,
    pub(super) content_type: Option<String>,
    /// Whether the line showed where it ends.
    pub(super) has_ended: bool,
}

impl Came {
    /// The answer as it is written down.
    pub(in crate::ingest::source) fn fetch<'a>(
        &'a self,
        dataset: &'a Dataset,
        claim: &Claim,
        artifact: ArtifactId,
    ) -> NewFetch<'a> {
        let stands = self.stands.is_some();
        NewFetch {
            run: claim.run.0,
            dataset: dataset.name.as_str(),
            part: self.part,
            url: &self.url,
            final_url: &self.final_url,
            status: if stands { 304 } else { 200 },
            // What is asked with stays that of the full answer.
            etag: self.validators.etag.as_deref().filter(|_| !stands),
            last_modified: self.validators.last_modified.as_deref().filter(|_| !stands),
            content_type: self.content_type.as_deref(),
            artifact: Some(artifact.0),
        }
    }
}
