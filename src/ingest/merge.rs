//! The merge: what changed, and only that, moves into the table, in the transaction that also remembers it.

use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};

use super::{
    LONG,
    stage::{self, Settled, Written},
    statement::Names,
};
use crate::{
    db::{
        AsyncPgConnection, DbError, DbResult, RunQueryDsl, dataset_rows, releases,
        run_log::RunLog,
        runs::{self, Ending, RunError},
    },
    job::{Counts, DatasetName, Failure, Finding, Outcome, ReleaseId},
};

mod references;

pub(super) use references::referenced;

/// How a staged release differs from the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Difference {
    inserted: u64,
    changed: u64,
    removed: u64,
    unchanged: u64,
    kept: u64,
}

impl Difference {
    /// The release's counts, if every record that was read is accounted for.
    pub(super) fn counts(self, written: &Written, settled: Settled) -> Result<Counts, Failure> {
        let counts = Counts {
            rows: written.rows + written.rejected,
            inserted: self.inserted,
            changed: self.changed,
            removed: self.removed,
            unchanged: self.unchanged,
            rejected: written.rejected + settled.conflicting + settled.frozen,
            duplicates: settled.duplicates,
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

/// A release that is ready to be published.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ready<'a> {
    pub(super) dataset: &'a DatasetName,
    pub(super) release: ReleaseId,
    /// The published release that the difference was made against.
    pub(super) base: Option<ReleaseId>,
    pub(super) difference: Difference,
    pub(super) counts: &'a Counts,
    pub(super) findings: &'a [Finding],
    /// Rows that the stage must still have.
    pub(super) staged: i64,
    /// Whether the publisher was asked in this run.
    pub(super) asked: bool,
}

/// Why nothing was merged.
#[derive(Debug, thiserror::Error)]
pub(super) enum MergeError {
    /// Another release was published meanwhile, or somebody changed rows by hand: the difference must be made again.
    #[error("the table is not what the release was compared with")]
    Moved,
    /// The stage is not what was staged: the server crashed and emptied it.
    #[error("the stage has {found} rows instead of {expected}: the database server was restarted; staging again")]
    StageLost {
        /// Rows that there should be.
        expected: i64,
        /// Rows that there are.
        found: i64,
    },
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

/// Compares the stage with the table.
pub(super) async fn compare(conn: &mut AsyncPgConnection, names: &Names) -> DbResult<Difference> {
    #[derive(QueryableByName)]
    struct Compared {
        #[diesel(sql_type = BigInt)]
        inserted: i64,
        #[diesel(sql_type = BigInt)]
        changed: i64,
        #[diesel(sql_type = BigInt)]
        removed: i64,
        #[diesel(sql_type = BigInt)]
        unchanged: i64,
        #[diesel(sql_type = BigInt)]
        kept: i64,
    }
    let template =
        if names.keyed { include_str!("merge/compare.sql") } else { include_str!("merge/compare_multiset.sql") };
    let found: Compared = conn
        .transaction(async |conn| {
            conn.batch_execute(LONG).await?;
            diesel::sql_query(names.fill(template)).get_result(conn).await
        })
        .await?;
    Ok(Difference {
        inserted: found.inserted.cast_unsigned(),
        changed: found.changed.cast_unsigned(),
        removed: if names.removes { found.removed.cast_unsigned() } else { 0 },
        unchanged: found.unchanged.cast_unsigned(),
        kept: found.kept.cast_unsigned(),
    })
}

/// Publishes a release and ends its run: all of it, or nothing.
pub(super) async fn publish(
    conn: &mut AsyncPgConnection,
    names: &Names,
    ready: Ready<'_>,
    log: &RunLog,
) -> Result<Outcome, MergeError> {
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        let known = dataset_rows::lock(conn, ready.dataset).await?;
        if known.published != ready.base {
            return Err(MergeError::Moved);
        }
        // Readers go on; whoever would write waits.
        conn.batch_execute(&names.fill("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
        let found = stage::count(conn, names).await?;
        if found != ready.staged {
            return Err(MergeError::StageLost { expected: ready.staged, found });
        }
        apply(conn, names, ready).await?;
        releases::publish(conn, ready.release, ready.base, ready.counts, ready.findings).await?;
        if ready.asked {
            dataset_rows::checked(conn, ready.dataset).await?;
        }
        // The stages go with it, so that nothing is left to tidy up whenever the program stops.
        conn.batch_execute(&names.fill("DROP TABLE IF EXISTS {stage}")).await?;
        let outcome = outcome(ready);
        runs::finish(conn, log.claim(), &Ending::Done(outcome.clone())).await?;
        Ok(outcome)
    })
    .await
}

/// Other bytes with the same rows are a release of their own, so that the next fetch knows them; for the table, and
/// for whoever reads it, nothing has changed.
fn outcome(ready: Ready<'_>) -> Outcome {
    let Counts { inserted, changed, removed, .. } = *ready.counts;
    if ready.base.is_some() && inserted + changed + removed == 0 {
        return Outcome::Unchanged { release: Some(ready.release) };
    }
    Outcome::Published { release: ready.release, counts: *ready.counts }
}

/// Delete, update, insert: in this order a key that moves never meets itself.
async fn apply(conn: &mut AsyncPgConnection, names: &Names, ready: Ready<'_>) -> Result<(), MergeError> {
    let Difference { inserted, changed, removed, .. } = ready.difference;
    let (delete, insert) = if names.keyed {
        (include_str!("merge/delete.sql"), include_str!("merge/insert.sql"))
    } else {
        (include_str!("merge/delete_multiset.sql"), include_str!("merge/insert_multiset.sql"))
    };
    if names.removes {
        let done = diesel::sql_query(names.fill(delete)).execute(conn).await?;
        expect(done, removed)?;
    }
    if names.keyed && names.has_values() {
        let update = diesel::sql_query(names.fill(include_str!("merge/update.sql")));
        expect(update.bind::<BigInt, _>(ready.release.0).execute(conn).await?, changed)?;
    }
    let insert = diesel::sql_query(names.fill(insert));
    expect(insert.bind::<BigInt, _>(ready.release.0).execute(conn).await?, inserted)
}

fn expect(done: usize, expected: u64) -> Result<(), MergeError> {
    if done as u64 == expected { Ok(()) } else { Err(MergeError::Moved) }
}
