//! Points of a period as rows with instants: position 3 of a quarter-hourly period is its start and 30 minutes.
//!
//! On curve type A03 a point is left out where it would repeat the one before it. Such rows are made here and marked;
//! on A01 every point must be there.

mod period;

use std::fmt::Write;

use jiff::Timestamp;

use super::{
    Series, SeriesValue,
    layouts::Layouts,
    path::{Namespaces, Path},
    values::Values,
    walk::{Seen, Walk},
};
use crate::{
    read::{NewColumn, ReadError},
    record::{Filling, Found, Record},
    schema::{Origin, Schema},
    section::Section,
};
use period::Period;

impl Series {
    pub(super) fn define(table: &Section<'_>, record: &Path, namespaces: &Namespaces) -> Option<Self> {
        let path = |key: &str| {
            let path = record.relative(table.required(key)?, namespaces);
            path.map_err(|reason| table.mistake(key, reason, None)).ok()
        };
        let (start, end, resolution) = (path("start"), path("end"), path("resolution"));
        let (position, curve) = (path("position"), path("curve"));
        let zone = table.optional::<&str>("zone").map_or(Some(None), |zone| table.zone("zone", zone).map(Some));
        let (start, end, resolution) = (start?, end?, resolution?);
        Some(Self { start, end, resolution, position: position?, curve: curve?, zone: zone? })
    }

    pub(super) fn paths(&self) -> [&Path; 5] {
        [&self.start, &self.end, &self.resolution, &self.position, &self.curve]
    }
}

/// Reads the points of periods, and fills the gaps that the curve type allows.
pub(super) struct SeriesRecords<'a> {
    walk: Walk<'a>,
    series: &'a Series,
    schema: &'a Schema,
    layouts: Layouts<'a>,
    /// The period that the walk is in, once its first point has come.
    period: Option<Period<'a>>,
    /// Whether that period has ended, though rows that repeat its last point may be due.
    over: bool,
    /// The next position that has not become a row.
    next: i64,
    /// Up to here, exclusive, rows repeat the last point.
    repeat_to: i64,
    /// Whether the walk stands on a point that is yet to become a row.
    waiting: bool,
    last: Values,
    repeating: bool,
    scratch: String,
}

impl<'a> SeriesRecords<'a> {
    pub(super) fn new(walk: Walk<'a>, series: &'a Series, schema: &'a Schema, layouts: Layouts<'a>) -> Self {
        let (last, scratch) = (Values::default(), String::new());
        let (period, over, next, repeat_to, waiting, repeating) = (None, true, 1, 0, false, false);
        Self { walk, series, schema, layouts, period, over, next, repeat_to, waiting, last, repeating, scratch }
    }

    /// The walk stands on a point: its place in the period, and what the points before it left open.
    fn arrive(&mut self) -> Result<Option<String>, ReadError> {
        let period = match self.period {
            Some(period) if !self.over => period,
            _ => self.begin()?,
        };
        let text = self.text(&self.series.position).unwrap_or_default();
        let position = text.parse::<i64>().ok().filter(|position| (1..=period.points).contains(position));
        let Some(position) = position else {
            let most = period.points;
            return Err(self.walk.broken(format!("the position {text:?} is no whole number from 1 to {most}")));
        };
        self.waiting = true;
        match position - self.next {
            0 => Ok(None),
            ..0 => Err(self.walk.broken(format!("position {position} comes again, or after a later one"))),
            _ if self.next == 1 && period.repeats => {
                Err(self.walk.broken(format!("the period begins with position {position}: there is nothing to repeat")))
            }
            _ if period.repeats => {
                self.repeat_to = position;
                Ok(None)
            }
            _ => Ok(Some(self.gap(position - 1))),
        }
    }

    /// Positions are absent that must be there: the reason for a reject, after which the walk goes on.
    fn gap(&mut self, last: i64) -> String {
        let first = std::mem::replace(&mut self.next, last + 1);
        let what =
            if first == last { format!("position {first} is") } else { format!("positions {first} to {last} are") };
        format!("{what} absent before this, and the curve type allows no gap")
    }

    /// The first point of a period: how long is it, how fine, and what does an absent point mean?
    fn begin(&mut self) -> Result<Period<'a>, ReadError> {
        let start = self.instant(&self.series.start)?;
        let end = self.instant(&self.series.end)?;
        let text = self.text(&self.series.resolution).unwrap_or_default();
        let (step, points) =
            period::divide((start, end), text, self.series.zone.as_ref()).map_err(|reason| self.walk.broken(reason))?;
        let repeats = match self.text(&self.series.curve) {
            Some("A03") => true,
            Some("A01") => false,
            other => {
                let other = other.unwrap_or("none");
                return Err(self.walk.broken(format!("the curve type is {other}: only A01 and A03 are understood")));
            }
        };
        let period = Period { start, step, points, repeats };
        (self.period, self.over, self.next, self.repeat_to) = (Some(period), false, 1, 0);
        Ok(period)
    }

    /// The period ends: what its last point left open.
    fn end(&mut self) -> Result<Option<String>, ReadError> {
        let Some(period) = self.period.filter(|_| !self.over) else {
            return Err(self.walk.broken("a period has no points"));
        };
        self.over = true;
        if period.repeats {
            self.repeat_to = period.points + 1;
        }
        let whole = period.repeats || self.next > period.points;
        Ok(if whole { None } else { Some(self.gap(period.points)) })
    }

    fn text(&self, path: &Path) -> Option<&str> {
        self.walk.slot(&path.clone().into()).and_then(|slot| self.walk.values.text(slot))
    }

    fn instant(&self, path: &Path) -> Result<Timestamp, ReadError> {
        let text = self.text(path).unwrap_or_default();
        text.parse().ok().ok_or_else(|| self.walk.broken(format!("{path} is {text:?}, which is no instant")))
    }

    /// Makes a row's record of the point at `next`, or of the last one again.
    fn emit(&mut self, into: &mut Record, repeating: bool) -> Result<Found, ReadError> {
        let Some(period) = self.period else { return Err(self.walk.broken("a point stands outside of a period")) };
        let at = |position| period.step.after(period.start, position - 1);
        let (Some(start), Some(end)) = (at(self.next), at(self.next + 1)) else {
            return Err(self.walk.broken("a period reaches out of the calendar"));
        };
        self.next += 1;
        self.repeating = repeating;
        if !repeating {
            self.waiting = false;
            self.last.copy(&self.walk.values);
        }
        into.clear();
        (into.number, into.line) = (self.last.number, Some(self.last.line));
        for (column, from) in self.schema.sources().zip(self.layouts.from()) {
            self.scratch.clear();
            let written = match column.origin {
                Origin::Series(SeriesValue::Start) => write!(self.scratch, "{start}"),
                Origin::Series(SeriesValue::End) => write!(self.scratch, "{end}"),
                Origin::Series(SeriesValue::Minutes) => write!(self.scratch, "{}", end.duration_since(start).as_mins()),
                Origin::Series(SeriesValue::Repeated) => write!(self.scratch, "{repeating}"),
                Origin::File(_) | Origin::Sometimes(_) | Origin::Name(_) | Origin::Nowhere => {
                    into.push(from.and_then(|slot| self.last.text(slot)));
                    continue;
                }
            };
            debug_assert!(written.is_ok(), "writing into a String does not fail");
            into.push(Some(&self.scratch));
        }
        Ok(self.layouts.doubled(&self.walk, &self.last).map_or(Found::Record, Found::Bad))
    }

    fn bad(&mut self, into: &mut Record, reason: String) -> Found {
        self.repeating = false;
        (into.number, into.line) = (self.walk.values.number, Some(self.walk.values.line));
        Found::Bad(reason)
    }
}

impl Filling for SeriesRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            if self.next < self.repeat_to {
                return self.emit(into, true);
            }
            if self.waiting {
                return self.emit(into, false);
            }
            let missing = match self.walk.next()? {
                Seen::Record => {
                    self.layouts.settle(&mut self.walk)?;
                    self.arrive()?
                }
                Seen::GroupEnd => self.end()?,
                Seen::End => {
                    self.layouts.complete(&mut self.walk)?;
                    return Ok(Found::End);
                }
            };
            if let Some(reason) = missing {
                return Ok(self.bad(into, reason));
            }
        }
    }

    fn original(&self) -> &[u8] {
        if self.repeating { &self.last.original } else { &self.walk.values.original }
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.layouts.new_columns(&self.walk)
    }
}

#[cfg(test)]
mod tests;
