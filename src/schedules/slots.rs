//! Slots: the moments at which a schedule is due.
//!
//! The wall clock is walked by croner as if it were never changed; what a change does to it is decided here:
//!
//! * A fixed time that the clock jumps over is due once, when the jump ends; one that comes twice is due the first time.
//! * An interval (`*`, `/`, `-` in the time) is due at every real moment whose wall clock fits it.

use jiff::{Timestamp, civil::DateTime, tz::AmbiguousOffset, tz::TimeZone};

use super::{Cron, Schedule};

/// The slots of `schedule` after `after`, up to and including `until`.
pub fn slots(schedule: &Schedule, after: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
    Slots::after(&schedule.cron, &schedule.zone, after).take_while(move |slot| *slot <= until)
}

/// The slots of a cron line in a zone, for ever.
#[derive(Debug, Clone)]
pub struct Slots<'a> {
    cron: &'a Cron,
    zone: &'a TimeZone,
    /// The slot given last, or the moment after which slots are wanted.
    last: Timestamp,
    /// For fixed times: where the walk on the wall clock stands.
    wall: DateTime,
}

impl<'a> Slots<'a> {
    /// The slots after `after`.
    pub fn after(cron: &'a Cron, zone: &'a TimeZone, after: Timestamp) -> Self {
        Self { cron, zone, last: after, wall: zone.to_datetime(after) }
    }

    /// Walks the wall clock; several times within one jump are one slot, and of a time that comes twice the first counts.
    fn next_fixed(&mut self) -> Option<Timestamp> {
        loop {
            self.wall = self.cron.next(self.wall, false)?;
            let due = self.due(self.wall)?;
            if due > self.last {
                return Some(due);
            }
        }
    }

    fn due(&self, wall: DateTime) -> Option<Timestamp> {
        match self.zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                offset.to_timestamp(wall).ok()
            }
            // Read by the clock of after the jump, the moment lies before it.
            AmbiguousOffset::Gap { after, .. } => {
                let before = after.to_timestamp(wall).ok()?;
                self.zone.following(before).next().map(|jump| jump.timestamp())
            }
        }
    }

    /// Walks real time, from one change of the clock to the next: between them the wall clock only stands apart by the
    /// offset.
    fn next_interval(&self) -> Option<Timestamp> {
        let (mut from, mut inclusive) = (self.last, false);
        loop {
            let offset = self.zone.to_offset(from);
            let due =
                self.cron.next(offset.to_datetime(from), inclusive).and_then(|wall| offset.to_timestamp(wall).ok());
            let change = self.zone.following(from).next().map(|change| change.timestamp());
            match (due, change) {
                (Some(due), Some(change)) if due >= change => (from, inclusive) = (change, true),
                (due, _) => return due,
            }
        }
    }
}

impl Iterator for Slots<'_> {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        self.last = if self.cron.is_fixed() { self.next_fixed()? } else { self.next_interval()? };
        Some(self.last)
    }
}

#[cfg(test)]
mod tests;
