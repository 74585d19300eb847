//! The worker's own session: it listens, claims, and takes runs from daemons that are gone.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::{self, Instant};

use crate::db::{
    ConnectError, Connector, DbError, PgSession, RunQueryDsl,
    runs::{self, Claim, State},
};

/// How often expired leases are looked for.
const SWEEP: Duration = Duration::from_secs(3);

pub(super) struct Control {
    connector: Connector,
    owner: String,
    session: Option<PgSession>,
    swept: Option<Instant>,
}

/// The database did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ControlError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Control {
    pub(super) fn new(connector: Connector, owner: String) -> Self {
        Self { connector, owner, session: None, swept: None }
    }

    pub(super) async fn claim(&mut self) -> Result<Option<Claim>, ControlError> {
        let mut session = self.session().await?;
        let claim = runs::claim(&mut session, &self.owner).await?;
        self.session = Some(session);
        Ok(claim)
    }

    /// Takes runs whose leases have run out from their holders, at most every few seconds.
    pub(super) async fn interrupt_expired(&mut self) -> Result<(), ControlError> {
        if self.swept.is_some_and(|swept| swept.elapsed() < SWEEP) {
            return Ok(());
        }
        let mut session = self.session().await?;
        for taken in runs::interrupt_expired(&mut session).await? {
            let (run, job, state) = (taken.run.0, taken.job, taken.state);
            if state == State::Failed {
                tracing::error!(run, job, "a run was cut off too often and is given up");
            } else {
                tracing::warn!(run, job, %state, "a run's holder was not heard of any more");
            }
        }
        (self.session, self.swept) = (Some(session), Some(Instant::now()));
        Ok(())
    }

    /// Waits until somebody says that the queue has changed, but no longer than `most`.
    pub(super) async fn told(&mut self, most: Duration) {
        let Some(session) = &mut self.session else { return time::sleep(most).await };
        let told = {
            let mut notifications = std::pin::pin!(session.notifications_stream());
            time::timeout(most, notifications.next()).await
        };
        // An ended stream is an ended session.
        if matches!(told, Ok(None | Some(Err(_)))) {
            self.session = None;
        }
    }

    /// The session, taken out: a caller that fails does not put it back, and the next one opens another.
    async fn session(&mut self) -> Result<PgSession, ControlError> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let mut session = PgSession::open(&self.connector).await?;
        diesel::sql_query("LISTEN bluebook_runs").execute(&mut *session).await?;
        Ok(session)
    }
}
