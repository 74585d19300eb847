//! Instants and intervals that a file puts together: a day and the number of an hour, a label of an interval's end.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::{Read, date, local_or_instant, sound};
use crate::schema::clock::{Clock, Said};

/// How an instant or an interval is made of what stands in a record, beside the text and its pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What stands beside the day.
    pub within: Within,
    /// The source of the word for the offset.
    pub offset: Option<usize>,
    /// The source of the mark for a repeated hour.
    pub mark: Option<usize>,
    /// Which end of the interval is named.
    pub label: Label,
    /// How long the interval is.
    pub interval: Option<SignedDuration>,
    /// What stands, wherever it does, for the hour that a day has a second time.
    pub extra: Option<String>,
}

/// What says the time within a day; sources are counted among [`Schema::parts`](crate::Schema).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The text itself.
    Text,
    /// The number of an hour on the face of the clock: 0 to 23 by its start, 1 to 24 by its end.
    Hour(usize),
    /// The number of an interval, counted from the beginning of the day, from 1: a day in spring has fewer, one in
    /// autumn more.
    Period(usize),
}

/// Which end of an interval a file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Its start.
    Start,
    /// Its end, as the clock says it then.
    End,
    /// Its end, as the clock would say it had it not been put back or forward meanwhile: "hour ending 02:00" is that from
    /// one, and comes twice in autumn if that does.
    Ending,
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A start, and an end if the interval's length is known.
pub(in crate::schema) type Extent = (Timestamp, Option<Timestamp>);

impl Moment {
    /// Reads what a record says; `part` gives the text of a source.
    pub(in crate::schema) fn read<'t>(
        &self,
        text: &str,
        pattern: Option<&str>,
        clock: Option<&Clock>,
        part: impl Fn(usize) -> Option<&'t str>,
    ) -> Result<Extent, String> {
        let said = clock.map_or(Ok(Said::Nothing), |clock| self.said(clock, &part))?;
        let start = match (self.within, clock) {
            (Within::Text, _) => self.named(text, pattern, clock, said)?,
            (_, None) => return Err("has no clock: the dataset does not say whose day this is".into()),
            (Within::Hour(at), Some(clock)) => {
                let hour = part(at).ok_or("has no hour beside it")?;
                self.hour(date(text, pattern)?, hour, clock, said)?
            }
            (Within::Period(at), Some(clock)) => {
                let number = part(at).ok_or("has no number of a period beside it")?;
                self.period(date(text, pattern)?, number, clock)?
            }
        };
        let start = sound(start)?;
        Ok((start, self.interval.map(|interval| after(start, interval)).transpose()?))
    }

    /// What sources of the record say of its clock.
    fn said<'t>(&self, clock: &Clock, part: impl Fn(usize) -> Option<&'t str>) -> Result<Said, String> {
        if let Some(at) = self.offset {
            let word = part(at).ok_or("has no offset beside it")?;
            let found = clock.offsets.iter().find(|(known, _)| known == word);
            let (_, offset) =
                found.ok_or_else(|| format!("stands beside {word:?}, and [time] knows no such offset"))?;
            return Ok(Said::Offset(*offset));
        }
        let (Some(at), Some([first, second])) = (self.mark, &clock.repeated) else { return Ok(Said::Nothing) };
        match part(at).unwrap_or_default() {
            mark if mark == second => Ok(Said::Second),
            mark if mark == first => Ok(Said::First),
            mark => Err(format!("stands beside {mark:?}, which is neither {first:?} nor {second:?}")),
        }
    }

    /// The start of the interval that a text names.
    fn named(&self, text: &str, pattern: Option<&str>, clock: Option<&Clock>, said: Said) -> Result<Timestamp, String> {
        let (text, said) = unmarked(text, clock, said);
        let (on_face, later) = match (self.label, self.interval) {
            (Label::Ending, Some(interval)) => (interval, SignedDuration::ZERO),
            (Label::End, Some(interval)) => (SignedDuration::ZERO, interval),
            _ => (SignedDuration::ZERO, SignedDuration::ZERO),
        };
        let instant = match (local_or_instant(&text, pattern)?, clock) {
            (Read::Instant(instant), _) => before(instant, on_face)?,
            (Read::Local(local), Some(clock)) => {
                let local = local.checked_sub(on_face).map_err(|_outside| super::OUTSIDE)?;
                clock.instant(local, said).map_err(|reason| self.helped(reason))?
            }
            (Read::Local(_), None) => return Err(super::NO_CLOCK.to_owned()),
        };
        before(instant, later)
    }

    /// A time that the clock does not have so may be told as others tell an end.
    fn helped(&self, reason: String) -> String {
        match self.label {
            Label::End => format!("{reason}; where \"hour ending 02:00\" is that from one, say `label = \"ending\"`"),
            _ => reason,
        }
    }

    fn hour(&self, day: jiff::civil::Date, text: &str, clock: &Clock, said: Said) -> Result<Timestamp, String> {
        if self.extra.as_deref() == Some(text) {
            return second(day, text, clock);
        }
        let said = if self.extra.is_some() && said == Said::Nothing { Said::First } else { said };
        let (text, said) = unmarked(text, Some(clock), said);
        let number = text.strip_suffix(":00").unwrap_or(&text);
        let number = number.parse::<i8>().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()));
        let (first, last) = if self.label == Label::Start { (0, 23) } else { (1, 24) };
        let number = number.filter(|number| (first..=last).contains(number));
        let number =
            number.ok_or_else(|| format!("stands beside {text:?}, which is no hour from {first} to {last}"))?;
        clock.instant(day.at(number - first, 0, 0, 0), said)
    }

    fn period(&self, day: jiff::civil::Date, text: &str, clock: &Clock) -> Result<Timestamp, String> {
        let interval = self.interval.unwrap_or(HOUR);
        let number = text.parse::<u16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.filter(|number| *number > 0);
        let number = number.ok_or_else(|| format!("stands beside {text:?}, which is no number from 1"))?;
        let tomorrow = day.tomorrow().map_err(|_last| super::OUTSIDE)?;
        let (first, next) = (clock.start_of(day)?, clock.start_of(tomorrow)?);
        let start = after(first, interval.saturating_mul(i32::from(number) - 1))?;
        if start >= next {
            let periods = next.duration_since(first).as_secs() / interval.as_secs().max(1);
            return Err(format!("has {periods} periods, and this is number {number}"));
        }
        Ok(start)
    }
}

/// The hour that a day has a second time.
fn second(day: jiff::civil::Date, text: &str, clock: &Clock) -> Result<Timestamp, String> {
    let found = (0..24).find_map(|hour| clock.instant(day.at(hour, 0, 0, 0), Said::Second).ok());
    found.ok_or_else(|| format!("stands beside {text:?}, and no hour of the day comes twice"))
}

/// A text without the mark behind its hour, and what the mark says: `2A:00` is the first hour from two, `2B:00` the
/// second.
pub(super) fn unmarked<'t>(text: &'t str, clock: Option<&Clock>, said: Said) -> (Cow<'t, str>, Said) {
    let Some([first, second]) = clock.and_then(|clock| clock.repeated.as_ref()) else { return (text.into(), said) };
    if said != Said::Nothing {
        return (text.into(), said);
    }
    match (without(text, second), without(text, first)) {
        (Some(text), _) => (text.into(), Said::Second),
        (None, Some(text)) => (text.into(), Said::FirstOfTwo),
        (None, None) if first.is_empty() => (text.into(), Said::First),
        (None, None) => (text.into(), said),
    }
}

/// The text without a mark that stands behind a digit and before no letter or digit.
fn without(text: &str, mark: &str) -> Option<String> {
    let stands = |at: usize| {
        let (before, behind) = (text.get(..at)?, text.get(at + mark.len()..)?);
        let alone = !behind.starts_with(char::is_alphanumeric);
        (before.ends_with(|c: char| c.is_ascii_digit()) && alone).then(|| format!("{before}{behind}"))
    };
    if mark.is_empty() { None } else { text.match_indices(mark).find_map(|(at, _)| stands(at)) }
}

fn after(start: Timestamp, interval: SignedDuration) -> Result<Timestamp, String> {
    start.checked_add(interval).map_err(|_outside| super::OUTSIDE.to_owned())
}

fn before(end: Timestamp, interval: SignedDuration) -> Result<Timestamp, String> {
    end.checked_sub(interval).map_err(|_outside| super::OUTSIDE.to_owned())
}

#[cfg(test)]
mod tests;
