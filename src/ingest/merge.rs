//! The merge: what changed, and only that, moves into the table, in the transaction that also remembers it.

use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use jiff::Timestamp;

use super::{
    LONG,
    fresh::Fresh,
    gaps::Missing,
    history::{self, Cause, Keeping, Scope},
    stage::{self, Difference},
    statement::Names,
};
use crate::{
    db::{
        AsyncPgConnection, DbError, RunQueryDsl, dataset_rows,
        fingerprints::{self, FingerprintRow, Holds},
        releases,
        run_log::RunLog,
        runs::{self, Ending, NewRun, RunError},
    },
    job::{Counts, DatasetName, Finding, Job, Outcome, ReleaseId, Trigger},
};

mod references;

pub(super) use references::referenced;

/// From here on the table is locked and statement follows statement: a daemon that falls silent now has stopped, and must
/// not stand in the way of the one that takes over its run.
const AWAKE: &str = "SET LOCAL idle_in_transaction_session_timeout = '15s'";

/// A release that is ready to be published.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ready<'a> {
    /// Of which dataset, read by what.
    pub(super) holds: Holds<'a>,
    /// The new fingerprint, if there is one.
    pub(super) fingerprint: Option<&'a FingerprintRow>,
    /// The published release that the difference was made against.
    pub(super) base: Option<ReleaseId>,
    pub(super) difference: Difference,
    pub(super) counts: &'a Counts,
    pub(super) findings: &'a [Finding],
    /// Whether the publisher was asked in this run.
    pub(super) asked: bool,
    /// Whether each period is a file of its own.
    pub(super) by_period: bool,
    /// Whether it is the file of a period that was asked for by itself.
    pub(super) past: bool,
    /// What its calendar misses, if it has one.
    pub(super) missing: Option<&'a Missing<'a>>,
    /// When it was published, if it was before; else it is now.
    pub(super) at: Option<Timestamp>,
    /// What the release does to the dataset's history, if it has one.
    pub(super) history: Option<(Cause, Scope)>,
    /// Set if the stage is to become the table.
    pub(super) fresh: Option<Fresh<'a>>,
}

/// Why nothing was merged.
#[derive(Debug, thiserror::Error)]
pub(super) enum MergeError {
    /// Another release was published meanwhile, or somebody changed rows by hand.
    #[error("the table moved")]
    Moved,
    /// The stage is not what was staged: the server crashed and emptied it.
    #[error("the database server was restarted and has emptied the stage")]
    StageLost,
    /// The versions that should be open are not those that are.
    #[error(
        "the history has {rows} open versions too many or too few: somebody changed it by hand. `bluebook replay` closes \
         and opens what differs from the table"
    )]
    History {
        /// How many.
        rows: i64,
    },
    /// The stage could not become the table.
    #[error("the table stays in its place: {0}")]
    InTheWay(String),
    /// Rows of another table refer to rows that the release removes.
    #[error("{0}")]
    Referenced(String),
    /// The run is no longer ours, or the database refused.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<DbError> for MergeError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::DatabaseError(diesel::result::DatabaseErrorKind::ForeignKeyViolation, told) => {
                Self::Referenced(told.message().to_owned())
            }
            error => Self::Run(RunError::Db(error)),
        }
    }
}

/// What was published, and the fingerprint's file that nobody needs any more.
pub(super) type Published = (Outcome, Option<String>);

/// Publishes a release and ends its run: all of it, or nothing.
pub(super) async fn publish(
    conn: &mut AsyncPgConnection,
    names: &Names,
    ready: Ready<'_>,
    log: &RunLog,
) -> Result<Published, MergeError> {
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        conn.batch_execute(AWAKE).await?;
        let known = dataset_rows::lock(conn, ready.holds.dataset).await?;
        if known.published != ready.base {
            return Err(MergeError::Moved);
        }
        match ready.fresh {
            Some(fresh) => fresh.move_in(conn).await?,
            None => merge(conn, names, ready).await?,
        }
        let at = match ready.at {
            Some(then) => then,
            None => releases::moment(conn, ready.holds.dataset).await?,
        };
        if let Some((cause, scope)) = ready.history {
            let keeping = Keeping { release: ready.holds.release, at, cause, scope };
            history::keep(conn, names, keeping, ready.difference).await?;
        }
        let Ready { base, counts, findings, by_period, .. } = ready;
        releases::publish(conn, ready.holds.release, base, counts, findings, at, by_period).await?;
        if ready.past {
            judge_again(conn, ready.holds.dataset).await?;
        }
        if ready.asked {
            dataset_rows::checked(conn, ready.holds.dataset).await?;
        }
        let old = fingerprints::replace(conn, ready.holds, ready.fingerprint).await?;
        // The stages go with it, so that nothing is left to tidy up whenever the program stops.
        conn.batch_execute(&names.fill("DROP TABLE IF EXISTS {stage}")).await?;
        if let Some(missing) = ready.missing {
            missing.notice(conn, log, false).await?;
        }
        let outcome = outcome(ready);
        runs::finish(conn, log.claim(), &Ending::Done(outcome.clone())).await?;
        Ok((outcome, old))
    })
    .await
}

/// Other bytes with the same rows are a release of their own, so that the next fetch knows them; for the table, and
/// for whoever reads it, nothing has changed.
fn outcome(ready: Ready<'_>) -> Outcome {
    let Counts { inserted, changed, removed, .. } = *ready.counts;
    if ready.base.is_some() && inserted + changed + removed == 0 {
        return Outcome::Unchanged { release: Some(ready.holds.release) };
    }
    Outcome::Published { release: ready.holds.release, counts: *ready.counts }
}

/// What releases of other periods are held for may be mended by the one that was missing.
async fn judge_again(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> Result<(), DbError> {
    for held in releases::held_for_gaps(conn, dataset).await? {
        let job = Job::Ingest(dataset.clone());
        runs::enqueue(conn, &NewRun::asked(job, Trigger::Replay(held), "the backfill")).await?;
    }
    Ok(())
}

async fn merge(conn: &mut AsyncPgConnection, names: &Names, ready: Ready<'_>) -> Result<(), MergeError> {
    // Readers go on; whoever would write waits.
    conn.batch_execute(&names.fill("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
    if stage::count(conn, names).await? != ready.difference.staged {
        return Err(MergeError::StageLost);
    }
    apply(conn, names, ready.difference, ready.holds.release).await
}

/// Delete, update, insert: in this order a key that moves never meets itself. Each must meet exactly the rows that it
/// was compared with, or somebody else has changed the table.
pub(super) async fn apply(
    conn: &mut AsyncPgConnection,
    names: &Names,
    difference: Difference,
    release: ReleaseId,
) -> Result<(), MergeError> {
    let Difference { inserted, changed, removed, .. } = difference;
    let (delete, insert) = if names.keyed {
        (include_str!("merge/delete.sql"), include_str!("merge/insert.sql"))
    } else {
        (include_str!("merge/delete_multiset.sql"), include_str!("merge/insert_multiset.sql"))
    };
    if removed > 0 {
        let done = diesel::sql_query(names.fill(delete)).execute(conn).await?;
        expect(done, removed)?;
    }
    if changed > 0 {
        let update = diesel::sql_query(names.fill(include_str!("merge/update.sql")));
        expect(update.bind::<BigInt, _>(release.0).execute(conn).await?, changed)?;
    }
    if inserted > 0 {
        let insert = diesel::sql_query(names.fill(insert));
        expect(insert.bind::<BigInt, _>(release.0).execute(conn).await?, inserted)?;
    }
    Ok(())
}

fn expect(done: usize, expected: u64) -> Result<(), MergeError> {
    if done as u64 == expected { Ok(()) } else { Err(MergeError::Moved) }
}
