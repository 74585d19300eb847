//! Whether two files are the same, byte by byte: read in long strides, on threads of their own.

use std::{
    fs::File,
    io::{self, ErrorKind},
    ops::Range,
    os::unix::fs::FileExt,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use super::ArchiveError;

/// Bytes that are looked at together. They stay in the processor's second cache.
const STRIDE: usize = 256 * 1024;

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

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, ArchiveError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_stopped| io::Error::other("reading a file was cut short"))??)
}
