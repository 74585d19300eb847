//! A fingerprint read back from its file, frame by frame.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use super::{
    Entry, Place,
    block::Block,
    draft::{HEAD, checksum},
    varint,
    window::{Damaged, Entries},
};
use crate::db::fingerprints::FingerprintRow;

/// The longest frame that there can be: a key may be long, but not that long.
const LONGEST: usize = 256 * 1024 * 1024;

/// Entries in a file.
#[derive(Debug)]
pub(in crate::ingest) struct StoredEntries {
    file: BufReader<File>,
    seed: u64,
    rows: u64,
    /// Where the frames end.
    end: u64,
    /// How far they have been read.
    position: u64,
    frame: Vec<u8>,
    /// How far the frame has been read.
    at: usize,
    before: Place,
    /// Entries in the order of the file that it was made from.
    streamed: u64,
    /// Entries read, with those that do not count.
    read: u64,
    struck: HashSet<Place>,
}

impl StoredEntries {
    /// Opens a fingerprint and reads its footer.
    pub(super) fn open(file: File, row: &FingerprintRow) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(256 * 1024, file);
        let length = file.seek(SeekFrom::End(-8))?;
        let mut offset = [0; 8];
        file.read_exact(&mut offset)?;
        let end = u64::from_le_bytes(offset);
        file.seek(SeekFrom::Start(end.min(length)))?;
        let mut entries = Self {
            file,
            seed: row.seed,
            rows: row.rows,
            end: u64::MAX,
            position: 0,
            frame: Vec::new(),
            at: 0,
            before: Place::default(),
            streamed: 0,
            read: 0,
            struck: HashSet::new(),
        };
        let damaged = |Damaged| io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
        entries.load().map_err(damaged)?;
        // What follows the footer is its offset and nothing else: a file that lost its end may look like a whole one.
        let is_whole = end.checked_add(entries.position) == Some(length);
        entries.footer().filter(|()| is_whole).ok_or(Damaged).map_err(damaged)?;
        entries.end = end;
        entries.rewind().map_err(damaged)?;
        Ok(entries)
    }

    fn footer(&mut self) -> Option<()> {
        let mut rest = self.frame.as_slice();
        self.streamed = varint::take(&mut rest)?;
        while !rest.is_empty() {
            let part = u32::try_from(varint::take(&mut rest)?).ok()?;
            self.struck.insert(Place { part, record: varint::take(&mut rest)? });
        }
        Some(())
    }

    /// Reads the next frame; false if there is none.
    fn load(&mut self) -> Result<bool, Damaged> {
        self.at = 0;
        self.frame.clear();
        if self.position >= self.end {
            return Ok(false);
        }
        let mut head = [0; HEAD];
        self.file.read_exact(&mut head).map_err(|_unreadable| Damaged)?;
        let (length, sum) = head.split_first_chunk().ok_or(Damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        let sum = u64::from_le_bytes(*sum.first_chunk().ok_or(Damaged)?);
        if length > LONGEST {
            return Err(Damaged);
        }
        self.frame.resize(length, 0);
        self.file.read_exact(&mut self.frame).map_err(|_unreadable| Damaged)?;
        self.position += (HEAD + length) as u64;
        if checksum(self.seed, &self.frame) == sum { Ok(true) } else { Err(Damaged) }
    }

    /// Takes the next entry of the frame, unless it does not count.
    fn take(&mut self, into: &mut Block) -> Option<bool> {
        let whole = self.frame.get(self.at..)?;
        let (digest, rest) = whole.split_first_chunk()?;
        let (row, mut rest) = rest.split_first_chunk()?;
        let part = u32::try_from(varint::take(&mut rest)?).ok()?;
        let since = if part == self.before.part { self.before.record } else { 0 };
        let record = varint::take(&mut rest)?.wrapping_add(since);
        let length = usize::try_from(varint::take(&mut rest)?).ok()?;
        let (key, rest) = rest.split_at_checked(length)?;
        self.before = Place { part, record };
        let counts = self.read >= self.streamed || self.struck.is_empty() || !self.struck.contains(&self.before);
        if counts {
            into.push(Entry { digest: u128::from_le_bytes(*digest), row: u128::from_le_bytes(*row), key });
        }
        self.at += whole.len() - rest.len();
        self.read += 1;
        Some(counts)
    }
}

impl Entries for StoredEntries {
    fn next(&mut self, into: &mut Block) -> Result<bool, Damaged> {
        loop {
            if self.at >= self.frame.len() && !self.load()? {
                return Ok(false);
            }
            if self.take(into).ok_or(Damaged)? {
                return Ok(true);
            }
        }
    }

    fn rewind(&mut self) -> Result<(), Damaged> {
        self.file.rewind().map_err(|_unreadable| Damaged)?;
        (self.position, self.at, self.read, self.before) = (0, 0, 0, Place::default());
        self.frame.clear();
        Ok(())
    }

    fn total(&self) -> u64 {
        self.rows
    }
}

#[cfg(test)]
mod tests;
