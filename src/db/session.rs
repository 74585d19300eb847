//! One place in the pool: a diesel connection, and a twin session for COPY when one is asked for.

use std::ops::{Deref, DerefMut};

use diesel_async::AsyncPgConnection;
use tokio_postgres::{CancelToken, Client};

use super::connect::{ConnectError, Connector};

/// A session of the pool. It *is* a diesel connection; diesel has no COPY, so beside it a second session is opened
/// the first time that [`PgSession::twin`] is called, and kept as long as this one.
///
/// The twin is a session of its own: it does not see this one's transaction.
pub struct PgSession {
    connection: AsyncPgConnection,
    twin: Option<Client>,
    cancel: CancelToken,
    connector: Connector,
}

impl PgSession {
    /// Opens a session.
    pub async fn open(connector: &Connector) -> Result<Self, ConnectError> {
        let (client, driver) = connector.open().await?;
        let cancel = client.cancel_token();
        let refused = |error: diesel::ConnectionError| {
            tracing::debug!(%error, "the session could not be set up");
            ConnectError::Stopping
        };
        let setup = async move { AsyncPgConnection::try_from_client_and_connection(client, driver).await };
        let connection = connector.runtime().spawn(setup).await.map_err(|_stopped| ConnectError::Stopping)?;
        Ok(Self { connection: connection.map_err(refused)?, twin: None, cancel, connector: connector.clone() })
    }

    /// Has the server end what it is doing for this session, which was cut off.
    pub(super) fn cut_off(self) {
        self.connector.cancel(self.cancel.clone());
    }

    /// The twin session, for COPY.
    pub async fn twin(&mut self) -> Result<&mut Client, ConnectError> {
        self.both().await.map(|(_, twin)| twin)
    }

    /// Both sessions, for work that copies with one and writes with the other.
    pub async fn both(&mut self) -> Result<(&mut AsyncPgConnection, &mut Client), ConnectError> {
        if self.twin.as_ref().is_none_or(Client::is_closed) {
            self.twin = Some(self.connector.client().await?);
        }
        let twin = self.twin.as_mut().ok_or(ConnectError::Stopping)?;
        Ok((&mut self.connection, twin))
    }
}

impl Deref for PgSession {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        &self.connection
    }
}

impl DerefMut for PgSession {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        &mut self.connection
    }
}
