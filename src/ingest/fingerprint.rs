//! The fingerprint of a dataset: what its table was last loaded from, so small that the next release can be compared
//! with it while it is read.
//!
//! One entry for each row, in the order of the file: a digest of the record as it was written, a hash of the row, and
//! the key. A record with the digest of the entry at hand is unchanged and not even read; one whose row has the hash of
//! its entry is unchanged too; only what is left goes to PostgreSQL ([`compare`]).
//!
//! It is one file beside the archive and not a table: written anew with every release, it would cost PostgreSQL as much
//! WAL as the rows themselves. So it may be missing, damaged or on another machine, and that is no error: then the whole
//! table is compared, and a new one is made. Its blocks carry checksums, so nothing has to wait for the disk.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::db::fingerprints::FingerprintRow;

mod bits;
mod block;
mod compare;
mod draft;
mod entries;
mod limits;
mod seen;
mod varint;
mod window;

pub(super) use block::{Entry, Place};
pub(super) use compare::{Comparer, GaveUp, Left, Tally, Verdict};
pub(super) use draft::{Draft, Sealed};
pub(super) use entries::StoredEntries;
pub use limits::Limits;

/// The folder of fingerprints. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fingerprints {
    folder: Arc<Path>,
    scratch: Arc<Path>,
    limits: Limits,
}

impl Fingerprints {
    /// Fingerprints in `folder`, made in `scratch` on the same file system.
    pub fn new(folder: PathBuf, scratch: PathBuf, limits: Limits) -> Self {
        Self { folder: folder.into(), scratch: scratch.into(), limits }
    }

    /// A new fingerprint, to be filled. None if the folders cannot be used; a load goes on without.
    pub(super) fn draft(&self, seed: u64) -> Option<Draft> {
        let drafted = std::fs::create_dir_all(&self.folder).and_then(|()| Draft::new(&self.scratch, seed));
        told(drafted, "no fingerprint is made")
    }

    /// What a release can be compared with, if the file is there and is what its row says.
    pub(super) fn open(&self, row: &FingerprintRow) -> Option<Comparer<StoredEntries>> {
        let opened = File::open(self.folder.join(&row.file)).and_then(|file| StoredEntries::open(file, row));
        told(opened, "there is no usable fingerprint here").map(|entries| Comparer::new(entries, self.limits))
    }

    /// Gives a sealed fingerprint its place; says under which name.
    pub(super) fn place(&self, dataset: &str, sealed: Sealed) -> Option<FingerprintRow> {
        let file = format!("{dataset}-{:016x}", rand::random::<u64>());
        told(sealed.into_file(&self.folder.join(&file), file.clone()), "the fingerprint could not be put in its place")
    }

    /// Takes a fingerprint away that nobody needs any more; what cannot be removed is left to upkeep.
    pub(super) fn remove(&self, file: &str) {
        match std::fs::remove_file(self.folder.join(file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::debug!(file, %error, "the old fingerprint is left to upkeep");
            }
            _ => (),
        }
    }
}

fn told<T>(result: io::Result<T>, what: &str) -> Option<T> {
    result.inspect_err(|error| tracing::debug!(%error, "{what}: the whole table is compared instead")).ok()
}
