//! The resources as they are now: admin.toml is read once, the catalogue again when it may have changed.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use parsers::Diagnostic;
use tokio::sync::{Mutex, RwLock};

use super::shown::Shown;
use crate::{
    admin::Site,
    db::{AsyncPgConnection, DbResult, catalog::Catalog},
};

/// How long a reading of the catalogue is good for. A column that was just added shows within this time.
const FRESH: Duration = Duration::from_mins(1);

/// The last reading of the catalogue.
#[derive(Debug, Default)]
pub(crate) struct Store {
    last: RwLock<Option<(Instant, Arc<Shown>)>>,
    /// Mistakes that the log has: each is told once, not with every reading.
    told: Mutex<BTreeSet<String>>,
}

impl Store {
    async fn tell(&self, mistakes: &[Diagnostic]) {
        let mut told = self.told.lock().await;
        for mistake in mistakes {
            if told.insert(mistake.message.clone()) {
                tracing::error!(file = mistake.file, "a table is not shown: {}", mistake.message);
            }
        }
    }
}

impl Site {
    /// The resources. Reads the catalogue if the last reading is too old.
    pub(super) async fn shown(&self, conn: &mut AsyncPgConnection) -> DbResult<Arc<Shown>> {
        if let Some((at, shown)) = &*self.resources.last.read().await
            && at.elapsed() < FRESH
        {
            return Ok(shown.clone());
        }
        let catalog = Catalog::read(conn, &self.parts.setup.names()).await?;
        let shown = Arc::new(Shown::new(&self.parts.setup, catalog));
        self.resources.tell(&shown.mistakes).await;
        *self.resources.last.write().await = Some((Instant::now(), shown.clone()));
        Ok(shown)
    }

    /// Forgets the last reading: something failed that a changed schema may have caused.
    pub(super) async fn forget_shown(&self) {
        *self.resources.last.write().await = None;
    }
}
