//! The ends of a load that change no table: the work and the run's end stand in one transaction.

use diesel_async::AsyncConnection;
use parsers::Dataset;

use super::{gaps::Missing, source::Source};
use crate::{
    db::{
        AsyncPgConnection, dataset_rows, releases,
        run_log::RunLog,
        runs::{self, Ending, RunError},
    },
    job::{Counts, Failure, Finding, Outcome, ReleaseId, Trigger},
};

/// A release that is to be held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding<'a> {
    pub(super) release: ReleaseId,
    pub(super) base: Option<ReleaseId>,
    /// What it would do; none if it could not be read to its end.
    pub(super) counts: Option<&'a Counts>,
    pub(super) findings: &'a [Finding],
    /// What its calendar misses, if it has one.
    pub(super) missing: Option<Missing<'a>>,
    /// Whether each period is a file of its own.
    pub(super) by_period: bool,
}

/// Ends a run whose bytes are settled already, in `release`.
pub(super) async fn unchanged(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    source: &Source,
    release: ReleaseId,
    log: &RunLog,
) -> Result<Outcome, Failure> {
    let outcome = Outcome::Unchanged { release: Some(release) };
    let ending = Ending::Done(outcome.clone());
    conn.transaction::<_, RunError, _>(async |conn| {
        if source.is_checked() {
            dataset_rows::checked(conn, &dataset.name).await?;
        }
        runs::finish(conn, log.claim(), &ending).await
    })
    .await?;
    Ok(outcome)
}

/// Ends a run that has nothing to load: the publisher has no file for its period, or the release that it was to publish
/// has been decided about meanwhile.
pub(super) async fn nothing(conn: &mut AsyncPgConnection, log: &RunLog) -> Result<Outcome, Failure> {
    let release = match log.claim().trigger {
        Trigger::Publish(release) => Some(release),
        _ => None,
    };
    let outcome = Outcome::Unchanged { release };
    runs::finish(conn, log.claim(), &Ending::Done(outcome.clone())).await?;
    Ok(outcome)
}

/// Holds a release until a person decides.
pub(super) async fn hold(conn: &mut AsyncPgConnection, holding: Holding<'_>, log: &RunLog) -> Result<Outcome, Failure> {
    let Holding { release, base, counts, findings, missing, by_period } = holding;
    let outcome = Outcome::Held { release, findings: findings.to_vec() };
    let ending = Ending::Done(outcome.clone());
    conn.transaction::<_, RunError, _>(async |conn| {
        releases::hold(conn, release, base, counts, findings, by_period).await?;
        if let Some(missing) = missing {
            missing.notice(conn, log, true).await?;
        }
        runs::finish(conn, log.claim(), &ending).await
    })
    .await?;
    Ok(outcome)
}
