//! A run's log: where each step begins, how far it has come, and whether it may go on.
//!
//! A log has a session of its own, outside the pool: a run that holds the pool's last session can still enter its next
//! step, and its heartbeat never waits behind its work.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::{Connector, DbError, runs::Claim};
use crate::job::{Failure, Step};

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

/// Where tests make a run stop, fail or panic. Empty in released programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Stays in this step until the run is cancelled, stopped or lost.
    pub pause_at: Option<Step>,
    /// Fails for good on entering this step.
    pub fail_at: Option<Step>,
    /// Panics on entering this step.
    pub panic_at: Option<Step>,
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
    fate: OnceLock<Fate>,
    /// Cancelled when `fate` is set.
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

/// Why a run must not go on.
#[derive(Debug, Clone)]
enum Fate {
    CancelledBy(String),
    Lost,
}

/// What the lifeline is asked to write.
#[derive(Debug)]
enum Write {
    Step(Step, oneshot::Sender<Result<(), DbError>>),
    Note(String, oneshot::Sender<Result<(), DbError>>),
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
        self.write(|reply| Write::Step(step, reply)).await?;
        self.check()?;
        self.test_switch(step).await
    }

    /// Leaves a note for people to read.
    pub async fn note(&self, message: &str) -> Result<(), Failure> {
        self.write(|reply| Write::Note(message.to_owned(), reply)).await?;
        self.check()
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
        match self.shared.fate.get() {
            Some(Fate::CancelledBy(who)) => Err(Failure::Cancelled(who.clone())),
            Some(Fate::Lost) => Err(Failure::Lost),
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

    async fn write(&self, write: impl FnOnce(oneshot::Sender<Result<(), DbError>>) -> Write) -> Result<(), Failure> {
        let (reply, answer) = oneshot::channel();
        let sent = self.writes.send(write(reply)).await;
        let answer = if sent.is_ok() { answer.await } else { return Err(Failure::Stopping) };
        // No answer: the lifeline ended with its run.
        answer.map_or(Ok(()), |written| written.map_err(Failure::retry))
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
    fn decide(&self, fate: Fate) {
        // The first fate stands.
        let _decided_before = self.fate.set(fate);
        self.decided.cancel();
    }
}

impl Drop for RunLog {
    fn drop(&mut self) {
        self.lifeline.abort();
    }
}
