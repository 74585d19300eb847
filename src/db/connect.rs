//! Opening sessions: TLS, time-outs and limits are set here and nowhere else.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustls::{ClientConfig, RootCertStore};
use tokio::{runtime::Handle, task::JoinSet, time::timeout};
use tokio_postgres::{CancelToken, Client, Config, Connection, Socket, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What every session is opened with. A dead client's statement ends within a second; a forgotten transaction is
/// ended by the server; no statement runs for ever.
const SESSION_OPTIONS: &str = "-c TimeZone=UTC -c client_connection_check_interval=1s -c statement_timeout=60s \
     -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s -c search_path=public";

/// How long a server may take to be told that nobody waits for a statement any more.
const LAST_WORD: Duration = Duration::from_secs(3);

type TlsStream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// The connection string could not be used, or the server would not have us.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The text is no connection string; it is not repeated here, as it may hold a password.
    #[error("DATABASE_URL is not a PostgreSQL connection string: {0}")]
    Url(#[source] tokio_postgres::Error),
    /// The server could not be reached or refused.
    #[error("cannot connect to PostgreSQL at {server}")]
    Refused {
        /// Host and database, without user or password.
        server: String,
        /// What the driver says.
        source: tokio_postgres::Error,
    },
    /// The runtime ended while connecting.
    #[error("the program is stopping")]
    Stopping,
}

/// Opens sessions on one database. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
    runtime: Handle,
    /// Statements that are being cancelled.
    cancelling: Arc<Mutex<JoinSet<()>>>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("server", &self.server()).finish_non_exhaustive()
    }
}

impl Connector {
    /// Reads a connection string. Must be called on the program's main runtime: all sessions are driven there, so
    /// that none dies with a web worker's.
    pub fn new(url: &str) -> Result<Self, ConnectError> {
        let mut config: Config = url.parse().map_err(ConnectError::Url)?;
        let given = config.get_options().unwrap_or_default();
        let options = format!("{SESSION_OPTIONS} {given}");
        config
            .options(options.trim())
            .application_name("bluebook")
            .connect_timeout(Duration::from_secs(10))
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(30));
        Ok(Self { config, tls: tls(), runtime: Handle::current(), cancelling: Arc::default() })
    }

    /// The same server and account, another database.
    pub fn database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// Host and database, for messages.
    pub fn server(&self) -> String {
        let host = self.config.get_hosts().first().map_or_else(String::new, |host| format!("{host:?}"));
        format!("{host}/{}", self.config.get_dbname().unwrap_or_default())
    }

    /// Opens a session whose protocol the caller drives.
    pub(super) async fn open(&self) -> Result<(Client, Connection<Socket, TlsStream>), ConnectError> {
        let (config, tls) = (self.config.clone(), self.tls.clone());
        let opened = self.runtime.spawn(async move { config.connect(tls).await }).await;
        let opened = opened.map_err(|_stopped| ConnectError::Stopping)?;
        opened.map_err(|source| ConnectError::Refused { server: self.server(), source })
    }

    /// Opens a session that is driven in the background: for `LISTEN`-less work such as COPY.
    pub async fn client(&self) -> Result<Client, ConnectError> {
        let (client, connection) = self.open().await?;
        self.runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a database session ended");
            }
        });
        Ok(client)
    }

    /// Has the server end a statement for which nobody waits any more. By itself it would notice a second later, and
    /// behind a pooler not at all; until then the statement keeps its locks.
    pub(super) fn cancel(&self, statement: CancelToken) {
        let tls = self.tls.clone();
        let telling = async move {
            if let Ok(Err(error)) = timeout(LAST_WORD, statement.cancel_query(tls)).await {
                tracing::debug!(%error, "a statement could not be cancelled");
            }
        };
        let mut cancelling = self.cancelling.lock().unwrap_or_else(PoisonError::into_inner);
        while cancelling.try_join_next().is_some() {}
        cancelling.spawn_on(telling, &self.runtime);
    }

    /// Waits until the server has been told of every statement that was cut off.
    pub async fn all_cancelled(&self) {
        let cancelling = std::mem::take(&mut *self.cancelling.lock().unwrap_or_else(PoisonError::into_inner));
        cancelling.join_all().await;
    }

    /// The main runtime.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }
}

/// Trusts what the system trusts; where the system has no certificates at all, only sessions without TLS succeed.
fn tls() -> MakeRustlsConnect {
    let (system, _unreadable) = MakeRustlsConnect::with_native_certs().unwrap_or_else(|_none| {
        let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        (MakeRustlsConnect::new(nobody.with_no_client_auth()), Vec::new())
    });
    system
}
