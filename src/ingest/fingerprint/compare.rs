//! A release compared with the fingerprint of the one before, while it is read.
//!
//! The comparison walks through the entries as the file goes on. A file in the same order meets each entry in its turn;
//! what was put in, taken out or moved a little is found nearby; after a longer break, the file is looked for in a
//! window. What is not found is new or comes from elsewhere: it is staged, and PostgreSQL decides. At the end one pass
//! over all entries says what the release lacks. Every record is remembered but those that are the same, so nothing can
//! be counted twice; if that takes too much memory, the file is in another order, and the whole table is compared.

use hashbrown::HashTable;

use super::{
    Entry, Limits, Place,
    bits::Bits,
    block::Block,
    seen::{self, Full, Noted, Seen},
    window::{Damaged, Entries, Window},
};

mod finish;
#[cfg(test)]
mod tests;

pub(in crate::ingest) use finish::{Left, Tally};

/// What a row is, as far as the fingerprint can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Verdict {
    /// The table has it just so.
    Unchanged,
    /// The release has it twice.
    Duplicate,
    /// It is new, changed, or from elsewhere in the file.
    Staged,
}

/// Why a comparison is given up; the whole table is compared then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::ingest) enum GaveUp {
    /// More differs than can be remembered.
    #[error("too much of the file is new or in another place to compare it while reading")]
    TooDifferent,
    /// Two records have the same key and different values; only PostgreSQL has both.
    #[error("the file has a key twice with different values")]
    Contradictory,
    /// The fingerprint is not what was written.
    #[error("the fingerprint is damaged")]
    Damaged,
}

impl From<Damaged> for GaveUp {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}

impl From<Full> for GaveUp {
    fn from(_: Full) -> Self {
        Self::TooDifferent
    }
}

/// A comparison on its way.
#[derive(Debug)]
pub(in crate::ingest) struct Comparer<E> {
    window: Window<E>,
    limits: Limits,
    /// The entry at hand: the file's next record is expected to be it.
    at: u64,
    /// Entries that the release has just so.
    same: Bits,
    /// Records in a row that were found nowhere.
    misses: u32,
    /// The window by key, while it is of use.
    index: Option<Index>,
    seen: Seen,
    duplicates: u64,
}

#[derive(Debug)]
struct Index {
    /// Entries from here on were looked through, up to where they ended then.
    range: std::ops::Range<u64>,
    table: HashTable<u64>,
}

impl<E: Entries> Comparer<E> {
    pub(super) fn new(entries: E, limits: Limits) -> Self {
        let window = Window::new(entries, limits.block);
        let (same, seen) = (Bits::default(), Seen::new(limits.memory));
        Self { window, limits, at: 0, same, misses: 0, index: None, seen, duplicates: 0 }
    }

    /// Whether a record with this digest is one that the table was loaded from: then it need not be read, and this is
    /// its entry.
    pub(in crate::ingest) fn passes(&mut self, digest: u128) -> Result<Option<Entry<'_>>, GaveUp> {
        self.window.reach(self.at + self.limits.near)?;
        let ahead = self.at..=self.at + self.limits.near;
        let found = ahead.into_iter().find(|&at| {
            let entry = self.window.get(at);
            entry.is_some_and(|entry| entry.digest == digest) && !self.same.get(at)
        });
        let Some(found) = found else { return Ok(None) };
        self.same.set(found);
        self.go_to(found + 1);
        Ok(self.window.get(found))
    }

    /// Judges a row by its hash and key.
    pub(in crate::ingest) fn row(&mut self, row: u128, key: &[u8], place: Place) -> Result<Verdict, GaveUp> {
        if let Some(found) = self.find(key)? {
            let is_same = self.window.get(found).is_some_and(|entry| entry.row == row);
            match (is_same, self.same.get(found)) {
                (true, false) if self.seen.get(key).is_none_or(|noted| noted.row.is_none()) => {
                    self.same.set(found);
                    return Ok(Verdict::Unchanged);
                }
                (true, true) => {
                    self.duplicates += 1;
                    return Ok(Verdict::Duplicate);
                }
                (false, true) => return Err(GaveUp::Contradictory),
                (_, false) => (),
            }
        }
        match self.seen.note(key, Noted { row: Some(row), place })? {
            None => Ok(Verdict::Staged),
            Some(before) if before.row == Some(row) => {
                self.duplicates += 1;
                Ok(Verdict::Duplicate)
            }
            Some(_) => Err(GaveUp::Contradictory),
        }
    }

    /// Remembers the key of a record that was rejected: its old row stays.
    pub(in crate::ingest) fn rejected(&mut self, key: &[u8], place: Place) -> Result<(), GaveUp> {
        self.seen.note(key, Noted { row: None, place })?;
        Ok(())
    }

    /// The entry with this key, if it lies near or in the window; the next record is expected behind it.
    fn find(&mut self, key: &[u8]) -> Result<Option<u64>, Damaged> {
        let near = self.limits.near;
        self.window.reach(self.at + near)?;
        let (at, window) = (self.at, &self.window);
        if let Some(found) = (at..=at + near).find(|&at| has_key(window, at, key)) {
            self.go_to(found + 1);
            return Ok(Some(found));
        }
        if let Some(found) = (at.saturating_sub(near)..at).rev().find(|&at| has_key(window, at, key)) {
            self.misses = 0;
            return Ok(Some(found));
        }
        self.misses += 1;
        if self.misses >= self.limits.streak && self.index.is_none() {
            self.index = Some(self.look_through()?);
        }
        let Some(index) = &self.index else { return Ok(None) };
        let found = index.table.find(seen::hash(key), |&at| has_key(&self.window, at, key)).copied();
        if let Some(found) = found {
            self.go_to(found + 1);
        }
        Ok(found)
    }

    /// The window around the entry at hand, by key.
    fn look_through(&mut self) -> Result<Index, Damaged> {
        self.window.reach(self.at + self.limits.window)?;
        let (range, window) = (self.window.range(), &self.window);
        let hashed = |at: &u64| seen::hash(window.get(*at).map_or(&[][..], |entry| entry.key));
        let mut table = HashTable::with_capacity(usize::try_from(range.end - range.start).unwrap_or(0));
        for at in range.clone() {
            table.insert_unique(hashed(&at), at, hashed);
        }
        Ok(Index { range, table })
    }

    /// The next record is expected at this entry.
    fn go_to(&mut self, at: u64) {
        (self.at, self.misses) = (at, 0);
        if self.index.as_ref().is_some_and(|index| at >= index.range.end) {
            self.index = None;
        }
        let keep = self.index.as_ref().map_or(at.saturating_sub(self.limits.window), |index| index.range.start);
        self.window.forget_before(keep.min(at.saturating_sub(self.limits.near)));
    }
}

fn has_key<E: Entries>(window: &Window<E>, at: u64, key: &[u8]) -> bool {
    window.get(at).is_some_and(|entry| entry.key == key)
}
