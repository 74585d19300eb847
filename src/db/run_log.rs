//! A run's log: where each step begins, how far it has come, and whether it may go on.
//!
//! A log has a session of its own, outside the pool: a run that holds the pool's last session can still enter its next
//! step, and its heartbeat never waits behind its work.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::Connector;
use super::DbResult;
use super::runs::{Beat, Claim, Ending, RunError};
use crate::job::{Failure, Step};

pub use crate::config::Faults;

mod lifeline;

/// How far a step has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes there are, if known.
    pub total_bytes: Option<u64>,
    /// Rows read.
    pub rows: u64,
}

/// The log of a run that this process holds. Its lease is extended until the log is dropped.
#[derive(Debug)]
pub struct RunLog {
    claim: Claim,
    shared: Arc<Shared>,
    writes: mpsc::Sender<Write>,
    stop: CancellationToken,
    faults: Faults,
    lifeline: AbortHandle,
}

/// What the log and its lifeline both see.
#[derive(Debug, Default)]
struct Shared {
    position: Mutex<Position>,
    cancelled_by: OnceLock<String>,
    lost: OnceLock<()>,
    /// Fired when one of the two is known.
    decided: CancellationToken,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// The step entered last.
    pub step: Option<Step>,
    /// How far that step has come.
    pub progress: Option<Progress>,
}

/// What the lifeline is asked to write, and who waits for the answer.
#[derive(Debug)]
struct Write(What, oneshot::Sender<DbResult<Beat>>);

#[derive(Debug)]
enum What {
    Step(Step),
    Note(String),
    End(Ending),
}

impl RunLog {
    /// Opens the log and begins to extend the lease. `stop` is fired when the daemon no longer waits for its runs.
    pub fn start(connector: &Connector, claim: Claim, stop: CancellationToken, faults: Faults) -> Self {
        let shared = Arc::new(Shared::default());
        let (writes, asked) = mpsc::channel(8);
        let beating = lifeline::keep(connector.clone(), claim.clone(), Arc::clone(&shared), asked);
        let lifeline = connector.runtime().spawn(beating).abort_handle();
        Self { claim, shared, writes, stop, faults, lifeline }
    }

    /// The claim under which everything is written for this run.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Records that the run has come to `step`. Refuses if it has been cancelled, is lost, or the daemon stops.
    pub async fn enter(&self, step: Step) -> Result<(), Failure> {
        self.check()?;
        *self.position() = Position { step: Some(step), progress: None };
        self.write(What::Step(step)).await?;
        self.check()?;
        self.test_switch(step).await
    }

    /// Leaves a note for people to read.
    pub async fn note(&self, message: &str) -> Result<(), Failure> {
        self.write(What::Note(message.to_owned())).await?;
        self.check()
    }

    /// The end is committed: nothing is extended any more, and a run that is no longer running is not lost.
    pub fn settled(&self) {
        self.lifeline.abort();
    }

    /// Ends the attempt: the one call that does so for work that did not end itself in its own transaction.
    pub async fn finish(&self, ending: &Ending) -> Result<(), RunError> {
        match self.write(What::End(ending.clone())).await? {
            Beat::Lost => Err(RunError::Lost),
            Beat::Held | Beat::CancelledBy(_) => Ok(()),
        }
    }

    /// Says how far the step has come. Cheap: the next heartbeat writes it.
    pub fn progress(&self, progress: Progress) {
        self.position().progress = Some(progress);
    }

    /// Where the run is, for progress bars.
    pub fn at(&self) -> Position {
        *self.position()
    }

    /// True once the run must not go on; loops ask this now and then, and [`check`](Self::check) says why.
    pub fn stopping(&self) -> bool {
        self.shared.decided.is_cancelled() || self.stop.is_cancelled()
    }

    /// Fails once the run must not go on.
    pub fn check(&self) -> Result<(), Failure> {
        if self.shared.lost.get().is_some() {
            return Err(Failure::Lost);
        }
        match self.shared.cancelled_by.get() {
            Some(who) => Err(Failure::Cancelled(who.clone())),
            None if self.stop.is_cancelled() => Err(Failure::Stopping),
            None => Ok(()),
        }
    }

    /// Waits until the run must not go on, and says why: to be raced against a download or another long wait.
    pub async fn halted(&self) -> Failure {
        tokio::select! {
            () = self.shared.decided.cancelled() => (),
            () = self.stop.cancelled() => (),
        }
        self.check().err().unwrap_or(Failure::Stopping)
    }

    async fn write(&self, what: What) -> DbResult<Beat> {
        let (reply, answer) = oneshot::channel();
        // The lifeline lives as long as this log, unless the run is lost.
        if self.writes.send(Write(what, reply)).await.is_err() {
            return Ok(Beat::Lost);
        }
        answer.await.unwrap_or(Ok(Beat::Lost))
    }

    fn position(&self) -> std::sync::MutexGuard<'_, Position> {
        self.shared.position.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(debug_assertions)]
    async fn test_switch(&self, step: Step) -> Result<(), Failure> {
        if self.faults.pause_at == Some(step) {
            return Err(self.halted().await);
        }
        assert!(self.faults.panic_at != Some(step), "a test made the step {step} panic");
        if self.faults.fail_at == Some(step) {
            return Err(Failure::fatal(anyhow::anyhow!("a test made the step {step} fail")));
        }
        Ok(())
    }

    #[cfg(not(debug_assertions))]
    async fn test_switch(&self, _: Step) -> Result<(), Failure> {
        let _released = &self.faults;
        Ok(())
    }
}

impl Shared {
    /// Takes note of what the row answered.
    fn learn(&self, beat: &Beat) {
        match beat {
            Beat::Held => return,
            Beat::CancelledBy(who) => drop(self.cancelled_by.set(who.clone())),
            Beat::Lost => drop(self.lost.set(())),
        }
        self.decided.cancel();
    }
}

impl Drop for RunLog {
    fn drop(&mut self) {
        self.lifeline.abort();
    }
}
