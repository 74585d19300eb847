//! What comes next of a job, and what should have come: over all its schedules.

use jiff::{SignedDuration, Timestamp};

use super::{PreviewSlot, Schedule, Schedules, preview, slots};
use crate::job::Job;

/// A job is late this long after a slot that brought no answer.
const GRACE: SignedDuration = SignedDuration::from_mins(30);

/// A slot to come, and whose it is.
#[derive(Debug, Clone)]
pub struct Coming<'a> {
    /// Whose.
    pub schedule: &'a Schedule,
    /// The slot.
    pub slot: PreviewSlot,
}

impl Schedules {
    /// The next `n` slots of a job after `from`, the earliest first.
    pub fn coming(&self, job: &Job, from: Timestamp, n: usize) -> Vec<Coming<'_>> {
        let of_one = |schedule| preview(schedule, from, n).into_iter().map(move |slot| Coming { schedule, slot });
        let mut coming: Vec<Coming<'_>> = self.of(job).flat_map(of_one).collect();
        coming.sort_by_key(|coming| coming.slot.utc);
        coming.truncate(n);
        coming
    }

    /// The first slot of a job that came due after `heard`, the last time that it had an answer, if the grace for it is
    /// over.
    pub fn late_since(&self, job: &Job, heard: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let until = now.checked_sub(GRACE).ok()?;
        self.of(job).filter_map(|schedule| slots(schedule, heard, until).next()).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedules() -> Schedules {
        let one = |name: &str, cron: &str, zone: &str| {
            format!("[[schedule]]\nname = \"{name}\"\njob = \"upkeep\"\ncron = \"{cron}\"\ntime_zone = \"{zone}\"\n")
        };
        let text = one("daily", "0 6 * * *", "Europe/Berlin") + &one("hourly", "30 * * * *", "UTC");
        let (schedules, mistakes) = Schedules::parse("schedules.toml", &text);
        assert_eq!(mistakes, []);
        schedules
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn slots_of_several_schedules_come_in_their_order() {
        let schedules = schedules();
        let coming = schedules.coming(&Job::Upkeep, at("2026-11-22T04:00Z"), 3);
        let told: Vec<String> = coming.iter().map(|c| format!("{} {}", c.schedule.name, c.slot.utc)).collect();
        assert_eq!(told, ["hourly 2026-11-22T04:30:00Z", "daily 2026-11-22T05:00:00Z", "hourly 2026-11-22T05:30:00Z"]);
        assert!(schedules.coming(&Job::Ingest("things".parse().unwrap()), at("2026-11-22T04:00Z"), 3).is_empty());
    }

    #[test]
    fn a_job_is_late_when_the_grace_for_a_slot_is_over() {
        let late = |now| schedules().late_since(&Job::Upkeep, at("2026-11-22T04:31Z"), at(now));
        assert_eq!(late("2026-11-22T05:29Z"), None);
        assert_eq!(late("2026-11-22T05:30Z"), Some(at("2026-11-22T05:00Z")));
    }
}
