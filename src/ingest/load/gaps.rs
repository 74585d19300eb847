//! What the calendar of a release misses: remembered, and asked for at once where each period is a file of its own.

use parsers::Dataset;

use super::Load;
use crate::{
    db::{
        AsyncConnection as _, PgSession,
        gaps::{self, Range},
        runs::{self, RunError},
    },
    job::Failure,
};

impl Load<'_> {
    /// Remembers what is missing. A release that is read again misses what it missed then: upkeep asks for what still
    /// is, once all has been read.
    pub(super) async fn notice(&self, session: &mut PgSession, missing: &[Range], held: bool) -> Result<(), Failure> {
        let Dataset { name, source, .. } = self.dataset;
        let noticed = session.transaction::<_, RunError, _>(async |conn| {
            runs::still_held(conn, self.log.claim()).await?;
            gaps::notice(conn, name, missing, held).await?;
            Ok(if self.source.is_read_again() { Vec::new() } else { gaps::ask(conn, self.dataset).await? })
        });
        let asked = noticed.await?;
        if let (Some(dated), false) = (&source.dated, asked.is_empty()) {
            let periods: Vec<_> = asked.into_iter().map(|period| dated.told(period)).collect();
            self.log.note(&format!("the calendar misses values; asked for again: {}", periods.join(", "))).await?;
        }
        Ok(())
    }
}
