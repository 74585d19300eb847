//! How far a comparison looks, and how much it remembers.

/// The limits of a comparison. Tests make them small, so that few rows reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries before and behind the one at hand that are looked at one by one.
    pub(super) near: u64,
    /// Records in a row that are nowhere near, after which the window is looked through.
    pub(super) streak: u32,
    /// Entries before and behind the one at hand that are kept for that.
    pub(super) window: u64,
    /// Entries in a block, as a power of two.
    pub(super) block: u32,
    /// Bytes of keys and hashes that may be remembered; with more, the file is another order or another dataset.
    pub(super) memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { near: 16, streak: 64, window: 32 * 1024, block: 12, memory: 12 * 1024 * 1024 }
    }
}

impl Limits {
    /// Limits that a handful of rows reaches.
    pub fn tiny() -> Self {
        Self { near: 2, streak: 3, window: 8, block: 2, memory: 2000 }
    }
}
