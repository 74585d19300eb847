//! The words that every room shares: jobs, what sets them off, and how they end.

use std::{any::Any, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

mod failure;
mod finding;
mod harmless;
mod shown;
mod step;
mod trigger;

pub use failure::Failure;
pub use finding::{Finding, Level};
pub use harmless::{harmless, harmless_json, one_line, shortened};
pub use parsers::{DatasetName, Name, NameError};
pub use shown::{parted, secrets, without_secrets};
pub use step::Step;
pub use trigger::Trigger;

/// A report's name: its folder under `templates/reports`.
pub type ReportName = Name;

/// Makes an identifier that cannot be mistaken for another table's.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(/// A row of `bluebook.runs`.
    RunId);
id!(/// A row of `bluebook.releases`.
    ReleaseId);
id!(/// A row of `bluebook.artifacts`.
    ArtifactId);
id!(/// A row of `bluebook.editions`.
    EditionId);
id!(/// A row of `bluebook.users`.
    UserId);

/// What a run does. Written `ingest:NAME`, `report:NAME` or `upkeep`, in tables, files and on pages alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Job {
    /// Fetch, check and publish one dataset.
    Ingest(DatasetName),
    /// Render and deliver one report.
    Report(ReportName),
    /// Tidy the system's own tables.
    Upkeep,
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ingest(dataset) => write!(f, "ingest:{dataset}"),
            Self::Report(report) => write!(f, "report:{report}"),
            Self::Upkeep => f.write_str("upkeep"),
        }
    }
}

/// Text that names no job.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no job: write ingest:NAME, report:NAME or upkeep")]
pub struct JobError(pub String);

impl FromStr for Job {
    type Err = JobError;

    fn from_str(text: &str) -> Result<Self, JobError> {
        let no_job = || JobError(text.to_owned());
        match text.split_once(':') {
            Some(("ingest", name)) => name.parse().map(Self::Ingest).map_err(|_spelling: NameError| no_job()),
            Some(("report", name)) => name.parse().map(Self::Report).map_err(|_spelling: NameError| no_job()),
            None if text == "upkeep" => Ok(Self::Upkeep),
            _ => Err(no_job()),
        }
    }
}

impl TryFrom<String> for Job {
    type Error = JobError;

    fn try_from(text: String) -> Result<Self, JobError> {
        text.parse()
    }
}

impl From<Job> for String {
    fn from(job: Job) -> Self {
        job.to_string()
    }
}

/// What a release did to its table. `rows` is what the publisher wrote; every one of them is in exactly one of
/// `inserted`, `changed`, `unchanged`, `rejected` and `duplicates`, or the load fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records read, after unpivoting and filling.
    pub rows: u64,
    /// Keys that were not in the table.
    pub inserted: u64,
    /// Keys whose other values differ.
    pub changed: u64,
    /// Keys that the release lacks (mode `replace` only).
    pub removed: u64,
    /// Keys with the same values.
    pub unchanged: u64,
    /// Records that failed their checks.
    pub rejected: u64,
    /// Identical copies of a row in the same release.
    pub duplicates: u64,
    /// Rows kept although their record was rejected.
    pub kept: u64,
}

impl Counts {
    /// True if every record read is accounted for.
    pub fn balance(&self) -> bool {
        self.rows == self.inserted + self.changed + self.unchanged + self.rejected + self.duplicates
    }
}

/// How a run ends well (or waits for a person).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// A release was merged into its table.
    Published {
        /// The release.
        release: ReleaseId,
        /// What it did to the table.
        counts: Counts,
    },
    /// The publisher has nothing new; nothing was written.
    Unchanged {
        /// The release that still stands, or that still waits for a person.
        release: Option<ReleaseId>,
    },
    /// Staged, but suspicious: a person decides.
    Held {
        /// The release.
        release: ReleaseId,
        /// Why.
        findings: Vec<Finding>,
    },
    /// An edition was rendered and handed over.
    Delivered {
        /// The edition.
        edition: EditionId,
        /// Where its files are.
        files: Vec<String>,
    },
    /// Upkeep did its round.
    Swept {
        /// Things taken away.
        removed: u64,
    },
}

/// How a room hands a run's end back to whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The end is in the database already, put there by the transaction of the work itself.
    Recorded(Outcome),
    /// The work stands; its end is still to be recorded.
    Open(Outcome),
}

impl Ended {
    /// What came of the run, whoever records it.
    pub fn outcome(&self) -> &Outcome {
        match self {
            Self::Recorded(outcome) | Self::Open(outcome) => outcome,
        }
    }

    /// The same, without who records it.
    pub fn into_outcome(self) -> Outcome {
        match self {
            Self::Recorded(outcome) | Self::Open(outcome) => outcome,
        }
    }
}

/// What a panic said, if it said anything in words.
pub fn last_words(panic: &(dyn Any + Send)) -> Option<&str> {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
}
