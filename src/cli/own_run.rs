//! A command's own run: put into the queue, claimed at once, worked off in this process.

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::out;
use crate::{
    boot::House,
    db::{
        run_log::RunLog,
        runs::{self, Ending, NewRun, Started},
    },
    job::{Ended, Failure, Job, Outcome, RunId, Trigger},
};

/// What became of a command's run.
pub(super) enum Worked {
    /// It ended here, and well or held.
    Done(RunId, Outcome),
    /// Its job is running elsewhere: it waits in the queue.
    Waits,
}

/// Works a run off under a heartbeat, and records its end. A failure is the run's and comes back as an error.
pub(super) async fn work_off(
    house: &House,
    job: Job,
    trigger: Trigger,
    work: impl AsyncFnOnce(&RunLog) -> Result<Ended, Failure>,
) -> anyhow::Result<Worked> {
    let run = NewRun::asked(job, trigger, account());
    let owner = format!("command {}", std::process::id());
    let started = {
        let mut conn = house.pool.get().await?;
        runs::start(&mut conn, &run, &owner).await?
    };
    let claim = match started {
        Started::Claimed(claim) => claim,
        Started::Waiting(id) => {
            out::note(format_args!("{} is running just now: run {id} waits in the queue", run.job));
            return Ok(Worked::Waits);
        }
    };
    let id = claim.run;
    let faults = house.settings.faults();
    let log = RunLog::start(house.pool.connector(), claim, CancellationToken::new(), faults);
    let result = match work(&log).await {
        Ok(Ended::Recorded(outcome)) => return Ok(Worked::Done(id, outcome)),
        Ok(Ended::Open(outcome)) => Ok(outcome),
        Err(failure) => Err(failure),
    };
    record(house, &log, result).await
}

async fn record(house: &House, log: &RunLog, result: Result<Outcome, Failure>) -> anyhow::Result<Worked> {
    let claim = log.claim();
    let good = result.as_ref().ok().cloned();
    let Some(ending) = Ending::of(result, claim) else {
        anyhow::bail!("run {} is another program's by now: see `bluebook run show {}`", claim.run, claim.run);
    };
    let mut conn = house.pool.get().await?;
    runs::finish(&mut conn, claim, &ending).await.context("cannot record how the run ended")?;
    match (good, ending) {
        (Some(outcome), _) => Ok(Worked::Done(claim.run, outcome)),
        (None, Ending::Retry { error, after }) => {
            anyhow::bail!("run {} failed and is tried again in {} s: {error}", claim.run, after.as_secs())
        }
        (None, Ending::Failed { error }) => anyhow::bail!("run {} failed: {error}", claim.run),
        (None, Ending::Cancelled { by }) => anyhow::bail!("run {} was cancelled by {by}", claim.run),
        (None, Ending::Done(_) | Ending::HandedBack) => anyhow::bail!("run {} is back in the queue", claim.run),
    }
}

/// Who called the command, as the system knows them.
pub(super) fn account() -> String {
    let known = nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten();
    known.map_or_else(|| "command".to_owned(), |user| user.name)
}
