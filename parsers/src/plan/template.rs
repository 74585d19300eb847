//! Texts with dates in them: `{date:%Y%m%d}` is the period's first instant, `{end:%Y%m%d}` the next one's.

use jiff::{Zoned, fmt::strtime};

/// How a date begins, and the end of its period.
const DATE: &str = "{date:";
const END: &str = "{end:";

/// A date that leads to no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A template that cannot be filled in.
    #[error("{template:?} cannot be filled in: {reason}")]
    Template {
        /// As it was written.
        template: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A moment beyond the calendar.
    #[error("{0} is beyond the calendar")]
    Moment(String),
}

pub(super) fn is_dated(text: &str) -> bool {
    text.contains(DATE) || text.contains(END)
}

/// The text for the period that begins at `begin`.
pub(super) fn fill(text: &str, begin: &Zoned, end: impl Fn() -> Result<Zoned, PlanError>) -> Result<String, PlanError> {
    let refuse = |reason: String| PlanError::Template { template: text.to_owned(), reason };
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, is_end, after)) = next(rest) {
        let (pattern, behind) =
            after.split_once('}').ok_or_else(|| refuse("a date has no closing brace".to_owned()))?;
        let moment = if is_end { &end()? } else { begin };
        filled.push_str(before);
        filled.push_str(&strtime::format(pattern, moment).map_err(|error| refuse(error.to_string()))?);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What stands before the first date, whether that is an end, and what stands behind its opening.
fn next(text: &str) -> Option<(&str, bool, &str)> {
    let (date, end) = (text.split_once(DATE), text.split_once(END));
    match (date, end) {
        (Some((before, after)), Some((sooner, _))) if before.len() < sooner.len() => Some((before, false, after)),
        (_, Some((before, after))) => Some((before, true, after)),
        (Some((before, after)), None) => Some((before, false, after)),
        (None, None) => None,
    }
}
