//! The archive: bytes under their SHA-256, kept before anything reads them.
//!
//! Nothing here ever changes or removes what was kept. A file is written once, in the folder where bytes come in, hashed
//! on the way, synced, and then renamed to its place: an artifact is there as a whole or not at all, whenever the machine
//! stops.

use std::{fs::File, io::Seek, path::Path, sync::Arc};

use bytes::Bytes;
use futures_util::StreamExt;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt, local::LocalFileSystem, path};
use tempfile::TempPath;

use crate::config::StateDir;

mod arriving;
mod hash;
mod incoming;
pub mod manifest;
mod same;

pub use arriving::Arriving;
pub(crate) use hash::hex;
pub use incoming::Incoming;

/// The archive. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    incoming: Arc<Path>,
    scratch: Arc<Path>,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The bytes' SHA-256 in lower-case hex: the artifact's name.
    pub sha256: String,
    /// How many they are.
    pub bytes: u64,
}

/// The archive could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A folder of the state cannot be used.
    #[error("cannot use the folder {folder}: check that it exists and that this account may write to it")]
    Folder {
        /// Which folder.
        folder: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The store's folder cannot be used.
    #[error("cannot open the archive: check the state folder and its rights")]
    Open(#[source] object_store::Error),
    /// Bytes on their way in or out could not be handled.
    #[error("cannot work with a scratch file: check the state folder's space and rights")]
    Scratch(#[from] std::io::Error),
    /// A file on its way in cannot be opened.
    #[error("cannot open the file: check its rights")]
    Given(#[source] std::io::Error),
    /// An artifact that the database knows is not there.
    #[error("the archive has lost artifact {0}: put its file back, or fetch the release again")]
    Missing(String),
    /// An artifact's bytes are not those that it was kept under.
    #[error(
        "artifact {sha256} is damaged: the archive's bytes hash to {found}. Put its file back from a copy, or \
         take it away and ingest the dataset again"
    )]
    Damaged {
        /// Which artifact.
        sha256: String,
        /// What its bytes hash to now.
        found: String,
    },
    /// A manifest cannot be worked with.
    #[error("the archive cannot {doing} the manifest {place}")]
    Manifest {
        /// `write`, `read`, …
        doing: &'static str,
        /// Which, as a path in the archive.
        place: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store refused.
    #[error("the archive cannot {doing} artifact {sha256}")]
    Store {
        /// `keep` or `read`.
        doing: &'static str,
        /// Which artifact.
        sha256: String,
        /// What the store says.
        source: object_store::Error,
    },
}

impl Archive {
    /// Opens the archive of a state folder, and makes it if need be.
    pub fn open(state: &StateDir) -> Result<Self, ArchiveError> {
        for folder in [state.archive(), state.scratch()] {
            std::fs::create_dir_all(&folder)
                .map_err(|source| ArchiveError::Folder { folder: folder.display().to_string(), source })?;
        }
        let store = LocalFileSystem::new_with_prefix(state.archive()).map_err(ArchiveError::Open)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), incoming: state.incoming().into(), scratch: state.scratch().into() })
    }

    /// A place for bytes whose hash is not known yet.
    pub fn incoming(&self) -> Result<Incoming, ArchiveError> {
        Incoming::new(&self.incoming)
    }

    /// Keeps what has come in. Bytes that are there already are not kept a second time.
    pub async fn keep(&self, incoming: Incoming) -> Result<Kept, ArchiveError> {
        let (kept, file, lies) = incoming.finish().await?;
        if self.holds(&kept).await? {
            return Ok(kept);
        }
        file.sync_all().await?;
        self.settle(kept, &lies).await
    }

    /// Begins to take in a file of this machine, as it is now; it can be read meanwhile.
    pub async fn take_in(&self, path: &Path) -> Result<Arriving, ArchiveError> {
        Ok(Arriving::begin(given(path).await?, &self.incoming)?)
    }

    /// Keeps a file that is taken in, once all of it is there.
    pub async fn keep_arriving(&self, arriving: Arriving) -> Result<Kept, ArchiveError> {
        let (kept, lies) = arriving.arrived().await?;
        if self.holds(&kept).await? { Ok(kept) } else { self.settle(kept, &lies).await }
    }

    /// Whether a file of this machine holds just the bytes of an artifact, and the archive has it. They are compared,
    /// byte by byte.
    pub async fn is_kept(&self, path: &Path, as_artifact: &Kept) -> Result<bool, ArchiveError> {
        let file = given(path).await?;
        if file.metadata()?.len() != as_artifact.bytes || !self.has(as_artifact).await? {
            return Ok(false);
        }
        same::same(file, self.read(&as_artifact.sha256).await?, as_artifact.bytes).await
    }

    /// Keeps bytes that are in memory, such as a rendered report.
    pub async fn keep_bytes(&self, bytes: &[u8]) -> Result<Kept, ArchiveError> {
        let mut incoming = self.incoming()?;
        incoming.write(bytes).await?;
        self.keep(incoming).await
    }

    /// An artifact as a file that can be read and sought.
    pub async fn read(&self, sha256: &str) -> Result<File, ArchiveError> {
        let found = self.store.get(&place(sha256)).await.map_err(|source| failed("read", sha256, source))?;
        match found.payload {
            GetResultPayload::File(file, _) => Ok(file),
            GetResultPayload::Stream(mut parts) => {
                let mut spooled = tempfile::tempfile_in(&self.scratch)?;
                while let Some(part) = parts.next().await {
                    let part = part.map_err(|source| failed("read", sha256, source))?;
                    std::io::Write::write_all(&mut spooled, &part)?;
                }
                spooled.rewind()?;
                Ok(spooled)
            }
        }
    }

    /// Hashes an artifact again: fails if its bytes are not those that it was kept under.
    pub async fn prove(&self, sha256: &str) -> Result<(), ArchiveError> {
        let found = hash::of_file(self.read(sha256).await?).await?;
        if found == sha256 { Ok(()) } else { Err(ArchiveError::Damaged { sha256: sha256.to_owned(), found }) }
    }

    /// A small artifact as a whole.
    pub async fn bytes(&self, sha256: &str) -> Result<Bytes, ArchiveError> {
        let found = self.store.get(&place(sha256)).await.map_err(|source| failed("read", sha256, source))?;
        found.bytes().await.map_err(|source| failed("read", sha256, source))
    }

    /// Whether exactly these bytes are there. A file of another length is damaged and gets written again.
    pub async fn has(&self, kept: &Kept) -> Result<bool, ArchiveError> {
        match self.store.head(&place(&kept.sha256)).await {
            Ok(found) => Ok(found.size == kept.bytes),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(failed("read", &kept.sha256, source)),
        }
    }

    /// Whether exactly these bytes are there, read and hashed: what was damaged must not stand for what is good.
    async fn holds(&self, kept: &Kept) -> Result<bool, ArchiveError> {
        if !self.has(kept).await? {
            return Ok(false);
        }
        match self.prove(&kept.sha256).await {
            Ok(()) => Ok(true),
            Err(ArchiveError::Damaged { .. } | ArchiveError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives bytes that are on the disk their place.
    async fn settle(&self, kept: Kept, lies: &TempPath) -> Result<Kept, ArchiveError> {
        let name = lies.file_name().unwrap_or_default().to_string_lossy();
        let nameless = path::Path::from_iter([StateDir::INCOMING, name.as_ref()]);
        let settled = self.store.rename(&nameless, &place(&kept.sha256)).await;
        settled.map_err(|source| failed("keep", &kept.sha256, source))?;
        Ok(kept)
    }
}

/// Opens a file on its way in. Who opens a pipe waits until somebody writes into it, and whoever is told to stop meanwhile
/// does.
async fn given(path: &Path) -> Result<File, ArchiveError> {
    Ok(tokio::fs::File::open(path).await.map_err(ArchiveError::Given)?.into_std().await)
}

/// `ab/cd/<sha256>`: no folder grows beyond what people can list.
fn place(sha256: &str) -> path::Path {
    let folder = |at: usize| sha256.get(at..at + 2).unwrap_or("00");
    path::Path::from_iter([folder(0), folder(2), sha256])
}

fn failed(doing: &'static str, sha256: &str, source: object_store::Error) -> ArchiveError {
    match source {
        object_store::Error::NotFound { .. } => ArchiveError::Missing(sha256.to_owned()),
        source => ArchiveError::Store { doing, sha256: sha256.to_owned(), source },
    }
}

#[cfg(test)]
mod tests;
