//! What expectations find.

use serde::{Deserialize, Serialize};

use super::{one_line, shortened};

/// One thing that an expectation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it holds the release.
    pub level: Level,
    /// Which expectation: `columns`, `min_rows`, `shrink`, `rejects`, `key`, …
    pub check: String,
    /// What was found, where, and what would help.
    pub message: String,
    /// Lines that may be pasted into the dataset's TOML.
    #[serde(default)]
    pub suggestion: Option<String>,
}

impl Finding {
    /// Longest message, in characters: it goes into a mail with others.
    const LONGEST: usize = 2000;

    /// Most bytes of lines to paste.
    const LONGEST_SUGGESTION: usize = 16 * 1024;

    /// A finding whose message is one line, whatever the publisher wrote, and not too long.
    pub fn new(level: Level, check: &str, message: String) -> Self {
        let message = one_line(&shortened(message, Self::LONGEST));
        Self { level, check: check.to_owned(), message, suggestion: None }
    }

    /// The same with its message as it may be shown. Lines of which not all may be are not offered: they would not do.
    #[must_use]
    pub fn showing(self, shown: impl Fn(&str) -> String) -> Self {
        let suggestion = self.suggestion.filter(|lines| shown(lines) == *lines);
        Self { message: shown(&self.message), suggestion, ..self }
    }

    /// The same with lines that may be pasted. A line that would fill a page is left out, and a comment says so.
    #[must_use]
    pub fn suggesting(self, lines: &str) -> Self {
        let mut left = Self::LONGEST_SUGGESTION;
        let shown = lines.lines().map(|line| {
            let room = left.checked_sub(line.len());
            left = room.unwrap_or(left);
            room.map_or_else(|| format!("# a line of {} bytes is left out here", line.len()), |_| line.to_owned())
        });
        Self { suggestion: Some(shown.collect::<Vec<_>>().join("\n")), ..self }
    }
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Reported with the release.
    Warn,
    /// Holds the release until a person decides.
    Fail,
}
