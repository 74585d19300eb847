//! Entries in memory: many in a few buffers, which are used again and again.

/// What the fingerprint knows of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Entry<'a> {
    /// Digest of the record as it was written; without meaning for rows that stayed in spite of their release.
    pub(in crate::ingest) digest: u128,
    /// Hash of the row's values as they are sent to PostgreSQL.
    pub(in crate::ingest) row: u128,
    /// The key's values, each as a field of a binary copy: equal keys are equal bytes, and different ones are not.
    pub(in crate::ingest) key: &'a [u8],
}

/// Where a record stands in its release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::ingest) struct Place {
    /// Which of the release's files, from 0.
    pub(in crate::ingest) part: u32,
    /// Which record of that file, from 1.
    pub(in crate::ingest) record: u64,
}

/// Some entries, one after another.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Block {
    hashes: Vec<(u128, u128)>,
    /// Where each key ends in `keys`.
    ends: Vec<usize>,
    keys: Vec<u8>,
}

impl Block {
    /// Appends an entry.
    pub(super) fn push(&mut self, entry: Entry<'_>) {
        self.hashes.push((entry.digest, entry.row));
        self.keys.extend_from_slice(entry.key);
        self.ends.push(self.keys.len());
    }

    /// The entry at this place of the block.
    pub(super) fn get(&self, at: usize) -> Option<Entry<'_>> {
        let &(digest, row) = self.hashes.get(at)?;
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some(Entry { digest, row, key: self.keys.get(begin..*self.ends.get(at)?)? })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Forgets all of them, and keeps the buffers.
    pub(super) fn clear(&mut self) {
        self.hashes.clear();
        self.ends.clear();
        self.keys.clear();
    }
}
