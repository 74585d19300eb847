//! The end of a comparison: what the release lacks, and what PostgreSQL should find of the rest.

use std::collections::HashSet;

use super::{Block, Comparer, Entries, Entry, GaveUp, Noted, Place};

/// An entry that is not simply the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Left<'a> {
    /// The release does not mention it.
    Missing(Entry<'a>),
    /// Its record was rejected.
    Rejected(Entry<'a>),
    /// This key of a rejected record has no entry.
    Unknown(&'a [u8]),
    /// Its row was staged with another hash.
    Changed(Entry<'a>),
    /// Its row is just so, and was staged from this place a second time.
    Twice(Place),
}

/// What a comparison came to. The staged rows are `inserted`, `changed`, `moved` and `twice`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Tally {
    /// Entries that the release has just so.
    pub(in crate::ingest) same: u64,
    /// Rows whose key the fingerprint does not know.
    pub(in crate::ingest) inserted: u64,
    /// Rows whose key it knows with another hash.
    pub(in crate::ingest) changed: u64,
    /// Rows that are just so, but elsewhere in the file.
    pub(in crate::ingest) moved: u64,
    /// Staged copies of rows that are just so.
    pub(in crate::ingest) twice: u64,
    /// Copies that were not staged.
    pub(in crate::ingest) duplicates: u64,
    /// Entries whose record was rejected.
    pub(in crate::ingest) rejected: u64,
    /// Entries that the release does not mention.
    pub(in crate::ingest) missing: u64,
}

impl<E: Entries> Comparer<E> {
    /// Goes through all entries once more, and tells of each that is not simply the same.
    pub(in crate::ingest) fn finish(self, mut tell: impl FnMut(Left<'_>)) -> Result<Tally, GaveUp> {
        let Self { window, same, seen, duplicates, .. } = self;
        let total = window.total();
        let mut tally = Tally { same: same.count(), duplicates, ..Tally::default() };
        if seen.is_empty() && same.count() == total {
            return Ok(tally);
        }
        let mut entries = window.again()?;
        let (mut block, mut met) = (Block::default(), HashSet::new());
        for at in 0..total {
            block.clear();
            let there = entries.next(&mut block)?;
            let entry = block.get(0).filter(|_| there).ok_or(GaveUp::Damaged)?;
            let noted = seen.get(entry.key);
            if noted.is_some_and(|noted| noted.row.is_none()) {
                met.insert(entry.key.to_vec());
            }
            if same.get(at) {
                tally.check_same(entry, noted, &mut tell)?;
            } else {
                tally.take_left(entry, noted, &mut tell);
            }
        }
        for key in seen.rejected().filter(|key| !met.contains(*key)) {
            tell(Left::Unknown(key));
        }
        // A key that has two entries would be counted twice.
        let known = tally.changed + tally.moved + tally.twice;
        tally.inserted = seen.rows().checked_sub(known).ok_or(GaveUp::Damaged)?;
        Ok(tally)
    }
}

impl Tally {
    fn check_same(
        &mut self,
        entry: Entry<'_>,
        noted: Option<Noted>,
        tell: &mut impl FnMut(Left<'_>),
    ) -> Result<(), GaveUp> {
        let Some(Noted { row: Some(row), place }) = noted else { return Ok(()) };
        if row != entry.row {
            return Err(GaveUp::Contradictory);
        }
        self.twice += 1;
        tell(Left::Twice(place));
        Ok(())
    }

    fn take_left(&mut self, entry: Entry<'_>, noted: Option<Noted>, tell: &mut impl FnMut(Left<'_>)) {
        let (count, left) = match noted.map(|noted| noted.row) {
            None => (&mut self.missing, Left::Missing(entry)),
            Some(None) => (&mut self.rejected, Left::Rejected(entry)),
            Some(Some(row)) if row == entry.row => {
                self.moved += 1;
                return;
            }
            Some(Some(_)) => (&mut self.changed, Left::Changed(entry)),
        };
        *count += 1;
        tell(left);
    }
}
