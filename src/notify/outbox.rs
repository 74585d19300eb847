//! The notifier's own session: it listens, takes notices that are due, and records what came of them.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time;

use crate::db::{
    ConnectError, Connector, DbError, PgSession, RunQueryDsl as _,
    notices::{self, Attempt, Claimed},
};

/// How long others keep off a notice that was taken: longer than any channel takes.
const HOLD: Duration = Duration::from_mins(2);

pub(super) struct Outbox {
    connector: Connector,
    labels: Vec<String>,
    session: Option<PgSession>,
}

/// The database did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutboxError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Outbox {
    /// For the channels of these labels.
    pub(super) fn new(connector: Connector, labels: Vec<String>) -> Self {
        Self { connector, labels, session: None }
    }

    /// Makes notices of what is new, and takes at most `most` that are due.
    pub(super) async fn take(&mut self, most: usize) -> Result<Vec<Claimed>, OutboxError> {
        let mut session = self.session().await?;
        let labels: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        let given_up = notices::address(&mut session, &labels).await?;
        if given_up > 0 {
            tracing::error!(notices = given_up, "notices could not be sent for three days and are given up");
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let taken = if most > 0 { notices::claim(&mut session, &labels, HOLD, most).await? } else { Vec::new() };
        self.session = Some(session);
        Ok(taken)
    }

    /// Records how an attempt ended.
    pub(super) async fn record(&mut self, notice: &Claimed, attempt: &Attempt) -> Result<(), OutboxError> {
        let mut session = self.session().await?;
        notices::record(&mut session, notice, attempt).await?;
        self.session = Some(session);
        Ok(())
    }

    /// Waits until somebody says that there is news, but no longer than `most`.
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
    async fn session(&mut self) -> Result<PgSession, OutboxError> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let mut session = PgSession::open(&self.connector).await?;
        diesel::sql_query("LISTEN bluebook_changes").execute(&mut *session).await?;
        Ok(session)
    }
}
