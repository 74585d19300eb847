//! The part of a fingerprint that lies around the entry at hand; the rest stays in the file.

use std::collections::VecDeque;

use super::block::{Block, Entry};

/// The file is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Damaged;

/// A fingerprint's entries, one after another.
pub(in crate::ingest) trait Entries {
    /// Appends the next entry to `into`; false if there is none.
    fn next(&mut self, into: &mut Block) -> Result<bool, Damaged>;

    /// Goes back to the first entry.
    fn rewind(&mut self) -> Result<(), Damaged>;

    /// How many there are.
    fn total(&self) -> u64;
}

/// Entries by their number, as far as they are at hand. Going on loads more; what lies far behind is forgotten.
#[derive(Debug)]
pub(super) struct Window<E> {
    entries: E,
    blocks: VecDeque<Block>,
    spare: Vec<Block>,
    /// Number of the first entry at hand: a multiple of a block.
    first: u64,
    /// Number of the first entry that was not loaded yet.
    next: u64,
    /// Entries in a block, as a power of two.
    size: u32,
}

impl<E: Entries> Window<E> {
    pub(super) fn new(entries: E, size: u32) -> Self {
        Self { entries, blocks: VecDeque::new(), spare: Vec::new(), first: 0, next: 0, size }
    }

    /// Loads up to this entry and a block beyond, as far as there are any.
    pub(super) fn reach(&mut self, at: u64) -> Result<(), Damaged> {
        while at >= self.next && self.next < self.entries.total() {
            let mut block = self.spare.pop().unwrap_or_default();
            block.clear();
            let room = 1_u64 << self.size;
            let mut filled = 0;
            while filled < room && self.entries.next(&mut block)? {
                filled += 1;
            }
            if filled == 0 {
                return Err(Damaged);
            }
            self.next += filled;
            self.blocks.push_back(block);
        }
        Ok(())
    }

    /// The entry of this number, if it is at hand.
    pub(super) fn get(&self, at: u64) -> Option<Entry<'_>> {
        let from_first = at.checked_sub(self.first)?;
        let block = self.blocks.get(usize::try_from(from_first >> self.size).ok()?)?;
        block.get(usize::try_from(from_first & ((1 << self.size) - 1)).ok()?)
    }

    /// Numbers of the entries at hand.
    pub(super) fn range(&self) -> std::ops::Range<u64> {
        self.first..self.next
    }

    /// Forgets the blocks that lie before this entry.
    pub(super) fn forget_before(&mut self, at: u64) {
        while self.first + (1 << self.size) <= at
            && let Some(block) = self.blocks.pop_front()
        {
            self.first += block.len() as u64;
            self.spare.push(block);
        }
    }

    /// How many entries there are in all.
    pub(super) fn total(&self) -> u64 {
        self.entries.total()
    }

    /// The entries, from the first on.
    pub(super) fn again(mut self) -> Result<E, Damaged> {
        self.entries.rewind()?;
        Ok(self.entries)
    }
}
