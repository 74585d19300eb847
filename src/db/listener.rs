//! A session outside the pool that listens to one channel: opened when it is first asked for, and anew after a failure.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time;

use super::{ConnectError, Connector, DbError, PgSession, RunQueryDsl as _};

/// Who listens, and the session by which.
pub struct Listener {
    connector: Connector,
    channel: &'static str,
    session: Option<PgSession>,
}

/// The database did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// No session could be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The session did not do what it was asked for.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Listener {
    /// Listens to `channel`, from the first call of [`Listener::take`] on.
    pub fn new(connector: Connector, channel: &'static str) -> Self {
        Self { connector, channel, session: None }
    }

    /// The session, taken out: a caller that fails does not put it back, and the next one opens another.
    pub async fn take(&mut self) -> Result<PgSession, ListenError> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let mut session = PgSession::open(&self.connector).await?;
        diesel::sql_query(format!("LISTEN {}", self.channel)).execute(&mut *session).await?;
        Ok(session)
    }

    /// Keeps a session that did its work.
    pub fn put_back(&mut self, session: PgSession) {
        self.session = Some(session);
    }

    /// Waits until somebody says that there is news, but no longer than `most`.
    pub async fn told(&mut self, most: Duration) {
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
}
