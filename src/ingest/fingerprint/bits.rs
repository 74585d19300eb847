//! One bit for each entry.

/// Bits that are not set until they are.
#[derive(Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    set: u64,
}

impl Bits {
    /// Sets a bit that is not set.
    pub(super) fn set(&mut self, at: u64) {
        let (word, bit) = place(at);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
            self.set += 1;
        }
    }

    /// Whether a bit is set.
    pub(super) fn get(&self, at: u64) -> bool {
        let (word, bit) = place(at);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// How many are set.
    pub(super) fn count(&self) -> u64 {
        self.set
    }
}

fn place(at: u64) -> (usize, u64) {
    (usize::try_from(at / 64).unwrap_or(usize::MAX), 1 << (at % 64))
}
