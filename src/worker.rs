//! The worker: claims runs and walks them to their one end.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    config::Faults,
    db::{
        Connector,
        listener::ListenError,
        outage::Outage,
        run_log::RunLog,
        runs::{Claim, Ending},
    },
};

mod control;
mod crew;
mod owner;
mod work_off;

pub use crew::Crew;
pub use owner::owner;
pub use work_off::work_off;

use control::Control;

/// How often the queue is looked at when nobody says that there is something new.
const POLL: Duration = Duration::from_secs(2);

/// How long a run that has been told to stop may take for it, beyond what it is given anyway.
const LAST_WORDS: Duration = Duration::from_millis(1500);

/// Takes runs from the queue and works them off, several at a time.
pub struct Worker {
    /// How its own sessions are opened: nothing here waits for the pool.
    pub connector: Connector,
    /// Who does the work.
    pub crew: Crew,
    /// How many runs at a time.
    pub parallel: usize,
    /// How long running work is given to end after `stop`.
    pub drain: Duration,
    /// Where tests make runs stop, fail or panic.
    pub faults: Faults,
}

type Worked = (Claim, Option<Ending>);

impl Worker {
    /// Works until `stop`; then admits nothing, gives running work its time, and hands back what is left.
    pub async fn run(self, stop: CancellationToken) {
        let halt = CancellationToken::new();
        let mut control = Control::new(self.connector.clone(), owner());
        let mut running = JoinSet::new();
        let mut outage = Outage::new("worker");
        while !stop.is_cancelled() {
            let wait = match self.admit(&mut control, &mut running, &halt).await {
                Ok(()) => {
                    outage.answered();
                    POLL
                }
                Err(error) => outage.refused(&error),
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = control.told(wait) => (),
                Some(worked) = running.join_next() => tell(worked),
            }
        }
        self.drain(running, &halt).await;
    }

    /// Takes what is due, as long as there is room for it.
    async fn admit(
        &self,
        control: &mut Control,
        running: &mut JoinSet<Worked>,
        halt: &CancellationToken,
    ) -> Result<(), ListenError> {
        control.interrupt_expired().await?;
        while running.len() < self.parallel {
            let Some(claim) = control.claim().await? else { break };
            let span = tracing::info_span!("run", run = claim.run.0, job = %claim.job);
            span.in_scope(|| tracing::info!(attempt = claim.attempt, "a run begins"));
            let log = RunLog::start(&self.connector, claim.clone(), halt.clone(), self.faults);
            let crew = self.crew.clone();
            running.spawn(async move { (claim, work_off(&crew, log.into()).await) }.instrument(span));
        }
        Ok(())
    }

    async fn drain(&self, mut running: JoinSet<Worked>, halt: &CancellationToken) {
        if !running.is_empty() {
            tracing::info!(running = running.len(), seconds = self.drain.as_secs(), "stopping: running work may end");
        }
        ended_until(&mut running, Instant::now() + self.drain).await;
        halt.cancel();
        ended_until(&mut running, Instant::now() + work_off::GRACE + LAST_WORDS).await;
        if !running.is_empty() {
            tracing::warn!(running = running.len(), "runs could not be handed back; their leases will run out");
        }
    }
}

/// Waits for running work to end, but no longer than `deadline`.
async fn ended_until(running: &mut JoinSet<Worked>, deadline: Instant) {
    while let Ok(Some(worked)) = timeout_at(deadline, running.join_next()).await {
        tell(worked);
    }
}

/// The one place where a run's end is logged.
fn tell(worked: Result<Worked, tokio::task::JoinError>) {
    let (claim, ending) = match worked {
        Ok(worked) => worked,
        Err(error) => return tracing::error!(%error, "a run's task ended by itself"),
    };
    let (run, job) = (claim.run.0, &claim.job);
    match ending {
        Some(Ending::Done(outcome)) => tracing::info!(run, %job, ?outcome, "a run ended well"),
        Some(Ending::Failed { error }) => tracing::error!(run, %job, error, "a run failed"),
        Some(Ending::Retry { error, after, .. }) => {
            tracing::warn!(run, %job, error, again_in_seconds = after.as_secs(), "a run failed and will be tried again");
        }
        Some(Ending::Cancelled { by }) => tracing::info!(run, %job, by, "a run was cancelled"),
        Some(Ending::Waits { why, .. }) => tracing::info!(run, %job, why, "a run waits in the queue"),
        Some(Ending::HandedBack) => tracing::info!(run, %job, "a run was handed back"),
        None => tracing::warn!(run, %job, "a run was lost to another daemon, or its end could not be recorded"),
    }
}
