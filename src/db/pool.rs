//! The one pool that ingest, reports, worker and admin share.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use deadpool::Runtime;
use deadpool::managed::{self, BuildError, Manager, Metrics, RecycleError, RecycleResult};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, TransactionManager};

use super::{connect::ConnectError, connect::Connector, session::PgSession};

/// How long a caller waits for a free session before it is told so.
const WAIT: Duration = Duration::from_secs(20);

type Transactions = <AsyncPgConnection as AsyncConnection>::TransactionManager;

/// A session on loan; it goes back when it is dropped.
///
/// Work that was cut off leaves its transaction open, and the server would go on with its statement and its locks: such a
/// session does not go back, and the server is told.
pub struct Pooled(Option<managed::Object<Sessions>>);

/// No session could be had.
pub type PoolError = managed::PoolError<ConnectError>;

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Pool(managed::Pool<Sessions>);

impl Pool {
    /// A pool of at most `size` places. Nothing is opened before it is asked for.
    pub fn new(connector: Connector, size: usize) -> Result<Self, BuildError> {
        let timeouts = managed::Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) };
        let builder = managed::Pool::builder(Sessions(connector)).max_size(size.max(1)).timeouts(timeouts);
        Ok(Self(builder.runtime(Runtime::Tokio1).build()?))
    }

    /// Borrows a session. Never ask for a second one while holding one: with a pool of one that would wait for ever.
    pub async fn get(&self) -> Result<Pooled, PoolError> {
        Ok(Pooled(Some(self.0.get().await?)))
    }

    /// How sessions are opened, for the few that must stand outside the pool (the heartbeat, `LISTEN`).
    pub fn connector(&self) -> &Connector {
        &self.0.manager().0
    }

    /// Ends all sessions as they come back.
    pub fn close(&self) {
        self.0.close();
    }

    /// Places in use and places there are.
    pub fn usage(&self) -> (usize, usize) {
        let status = self.0.status();
        (status.size.saturating_sub(status.available), status.max_size)
    }
}

impl Pooled {
    const LENT: &str = "only drop takes the session out";
}

#[expect(clippy::expect_used, reason = "a loan without a session cannot be made, and nobody sees one that is dropped")]
impl Deref for Pooled {
    type Target = PgSession;

    fn deref(&self) -> &PgSession {
        self.0.as_ref().expect(Self::LENT)
    }
}

#[expect(clippy::expect_used, reason = "as above")]
impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut PgSession {
        self.0.as_mut().expect(Self::LENT)
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(mut session) = self.0.take() else { return };
        if Transactions::is_broken_transaction_manager(&mut **session) {
            managed::Object::take(session).cut_off();
        }
    }
}

/// Makes and checks the pool's sessions.
pub struct Sessions(Connector);

impl Manager for Sessions {
    type Type = PgSession;
    type Error = ConnectError;

    async fn create(&self) -> Result<PgSession, ConnectError> {
        PgSession::open(&self.0).await
    }

    async fn recycle(&self, session: &mut PgSession, _: &Metrics) -> RecycleResult<ConnectError> {
        if Transactions::is_broken_transaction_manager(&mut **session) {
            return Err(RecycleError::message("it was left inside a transaction"));
        }
        // What its last holder locked beyond a transaction is free again; any answer says that it is alive.
        let alive = diesel::sql_query("SELECT pg_advisory_unlock_all()").execute(&mut **session).await;
        alive.map(|_| ()).map_err(|error| RecycleError::message(error.to_string()))
    }
}
