//! A fingerprint on its way to disk.
//!
//! ```text
//! frame*  footer  offset of the footer: u64
//! frame, footer = length of the body: u32, checksum of the body: u64, body
//! body of a frame  = entry*: digest, hash of the row: u128; part, record since the entry before, length of the key:
//!                    varint; key
//! body of a footer = entries in the order of the file: varint; (part, record): varint, of each that does not count
//! ```
//!
//! All numbers of fixed size have their lowest byte first.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;
use twox_hash::XxHash3_128;

use super::{Entry, Place, varint};
use crate::db::fingerprints::FingerprintRow;

/// Bytes after which a frame is written.
const FRAME: usize = 64 * 1024;

/// Bytes before a frame's body.
pub(super) const HEAD: usize = 12;

/// A fingerprint that is being made. What goes wrong on the way ends the fingerprint, not the load.
#[derive(Debug)]
pub(in crate::ingest) struct Draft {
    file: io::Result<NamedTempFile>,
    seed: u64,
    frame: Vec<u8>,
    before: Place,
    bytes: u64,
    /// Entries in the order of the file.
    streamed: u64,
    /// Entries of rows that stay although the file does not have them.
    left: u64,
}

/// A fingerprint that is complete, and has no place yet.
#[derive(Debug)]
pub(in crate::ingest) struct Sealed {
    file: NamedTempFile,
    seed: u64,
    rows: u64,
}

impl Draft {
    pub(super) fn new(scratch: &Path, seed: u64) -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix("fingerprint-").tempfile_in(scratch)?;
        let frame = vec![0; HEAD];
        Ok(Self { file: Ok(file), seed, frame, before: Place::default(), bytes: 0, streamed: 0, left: 0 })
    }

    /// Appends the entry of the file's next row.
    pub(in crate::ingest) fn push(&mut self, entry: Entry<'_>, place: Place) {
        self.put(entry, place);
        self.streamed += 1;
    }

    /// Appends the entry of a row that stays although the file does not have it. All of the file's come before.
    pub(in crate::ingest) fn leave(&mut self, entry: Entry<'_>) {
        self.put(entry, Place::default());
        self.left += 1;
    }

    /// Completes it. The rows at the places in `struck` were not taken into the table after all.
    pub(in crate::ingest) fn seal(mut self, struck: &[Place]) -> Option<Sealed> {
        self.flush();
        let footer = self.bytes;
        varint::put(self.streamed, &mut self.frame);
        for place in struck {
            varint::put(place.part.into(), &mut self.frame);
            varint::put(place.record, &mut self.frame);
        }
        self.flush();
        self.frame = footer.to_le_bytes().to_vec();
        self.write();
        let rows = (self.streamed + self.left).checked_sub(struck.len() as u64)?;
        match self.file {
            Ok(file) => Some(Sealed { file, seed: self.seed, rows }),
            Err(error) => {
                tracing::debug!(%error, "the new fingerprint could not be written");
                None
            }
        }
    }

    fn put(&mut self, entry: Entry<'_>, place: Place) {
        let since = if place.part == self.before.part { self.before.record } else { 0 };
        self.frame.extend_from_slice(&entry.digest.to_le_bytes());
        self.frame.extend_from_slice(&entry.row.to_le_bytes());
        varint::put(place.part.into(), &mut self.frame);
        varint::put(place.record.wrapping_sub(since), &mut self.frame);
        varint::put(entry.key.len() as u64, &mut self.frame);
        self.frame.extend_from_slice(entry.key);
        self.before = place;
        if self.frame.len() >= FRAME {
            self.flush();
        }
    }

    /// Writes a frame, if there is anything in it.
    fn flush(&mut self) {
        let Some((head, body)) = self.frame.split_at_mut_checked(HEAD) else { return };
        if body.is_empty() {
            return;
        }
        let (length, sum) = (u32::try_from(body.len()).unwrap_or(u32::MAX), checksum(self.seed, body));
        for (to, byte) in head.iter_mut().zip(length.to_le_bytes().into_iter().chain(sum.to_le_bytes())) {
            *to = byte;
        }
        self.write();
        self.frame.truncate(HEAD);
    }

    fn write(&mut self) {
        if let Ok(file) = &mut self.file
            && let Err(error) = file.write_all(&self.frame)
        {
            self.file = Err(error);
        }
        self.bytes += self.frame.len() as u64;
    }
}

impl Sealed {
    /// Rows that it has entries of.
    pub(in crate::ingest) fn rows(&self) -> u64 {
        self.rows
    }

    /// Gives it its place.
    pub(super) fn into_file(self, path: &Path, name: String) -> io::Result<FingerprintRow> {
        let Self { file, seed, rows } = self;
        let _placed: File = file.persist(path).map_err(|refused| refused.error)?;
        Ok(FingerprintRow { file: name, seed, rows })
    }
}

/// Tells a frame of this fingerprint from every other, and from a damaged one.
#[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough to notice damage by")]
pub(super) fn checksum(seed: u64, body: &[u8]) -> u64 {
    XxHash3_128::oneshot_with_seed(seed, body) as u64
}
