//! The texts that a walk has found so far: those of the record, and those of the elements around it.

/// One text for each wanted path, where it was found.
#[derive(Debug, Default)]
pub(super) struct Values {
    texts: Vec<Text>,
    /// The record's number, from 1.
    pub(super) number: u64,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// Its bytes.
    pub(super) original: Vec<u8>,
    /// Why it cannot be used.
    pub(super) fault: Option<String>,
}

#[derive(Debug, Default, Clone)]
struct Text {
    text: String,
    found: bool,
}

impl Values {
    pub(super) fn new(slots: usize) -> Self {
        Self { texts: vec![Text::default(); slots], ..Self::default() }
    }

    /// The text in a slot, if the document has it.
    pub(super) fn text(&self, slot: usize) -> Option<&str> {
        self.texts.get(slot).filter(|text| text.found).map(|text| text.text.as_str())
    }

    /// Forgets what is in a slot.
    pub(super) fn forget(&mut self, slot: usize) {
        if let Some(text) = self.texts.get_mut(slot) {
            text.found = false;
            text.text.clear();
        }
    }

    /// Notes that a slot's element or attribute is there; false if it was there already.
    pub(super) fn found(&mut self, slot: usize) -> bool {
        self.texts.get_mut(slot).is_none_or(|text| !std::mem::replace(&mut text.found, true))
    }

    /// Adds to the text in a slot.
    pub(super) fn add(&mut self, slot: usize, more: &str) {
        if let Some(text) = self.texts.get_mut(slot) {
            text.text.push_str(more);
        }
    }

    /// Makes these values like `other`, within their own buffers.
    pub(super) fn copy(&mut self, other: &Self) {
        self.texts.resize_with(other.texts.len(), Text::default);
        for (mine, theirs) in self.texts.iter_mut().zip(&other.texts) {
            mine.text.clone_from(&theirs.text);
            mine.found = theirs.found;
        }
        self.original.clone_from(&other.original);
        self.fault.clone_from(&other.fault);
        (self.number, self.line) = (other.number, other.line);
    }
}
