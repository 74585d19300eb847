//! Dates and times in their plainest form, read digit by digit. What is not in it is left to the full reader: nothing is
//! refused here, and nothing means here what it would not mean there.

use jiff::civil::{Date, DateTime, Time};

/// A day as `2026-08-22`.
pub(super) fn date(text: &str) -> Option<Date> {
    match text.as_bytes() {
        [year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => {
            day(number(year)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
        }
        _ => None,
    }
}

/// A time as `2026-08-22T05:30`, with seconds perhaps, a space in place of the T perhaps; and whether a Z stands behind
/// it.
pub(super) fn time(text: &str) -> Option<(DateTime, bool)> {
    let (day, time) = text.split_at_checked("2026-08-22".len())?;
    let (time, zulu) = time.strip_suffix('Z').map_or((time, false), |time| (time, true));
    let time = match time.as_bytes() {
        [b'T' | b' ', h1, h2, b':', m1, m2] => clock(number(&[*h1, *h2])?, number(&[*m1, *m2])?, 0),
        [b'T' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] => {
            clock(number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?)
        }
        _ => None,
    };
    Some((date(day)?.to_datetime(time?), zulu))
}

/// A time by a pattern of `%Y`, `%m`, `%d`, `%H`, `%M`, `%S` and marks between them, with all its digits.
pub(super) fn by_pattern(text: &str, pattern: &str) -> Option<DateTime> {
    let (mut text, mut pattern) = (text.as_bytes(), pattern.as_bytes());
    let [mut year, mut month, mut date, mut hour, mut minute, mut second] = [None; 6];
    while let Some((mark, rest)) = pattern.split_first() {
        pattern = rest;
        if *mark != b'%' {
            text = text.strip_prefix(&[*mark])?;
            continue;
        }
        let (directive, rest) = pattern.split_first()?;
        let (value, digits) = match directive {
            b'Y' => (&mut year, 4),
            b'm' => (&mut month, 2),
            b'd' => (&mut date, 2),
            b'H' => (&mut hour, 2),
            b'M' => (&mut minute, 2),
            b'S' => (&mut second, 2),
            _ => return None,
        };
        let (found, behind) = text.split_at_checked(digits)?;
        *value = Some(number(found)?);
        (pattern, text) = (rest, behind);
    }
    let time = match (hour, minute, second) {
        (Some(hour), Some(minute), second) => clock(hour, minute, second.unwrap_or(0)),
        (None, None, None) => Some(Time::midnight()),
        _ => None,
    };
    Some(day(year?, month?, date?).filter(|_| text.is_empty())?.to_datetime(time?))
}

fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|date| date.year() > 0)
}

fn clock(hour: i16, minute: i16, second: i16) -> Option<Time> {
    let (hour, minute, second) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?);
    Time::new(hour, minute, second, 0).ok()
}

/// At most four digits, and nothing else.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
}
