//! Reading ahead: a file that a person gives is compared with what is published while it is still on its way into the
//! archive. Hashing and reading cost about the same, and so they share the time.
//!
//! What is read are the archive's own bytes, and nothing that comes of it counts before they have their name: the run
//! takes the reading over if it would read just these bytes, by the same definition, against the same fingerprint;
//! else it reads them itself, as any run does.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use parsers::{Dataset, ReadSeek};

use super::{
    Fingerprints,
    stage::{Material, Prints, ReadingThread},
};
use crate::{
    archive::{Archive, ArchiveError, Arriving, Kept},
    db::{
        AsyncPgConnection, DbResult, Pool,
        fingerprints::{self, FingerprintRow, Holds},
        releases,
    },
};

/// Who reads ahead, one file at a time. Cheap to clone.
#[derive(Clone)]
pub struct Ahead {
    pool: Pool,
    archive: Archive,
    fingerprints: Fingerprints,
    desk: Arc<Mutex<Desk>>,
}

/// What lies there for a run.
#[derive(Default)]
struct Desk {
    /// The file that was taken in last: its name in the archive.
    taken_in: Option<String>,
    /// What waits for its run.
    begun: Option<Begun>,
}

/// A reading that has begun before its run.
struct Begun {
    basis: Basis,
    reading: ReadingThread,
}

/// What a reading stands on. Readings with the same basis come to the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Basis {
    /// The one file's name in the archive.
    sha256: String,
    definition: String,
    parser_version: i32,
    /// The fingerprint that it is compared with.
    print: Option<FingerprintRow>,
    most_rejects: Option<u64>,
}

impl Basis {
    pub(super) fn new(
        dataset: &Dataset,
        sha256: &str,
        print: Option<&FingerprintRow>,
        most_rejects: Option<u64>,
    ) -> Self {
        let (sha256, definition, print) = (sha256.to_owned(), dataset.hash.clone(), print.cloned());
        Self { sha256, definition, parser_version: dataset.parser_version(), print, most_rejects }
    }
}

impl Ahead {
    /// Reads nothing yet.
    pub fn new(pool: Pool, archive: Archive, fingerprints: Fingerprints) -> Self {
        Self { pool, archive, fingerprints, desk: Arc::default() }
    }

    /// Takes a file of this machine into the archive, and reads it meanwhile, for the run that is to load it.
    pub async fn take_in(&self, dataset: &Arc<Dataset>, path: &Path) -> Result<Kept, ArchiveError> {
        let arriving = self.archive.take_in(path).await?;
        let begun = self.begin(dataset, &arriving).await;
        let kept = self.archive.keep_arriving(arriving).await?;
        let named = |begun: Begun| Begun { basis: Basis { sha256: kept.sha256.clone(), ..begun.basis }, ..begun };
        *self.desk() = Desk { taken_in: Some(kept.sha256.clone()), begun: begun.map(named) };
        Ok(kept)
    }

    /// Whether this is the file that was taken in here, and so hashed.
    pub(super) fn has_taken_in(&self, sha256: &str) -> bool {
        self.desk().taken_in.as_deref() == Some(sha256)
    }

    /// The reading that waits, if it stands on just this. Any other ends.
    pub(super) fn take(&self, basis: &Basis) -> Option<ReadingThread> {
        let begun = self.desk().begun.take();
        begun.filter(|begun| begun.basis == *basis).map(|begun| begun.reading)
    }

    /// Ends the reading that waits, if there is one: nobody takes it over.
    pub(super) fn clear(&self) {
        self.desk().begun.take();
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to read; its basis still lacks the file's name. None where it cannot be begun: the run will know why.
    async fn begin(&self, dataset: &Arc<Dataset>, arriving: &Arriving) -> Option<Begun> {
        let file: Box<dyn ReadSeek> = Box::new(arriving.follow().ok()?);
        let print = published_print(&mut *self.pool.get().await.ok()?, dataset).await.ok()?;
        let (bytes, most_rejects) = (arriving.expected(), dataset.expect.most_rejects());
        let basis = Basis::new(dataset, "", print.as_ref(), most_rejects);
        let prints = Prints::open(&self.fingerprints, dataset, print.as_ref());
        let (dataset, files, names) = (Arc::clone(dataset), vec![file], Vec::new());
        let material = Material { dataset, files, names, first_part: 0, bytes, most_rejects, prints };
        let reading = ReadingThread::begin(material);
        Some(Begun { basis, reading })
    }
}

/// The fingerprint of what is published, if it holds for this definition.
async fn published_print(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Option<FingerprintRow>> {
    match releases::published(conn, &dataset.name).await? {
        Some(release) if !dataset.schema.key.is_empty() => {
            fingerprints::find(conn, Holds::of(dataset, release.id)).await
        }
        _ => Ok(None),
    }
}
