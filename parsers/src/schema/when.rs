//! What tells the layouts of files apart that do not name their columns.

/// What the first record of a file is like, or a line above it. All that is said must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// How many fields the record has.
    pub fields: Option<usize>,
    /// How many characters.
    pub length: Option<usize>,
    /// What it begins with.
    pub begins: Option<String>,
    /// The line of the preamble that begins so, from 1, in place of the record.
    pub line: Option<usize>,
}

/// The first record of a file, and what stands above it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct First<'a> {
    /// Its bytes.
    pub(crate) record: &'a [u8],
    /// The lines of the preamble.
    pub(crate) above: &'a [Vec<u8>],
    /// How many fields it has.
    pub(crate) fields: usize,
    /// How many characters.
    pub(crate) length: usize,
}

impl When {
    /// Whether a file that begins so is meant.
    pub(crate) fn is(&self, first: First<'_>) -> bool {
        let line = match self.line {
            None => Some(first.record),
            Some(line) => line.checked_sub(1).and_then(|at| first.above.get(at)).map(Vec::as_slice),
        };
        let begins = |sign: &String| line.is_some_and(|line| line.starts_with(sign.as_bytes()));
        self.fields.is_none_or(|fields| fields == first.fields)
            && self.length.is_none_or(|length| length == first.length)
            && self.begins.as_ref().is_none_or(begins)
    }
}
