//! What becomes of due slots: run, skipped or missed, each with its reason. Pure.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    db::schedule_rows::{Fate, PlannedSlot},
    job::RunId,
    schedules::{CatchUp, Overlap, Schedule},
};

/// A slot noticed within this time is on time; after it, the catch-up policy decides.
const ON_TIME: SignedDuration = SignedDuration::from_mins(1);

/// What there is to know when slots are due.
pub(super) struct Situation<'a> {
    /// The database's clock.
    pub(super) now: Timestamp,
    /// Why nothing is run, if the schedule or its dataset is paused, or its job off.
    pub(super) paused: Option<&'a str>,
    /// A run of the same job that has not ended.
    pub(super) open: Option<RunId>,
}

/// Decides about slots that are due, in their order.
pub(super) fn decide(schedule: &Schedule, due: &[Timestamp], situation: &Situation<'_>) -> Vec<PlannedSlot> {
    if let Some(paused) = situation.paused {
        let reason: Arc<str> = paused.into();
        return all(due, |_| Fate::Skipped(Arc::clone(&reason)));
    }
    let late = due.partition_point(|slot| situation.now.duration_since(*slot) > ON_TIME);
    let (late, fresh) = due.split_at(late);
    let (missed, caught_up, reason) = catch_up(schedule, late, fresh.is_empty(), situation.now);
    let mut planned = all(missed, |_| Fate::Missed(Arc::clone(&reason)));
    let mut turns = Turns { schedule, open: situation.open.map(unended) };
    planned.extend(all(caught_up, |slot| turns.admit(slot)));
    planned.extend(all(fresh, |slot| turns.admit(slot)));
    planned
}

fn all(slots: &[Timestamp], mut fate: impl FnMut(Timestamp) -> Fate) -> Vec<PlannedSlot> {
    slots.iter().map(|&slot| PlannedSlot { slot, fate: fate(slot) }).collect()
}

/// Splits late slots into those that are missed and those that are run after all; and why the former are not.
fn catch_up<'a>(
    schedule: &Schedule,
    late: &'a [Timestamp],
    none_on_time: bool,
    now: Timestamp,
) -> (&'a [Timestamp], &'a [Timestamp], Arc<str>) {
    const LATE: &str = "it came due while nobody was planning";
    let (most, reason) = match schedule.catch_up {
        CatchUp::None => (0, LATE.to_owned()),
        CatchUp::Latest => (usize::from(none_on_time), format!("{LATE}; only the latest slot is caught up")),
        CatchUp::All { most } => (most, format!("{LATE}; only the latest {most} slots are caught up")),
    };
    let by_number = late.len().saturating_sub(most);
    let by_age = schedule.window.map_or(0, |window| late.partition_point(|slot| is_older(*slot, window, now)));
    let reason = match schedule.window {
        Some(window) if by_age > by_number => format!("{LATE}; slots older than {window:?} are not caught up"),
        _ => reason,
    };
    let (missed, caught_up) = late.split_at(by_number.max(by_age));
    (missed, caught_up, reason.into())
}

fn is_older(slot: Timestamp, window: Duration, now: Timestamp) -> bool {
    now.duration_since(slot).unsigned_abs() > window
}

fn unended(run: RunId) -> Arc<str> {
    format!("run {run} of the same job had not ended").into()
}

/// The slots of one job, one after another.
struct Turns<'a> {
    schedule: &'a Schedule,
    /// Why the next slot would be skipped, if overlaps are.
    open: Option<Arc<str>>,
}

impl Turns<'_> {
    fn admit(&mut self, slot: Timestamp) -> Fate {
        if let (Some(reason), Overlap::Skip) = (&self.open, self.schedule.overlap) {
            return Fate::Skipped(Arc::clone(reason));
        }
        self.open = Some("the slot before it had not ended".into());
        Fate::Run(slot + jitter(self.schedule, slot))
    }
}

/// The same for each daemon, another for each schedule and slot.
fn jitter(schedule: &Schedule, slot: Timestamp) -> Duration {
    let mut hasher = DefaultHasher::new();
    (&schedule.name, slot.as_second()).hash(&mut hasher);
    let most = u64::try_from(schedule.jitter.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(hasher.finish().checked_rem(most).unwrap_or_default())
}

#[cfg(test)]
mod tests;
