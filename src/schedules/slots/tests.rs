use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime, tz::TimeZone};

use super::*;
use crate::schedules::preview::Mark;

const ZONES: [&str; 8] = [
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Europe/London",
    "America/New_York",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "UTC",
];

const PATTERNS: [&str; 12] = [
    "30 2 * * *",
    "0 3 * * *",
    "0 0 * * *",
    "45 1 * * *",
    "15,45 1,2,3 * * *",
    "5 2 * * 0",
    "30 1 1 * *",
    "*/30 * * * *",
    "0 * * * *",
    "*/20 1-3 * * *",
    "59 */2 * * *",
    "* 2 * * *",
];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn between(cron: &str, zone: &TimeZone, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    Slots::after(&cron.parse().unwrap(), zone, after).take_while(|slot| *slot <= until).collect()
}

fn local(cron: &str, name: &str, after: &str, n: usize) -> Vec<String> {
    let (cron, zone) = (cron.parse().unwrap(), zone(name));
    let slots = Slots::after(&cron, &zone, at(after)).take(n);
    slots.map(|slot| slot.to_zoned(zone.clone()).strftime("%m-%d %H:%M %z").to_string()).collect()
}

/// Another way to the same slots: look at every minute of a stretch of time, and at every minute of the wall clock.
struct ByHand {
    fields: Vec<BTreeSet<i8>>,
    fixed: bool,
}

impl ByHand {
    fn new(cron: &str) -> Self {
        let ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        let texts: Vec<&str> = cron.split(' ').collect();
        let fields = texts.iter().zip(ranges).map(|(text, range)| Self::field(text, range)).collect();
        Self { fields, fixed: texts.iter().take(2).all(|text| !text.contains(['*', '/', '-'])) }
    }

    fn field(text: &str, (low, high): (i8, i8)) -> BTreeSet<i8> {
        let (values, step) = text.split_once('/').unwrap_or((text, "1"));
        let (low, high) = match values.split_once('-') {
            Some((low, high)) => (low.parse().unwrap(), high.parse().unwrap()),
            None if values == "*" => (low, high),
            None => return values.split(',').map(|value| value.parse().unwrap()).collect(),
        };
        (low..=high).step_by(step.parse().unwrap()).collect()
    }

    fn fits(&self, wall: DateTime) -> bool {
        let day = wall.date().weekday().to_sunday_zero_offset();
        let now = [wall.minute(), wall.hour(), wall.day(), wall.month(), day];
        self.fields.iter().zip(now).all(|(field, value)| field.contains(&value))
    }

    fn slots(&self, minutes: &[(Timestamp, DateTime)], after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let mut due = BTreeSet::new();
        if self.fixed {
            let mut wall = minutes[0].1;
            for (moment, now) in minutes {
                // Every minute of the wall clock counts once: when the clock first shows it, or has first gone past it.
                while wall <= *now {
                    if self.fits(wall) {
                        due.insert(*moment);
                    }
                    wall = wall.checked_add(1.minute()).unwrap();
                }
            }
        } else {
            due.extend(minutes.iter().filter(|(_, wall)| self.fits(*wall)).map(|(moment, _)| moment));
        }
        due.into_iter().filter(|slot| *slot > after && *slot <= until).collect()
    }
}

/// Every minute of a stretch of time with what the wall clock shows; a day more before, so that its edge does not matter.
fn minutes(zone: &TimeZone, after: Timestamp, until: Timestamp) -> Vec<(Timestamp, DateTime)> {
    let mut moment = after - SignedDuration::from_hours(25);
    let mut minutes = Vec::new();
    while moment <= until {
        minutes.push((moment, zone.to_datetime(moment)));
        moment += SignedDuration::from_mins(1);
    }
    minutes
}

/// The changes of the clock in ten years of ours, and the day that Samoa left out.
fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    let years = (
        at("2011-01-01T00:00:00Z"),
        at("2013-01-01T00:00:00Z"),
        at("2023-01-01T00:00:00Z"),
        at("2028-01-01T00:00:00Z"),
    );
    let (old, new) = (zone.following(years.0), zone.following(years.2));
    let old = old.map(|change| change.timestamp()).take_while(|change| *change < years.1);
    let new = new.map(|change| change.timestamp()).take_while(|change| *change < years.3);
    old.chain(new).chain([at("2026-11-22T00:00:00Z")]).collect()
}

#[test]
fn slots_are_those_that_a_look_at_every_minute_finds() {
    let mut compared = 0;
    for name in ZONES {
        let zone = zone(name);
        for change in changes(&zone) {
            let (after, until) = (change - SignedDuration::from_hours(30), change + SignedDuration::from_hours(30));
            let minutes = minutes(&zone, after, until);
            for cron in PATTERNS {
                let by_hand = ByHand::new(cron).slots(&minutes, after, until);
                assert_eq!(between(cron, &zone, after, until), by_hand, "{cron} in {name} around {change}");
                compared += by_hand.len();
            }
        }
    }
    assert!(compared > 10_000, "{compared} slots are too few to prove anything");
}

#[test]
fn it_does_not_matter_from_which_moment_slots_are_asked_for() {
    for (name, change) in [("Australia/Sydney", "2026-04-04T16:00:00Z"), ("Europe/London", "2026-03-29T01:00:00Z")] {
        let (zone, change) = (zone(name), at(change));
        let until = change + SignedDuration::from_hours(8);
        for cron in PATTERNS {
            let all = between(cron, &zone, change - SignedDuration::from_hours(8), until);
            for minutes in (-480..480).step_by(29) {
                let after = change + SignedDuration::from_mins(minutes);
                let rest: Vec<_> = all.iter().copied().filter(|slot| *slot > after).collect();
                assert_eq!(between(cron, &zone, after, until), rest, "{cron} in {name} after {after}");
            }
        }
    }
}

#[test]
fn a_fixed_time_in_a_gap_is_due_once_when_the_gap_ends() {
    assert_eq!(
        local("30 2 * * *", "Australia/Sydney", "2026-10-02T20:00:00Z", 3),
        ["10-04 03:00 +1100", "10-05 02:30 +1100", "10-06 02:30 +1100"]
    );
    assert_eq!(
        local("0,30 2 * * *", "Australia/Sydney", "2026-10-03T10:00:00Z", 2),
        ["10-04 03:00 +1100", "10-05 02:00 +1100"],
        "both times lie in the gap"
    );
}

#[test]
fn a_fixed_time_in_a_fold_is_due_the_first_time_only() {
    assert_eq!(
        local("30 1 * * *", "Europe/London", "2026-10-24T12:00:00Z", 2),
        ["10-25 01:30 +0100", "10-26 01:30 +0000"]
    );
}

#[test]
fn an_interval_is_due_at_every_real_moment_of_a_fold() {
    assert_eq!(
        local("*/30 * * * *", "Europe/London", "2026-10-24T23:40:00Z", 5),
        ["10-25 01:00 +0100", "10-25 01:30 +0100", "10-25 01:00 +0000", "10-25 01:30 +0000", "10-25 02:00 +0000"]
    );
}

#[test]
fn the_day_that_samoa_left_out_is_made_up_for_when_it_ends() {
    assert_eq!(
        local("0 6 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3),
        ["12-29 06:00 -1000", "12-31 00:00 +1400", "12-31 06:00 +1400"]
    );
}

#[test]
fn a_change_of_the_clock_is_marked() {
    let london = zone("Europe/London");
    let marks = [
        ("2026-03-29T01:00:00Z", Some(Mark::Gap)),
        ("2026-03-29T02:00:00Z", None),
        ("2026-10-25T00:30:00Z", Some(Mark::FoldFirst)),
        ("2026-10-25T01:30:00Z", Some(Mark::FoldSecond)),
        ("2026-10-25T02:00:00Z", None),
    ];
    for (moment, mark) in marks {
        assert_eq!(Mark::at(&london, at(moment)), mark, "{moment}");
    }
}

#[test]
fn seconds_may_be_given() {
    let cron = "*/20 * * * * *".parse().unwrap();
    let slots: Vec<_> = Slots::after(&cron, &TimeZone::UTC, at("2026-11-22T10:00:01Z")).take(3).collect();
    assert_eq!(slots, [at("2026-11-22T10:00:20Z"), at("2026-11-22T10:00:40Z"), at("2026-11-22T10:01:00Z")]);
}

#[test]
fn a_month_of_minutes_is_walked_to_its_end() {
    let (after, until) = (at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z"));
    assert_eq!(between("* * * * *", &zone("Europe/London"), after, until).len(), 31 * 24 * 60);
}
