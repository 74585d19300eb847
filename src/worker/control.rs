//! The worker's own session: it listens, claims, and takes runs from daemons that are gone.

use std::time::Duration;

use tokio::time::Instant;

use crate::db::{
    Connector,
    listener::{ListenError, Listener},
    runs::{self, Claim, State},
};

/// How often expired leases are looked for.
const SWEEP: Duration = Duration::from_secs(3);

pub(super) struct Control {
    listener: Listener,
    owner: String,
    swept: Option<Instant>,
}

impl Control {
    pub(super) fn new(connector: Connector, owner: String) -> Self {
        Self { listener: Listener::new(connector, "bluebook_runs"), owner, swept: None }
    }

    pub(super) async fn claim(&mut self) -> Result<Option<Claim>, ListenError> {
        let mut session = self.listener.take().await?;
        let claim = runs::claim(&mut session, &self.owner).await?;
        self.listener.put_back(session);
        Ok(claim)
    }

    /// Takes runs whose leases have run out from their holders, at most every few seconds.
    pub(super) async fn interrupt_expired(&mut self) -> Result<(), ListenError> {
        if self.swept.is_some_and(|swept| swept.elapsed() < SWEEP) {
            return Ok(());
        }
        let mut session = self.listener.take().await?;
        for taken in runs::interrupt_expired(&mut session).await? {
            let (run, job, state) = (taken.run.0, taken.job, taken.state);
            if state == State::Failed {
                tracing::error!(run, job, "a run was cut off too often and is given up");
            } else {
                tracing::warn!(run, job, %state, "a run's holder was not heard of any more");
            }
        }
        self.listener.put_back(session);
        self.swept = Some(Instant::now());
        Ok(())
    }

    /// Waits until somebody says that the queue has changed, but no longer than `most`.
    pub(super) async fn told(&mut self, most: Duration) {
        self.listener.told(most).await;
    }
}
