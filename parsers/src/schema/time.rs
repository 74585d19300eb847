//! Dates and instants; a local time is read on the dataset's own clock, never on a guessed one.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::{strtime, temporal::DateTimeParser},
    tz::{Offset, TimeZone},
};

use super::{
    ColumnType,
    clock::{Clock, Said},
};

mod full;
mod moment;
mod plain;

pub use moment::{Label, Moment, Within};

/// Years are counted from the first: what PostgreSQL makes of those before is none that the file has.
const FIRST: Timestamp = Timestamp::constant(-62_135_596_800, 0);
const OUTSIDE: &str = "lies outside of the calendar";
const NO_CLOCK: &str = "has no offset, and the dataset does not say whose clock this is";

static ISO: DateTimeParser = DateTimeParser::new();

/// A day: by its pattern, else as `2026-08-22`.
pub(super) fn date(text: &str, pattern: Option<&str>) -> Result<Date, String> {
    let plain = match pattern {
        Some(pattern) => plain::by_pattern(text, pattern).map(DateTime::date),
        None => plain::date(text),
    };
    let date = plain.or_else(|| full_date(text, pattern));
    date.ok_or_else(|| format!("is not a date written as {}", pattern.unwrap_or("%Y-%m-%d")))
}

fn full_date(text: &str, pattern: Option<&str>) -> Option<Date> {
    let date = match pattern {
        Some(pattern) => full::date(text, pattern),
        None if text.len() == "2026-08-22".len() => ISO.parse_date(text).ok(),
        None => None,
    };
    date.filter(|date| date.year() > 0)
}

/// A time of day: by its pattern, else as `05:30` or `05:30:00`, with parts of a second perhaps.
pub(super) fn of_day(text: &str, pattern: Option<&str>) -> Result<Time, String> {
    let time = match pattern {
        Some(pattern) => full::of_day(text, pattern),
        None if is_leap(text) || text.contains(['+', '-']) => None,
        None if text.len() >= "05:30".len() && text.get(2..3) == Some(":") => ISO.parse_time(text).ok(),
        None => None,
    };
    let time = time.filter(|time| time.subsec_nanosecond() % 1000 == 0);
    time.ok_or_else(|| format!("is not a time of day written as {}", pattern.unwrap_or("%H:%M:%S")))
}

/// An instant: by its pattern, else ISO 8601. A text without an offset is a time on `clock`.
pub(super) fn instant(text: &str, pattern: Option<&str>, clock: Option<&Clock>) -> Result<Timestamp, String> {
    sound(match (local_or_instant(text, pattern)?, clock) {
        (Read::Instant(instant), _) => instant,
        (Read::Local(local), Some(clock)) => clock.instant(local, Said::Nothing)?,
        (Read::Local(_), None) => return Err(NO_CLOCK.into()),
    })
}

/// An instant that PostgreSQL keeps as it is.
fn sound(instant: Timestamp) -> Result<Timestamp, String> {
    if instant < FIRST {
        return Err(OUTSIDE.to_owned());
    }
    if instant.subsec_nanosecond() % 1000 != 0 {
        return Err("is finer than a microsecond".to_owned());
    }
    Ok(instant)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Instant(Timestamp),
    Local(DateTime),
}

fn local_or_instant(text: &str, pattern: Option<&str>) -> Result<Read, String> {
    let read = plain_time(text, pattern).or_else(|| full_time(text, pattern));
    let read = read.or_else(|| end_of_day(text, pattern).map(Read::Local));
    read.ok_or_else(|| format!("is not a time written as {}", pattern.unwrap_or("ISO 8601 says")))
}

/// Midnight as the end of its day, `24:00`: nothing else in a date or a time can be 24 where 0 means midnight.
fn end_of_day(text: &str, pattern: Option<&str>) -> Option<DateTime> {
    text.match_indices("24").find_map(|(at, _)| {
        let text = format!("{}00{}", text.get(..at)?, text.get(at + 2..)?);
        match plain_time(&text, pattern).or_else(|| full_time(&text, pattern))? {
            Read::Local(local) if local.time() == Time::midnight() => local.date().tomorrow().ok().map(DateTime::from),
            Read::Local(_) | Read::Instant(_) => None,
        }
    })
}

fn plain_time(text: &str, pattern: Option<&str>) -> Option<Read> {
    match pattern {
        Some(pattern) => plain::by_pattern(text, pattern).map(Read::Local),
        None => match plain::time(text)? {
            (time, true) => Offset::UTC.to_timestamp(time).ok().map(Read::Instant),
            (time, false) => Some(Read::Local(time)),
        },
    }
}

fn full_time(text: &str, pattern: Option<&str>) -> Option<Read> {
    let read = match pattern {
        Some(pattern) => full::time(text, pattern),
        None if is_leap(text) => None,
        None => {
            let instant = ISO.parse_timestamp(text).ok().map(Read::Instant);
            instant.or_else(|| ISO.parse_datetime(text).ok().map(Read::Local))
        }
    };
    read.filter(|read| !matches!(read, Read::Local(local) if local.year() <= 0))
}

/// Whether ISO 8601 says the 60th second of a minute, which is read as the one before it.
fn is_leap(text: &str) -> bool {
    text.contains(":60")
}

/// Why nothing can be read by a pattern as values of this type: not even what it writes itself.
pub(crate) fn is_readable(pattern: &str, kind: ColumnType) -> Result<(), String> {
    let sample = Timestamp::constant(1_787_376_615, 0).to_zoned(TimeZone::UTC);
    let written = strtime::format(pattern, &sample).map_err(|error| error.to_string())?;
    let read = match kind {
        ColumnType::Date => date(&written, Some(pattern)).map(drop),
        ColumnType::Time => of_day(&written, Some(pattern)).map(drop),
        _ => local_or_instant(&written, Some(pattern)).map(drop),
    };
    read.map_err(|_not_even| format!("it cannot read {written:?}, which it writes itself"))
}

#[cfg(test)]
mod tests;
