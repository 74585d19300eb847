//! How a release differs from the table.

use super::Summary;
use crate::job::{Counts, Failure};

/// What settling a stage found, and what is left in it: nothing but the difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Difference {
    /// Rows that the table does not have.
    pub(in crate::ingest) inserted: u64,
    /// Rows that it has with other values.
    pub(in crate::ingest) changed: u64,
    /// Rows that the release lacks.
    pub(in crate::ingest) removed: u64,
    /// Rows that it has just so.
    pub(in crate::ingest) unchanged: u64,
    /// Rows that stay in spite of a reject.
    pub(in crate::ingest) kept: u64,
    /// Identical copies, of which one stays.
    pub(in crate::ingest) duplicates: u64,
    /// Records rejected because another has the same key and other values.
    pub(in crate::ingest) conflicting: u64,
    /// Records rejected because the table may not change and has the key with other values.
    pub(in crate::ingest) frozen: u64,
    /// Rows that stay as they are because a file of a later period has said otherwise.
    pub(in crate::ingest) outdated: u64,
    /// All rows of the stage.
    pub(in crate::ingest) staged: i64,
}

impl Difference {
    /// The release's counts, if every record that was read is accounted for.
    pub(in crate::ingest) fn counts(self, read: &Summary) -> Result<Counts, Failure> {
        let counts = Counts {
            rows: read.rows + read.rejected,
            inserted: self.inserted,
            changed: self.changed,
            removed: self.removed,
            unchanged: self.unchanged + self.outdated,
            rejected: read.rejected + self.conflicting + self.frozen,
            duplicates: self.duplicates,
            kept: self.kept,
        };
        if counts.balance() {
            return Ok(counts);
        }
        Err(Failure::fatal(anyhow::anyhow!(
            "the release does not add up: of {} records {} are inserted, {} changed, {} unchanged, {} rejected and \
             {} duplicates; nothing was published",
            counts.rows,
            counts.inserted,
            counts.changed,
            counts.unchanged,
            counts.rejected,
            counts.duplicates
        )))
    }
}
