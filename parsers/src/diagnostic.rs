//! Mistakes in files that people write: what, where, and what would help.

use std::ops::Range;

/// One mistake in a TOML, SQL or template file. It renders nothing: `bluebook check` draws it with a caret, the log
/// writes it on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, relative to the home folder.
    pub file: String,
    /// Bytes of the file that the mistake is about; none for the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What would help.
    pub help: Option<String>,
}
