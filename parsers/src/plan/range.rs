//! Ranges of dates, as people write them on the command line.

use jiff::{ToSpan, civil::DateTime};

/// Reads `FROM..TO`, both meant: 2025, 2025-03, 2025-03-01 or 2025-03-01T06. The second ends with what it names.
pub fn range(text: &str) -> Result<(DateTime, DateTime), RangeError> {
    let error = || RangeError(text.to_owned());
    let (from, to) = text.split_once("..").ok_or_else(error)?;
    let (from, _) = within(from).ok_or_else(error)?;
    let (_, to) = within(to).ok_or_else(error)?;
    if from <= to { Ok((from, to)) } else { Err(error()) }
}

/// Text that is no range of dates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no range: write FROM..TO, both as 2025, 2025-03, 2025-03-01 or 2025-03-01T06, the earlier first")]
pub struct RangeError(pub String);

/// The first moment of what a text names, and its last second.
fn within(text: &str) -> Option<(DateTime, DateTime)> {
    let (first, step) = match text.len() {
        4 => (format!("{text}-01-01T00"), 1.year()),
        7 => (format!("{text}-01T00"), 1.month()),
        10 => (format!("{text}T00"), 1.day()),
        13 => (text.to_owned(), 1.hour()),
        _ => return None,
    };
    let first: DateTime = DateTime::strptime("%Y-%m-%dT%H:%M", format!("{first}:00")).ok()?;
    let last = first.checked_add(step).and_then(|next| next.checked_sub(1.second())).ok()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_means_both_its_ends() {
        let told = |text| range(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(told("2025..2025").unwrap(), "2025-01-01T00:00:00 2025-12-31T23:59:59");
        assert_eq!(told("2024-02..2024-02-29T06").unwrap(), "2024-02-01T00:00:00 2024-02-29T06:59:59");
        for bad in
            ["2025", "2026..2025", "2025-13..2026", "2025-02-30..2026", "yesterday..today", "..", "2025..", "25..26"]
        {
            assert_eq!(range(bad), Err(RangeError(bad.to_owned())));
        }
    }
}
