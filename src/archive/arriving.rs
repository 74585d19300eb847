//! A file of this machine on its way into the archive: one thread copies it, another hashes the copy, and whoever cannot
//! wait reads it meanwhile. All of them see the archive's own bytes, whatever becomes of the file that they come from.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use tempfile::TempPath;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Kept, hash, incoming::nameless};

/// Bytes that are copied at a time.
const STRIDE: u64 = 1 << 20;

/// A file on its way.
pub struct Arriving {
    place: TempPath,
    expected: u64,
    growth: Arc<Growth>,
    copied: JoinHandle<io::Result<u64>>,
    hashed: JoinHandle<io::Result<String>>,
}

impl Arriving {
    pub(super) fn begin(from: File, folder: &Path) -> io::Result<Self> {
        let (to, place) = nameless(folder)?.into_parts();
        let (expected, growth) = (from.metadata()?.len(), Arc::<Growth>::default());
        let copy = Follower { file: File::open(&place)?, growth: Arc::clone(&growth) };
        let grows = Growing(Arc::clone(&growth));
        let copied = spawn_blocking(move || grows.copy(from, to));
        let hashed = spawn_blocking(move || hash::of(copy));
        Ok(Self { place, expected, growth, copied, hashed })
    }

    /// How many bytes it seems to have.
    pub(crate) fn expected(&self) -> u64 {
        self.expected
    }

    /// Its bytes from the first on; reading waits for those that have not come yet.
    pub(crate) fn follow(&self) -> io::Result<Follower> {
        Ok(Follower { file: File::open(&self.place)?, growth: Arc::clone(&self.growth) })
    }

    /// Waits until all of it is on the disk and has its name; says where it lies until it gets its place.
    pub(super) async fn arrived(self) -> io::Result<(Kept, TempPath)> {
        let (bytes, sha256) = (self.copied.await.map_err(io::Error::other)??, self.hashed.await);
        Ok((Kept { sha256: sha256.map_err(io::Error::other)??, bytes }, self.place))
    }
}

/// How far a copy has come.
#[derive(Debug, Default)]
struct Growth {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default, Clone, Copy)]
struct State {
    bytes: u64,
    end: Option<End>,
}

/// How a copy has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All bytes are there.
    Whole,
    /// No further bytes will come, although there are some.
    Broken,
}

impl Growth {
    fn state(&self) -> MutexGuard<'_, State> {
        // A state is never half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.moved.notify_all();
    }

    /// Waits until the copy has this much or has ended; says how many bytes there are.
    fn wait(&self, enough: impl Fn(State) -> bool) -> io::Result<u64> {
        let goes_on = |state: &mut State| state.end.is_none() && !enough(*state);
        let state = *self.moved.wait_while(self.state(), goes_on).unwrap_or_else(PoisonError::into_inner);
        match state.end {
            Some(End::Broken) => Err(io::Error::other("the file could not be copied into the archive")),
            _ => Ok(state.bytes),
        }
    }
}

/// The one who copies. However it ends, nobody waits for it in vain.
struct Growing(Arc<Growth>);

impl Growing {
    fn copy(self, from: File, mut to: File) -> io::Result<u64> {
        let (mut from, mut bytes) = (from.take(STRIDE), 0);
        loop {
            let copied = io::copy(&mut from, &mut to)?;
            if copied == 0 {
                break;
            }
            bytes += copied;
            self.0.change(|state| state.bytes = bytes);
            from.set_limit(STRIDE);
        }
        self.0.change(|state| state.end = Some(End::Whole));
        to.sync_all()?;
        Ok(bytes)
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        self.0.change(|state| state.end = state.end.or(Some(End::Broken)));
    }
}

/// Reads a copy that is being made.
#[derive(Debug)]
pub(crate) struct Follower {
    file: File,
    growth: Arc<Growth>,
}

impl Read for Follower {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.file.stream_position()?;
        let there = self.growth.wait(|state| state.bytes > at)?.saturating_sub(at);
        let most = usize::try_from(there).unwrap_or(usize::MAX).min(buffer.len());
        self.file.read(buffer.get_mut(..most).unwrap_or_default())
    }
}

impl Seek for Follower {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if matches!(to, SeekFrom::End(_)) {
            self.growth.wait(|_| false)?;
        }
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, thread};

    use super::*;

    /// A copy of which nothing is there, who lets it grow, and who reads it.
    fn beginning() -> (File, Growing, Follower) {
        let copy = tempfile::NamedTempFile::new().unwrap();
        let growth = Arc::<Growth>::default();
        let follower = Follower { file: copy.reopen().unwrap(), growth: Arc::clone(&growth) };
        (copy.into_file(), Growing(growth), follower)
    }

    fn grow(copy: &mut File, growing: &Growing, bytes: &[u8]) {
        copy.write_all(bytes).unwrap();
        growing.0.change(|state| state.bytes += bytes.len() as u64);
    }

    #[test]
    fn bytes_are_read_as_they_come_and_no_others() {
        let (mut copy, growing, mut follower) = beginning();
        copy.write_all(b"hello").unwrap();
        growing.0.change(|state| state.bytes = 2);
        let mut buffer = [0; 8];
        assert_eq!(follower.read(&mut buffer).unwrap(), 2, "what is not said to be there is not read");
        let reads = thread::spawn(move || {
            let mut rest = String::new();
            follower.read_to_string(&mut rest).map(|_| rest)
        });
        growing.0.change(|state| state.bytes = 5);
        grow(&mut copy, &growing, b" world");
        growing.0.change(|state| state.end = Some(End::Whole));
        assert_eq!(reads.join().unwrap().unwrap(), "llo world");
    }

    #[test]
    fn who_asks_for_the_end_waits_for_it() {
        let (mut copy, growing, mut follower) = beginning();
        let seeks = thread::spawn(move || follower.seek(SeekFrom::End(-1)));
        grow(&mut copy, &growing, b"hello");
        growing.0.change(|state| state.end = Some(End::Whole));
        assert_eq!(seeks.join().unwrap().unwrap(), 4);
    }

    #[test]
    fn a_copy_that_breaks_off_is_an_error_to_who_reads_it() {
        let (mut copy, growing, mut follower) = beginning();
        grow(&mut copy, &growing, b"hello");
        let reads = thread::spawn(move || follower.read_to_end(&mut Vec::new()));
        drop(growing);
        assert_eq!(reads.join().unwrap().unwrap_err().to_string(), "the file could not be copied into the archive");
    }
}
