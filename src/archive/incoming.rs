//! Bytes on their way into the archive: written where they will stay, under a name that they do not keep.

use std::{fs::Permissions, io, os::unix::fs::PermissionsExt as _, path::Path};

use tempfile::{NamedTempFile, TempPath};
use tokio::{fs::File, io::AsyncWriteExt};

use super::{ArchiveError, Kept, hash::Hash};

/// Bytes whose hash is not known yet. Dropped, they are gone; what a sudden end leaves of them is swept by upkeep.
pub struct Incoming {
    file: File,
    place: TempPath,
    hash: Hash,
    bytes: u64,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("place", &self.place).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Incoming {
    pub(super) fn new(folder: &Path) -> Result<Self, ArchiveError> {
        let (file, place) = nameless(folder)?.into_parts();
        Ok(Self { file: File::from_std(file), place, hash: Hash::new(), bytes: 0 })
    }

    /// Appends bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.file.write_all(bytes).await?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes have come in.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The name that the bytes get, their file, which may not be on the disk yet, and where it lies until then.
    pub(super) async fn finish(mut self) -> io::Result<(Kept, File, TempPath)> {
        self.file.flush().await?;
        Ok((Kept { sha256: self.hash.finish(), bytes: self.bytes }, self.file, self.place))
    }
}

/// A file whose name says nothing, with the rights that files have here.
pub(super) fn nameless(folder: &Path) -> io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix("").rand_bytes(16).permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}
