use super::*;
use crate::schedules::Schedules;

const NOW: &str = "2026-11-22T12:00:00Z";

fn schedule(policies: &str) -> Schedule {
    let text = format!("[[schedule]]\nname = \"s\"\njob = \"upkeep\"\ncron = \"* * * * *\"\n{policies}\n");
    let (schedules, mistakes) = Schedules::parse("schedules.toml", &text);
    assert_eq!(mistakes, []);
    schedules.get("s").unwrap().clone()
}

/// Slots so many minutes ago.
fn ago(minutes: impl IntoIterator<Item = i64>) -> Vec<Timestamp> {
    let now: Timestamp = NOW.parse().unwrap();
    minutes.into_iter().map(|minutes| now - SignedDuration::from_mins(minutes)).collect()
}

fn decided(policies: &str, due: &[Timestamp], open: Option<RunId>, paused: Option<&str>) -> Vec<String> {
    let situation = Situation { now: NOW.parse().unwrap(), paused, open };
    let planned = decide(&schedule(policies), due, &situation);
    assert_eq!(planned.iter().map(|planned| planned.slot).collect::<Vec<_>>(), due, "each slot is decided about once");
    planned
        .into_iter()
        .map(|planned| match planned.fate {
            Fate::Run(_) => "run".to_owned(),
            Fate::Skipped(reason) => format!("skipped: {reason}"),
            Fate::Missed(reason) => format!("missed: {reason}"),
        })
        .collect()
}

#[test]
fn a_slot_on_time_is_run() {
    assert_eq!(decided("", &ago([0]), None, None), ["run"]);
    assert_eq!(decided("catch_up = \"none\"", &ago([0]), None, None), ["run"]);
}

#[test]
fn the_latest_of_many_late_slots_is_run_and_the_others_are_missed() {
    let fates = decided("", &ago((10..1010).rev()), None, None);
    assert_eq!(fates.iter().filter(|fate| *fate == "run").count(), 1);
    assert_eq!(fates.last().unwrap(), "run");
    assert_eq!(fates[0], "missed: it came due while nobody was planning; only the latest slot is caught up");
}

#[test]
fn with_a_slot_on_time_no_late_one_is_the_latest() {
    let fates = decided("", &ago([12, 11, 0]), None, None);
    assert!(fates[0].starts_with("missed") && fates[1].starts_with("missed"));
    assert_eq!(fates[2], "run");
}

#[test]
fn without_catching_up_every_late_slot_is_missed() {
    let fates = decided("catch_up = \"none\"", &ago([12, 11, 10]), None, None);
    assert_eq!(fates, ["missed: it came due while nobody was planning"; 3]);
}

#[test]
fn all_late_slots_are_run_up_to_the_number_and_age_given() {
    let all = "catch_up = \"all\"\noverlap = \"queue\"\ncatch_up_max = 2";
    let fates = decided(all, &ago([13, 12, 11, 10]), None, None);
    assert_eq!(fates[1], "missed: it came due while nobody was planning; only the latest 2 slots are caught up");
    assert_eq!(fates[2..], ["run", "run"]);
    let fates = decided(&format!("{all}\ncatch_up_window = \"10m 30s\""), &ago([13, 12, 11, 10]), None, None);
    assert_eq!(fates[2], "missed: it came due while nobody was planning; slots older than 630s are not caught up");
    assert_eq!(fates[3], "run");
}

#[test]
fn a_slot_that_overlaps_is_skipped_or_waits() {
    let open = Some(RunId(7));
    assert_eq!(decided("", &ago([0]), open, None), ["skipped: run 7 of the same job had not ended"]);
    assert_eq!(decided("overlap = \"queue\"", &ago([0]), open, None), ["run"]);
    assert_eq!(decided("", &ago([1, 0]), None, None), ["run", "skipped: the slot before it had not ended"]);
}

#[test]
fn a_paused_schedule_skips_and_says_who_paused_it() {
    let fates = decided("", &ago([9, 0]), None, Some("the schedule is paused by ada"));
    assert_eq!(fates, ["skipped: the schedule is paused by ada"; 2]);
}

#[test]
fn jitter_stays_within_its_bound_and_differs_from_slot_to_slot() {
    let schedule = schedule("jitter = \"30 s\"");
    let delays: Vec<Duration> = ago(0..50).into_iter().map(|slot| jitter(&schedule, slot)).collect();
    assert!(delays.iter().all(|delay| *delay < Duration::from_secs(30)));
    assert!(delays.iter().any(|delay| delay != &delays[0]));
}
