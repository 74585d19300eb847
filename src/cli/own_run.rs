//! A command's own run: put into the queue, claimed as soon as its job is free, worked off in this process.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{out, progress, signals::Signals};
use crate::{
    boot::House,
    db::{
        PgSession,
        run_log::RunLog,
        runs::{self, Claim, Ending, NewRun, RunRow, Started, State},
    },
    job::{Job, Outcome, RunId, Trigger},
    worker::{self, owner},
};

/// How often a run that waits is looked at.
const LOOK: Duration = Duration::from_millis(300);

/// How soon the cancellation of a run is asked for once more.
const ONCE_MORE: Duration = Duration::from_secs(1);

/// Works a run off as the daemon's worker does, and shows how far it is. A signal cancels the run. A failure is the
/// run's and comes back as an error.
pub(super) async fn work_off(
    house: &House,
    signals: &Signals,
    job: Job,
    trigger: Trigger,
    json: bool,
) -> anyhow::Result<(RunId, Outcome)> {
    let _in_hand = signals.take_in_hand()?;
    let claim = match turn(house, signals, &NewRun::asked(job, trigger, account())).await? {
        Turn::Ours(claim) => claim,
        Turn::Ended(run, outcome) => return Ok((run, outcome)),
    };
    let id = claim.run;
    let log = Arc::new(RunLog::start(house.pool.connector(), claim, CancellationToken::new(), house.settings.faults()));
    let mut aside = JoinSet::new();
    aside.spawn(cancel_when_told(house.clone(), signals.clone(), id));
    let crew = house.crew()?;
    let ending = progress::watch(&log, json, worker::work_off(&crew, Arc::clone(&log))).await;
    told(id, ending)
}

/// What waiting came to.
enum Turn {
    /// The run is this process's to work off.
    Ours(Claim),
    /// A daemon or another command has worked it off.
    Ended(RunId, Outcome),
}

/// Waits for the run's turn. What a program that died has left of it is taken over.
async fn turn(house: &House, signals: &Signals, run: &NewRun) -> anyhow::Result<Turn> {
    let mut conn = house.pool.get().await?;
    runs::interrupt_expired(&mut conn).await?;
    let id = match runs::start(&mut conn, run, &owner()).await? {
        Started::Claimed(claim) => return Ok(Turn::Ours(claim)),
        Started::Waiting(id) => id,
    };
    drop(conn);
    out::note(format_args!("{} is running just now: run {id} waits for its turn", run.job));
    let mut aside = JoinSet::new();
    aside.spawn(cancel_when_told(house.clone(), signals.clone(), id));
    loop {
        sleep(LOOK).await;
        let mut conn = house.pool.get().await?;
        runs::interrupt_expired(&mut conn).await?;
        if let Some(claim) = runs::claim_this(&mut conn, id, &owner()).await? {
            return Ok(Turn::Ours(claim));
        }
        let row = runs::show(&mut conn, id).await?.with_context(|| format!("run {id} is not there any more"))?;
        if !row.state.is_open() {
            return ended(row);
        }
    }
}

/// What became of a run that somebody else has worked off.
fn ended(RunRow { id, state, outcome, error, reason, .. }: RunRow) -> anyhow::Result<Turn> {
    match (state, outcome) {
        (State::Succeeded | State::Held, Some(outcome)) => Ok(Turn::Ended(id, outcome)),
        (State::Failed, _) => anyhow::bail!("run {id} failed: {}", error.unwrap_or_default()),
        _ => anyhow::bail!("run {id} is {state}: {}", reason.unwrap_or_default()),
    }
}

fn told(run: RunId, ending: Option<Ending>) -> anyhow::Result<(RunId, Outcome)> {
    match ending {
        Some(Ending::Done(outcome)) => Ok((run, outcome)),
        Some(Ending::Retry { error, after, .. }) => {
            anyhow::bail!("run {run} failed; the daemon tries it again in {} s: {error}", after.as_secs())
        }
        Some(Ending::Failed { error }) => anyhow::bail!("run {run} failed: {error}"),
        Some(Ending::Cancelled { by }) => anyhow::bail!("run {run} was cancelled by {by}"),
        Some(Ending::HandedBack | Ending::Waits { .. }) => anyhow::bail!("run {run} is back in the queue"),
        None => anyhow::bail!("run {run} is another program's by now: see `bluebook run show {run}`"),
    }
}

/// Asks for the run's cancellation, so that it ends in order and nothing half done is left: as often as it takes.
async fn cancel_when_told(house: House, signals: Signals, run: RunId) {
    signals.told().await;
    out::note(format_args!("cancelling run {run} ... (once more: stop at once)"));
    while let Err(error) = cancel(&house, run).await {
        out::note(format_args!("run {run} could not be cancelled yet: {error:#}"));
        sleep(ONCE_MORE).await;
    }
}

/// In a session of its own: the run may have taken the pool's last, and what it waits for may stand in the way there.
async fn cancel(house: &House, run: RunId) -> anyhow::Result<()> {
    let mut session = PgSession::open(house.pool.connector()).await?;
    runs::cancel(&mut session, run, &account()).await?;
    Ok(())
}

/// Who called the command, as the system knows them.
pub(super) fn account() -> String {
    let known = nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten();
    known.map_or_else(|| "command".to_owned(), |user| user.name)
}
