//! Dates and times in any form that a pattern may have. The reader of patterns takes more than they say, such as a year of
//! two digits for `%Y`: what it takes is looked at once more.

use jiff::{
    civil::{Date, Time},
    fmt::strtime::BrokenDownTime,
};

use super::Read;

/// Directives that are numbers, and would run into one another.
const NUMBERS: &[char] = &['Y', 'y', 'm', 'd', 'e', 'H', 'k', 'I', 'l', 'M', 'S', 'j'];

/// A day. A pattern without a day or a month means the first.
pub(super) fn date(text: &str, pattern: &str) -> Option<Date> {
    let mut time = parsed(text, pattern)?;
    if time.day().is_none() && time.day_of_year().is_none() {
        if time.month().is_none() {
            time.set_month(Some(1)).ok()?;
        }
        time.set_day(Some(1)).ok()?;
    }
    time.to_date().ok()
}

/// A time of day.
pub(super) fn of_day(text: &str, pattern: &str) -> Option<Time> {
    let time = parsed(text, pattern)?;
    time.hour().and_then(|_said| time.to_time().ok())
}

/// An instant, or a time on a clock that is said elsewhere.
pub(super) fn time(text: &str, pattern: &str) -> Option<Read> {
    let time = parsed(text, pattern)?;
    let instant = time.to_timestamp().ok().map(Read::Instant);
    instant.or_else(|| time.to_datetime().ok().map(Read::Local))
}

fn parsed(text: &str, pattern: &str) -> Option<BrokenDownTime> {
    let time = BrokenDownTime::parse(pattern, text).ok()?;
    let is_said = is_year_said(&time, text) && is_second_said(&time, text, pattern);
    (is_said && (!runs_on(pattern) || is_written_so(&time, text, pattern))).then_some(time)
}

/// A year before the year 1000 has four digits, too.
fn is_year_said(time: &BrokenDownTime, text: &str) -> bool {
    time.year().is_none_or(|year| year >= 1000 || text.contains(&format!("{year:04}")))
}

/// The 60th second of a minute is none that a database has, and not the one before it, for which the reader takes it.
fn is_second_said(time: &BrokenDownTime, text: &str, pattern: &str) -> bool {
    let is_the_same_as_59 = |at: usize| {
        let other = BrokenDownTime::parse(pattern, format!("{}59{}", text.get(..at)?, text.get(at + 2..)?)).ok()?;
        Some(other.to_string(pattern).ok()? == time.to_string(pattern).ok()?)
    };
    time.second() != Some(59) || !text.match_indices("60").any(|(at, _)| is_the_same_as_59(at) == Some(true))
}

/// Whether numbers follow each other with nothing between them: then each must have all its digits.
fn runs_on(pattern: &str) -> bool {
    let mut directives = pattern.split('%').skip(1).peekable();
    while let Some(directive) = directives.next() {
        let is_alone = directive.len() == 1 && directive.starts_with(NUMBERS);
        if is_alone && directives.peek().is_some_and(|next| next.starts_with(NUMBERS)) {
            return true;
        }
    }
    false
}

/// Whether the numbers of the text are those that the pattern writes; zeros in front may be left out, and parts of a second
/// may have some behind them.
fn is_written_so(time: &BrokenDownTime, text: &str, pattern: &str) -> bool {
    let Ok(written) = time.to_string(pattern) else { return false };
    let parts = usize::from(pattern.ends_with('f'));
    let numbers = |text: &str| -> Vec<String> {
        let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        runs.map(|run| run.trim_start_matches('0').to_owned()).collect()
    };
    let (said, read) = (numbers(text), numbers(&written));
    said.len() == read.len() && said.iter().zip(&read).take(read.len() - parts.min(read.len())).all(|(a, b)| a == b)
}
