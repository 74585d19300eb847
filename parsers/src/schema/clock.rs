//! Whose clock local times are on, and what a local time means there.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// Whose clock a dataset's local times are read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// A fixed offset, UTC or an IANA zone. A local time that its zone skips is refused.
    pub zone: TimeZone,
    /// What a local time means that its zone has twice.
    pub fold: Fold,
    /// The words by which a file names offsets, such as EST and EDT.
    pub offsets: Vec<(String, Offset)>,
    /// The marks by which a file tells the two apart that a zone has twice. An empty one is no mark at all.
    pub repeated: Option<[String; 2]>,
    /// How long an interval is, unless its column says otherwise.
    pub interval: Option<SignedDuration>,
}

/// What a local time means that a zone has twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Nothing: the record is rejected.
    Refuse,
    /// The first of the two.
    Earlier,
    /// The second.
    Later,
}

/// What the file says of a local time, beside the time itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// That it is the first of two, where there are two.
    First,
    /// That it is the first of two, and that there are two.
    FirstOfTwo,
    /// That it is the second of two.
    Second,
    /// Its offset.
    Offset(Offset),
}

const OUTSIDE: &str = "lies outside of the calendar";

impl Clock {
    /// A clock of which nothing more is said.
    pub fn of(zone: TimeZone, fold: Fold) -> Self {
        Self { zone, fold, offsets: Vec::new(), repeated: None, interval: None }
    }

    /// The instant of a local time.
    pub(super) fn instant(&self, local: DateTime, said: Said) -> Result<Timestamp, String> {
        let outside = |_outside| OUTSIDE.to_owned();
        if self.zone == TimeZone::UTC && said == Said::Nothing {
            return Offset::UTC.to_timestamp(local).map_err(outside);
        }
        let there = self.zone.to_ambiguous_timestamp(local);
        let offset = match (there.offset(), said) {
            (AmbiguousOffset::Gap { .. }, _) => return Err("does not exist: clocks were put forward over it".into()),
            (AmbiguousOffset::Unambiguous { offset }, Said::Nothing | Said::First) => offset,
            (AmbiguousOffset::Unambiguous { offset }, Said::Offset(other)) if offset == other => offset,
            (AmbiguousOffset::Fold { before, after }, Said::Offset(other)) if [before, after].contains(&other) => other,
            (_, Said::Offset(_)) => return Err("is said to be at an offset that its zone does not have then".into()),
            (AmbiguousOffset::Unambiguous { .. }, Said::FirstOfTwo | Said::Second) => {
                return Err("is marked as one of two, and no clocks were put back over it".into());
            }
            (AmbiguousOffset::Fold { before, .. }, Said::First | Said::FirstOfTwo) => before,
            (AmbiguousOffset::Fold { after, .. }, Said::Second) => after,
            (AmbiguousOffset::Fold { before, after }, Said::Nothing) => self.folded(before, after)?,
        };
        offset.to_timestamp(local).map_err(outside)
    }

    /// The first instant of a day.
    pub(super) fn start_of(&self, day: Date) -> Result<Timestamp, String> {
        day.to_zoned(self.zone.clone()).map(|start| start.timestamp()).map_err(|_outside| OUTSIDE.to_owned())
    }

    fn folded(&self, before: Offset, after: Offset) -> Result<Offset, String> {
        match self.fold {
            Fold::Earlier => Ok(before),
            Fold::Later => Ok(after),
            Fold::Refuse => {
                Err("exists twice: clocks were put back over it, and the dataset does not say which is meant".into())
            }
        }
    }
}
