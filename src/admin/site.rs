//! The site itself: what its handlers share, and the server that runs them.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, middleware, web};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{address::Address, guard, problem::Problem, resources, setup::Setup, shell};
use crate::{
    archive::Archive,
    config::{Secrets, Settings},
    datasets::Datasets,
    db::{Pool, Pooled},
    job::{Job, ReportName},
    schedules::Schedules,
    view::{Templates, ViewError},
};

/// Passwords hashed at the same time: each takes 19 MiB and a core.
const HASHES: usize = 2;
/// Threads that answer requests; the waiting is done elsewhere.
const WORKERS: usize = 2;
/// Seconds that running requests are given when the program stops.
const DRAIN: u64 = 10;

/// What the site looks at; made by whoever puts the program together.
pub struct Parts {
    /// The pool that all share.
    pub pool: Pool,
    /// Bytes under their SHA-256.
    pub archive: Archive,
    /// The dataset definitions.
    pub datasets: Arc<Datasets>,
    /// What runs when.
    pub schedules: Schedules,
    /// Name and title of each report.
    pub reports: Vec<(ReportName, String)>,
    /// Which tables staff may see.
    pub setup: Setup,
}

/// The admin site.
pub struct Site {
    pub(super) parts: Parts,
    base: String,
    pub(super) secrets: Secrets,
    pub(super) templates: Templates,
    pub(super) address: Address,
    pub(super) hashing: Semaphore,
    pub(super) resources: resources::Store,
}

/// The site could not be started, or ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A template is wrong.
    #[error("the admin site's templates are broken")]
    View(#[from] ViewError),
    /// The listener or a worker failed.
    #[error("the admin site's server failed")]
    Server(#[from] io::Error),
}

impl Site {
    /// Makes ready what the handlers share. `listener` is where [`Site::run`] will listen.
    pub fn new(settings: &Settings, parts: Parts, listener: &TcpListener) -> Result<Self, SiteError> {
        Ok(Self {
            parts,
            base: settings.site(),
            secrets: settings.secrets(),
            templates: Templates::embedded()?,
            address: Address::new(settings, listener.local_addr()?),
            hashing: Semaphore::new(HASHES),
            resources: resources::Store::default(),
        })
    }

    /// Answers requests until `shutdown`, then lets those that run come to their end.
    pub async fn run(self, listener: TcpListener, shutdown: CancellationToken) -> Result<(), SiteError> {
        let site = web::Data::new(self);
        let app = move || {
            App::new()
                .app_data(site.clone())
                .wrap(middleware::from_fn(guard::guard))
                .wrap(middleware::Compress::default())
                .wrap(middleware::from_fn(shell::shell))
                .configure(super::configure)
        };
        let server = HttpServer::new(app)
            .workers(WORKERS)
            .client_request_timeout(Duration::from_secs(10))
            .shutdown_timeout(DRAIN)
            .disable_signals()
            .listen(listener)?
            .run();
        let handle = server.handle();
        tokio::pin!(server);
        tokio::select! {
            ended = &mut server => return Ok(ended?),
            () = shutdown.cancelled() => {}
        }
        let (ended, ()) = tokio::join!(server, handle.stop(true));
        Ok(ended?)
    }

    /// Borrows a database session. Give it back before asking for another.
    pub(crate) async fn conn(&self) -> Result<Pooled, Problem> {
        Ok(self.parts.pool.get().await?)
    }

    /// A path of this site as a whole address, to be handed to people.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Every job that can be run.
    pub(super) fn jobs(&self) -> Vec<Job> {
        let ingests = self.parts.datasets.iter().map(|dataset| Job::Ingest(dataset.name.clone()));
        let reports = self.parts.reports.iter().map(|(name, _)| Job::Report(name.clone()));
        ingests.chain(reports).chain([Job::Upkeep]).collect()
    }
}
