//! What becomes of each record while it is read: passed over, or staged, and in either case remembered.

use parsers::Dataset;
use parsers::dataset::Mode;
use twox_hash::XxHash3_128;

use super::keys::Keys;
use crate::{
    db::fingerprints::FingerprintRow,
    ingest::{
        copy::Encoder,
        fingerprint::{Comparer, Draft, Entry, Fingerprints, GaveUp, Left, Place, StoredEntries, Tally, Verdict},
    },
};

/// What a release is compared with, and the fingerprint that is made of it.
#[derive(Debug)]
pub(in crate::ingest) struct Prints {
    /// What all digests and hashes are keyed by.
    pub(in crate::ingest) seed: u64,
    /// The published release; without, PostgreSQL compares the whole table.
    pub(in crate::ingest) base: Option<Comparer<StoredEntries>>,
    /// The new fingerprint, if one can be made.
    pub(in crate::ingest) draft: Option<Draft>,
}

impl Prints {
    /// Compares with this fingerprint if it is there and is good, else with nothing. None for rows without keys.
    pub(in crate::ingest) fn open(
        fingerprints: &Fingerprints,
        dataset: &Dataset,
        print: Option<&FingerprintRow>,
    ) -> Option<Self> {
        if dataset.schema.key.is_empty() {
            return None;
        }
        let base = print.and_then(|row| fingerprints.open(row));
        let seed = print.filter(|_| base.is_some()).map_or_else(rand::random, |row| row.seed);
        Some(Self { seed, base, draft: fingerprints.draft(seed) })
    }
}

/// What a comparison with the fingerprint came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Compared {
    pub(in crate::ingest) tally: Tally,
    /// Places of staged rows that are copies of unchanged ones.
    pub(in crate::ingest) twice: Vec<Place>,
}

/// Judges records one after another.
#[derive(Debug)]
pub(super) struct Judge {
    prints: Prints,
    keys: Keys,
    mode: Mode,
}

impl Judge {
    pub(super) fn new(dataset: &Dataset, prints: Prints) -> Self {
        Self { prints, keys: Keys::new(&dataset.schema), mode: dataset.mode }
    }

    /// What digests are to be keyed by.
    pub(super) fn seed(&self) -> u64 {
        self.prints.seed
    }

    /// Whether the table was loaded from this very record; then it need not be read.
    pub(super) fn passes(&mut self, digest: u128, place: Place) -> Result<bool, GaveUp> {
        let Prints { base, draft, .. } = &mut self.prints;
        let Some(base) = base else { return Ok(false) };
        let Some(entry) = base.passes(digest)? else { return Ok(false) };
        if let Some(draft) = draft {
            draft.push(entry, place);
        }
        Ok(true)
    }

    /// Judges a row by its encoded values; true if it must be staged.
    pub(super) fn row(&mut self, digest: u128, values: &[u8], place: Place) -> Result<bool, GaveUp> {
        let row = XxHash3_128::oneshot_with_seed(self.prints.seed, values);
        let key = self.keys.cut(values);
        let Prints { base, draft, .. } = &mut self.prints;
        let verdict = base.as_mut().map_or(Ok(Verdict::Staged), |base| base.row(row, key, place))?;
        if let Some(draft) = draft
            && verdict != Verdict::Duplicate
        {
            draft.push(Entry { digest, row, key }, place);
        }
        Ok(verdict == Verdict::Staged)
    }

    /// Takes note of a rejected record's key. Without a base it is given back: PostgreSQL has to look for its old row.
    pub(super) fn rejected(&mut self, key: Option<Vec<String>>, place: Place) -> Result<Option<Vec<String>>, GaveUp> {
        let (Some(base), Some(texts)) = (&mut self.prints.base, &key) else { return Ok(key) };
        if let Some(key) = self.keys.of_texts(texts) {
            base.rejected(&key, place)?;
        }
        Ok(None)
    }

    /// Ends the comparison. The keys of what goes and of what stays in spite of a reject are appended to `marks`.
    pub(super) fn finish(
        self,
        marks: &mut Encoder,
        mut full: impl FnMut(&mut Encoder),
    ) -> Result<(Option<Compared>, Option<Draft>), GaveUp> {
        let (Prints { base, mut draft, .. }, mode) = (self.prints, self.mode);
        let Some(base) = base else { return Ok((None, draft)) };
        let (width, mut twice) = (self.keys.width(), Vec::new());
        let tally = base.finish(|left| {
            let stays = match left {
                Left::Missing(entry) if mode == Mode::Replace => {
                    marks.key(entry.key, width, b'g');
                    None
                }
                Left::Missing(entry) => Some(entry),
                Left::Rejected(entry) => {
                    marks.key(entry.key, width, b'k');
                    Some(entry)
                }
                // Where nothing is ever removed, the table may have rows that no fingerprint knows.
                Left::Unknown(key) => {
                    if mode != Mode::Replace {
                        marks.key(key, width, b'k');
                    }
                    None
                }
                // The new row has its entry. Where rows never change, PostgreSQL takes that back with the row: then
                // the key has none, and the next release's row goes to PostgreSQL. The old one would be a second entry
                // wherever somebody has changed or removed the row by hand.
                Left::Changed(_) => None,
                Left::Twice(place) => {
                    twice.push(place);
                    None
                }
            };
            if let (Some(entry), Some(draft)) = (stays, &mut draft) {
                draft.leave(entry);
            }
            full(marks);
        })?;
        Ok((Some(Compared { tally, twice }), draft))
    }
}
