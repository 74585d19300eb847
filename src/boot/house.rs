//! What every command stands on: a database, a state folder, the definitions.

use std::sync::Arc;

use anyhow::Context as _;

use super::Database;
use crate::{
    archive::Archive,
    config::{Home, Settings},
    datasets::Datasets,
    db::Pool,
    ingest::{Ahead, Fingerprints, Limits},
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
    /// What the tables were loaded from.
    pub fingerprints: Fingerprints,
    /// Who reads a file before its run.
    pub ahead: Ahead,
    database: Database,
}

impl House {
    /// Opens a house, works in it, and closes it whatever came of the work. If both go wrong, it is the work's error that
    /// is told.
    pub async fn within<T>(
        settings: Settings,
        work: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let house = Self::open(settings).await?;
        let came_of_it = work(&house).await;
        let closed = house.close().await;
        came_of_it.and_then(|came_of_it| closed.map(|()| came_of_it))
    }

    /// Opens the database given, or starts the private server and brings its tables up to date.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        let archive = Self::archive(&settings)?;
        let database = Database::open(&settings).await?;
        database.ready().await?;
        let pool = Pool::new(database.connector.clone(), settings.pool_size.into())?;
        let home = settings.home();
        let (datasets, reports) = definitions(&home);
        let datasets = Arc::new(datasets);
        let fingerprints = fingerprints(&settings);
        let ahead = Ahead::new(pool.clone(), archive.clone(), fingerprints.clone());
        let settings = Arc::new(settings);
        Ok(Self { settings, home, pool, archive, datasets, reports, fingerprints, ahead, database })
    }

    /// The archive alone, for those who need no database: in the state folder, which is made if need be.
    pub fn archive(settings: &Settings) -> anyhow::Result<Archive> {
        let state = settings.state();
        state.create().with_context(|| format!("cannot make the state folder {}", state.path().display()))?;
        Ok(Archive::open(&state)?)
    }

    /// Whether the database is the private server.
    pub fn is_private(&self) -> bool {
        self.database.is_private()
    }

    /// Ends the sessions, and the statements that were cut off; stops the private server if nobody else uses it.
    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close();
        self.pool.connector().all_cancelled().await;
        self.database.close().await
    }
}

fn fingerprints(settings: &Settings) -> Fingerprints {
    let limits = if settings.faults().tiny_limits { Limits::tiny() } else { Limits::default() };
    Fingerprints::new(settings.state().fingerprints(), settings.state().scratch(), limits)
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
