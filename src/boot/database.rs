//! The database: the one given, or the private server.

use std::sync::Arc;

use anyhow::bail;
use secrecy::ExposeSecret as _;

use crate::{
    config::Settings,
    db::{
        Connector,
        migrations::{self, Set},
    },
    postgres::Server,
};

/// A database that can be connected to. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    /// How sessions are opened.
    pub connector: Connector,
    server: Option<Arc<Server>>,
}

impl Database {
    /// The database given, if it answers; else the private server, which is made and started if need be.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        install_tls();
        if let Some(url) = settings.database() {
            return Ok(Self { connector: Connector::new(url.expose_secret())?, server: None });
        }
        let (state, binaries) = (settings.state(), settings.pg_bindir.clone());
        state.create()?;
        let server = tokio::task::spawn_blocking(move || Server::join(&state, binaries.as_deref())).await??;
        Ok(Self { connector: Connector::new(&server.url())?, server: Some(Arc::new(server)) })
    }

    /// Whether there is one without making it: given, or a private one that exists already.
    pub fn exists(settings: &Settings) -> bool {
        settings.database().is_some() || settings.state().postgres().join("data/PG_VERSION").exists()
    }

    /// Whether it is the private server.
    pub fn is_private(&self) -> bool {
        self.server.is_some()
    }

    /// Sees to it that the system's tables are up to date. A database that others look after is never changed unasked.
    pub async fn ready(&self) -> anyhow::Result<()> {
        if self.is_private() {
            for name in migrations::apply(&self.connector, Set::System).await? {
                tracing::info!(migration = name, "applied a migration");
            }
            return Ok(());
        }
        let pending = migrations::pending(&self.connector, Set::System).await?;
        if !pending.is_empty() {
            let server = self.connector.server();
            bail!("the database {server} lacks {} migration(s): run `bluebook migrate`", pending.len());
        }
        Ok(())
    }

    /// Stops the private server if nobody else uses it.
    pub async fn close(self) -> anyhow::Result<()> {
        let Some(server) = self.server.and_then(Arc::into_inner) else { return Ok(()) };
        tokio::task::spawn_blocking(|| server.leave()).await??;
        Ok(())
    }
}

/// TLS needs one provider of cryptography for the whole process; a second call changes nothing.
pub fn install_tls() {
    let _already = rustls::crypto::ring::default_provider().install_default();
}
