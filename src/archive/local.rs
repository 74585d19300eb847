//! Files of this machine on their way into the archive: read in long strides, on threads of their own.

use std::{
    fs::File,
    io::{self, ErrorKind, Read},
    ops::Range,
    os::unix::fs::FileExt,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{ArchiveError, Kept, PART, hex};

/// Bytes that are looked at together. They stay in the processor's second cache.
const STRIDE: usize = 256 * 1024;

/// The name that a file's bytes get.
pub(super) async fn name(file: File) -> Result<Kept, ArchiveError> {
    blocking(move || {
        let (mut file, mut hash, mut stride, mut bytes) = (file, Sha256::new(), vec![0; STRIDE], 0);
        loop {
            let read = file.read(&mut stride)?;
            match stride.get(..read) {
                Some(read) if !read.is_empty() => hash.update(read),
                _ => return Ok(Kept { sha256: hex(&hash.finalize()), bytes }),
            }
            bytes += read as u64;
        }
    })
    .await
}

/// Whether two files of this length hold the same bytes. They are compared from both their starts and their middles on,
/// which takes a fraction of the time that a hash takes.
pub(super) async fn same(one: File, other: File, bytes: u64) -> Result<bool, ArchiveError> {
    let compare = move || {
        let differ = AtomicBool::new(false);
        thread::scope(|scope| {
            let front = scope.spawn(|| compare(&one, &other, 0..bytes / 2, &differ));
            compare(&one, &other, bytes / 2..bytes, &differ)?;
            front.join().map_err(|_panic| io::Error::other("comparing two files failed"))??;
            Ok(!differ.load(Ordering::Relaxed))
        })
    };
    match blocking(compare).await {
        // One of them is shorter by now.
        Err(ArchiveError::Scratch(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        compared => compared,
    }
}

fn compare(one: &File, other: &File, within: Range<u64>, differ: &AtomicBool) -> io::Result<()> {
    let (mut mine, mut theirs) = (vec![0; STRIDE], vec![0; STRIDE]);
    for at in within.clone().step_by(STRIDE) {
        let length = usize::try_from(within.end - at).unwrap_or(STRIDE).min(STRIDE);
        mine.truncate(length);
        theirs.truncate(length);
        one.read_exact_at(&mut mine, at)?;
        other.read_exact_at(&mut theirs, at)?;
        if mine != theirs {
            differ.store(true, Ordering::Relaxed);
        }
        if differ.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(())
}

/// A file that is handed on part by part, and hashed on the way.
pub(super) struct Parts {
    file: File,
    hash: Sha256,
}

impl Parts {
    pub(super) fn new(file: File) -> Self {
        Self { file, hash: Sha256::new() }
    }

    /// The next part; empty at the end.
    pub(super) async fn next(mut self) -> Result<(Self, Bytes), ArchiveError> {
        blocking(move || {
            let mut part = Vec::with_capacity(PART);
            (&mut self.file).take(PART as u64).read_to_end(&mut part)?;
            self.hash.update(&part);
            Ok((self, part.into()))
        })
        .await
    }

    /// The hash of all parts.
    pub(super) fn sha256(self) -> String {
        hex(&self.hash.finalize())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, ArchiveError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_stopped| io::Error::other("reading a file was cut short"))??)
}
