//! Where a run's bytes come from: the publisher, a file given by hand, or a release that was loaded before.

use jiff::Timestamp;
use parsers::Dataset;
use sha2::{Digest, Sha256};

use super::{Ahead, Ingest};
use crate::{
    archive::hex,
    db::{
        artifacts::Artifact,
        releases::{Files, NewPart, ReleaseRow},
        run_log::RunLog,
        runs::Claim,
    },
    job::{Failure, Trigger},
};

mod archived;
mod asked;
mod origin;
mod question;
mod shared;
mod walk;

pub(super) use origin::Origin;
use question::Question;

/// What a run has to load.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) parts: Vec<Artifact>,
    /// If it is the sum of several releases: how many of the parts each of them has, and of which period it is.
    pub(super) sum_of: Option<Vec<(usize, Option<Timestamp>)>>,
    /// Hash over the parts' hashes: equal content is the same release again.
    pub(super) content: String,
    pub(super) origin: Origin,
    pub(super) question: Question,
    /// The period that it is the file of, where each is a file of its own; none if a person gave the file.
    pub(super) period: Option<Timestamp>,
}

impl Ingest {
    /// Gets the bytes into the archive, if they are not there. None if the publisher has no file for a period, or nothing is
    /// left to be published.
    pub(super) async fn source(&self, dataset: &Dataset, log: &RunLog) -> Result<Option<Source>, Failure> {
        let source = match log.claim().trigger {
            Trigger::SameAs(run) => self.share(dataset, Some(run), log).await,
            Trigger::Slot | Trigger::Person | Trigger::Command if dataset.source.same_as.is_some() => {
                self.share(dataset, None, log).await
            }
            Trigger::Backfill(_) if let Some(other) = &dataset.source.same_as => {
                let name = &dataset.name;
                Err(refuse(format!("{name} reads the files of {other}: run `bluebook backfill {other}` instead")))
            }
            Trigger::Slot | Trigger::Person | Trigger::Command => {
                return self.ask(dataset, Question::newest(dataset, log)?, log).await;
            }
            Trigger::Backfill(period) => return self.ask(dataset, Question::Period(period), log).await,
            Trigger::Upload(artifact) => self.given(dataset, artifact).await,
            Trigger::Replay(release) => self.again(dataset, release).await,
            Trigger::ReplayAll => self.all(dataset).await,
            Trigger::Restore(at) => self.restored(dataset, at, log).await,
            Trigger::Publish(release) => return self.approved(dataset, release, log).await,
            Trigger::Edition(_) => Err(refuse("a dataset has no editions: this trigger is for reports".into())),
        };
        source.map(Some)
    }
}

impl Source {
    pub(super) fn new(parts: Vec<Artifact>, origin: Origin) -> Self {
        let mut hash = Sha256::new();
        for part in &parts {
            hash.update(&part.sha256);
        }
        Self {
            parts,
            sum_of: None,
            content: hex(&hash.finalize()),
            origin,
            question: Question::Newest(None),
            period: None,
        }
    }

    /// What a release has been loaded from already.
    pub(super) fn of(files: Files, origin: Origin) -> Self {
        match files {
            Files::Of(parts) => Self::new(parts, origin),
            Files::OfEach(releases) => {
                let sum_of = Some(releases.iter().map(|each| (each.files.len(), each.period)).collect());
                Self { sum_of, ..Self::new(releases.into_iter().flat_map(|each| each.files).collect(), origin) }
            }
        }
    }

    /// Whether it is the sum of several releases.
    pub(super) fn is_sum(&self) -> bool {
        self.sum_of.is_some()
    }

    /// Its files as parts of the release that it becomes.
    pub(super) fn new_parts(&self) -> Vec<NewPart> {
        let steps: Vec<(i32, Option<Timestamp>)> = match &self.sum_of {
            None => vec![(0, self.period); self.parts.len()],
            Some(each) => (1..)
                .zip(each)
                .flat_map(|(step, (files, period))| std::iter::repeat_n((step, *period), *files))
                .collect(),
        };
        let part = |(part, (step, period)): (&Artifact, _)| NewPart { artifact: part.id, step, period };
        self.parts.iter().zip(steps).map(part).collect()
    }

    /// Whether the publisher was asked in this run.
    pub(super) fn asked(&self) -> bool {
        matches!(self.origin, Origin::Asked | Origin::Confirmed)
    }

    /// Whether the publisher was asked in this run for the newest that there is.
    pub(super) fn is_checked(&self) -> bool {
        self.asked() && matches!(self.question, Question::Newest(_))
    }

    /// Whether it is the file of a period that was asked for by itself.
    pub(super) fn is_past(&self) -> bool {
        self.question.is_past()
    }

    /// Whether these are the bytes of a release, read as they were read then.
    pub(super) fn is_again(&self, release: &ReleaseRow, dataset: &Dataset) -> bool {
        release.content == self.content
            && release.definition == dataset.hash
            && release.parser_version == dataset.parser_version()
    }

    /// Whether a release is read again that was settled before.
    pub(super) fn is_read_again(&self) -> bool {
        matches!(self.origin, Origin::Again | Origin::Restored(_))
    }

    /// Parts that have lain in the archive since before this run: whoever reads them proves them first. A file that a
    /// person gave was taken in just now, if this program did so and its run was claimed at once.
    pub(super) fn stored(&self, claim: &Claim, ahead: &Ahead) -> &[Artifact] {
        let proved = match self.origin {
            Origin::Asked | Origin::Restored(_) => true,
            Origin::Given => claim.at_once && self.parts.iter().all(|part| ahead.has_taken_in(&part.sha256)),
            Origin::Confirmed | Origin::Again | Origin::Approved(_) => false,
        };
        if proved { &[] } else { &self.parts }
    }
}

fn refuse(sentence: String) -> Failure {
    Failure::Final(anyhow::Error::msg(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::ArtifactId;

    #[test]
    fn content_depends_on_every_part_and_on_their_order() {
        let part = |sha256: &str| Artifact { id: ArtifactId(1), sha256: sha256.into(), bytes: 1, name: "x".into() };
        let content =
            |parts: &[&str]| Source::new(parts.iter().map(|hash| part(hash)).collect(), Origin::Given).content;
        assert_ne!(content(&["aa", "bb"]), content(&["bb", "aa"]));
        assert_ne!(content(&["aa"]), content(&["aa", "bb"]));
        assert_eq!(content(&["aa"]).len(), 64);
    }
}
