//! What the calendar of a release misses: remembered with the release, and asked for at once where each period is a file
//! of its own.

use parsers::Dataset;

use crate::db::{
    AsyncPgConnection,
    gaps::{self, Range},
    run_log::RunLog,
    runs::{self, RunError},
};

/// What a release misses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missing<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) ranges: &'a [Range],
    /// Whether it was read before: it misses what it missed then, and upkeep asks for what still is, once all has been
    /// read.
    pub(super) again: bool,
}

impl Missing<'_> {
    /// Remembers it, in the transaction that publishes the release or has it `held`: what nobody gets to see misses
    /// nothing, and fills nothing.
    pub(super) async fn notice(self, conn: &mut AsyncPgConnection, log: &RunLog, held: bool) -> Result<(), RunError> {
        let Dataset { name, source, .. } = self.dataset;
        gaps::notice(conn, name, self.ranges, held).await?;
        let asked = if self.again { Vec::new() } else { gaps::ask(conn, self.dataset).await? };
        if let (Some(dated), false) = (&source.dated, asked.is_empty()) {
            let periods: Vec<_> = asked.into_iter().map(|period| dated.told(period)).collect();
            let told = format!("the calendar misses values; asked for again: {}", periods.join(", "));
            runs::note(conn, log.claim(), &told).await?;
        }
        Ok(())
    }
}
