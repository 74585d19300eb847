//! What every command stands on: a database, a state folder, the definitions.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;

use crate::{
    archive::Archive,
    config::{Home, Settings},
    datasets::Datasets,
    db::{Connector, Pool, migrations},
    postgres,
    report::Reports,
};

/// An open house: everything that commands, worker and admin share. Cheap to clone.
///
/// Close it when the work is done; a house that is only dropped leaves its private server in order too, but cannot
/// say what went wrong on the way.
#[derive(Clone)]
pub struct House {
    /// Every setting of the program.
    pub settings: Arc<Settings>,
    /// Where definitions are looked for.
    pub home: Home,
    /// The pool that all share.
    pub pool: Pool,
    /// Bytes under their SHA-256.
    pub archive: Archive,
    /// The dataset definitions of the home folder; those with mistakes are off, and were told of in the log.
    pub datasets: Arc<Datasets>,
    /// The reports of the home folder; those with mistakes are off likewise.
    pub reports: Reports,
    server: Option<Arc<postgres::Server>>,
}

impl House {
    /// Opens the database given, or starts the private server and brings its tables up to date.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        install_tls();
        let state = settings.state();
        state.create().with_context(|| format!("cannot make the state folder {}", state.path().display()))?;
        let archive = Archive::open(&state)?;
        let (connector, server) = database(&settings).await?;
        let pool = Pool::new(connector, settings.pool_size.into())?;
        let home = settings.home();
        let (datasets, reports) = definitions(&home);
        let datasets = Arc::new(datasets);
        Ok(Self { settings: Arc::new(settings), home, pool, archive, datasets, reports, server })
    }

    /// Whether the database is the private server.
    pub fn is_private(&self) -> bool {
        self.server.is_some()
    }

    /// Ends the sessions; stops the private server if nobody else uses it.
    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close();
        let Some(server) = self.server.and_then(Arc::into_inner) else { return Ok(()) };
        tokio::task::spawn_blocking(|| server.leave()).await??;
        Ok(())
    }
}

/// Whether there is a database without making one: given, or a private one that exists already.
pub fn has_database(settings: &Settings) -> bool {
    settings.database().is_some() || settings.state().postgres().join("data/PG_VERSION").exists()
}

/// TLS needs one provider of cryptography for the whole process; a second call changes nothing.
pub fn install_tls() {
    let _already = rustls::crypto::ring::default_provider().install_default();
}

/// What the home folder defines. A mistake turns its dataset or report off; the others run.
fn definitions(home: &Home) -> (Datasets, Reports) {
    let (datasets, mut mistakes) = Datasets::load(home);
    let (reports, more) = Reports::load(home, &datasets);
    mistakes.extend(more);
    for mistake in mistakes {
        tracing::error!(file = mistake.file, "{}; it is off, `bluebook check` shows the place", mistake.message);
    }
    (datasets, reports)
}

async fn database(settings: &Settings) -> anyhow::Result<(Connector, Option<Arc<postgres::Server>>)> {
    if let Some(url) = settings.database() {
        let connector = Connector::new(url.expose_secret())?;
        up_to_date(&connector).await?;
        return Ok((connector, None));
    }
    let (state, binaries) = (settings.state(), settings.pg_bindir.clone());
    let server = tokio::task::spawn_blocking(move || postgres::Server::join(&state, binaries.as_deref())).await??;
    let connector = Connector::new(&server.url())?;
    for name in migrations::apply(&connector, migrations::Set::System).await? {
        tracing::info!(migration = name, "applied a migration");
    }
    Ok((connector, Some(Arc::new(server))))
}

/// A database that others look after is never changed unasked.
async fn up_to_date(connector: &Connector) -> anyhow::Result<()> {
    let pending = migrations::pending(connector, migrations::Set::System).await?;
    if !pending.is_empty() {
        let server = connector.server();
        bail!("the database {server} lacks {} migration(s): run `bluebook migrate`", pending.len());
    }
    Ok(())
}
