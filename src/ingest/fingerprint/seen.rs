//! The keys of a release that were not found unchanged: exactly, and within bounds.

use hashbrown::{HashTable, hash_table};
use twox_hash::XxHash3_128;

use super::block::Place;

/// There are more than may be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noted {
    /// Hash of the row; none if the record was rejected.
    pub(super) row: Option<u128>,
    /// Where the record stands.
    pub(super) place: Place,
}

/// Keys and what stands under them.
#[derive(Debug)]
pub(super) struct Seen {
    table: HashTable<u32>,
    notes: Vec<(Noted, usize)>,
    keys: Vec<u8>,
    most: usize,
}

impl Seen {
    /// Remembers at most `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { table: HashTable::new(), notes: Vec::new(), keys: Vec::new(), most }
    }

    /// Notes a record under its key. What stands there already is given back and stays, but for a reject whose key
    /// has a good record too.
    pub(super) fn note(&mut self, key: &[u8], new: Noted) -> Result<Option<Noted>, Full> {
        let Self { table, notes, keys, most } = self;
        let is_it = |&at: &u32| key_of(notes, keys, at) == Some(key);
        let found = match table.entry(hash(key), is_it, |&at| hash(key_of(notes, keys, at).unwrap_or_default())) {
            hash_table::Entry::Occupied(found) => *found.get(),
            hash_table::Entry::Vacant(free) => {
                free.insert(u32::try_from(notes.len()).map_err(|_too_many| Full)?);
                keys.extend_from_slice(key);
                notes.push((new, keys.len()));
                let taken = keys.len() + notes.len() * size_of::<(Noted, usize)>() + table.capacity() * 5;
                return if taken > *most { Err(Full) } else { Ok(None) };
            }
        };
        let Some((note, _)) = notes.get_mut(found as usize) else { return Ok(None) };
        if note.row.is_none() && new.row.is_some() {
            *note = new;
            return Ok(None);
        }
        Ok(Some(*note))
    }

    /// What stands under a key.
    pub(super) fn get(&self, key: &[u8]) -> Option<Noted> {
        let at = *self.table.find(hash(key), |&at| key_of(&self.notes, &self.keys, at) == Some(key))?;
        self.notes.get(at as usize).map(|(note, _)| *note)
    }

    /// How many of them are rows.
    pub(super) fn rows(&self) -> u64 {
        self.notes.iter().filter(|(note, _)| note.row.is_some()).count() as u64
    }

    /// The keys of rejected records that have no good one.
    pub(super) fn rejected(&self) -> impl Iterator<Item = &[u8]> {
        let rejected = (0_u32..).zip(&self.notes).filter(|(_, (note, _))| note.row.is_none());
        rejected.filter_map(|(at, _)| key_of(&self.notes, &self.keys, at))
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }
}

fn key_of<'a>(notes: &[(Noted, usize)], keys: &'a [u8], at: u32) -> Option<&'a [u8]> {
    let at = at as usize;
    let begin = at.checked_sub(1).and_then(|before| notes.get(before)).map_or(0, |(_, end)| *end);
    keys.get(begin..notes.get(at)?.1)
}

/// Where a key is looked for.
#[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough to find a place by")]
pub(super) fn hash(key: &[u8]) -> u64 {
    XxHash3_128::oneshot(key) as u64
}
