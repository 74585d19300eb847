//! Where an edition's files go: patterns that can only ever name a file below the reports folder.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use jiff::{Timestamp, tz::TimeZone};

use crate::job::{EditionId, ReportName};

/// A file below the reports folder: parts of letters, digits, `_`, `-` and `.`, none of them hidden, joined by `/`.
///
/// Made only by [`PathPattern::fill`] and by parsing, so whoever holds one may join it to a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativePath(String);

/// Text that cannot be a path below the reports folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be a path below the reports folder: join names of letters, digits, `_`, `-` and `.` by `/`, \
     none of them empty or beginning with a point"
)]
pub struct PathError(pub String);

impl RelativePath {
    /// The path as text, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file's own name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folders above the file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let folders = self.0.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').filter(|folder| !folder.is_empty())
    }

    /// Where the file lies when the reports folder is `root`.
    pub fn under(&self, root: &Path) -> PathBuf {
        root.join(&self.0)
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RelativePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let spelled = |part: &str| {
            part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) && part.len() <= 120
        };
        let shown = |part: &str| !part.is_empty() && !part.starts_with('.');
        if text.split('/').all(|part| spelled(part) && shown(part)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PathError(text.to_owned()))
        }
    }
}

/// A path with places to fill in: `{report}`, `{date}`, `{slot}`, `{edition}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern(String);

/// Text that cannot be a pattern of paths.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Filled in, it would leave the reports folder or be no plain name.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Braces around something else.
    #[error("{0:?} has a place that nothing fills: there are {{report}}, {{date}}, {{slot}} and {{edition}}")]
    Place(String),
    /// Two editions would have the same file.
    #[error("{0:?} gives every edition the same file: it needs {{slot}} or {{edition}}")]
    Same(String),
}

/// What the places of a pattern are filled with.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The report.
    pub report: &'a ReportName,
    /// The moment that the edition is due.
    pub moment: Timestamp,
    /// Whether that is a schedule's slot; other editions carry their number beside the moment.
    pub slot: bool,
    /// The edition's number.
    pub edition: EditionId,
    /// The report's time zone, for `{date}`.
    pub zone: &'a TimeZone,
}

impl PathPattern {
    /// The path of one edition's file.
    pub fn fill(&self, stamp: Stamp<'_>) -> Result<RelativePath, PathError> {
        let at = stamp.moment.strftime("%Y%m%dT%H%M%SZ");
        let slot = if stamp.slot { at.to_string() } else { format!("{at}-{}", stamp.edition) };
        let date = stamp.moment.to_zoned(stamp.zone.clone()).date();
        self.places(stamp.report.as_str(), &date.to_string(), &slot, &stamp.edition.to_string()).parse()
    }

    /// The pattern of the file's own name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    fn places(&self, report: &str, date: &str, slot: &str, edition: &str) -> String {
        let filled = self.0.replace("{report}", report).replace("{date}", date);
        filled.replace("{slot}", slot).replace("{edition}", edition)
    }
}

impl FromStr for PathPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let pattern = Self(text.to_owned());
        let sample = pattern.places("report", "date", "slot", "1");
        if sample.contains(['{', '}']) {
            return Err(PatternError::Place(text.to_owned()));
        }
        sample.parse::<RelativePath>().map_err(|_path| PathError(text.to_owned()))?;
        if !text.contains("{slot}") && !text.contains("{edition}") {
            return Err(PatternError::Same(text.to_owned()));
        }
        Ok(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_leads_out_of_the_reports_folder() {
        let hostile = [
            "",
            "/",
            "..",
            ".",
            "../x",
            "a/../x",
            "a/..",
            "/etc/passwd",
            "//x",
            "a//b",
            "a/",
            "./a",
            "a/./b",
            ".hidden",
            "a/.hidden",
            "~/x",
            "~root",
            "C:\\x",
            "C:x",
            "a\\b",
            "..\\x",
            "\\\\host\\x",
            "a\0b",
            "a\nb",
            "a\rb",
            "a b",
            "%2e%2e/x",
            "a/%2e%2e",
            "..%2f",
            "a\u{2215}b",
            "\u{ff0e}\u{ff0e}/x",
            "\u{202e}x",
            "a;b",
            "a|b",
            "$HOME",
            "`x`",
            "a*",
            "a?",
            "a:b",
            "<a>",
            "\"a\"",
            "'a'",
            "...",
            "file:///x",
        ];
        for text in hostile {
            assert!(text.parse::<RelativePath>().is_err(), "{text:?} is taken for a path");
            let pattern = format!("{text}/{{slot}}");
            assert!(pattern.parse::<PathPattern>().is_err(), "{pattern:?} is taken for a pattern");
        }
    }

    #[test]
    fn a_pattern_must_tell_editions_apart_and_know_its_places() {
        assert!(matches!("brief/{date}.html".parse::<PathPattern>(), Err(PatternError::Same(_))));
        assert!(matches!("brief/{day}-{slot}.html".parse::<PathPattern>(), Err(PatternError::Place(_))));
    }

    #[test]
    fn the_day_is_the_reports_and_the_slot_is_utc() {
        let pattern: PathPattern = "{report}/{date}/brief-{slot}.html".parse().unwrap();
        let report = "market_brief".parse().unwrap();
        let zone = TimeZone::get("Australia/Sydney").unwrap();
        let moment = "2026-08-20T20:00:00Z".parse().unwrap();
        let stamp = Stamp { report: &report, moment, slot: true, edition: EditionId(7), zone: &zone };
        let filled = pattern.fill(stamp).unwrap();
        assert_eq!(filled.as_str(), "market_brief/2026-08-21/brief-20260820T200000Z.html");
        assert_eq!(filled.folders().collect::<Vec<_>>(), ["market_brief", "2026-08-21"]);
        assert_eq!(filled.file_name(), "brief-20260820T200000Z.html");
        let asked = pattern.fill(Stamp { slot: false, ..stamp }).unwrap();
        assert_eq!(asked.file_name(), "brief-20260820T200000Z-7.html");
    }
}
