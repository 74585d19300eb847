//! What sets a run off.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ArtifactId, ReleaseId, RunId};

/// Why a run exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A schedule's slot came due.
    Slot,
    /// Someone pressed "run now" in the admin.
    Person,
    /// A one-off command.
    Command,
    /// A file given by hand, already in the archive.
    Upload(ArtifactId),
    /// Read a release's artifacts again, without the network.
    Replay(ReleaseId),
    /// Read all published releases again, as if the table were made anew.
    ReplayAll,
    /// Publish again what was published then, as the archive's manifest of that moment tells.
    Restore(Timestamp),
    /// Publish a held release although it failed an expectation.
    Publish(ReleaseId),
    /// Fetch the file of one period of a dated source, by the period's first instant.
    Backfill(Timestamp),
    /// Load what a run of another dataset has fetched: the files are the same.
    SameAs(RunId),
    /// Make a report's edition for a slot that a person named.
    Edition(Timestamp),
}
