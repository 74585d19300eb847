//! The texts that a walk has found so far: those of the record, and those of the elements around it.

/// One text for each wanted path, where it was found.
#[derive(Debug, Default)]
pub(super) struct Values {
    texts: Vec<Kept>,
    /// The record's number, from 1.
    pub(super) number: u64,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// Its bytes.
    pub(super) original: Vec<u8>,
    /// Whether anything in it is there twice that may be there once.
    pub(super) doubled: bool,
}

/// What is in a slot.
#[derive(Debug, Default, Clone)]
pub(super) struct Kept {
    joined: String,
    found: bool,
    /// What is there twice, and may be there once.
    doubled: Option<Twice>,
}

/// Why a value may be the wrong one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Twice {
    /// It is there twice itself.
    Itself,
    /// The element of this node is, and other values are out of the other one.
    Within(usize),
}

impl Values {
    pub(super) fn new(slots: usize) -> Self {
        Self { texts: vec![Kept::default(); slots], ..Self::default() }
    }

    /// The text in a slot, if the document has it.
    pub(super) fn text(&self, slot: usize) -> Option<&str> {
        self.texts.get(slot).filter(|text| text.found).map(|text| text.joined.as_str())
    }

    /// Forgets what is in a slot.
    pub(super) fn forget(&mut self, slot: usize) {
        if let Some(text) = self.texts.get_mut(slot) {
            (text.found, text.doubled) = (false, None);
            text.joined.clear();
        }
    }

    /// Notes that a slot's element or attribute is there; false if it was there already.
    pub(super) fn found(&mut self, slot: usize) -> bool {
        self.texts.get_mut(slot).is_none_or(|text| !std::mem::replace(&mut text.found, true))
    }

    /// Whether a slot's element or attribute is there.
    pub(super) fn has(&self, slot: usize) -> bool {
        self.texts.get(slot).is_some_and(|text| text.found)
    }

    /// Notes that what is in a slot is there twice.
    pub(super) fn double(&mut self, slot: usize, twice: Twice) {
        self.texts.get_mut(slot).into_iter().for_each(|text| text.doubled = Some(twice));
        self.doubled = true;
    }

    /// Whether what is in a slot is there twice.
    pub(super) fn twice(&self, slot: usize) -> Option<Twice> {
        self.texts.get(slot).filter(|_| self.doubled)?.doubled
    }

    /// Adds to the text in a slot. Bytes that it has then.
    pub(super) fn add(&mut self, slot: usize, more: &str) -> usize {
        let Some(text) = self.texts.get_mut(slot) else { return 0 };
        text.joined.push_str(more);
        text.joined.len()
    }

    /// Makes what is in a slot like what is in another.
    pub(super) fn follow(&mut self, slot: usize, other: usize) {
        let Some(text) = self.texts.get(other).cloned() else { return };
        self.put(slot, text);
    }

    /// Takes what is in a slot.
    pub(super) fn take(&mut self, slot: usize) -> Kept {
        self.texts.get_mut(slot).map(std::mem::take).unwrap_or_default()
    }

    /// Puts into a slot what was taken from it.
    pub(super) fn put(&mut self, slot: usize, text: Kept) {
        if let Some(place) = self.texts.get_mut(slot) {
            self.doubled |= text.doubled.is_some();
            *place = text;
        }
    }

    /// Makes these values like `other`, within their own buffers.
    pub(super) fn copy(&mut self, other: &Self) {
        self.texts.resize_with(other.texts.len(), Kept::default);
        for (mine, theirs) in self.texts.iter_mut().zip(&other.texts) {
            mine.joined.clone_from(&theirs.joined);
            (mine.found, mine.doubled) = (theirs.found, theirs.doubled);
        }
        self.original.clone_from(&other.original);
        (self.number, self.line, self.doubled) = (other.number, other.line, other.doubled);
    }
}
