//! Ingest: fetch, archive, stage, expect, merge.
//!
//! The bytes are kept before they are read; from then on nothing needs the network, so a replay, an upload and a late
//! "publish anyway" are the same way with another beginning. The table changes in one transaction, which also
//! remembers the release and ends the run.

use parsers::Dataset;

use crate::{
    archive::Archive,
    db::{
        AsyncPgConnection, DbResult, Pool,
        releases::{self, ReleaseRow, State},
        run_log::RunLog,
    },
    job::{Ended, Failure, Outcome, Trigger},
};

mod ahead;
mod copy;
mod end;
mod expect;
pub mod fetch;
mod fingerprint;
mod fresh;
mod gaps;
mod history;
mod inspect;
mod load;
mod merge;
mod restored;
mod source;
mod stage;
mod statement;
mod sum;
mod table;

pub use ahead::Ahead;
pub use copy::{EncodeError, Encoder};
pub use expect::rehearsal;
pub use fetch::{Fetcher, Veil};
pub use fingerprint::{Fingerprints, Limits};
pub use inspect::Inspected;
use source::Origin;
pub use table::{Shaped, TableError, foresee, is_there, shape};

/// What a transaction of a load begins with: loads may take long, and only they.
const LONG: &str = "SET LOCAL statement_timeout = '2h'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// The room of ingest: what a load needs beside its dataset. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    /// The pool that all rooms share.
    pub pool: Pool,
    /// Where artifacts are kept.
    pub archive: Archive,
    /// What the tables were loaded from, to compare the next releases with.
    pub fingerprints: Fingerprints,
    /// Who asks publishers.
    pub fetcher: Fetcher,
    /// Where what is read ahead waits for its run.
    pub ahead: Ahead,
}

impl Ingest {
    /// Works off one run of a dataset. The run's end is recorded with the work itself, except when it fails. Whatever the
    /// publisher wrote, nothing that is told of it goes without the veil.
    pub async fn run(&self, dataset: &Dataset, veil: &Veil, log: &RunLog) -> Result<Ended, Failure> {
        let ended = if let Trigger::Restore(at) = log.claim().trigger {
            let then = self.defined_then(dataset, at).await?;
            Box::pin(self.work(&then, veil, log)).await
        } else {
            Box::pin(self.work(dataset, veil, log)).await
        };
        self.ahead.clear();
        ended.map_err(|failure| failure.showing(|text| veil.over(text)))
    }

    async fn work(&self, dataset: &Dataset, veil: &Veil, log: &RunLog) -> Result<Ended, Failure> {
        let Some(source) = self.source(dataset, log).await? else {
            return end::nothing(&mut *self.pool.get().await?, log).await.map(Ended::Recorded);
        };
        if let Some(outcome) = self.nothing_new(dataset, &source, log).await? {
            return Ok(Ended::Recorded(outcome));
        }
        Box::pin(self.load(dataset, &source, veil, log)).await.map(Ended::Recorded)
    }

    /// Whether these very bytes have been settled already, read by the same definition and parser: published, or held,
    /// or discarded. Then nothing is written in `data`, and nobody is alarmed a second time.
    async fn nothing_new(
        &self,
        dataset: &Dataset,
        source: &source::Source,
        log: &RunLog,
    ) -> Result<Option<Outcome>, Failure> {
        if !matches!(source.origin, Origin::Asked | Origin::Confirmed | Origin::Given) {
            return Ok(None);
        }
        let mut conn = self.pool.get().await?;
        let version = dataset.parser_version();
        let same = releases::same(&mut conn, &dataset.name, &source.content, &dataset.hash, version).await?;
        let Some(same) = same else { return Ok(None) };
        if same.published_at.is_some() && load::is_emptied(&mut conn, dataset).await? {
            return Ok(None);
        }
        if !is_settled(&mut conn, dataset, source, &same).await? {
            return Ok(None);
        }
        if matches!(same.state, State::Held | State::Discarded) {
            let (id, state) = (same.id, same.state);
            log.note(&format!("the publisher's bytes are those of release {id}, which is {state}")).await?;
        }
        // The archive may have lost it, and it costs no more than a look.
        self.keep_definition(&mut conn, dataset).await?;
        // What the table offers may have changed although its rows did not.
        table::shape(&mut conn, dataset).await?.tell(log).await?;
        end::unchanged(&mut conn, dataset, source, same.id, log).await.map(Some)
    }
}

/// Whether the bytes of a release need not be read again.
async fn is_settled(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    source: &source::Source,
    same: &ReleaseRow,
) -> DbResult<bool> {
    Ok(match same.state {
        State::Published | State::Held | State::Discarded => true,
        // Other periods were published after it. What a person gives is to be in the table, whatever came since.
        State::Superseded => {
            dataset.source.dated.is_some()
                && same.published_at.is_some()
                && !matches!(source.origin, Origin::Given)
                && !releases::is_outdated(conn, same, source.period).await?
        }
        State::Loading | State::Failed => false,
    })
}
