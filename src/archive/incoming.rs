//! Bytes on their way into the archive.

use std::{io::SeekFrom, path::Path};

use sha2::{Digest, Sha256};
use tokio::{
    fs::File,
    io::{AsyncSeekExt, AsyncWriteExt},
};

use super::{ArchiveError, Kept};

/// Bytes whose hash is not known yet. They lie in a file without a name: whatever ends the program also ends them.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Incoming {
    pub(super) fn new(scratch: &Path) -> Result<Self, ArchiveError> {
        let file = File::from_std(tempfile::tempfile_in(scratch)?);
        Ok(Self { file, hash: Sha256::new(), bytes: 0 })
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

    /// The name that the bytes get, and the file, at its start.
    pub(super) async fn finish(mut self) -> Result<(Kept, std::fs::File), ArchiveError> {
        self.file.flush().await?;
        self.file.seek(SeekFrom::Start(0)).await?;
        Ok((Kept { sha256: hex(&self.hash.finalize()), bytes: self.bytes }, self.file.into_std().await))
    }
}

/// Bytes in lower-case hex, as hashes are written.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
