//! The stations of a run.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The stations of a run, in order; each is entered through the run's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Ask the publisher.
    Fetch,
    /// Keep the bytes.
    Archive,
    /// Decode, parse and check every record, and copy the rows beside the table.
    Stage,
    /// Hold the whole release against the dataset's expectations.
    Expect,
    /// Move the difference into the table.
    Merge,
    /// Run a report's SQL in one snapshot.
    Query,
    /// Make its documents.
    Render,
    /// Hand them over.
    Deliver,
    /// Tidy.
    Sweep,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fetch => "fetch",
            Self::Archive => "archive",
            Self::Stage => "stage",
            Self::Expect => "expect",
            Self::Merge => "merge",
            Self::Query => "query",
            Self::Render => "render",
            Self::Deliver => "deliver",
            Self::Sweep => "sweep",
        })
    }
}
