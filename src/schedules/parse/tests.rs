use super::*;
use crate::job::Job;
use crate::schedules::CatchUp;

const GOOD: &str = r#"
[[schedule]]
name = "rates"
job = "ingest:ecb_reference_rates"
cron = "15 16 * * 1-5"
time_zone = "Europe/Berlin"
catch_up = "all"
catch_up_max = 5
catch_up_window = "48 h"
overlap = "queue"
jitter = "90 s"

[[schedule]]
name = "tidy"
job = "upkeep"
cron = "30 3 * * *"
"#;

#[test]
fn a_schedule_says_what_runs_when() {
    let (schedules, mistakes) = Schedules::parse("schedules.toml", GOOD);
    assert_eq!(mistakes, []);
    let rates = schedules.get("rates").unwrap();
    assert_eq!(rates.job, Job::Ingest("ecb_reference_rates".parse().unwrap()));
    assert_eq!(rates.zone_name(), "Europe/Berlin");
    assert_eq!(rates.catch_up, CatchUp::All { most: 5 });
    assert_eq!(rates.window, Some(Duration::from_hours(48)));
    assert_eq!(rates.jitter, Duration::from_secs(90));
    let tidy = schedules.get("tidy").unwrap();
    assert_eq!((tidy.catch_up, tidy.overlap, tidy.zone_name()), (CatchUp::Latest, Overlap::Skip, "UTC"));
    assert_eq!(schedules.of(&Job::Upkeep).count(), 1);
}

#[test]
fn all_mistakes_are_found_at_once_and_good_schedules_stand() {
    let bad = r#"
[[schedule]]
name = "a"
job = "injest:x"
cron = "0 0 30 2 *"
time_zone = "Europe/Berlni"
overlap = "skp"
every = "5 min"

[[schedule]]
name = "b"
job = "upkeep"
cron = "61 * * * *"
catch_up_max = 3

[[schedule]]
name = "b"
job = "upkeep"
cron = "* * *"

[[schedule]]
name = "c"
job = "upkeep"
cron = "@daily"
catch_up = "all"

[[schedule]]
name = "good"
job = "upkeep"
cron = "0 4 * * *"
"#;
    let (schedules, mistakes) = Schedules::parse("schedules.toml", bad);
    let names: Vec<_> = schedules.iter().map(|schedule| schedule.name.as_str()).collect();
    assert_eq!(names, ["good"]);
    let found: Vec<String> = mistakes
        .iter()
        .map(|mistake| {
            let place = mistake
                .span
                .clone()
                .and_then(|span| bad.get(span))
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or_default();
            format!("{place} | {} | {}", mistake.message, mistake.help.as_deref().unwrap_or_default())
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn a_job_that_names_nothing_is_a_mistake_at_its_place() {
    let (schedules, _) = Schedules::parse("schedules.toml", GOOD);
    let mistakes = schedules.unknown_jobs(|job| *job == Job::Upkeep);
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].message, "there is no dataset ecb_reference_rates");
    assert_eq!(GOOD.get(mistakes[0].span.clone().unwrap()), Some("\"ingest:ecb_reference_rates\""));
}

#[test]
fn the_products_own_schedules_have_no_mistakes() {
    let (schedules, mistakes) = Schedules::parse("schedules.toml", include_str!("../../../schedules.toml"));
    assert_eq!(mistakes, []);
    assert!(schedules.iter().count() >= 6);
}
