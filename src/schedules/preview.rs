//! A look ahead: the next slots, with changes of the clock marked.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Serialize;

use super::{Schedule, Slots};

/// A slot to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewSlot {
    /// The moment.
    pub utc: Timestamp,
    /// The same by the schedule's clock.
    pub local: Zoned,
    /// What the clock does there, if anything.
    pub mark: Option<Mark>,
}

/// What the clock does at a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It has just gone forward: times that it jumped over are due here.
    Gap,
    /// It will go back: this local time comes a second time.
    FoldFirst,
    /// It has gone back: this local time comes for the second time.
    FoldSecond,
}

/// The next `n` slots after `from`.
pub fn preview(schedule: &Schedule, from: Timestamp, n: usize) -> Vec<PreviewSlot> {
    let slots = Slots::after(&schedule.cron, &schedule.zone, from).take(n);
    slots
        .map(|utc| PreviewSlot { utc, local: utc.to_zoned(schedule.zone.clone()), mark: Mark::at(&schedule.zone, utc) })
        .collect()
}

impl Mark {
    /// What the clock of `zone` does at `moment`.
    pub fn at(zone: &TimeZone, moment: Timestamp) -> Option<Self> {
        let offset = zone.to_offset(moment);
        let local = zone.to_ambiguous_timestamp(offset.to_datetime(moment)).offset();
        if let jiff::tz::AmbiguousOffset::Fold { before, .. } = local {
            return Some(if offset == before { Self::FoldFirst } else { Self::FoldSecond });
        }
        let just_before = moment.checked_sub(jiff::SignedDuration::from_nanos(1)).ok()?;
        (zone.to_offset(just_before) < offset).then_some(Self::Gap)
    }

    /// The same in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "the clock goes forward here",
            Self::FoldFirst => "this local time comes twice; this is the first",
            Self::FoldSecond => "this local time comes twice; this is the second",
        }
    }
}
