//! A command's own run: put into the queue, claimed at once, worked off in this process.

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{out, progress};
use crate::{
    boot::House,
    db::{
        run_log::RunLog,
        runs::{self, Ending, NewRun, Started},
    },
    job::{Job, Outcome, RunId, Trigger},
    worker::{self, owner},
};

/// What became of a command's run.
pub(super) enum Worked {
    /// It ended here, and well or held.
    Done(RunId, Outcome),
    /// Its job is running elsewhere: it waits in the queue.
    Waits,
}

/// Works a run off as the daemon's worker does, and shows how far it is. Ctrl-C cancels the run. A failure is the
/// run's and comes back as an error.
pub(super) async fn work_off(house: &House, job: Job, trigger: Trigger, json: bool) -> anyhow::Result<Worked> {
    let run = NewRun::asked(job, trigger, account());
    let started = runs::start(&mut *house.pool.get().await?, &run, &owner()).await?;
    let claim = match started {
        Started::Claimed(claim) => claim,
        Started::Waiting(id) => {
            out::note(format_args!("{} is running just now: run {id} waits in the queue", run.job));
            return Ok(Worked::Waits);
        }
    };
    let id = claim.run;
    let log = Arc::new(RunLog::start(house.pool.connector(), claim, CancellationToken::new(), house.settings.faults()));
    let mut aside = JoinSet::new();
    aside.spawn(cancel_when_interrupted(house.clone(), id));
    let crew = house.crew()?;
    let ending = progress::watch(&log, json, worker::work_off(&crew, Arc::clone(&log))).await;
    told(id, ending)
}

fn told(run: RunId, ending: Option<Ending>) -> anyhow::Result<Worked> {
    match ending {
        Some(Ending::Done(outcome)) => Ok(Worked::Done(run, outcome)),
        Some(Ending::Retry { error, after }) => {
            anyhow::bail!("run {run} failed; the daemon tries it again in {} s: {error}", after.as_secs())
        }
        Some(Ending::Failed { error }) => anyhow::bail!("run {run} failed: {error}"),
        Some(Ending::Cancelled { by }) => anyhow::bail!("run {run} was cancelled by {by}"),
        Some(Ending::HandedBack) => anyhow::bail!("run {run} is back in the queue"),
        None => anyhow::bail!("run {run} is another program's by now: see `bluebook run show {run}`"),
    }
}

/// Asks for the run's cancellation, so that it ends in order and nothing half done is left.
async fn cancel_when_interrupted(house: House, run: RunId) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    out::note(format_args!("cancelling run {run} ..."));
    let asked = async { anyhow::Ok(runs::cancel(&mut *house.pool.get().await?, run, &account()).await?) };
    if let Err(error) = asked.await {
        out::note(format_args!("run {run} could not be cancelled: {error:#}"));
    }
}

/// Who called the command, as the system knows them.
pub(super) fn account() -> String {
    let known = nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten();
    known.map_or_else(|| "command".to_owned(), |user| user.name)
}
