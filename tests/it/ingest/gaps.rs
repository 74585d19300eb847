//! What a calendar misses asks for itself: a run for each missing period, until the publisher has it.

use std::time::Duration;

use super::backfill::{daily, dated};
use crate::{
    admin::signed_in,
    support::{Answer, Publisher, TestHouse, eventually},
};

const SOON: Duration = Duration::from_secs(30);

/// A house whose things come one a day, the publisher of the days that are there, and a table with the first of March.
fn scene(expect: &str) -> (TestHouse, Publisher) {
    let (house, publisher) = daily();
    let calendar = "calendar = { column = \"since\", every = \"1 day\" }";
    house.dataset("things", &format!("{}{calendar}\n{expect}\n", dated()));
    serve(&publisher, 1);
    serve(&publisher, 4);
    backfill(&house, 1, 0);
    (house, publisher)
}

fn serve(publisher: &Publisher, day: u8) {
    let csv = format!("id,name,price,since\n{day},day {day},,2026-03-0{day}\n");
    publisher.serve(&format!("/2026/030{day}.csv"), Answer::ok(csv));
}

#[track_caller]
fn backfill(house: &TestHouse, day: u8, code: i32) {
    house.run(["backfill", "things", &format!("2026-03-0{day}..2026-03-0{day}")]).expect_code(code);
}

/// Puts upkeep into the queue.
fn queue_upkeep(house: &TestHouse) {
    house.run(["run", "start", "upkeep"]).expect_code(0);
}

/// Has a daemon do upkeep and what it asks for.
fn upkeep(house: &TestHouse) {
    queue_upkeep(house);
    all_is_done(house);
}

/// Runs that asked for a period by themselves: which day, and how it stands.
fn asked(house: &TestHouse) -> Vec<String> {
    house.db().column(
        "SELECT substr(trigger ->> 'backfill', 1, 10) || ' ' || state FROM bluebook.runs \
         WHERE requested_by = 'the calendar' ORDER BY id",
    )
}

/// Open gaps: from, to, and whether they are as old as the first that was noticed.
fn open(house: &TestHouse) -> Vec<String> {
    house.db().column(
        "SELECT concat_ws(' ', (missing_from AT TIME ZONE 'UTC')::date, (missing_to AT TIME ZONE 'UTC')::date, \
                          noticed_at = (SELECT min(noticed_at) FROM bluebook.gaps)) \
         FROM bluebook.gaps WHERE closed_at IS NULL ORDER BY id",
    )
}

fn days(house: &TestHouse) -> Vec<String> {
    house.db().column("SELECT since::text || ' ' || name FROM data.things ORDER BY since")
}

/// Everything in the queue was put there, and everything that was noticed was, this many days before.
fn days_pass(house: &TestHouse, days: u8) {
    house.db().batch(&format!(
        "UPDATE bluebook.runs SET queued_at = queued_at - interval '{days} days'; \
         UPDATE bluebook.gaps SET noticed_at = noticed_at - interval '{days} days'"
    ));
}

fn all_is_done(house: &TestHouse) {
    eventually(SOON, "the queue is empty", || {
        (house.db().number("SELECT count(*) FROM bluebook.runs WHERE finished_at IS NULL") == 0).then_some(())
    });
}

#[test]
fn a_missing_period_is_fetched_again_until_the_publisher_has_it() {
    let (house, publisher) = scene("warn = [\"calendar\"]");
    serve(&publisher, 3);
    backfill(&house, 4, 0);
    assert_eq!(open(&house), ["2026-03-02 2026-03-03 t"]);
    assert_eq!(asked(&house), ["2026-03-02 queued", "2026-03-03 queued"]);
    queue_upkeep(&house);
    backfill(&house, 1, 0);
    assert_eq!(asked(&house).len(), 2, "never two at once");
    let _daemon = house.serve();
    all_is_done(&house);
    assert_eq!(days(&house), ["2026-03-01 day 1", "2026-03-03 day 3", "2026-03-04 day 4"], "a gap is never a row");
    assert_eq!(open(&house), ["2026-03-02 2026-03-02 t"], "what is left is as old as the gap");
    upkeep(&house);
    assert_eq!(asked(&house), ["2026-03-02 succeeded", "2026-03-03 succeeded"], "not twice a day");
    serve(&publisher, 2);
    days_pass(&house, 1);
    upkeep(&house);
    assert_eq!(asked(&house).len(), 3);
    assert_eq!((open(&house).len(), days(&house).len()), (0, 4));
    days_pass(&house, 1);
    upkeep(&house);
    assert_eq!(asked(&house).len(), 3);
    house.assert_invariants();
}

#[test]
fn a_dataset_that_is_off_is_not_asked_for() {
    let (house, _publisher) = scene("warn = [\"calendar\"]");
    backfill(&house, 4, 0);
    let daemon = house.serve();
    all_is_done(&house);
    drop(daemon);
    let asked_before = asked(&house);
    let calendar = "calendar = { column = \"since\", every = \"1 day\" }\nwarn = [\"calendar\"]\n";
    let closed = dated().replace("\n[format]", "headers = { X-Key = \"{secret:OFFICE_KEY}\" }\n\n[format]");
    house.dataset("things", &format!("{closed}{calendar}"));
    days_pass(&house, 1);
    let _daemon = house.serve();
    upkeep(&house);
    assert_eq!(asked(&house), asked_before);
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.changes"), 0, "it is no news");
}

#[test]
fn what_was_held_for_its_gap_is_published_once_the_gap_is_filled() {
    let (house, publisher) = scene("");
    serve(&publisher, 2);
    serve(&publisher, 3);
    backfill(&house, 4, 3);
    assert_eq!(days(&house), ["2026-03-01 day 1"]);
    let _daemon = house.serve();
    all_is_done(&house);
    let all: Vec<String> = (1..5).map(|day| format!("2026-03-0{day} day {day}")).collect();
    assert_eq!(days(&house), all);
    assert_eq!(open(&house).len(), 0);
    assert_eq!(house.db().text("SELECT condition FROM bluebook.conditions WHERE job = 'ingest:things'"), "good");
    assert_eq!(
        house.db().column("SELECT DISTINCT state FROM bluebook.releases ORDER BY 1"),
        ["published", "superseded"]
    );
    house.assert_invariants();
}

#[test]
fn what_nobody_fills_is_only_shown_in_the_end() {
    let (house, publisher) = scene("warn = [\"calendar\"]");
    publisher.serve("/2026/0303.csv", Answer::status(410));
    backfill(&house, 4, 0);
    let daemon = house.serve();
    all_is_done(&house);
    days_pass(&house, 1);
    upkeep(&house);
    let (absent, gone) = ("2026-03-02 succeeded", "2026-03-03 succeeded");
    assert_eq!(asked(&house), [absent, gone, absent], "what is gone for good is not asked for again");
    days_pass(&house, 30);
    upkeep(&house);
    assert_eq!(asked(&house).len(), 3);
    let told = "2026-03-02 to 2026-03-03 are missing: the publisher has not been asked for that since";
    let noted = house.db().text("SELECT message FROM bluebook.run_events WHERE kind = 'note' ORDER BY id DESC LIMIT 1");
    assert!(noted.starts_with(&format!("things: {told}")), "{noted}");
    let page = signed_in(&house, &daemon, "vic", "viewer").get("/datasets/things").body;
    assert!(page.contains(told), "{page}");
    assert_eq!(days(&house), ["2026-03-01 day 1", "2026-03-04 day 4"]);
    house.assert_invariants();
}

#[test]
fn a_dataset_that_is_paused_asks_for_nothing() {
    let (house, _publisher) = scene("warn = [\"calendar\"]");
    house.db().batch("UPDATE bluebook.datasets SET paused_at = now(), paused_by = 'ann' WHERE name = 'things'");
    backfill(&house, 4, 0);
    assert_eq!(open(&house), ["2026-03-02 2026-03-03 t"]);
    assert_eq!(asked(&house).len(), 0);
}

#[test]
fn a_release_that_is_not_published_opens_no_gap_and_fills_none() {
    let (house, publisher) = scene("warn = [\"calendar\"]");
    house.db().batch(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON bluebook.releases FOR EACH ROW WHEN (NEW.state = 'published')
         EXECUTE FUNCTION refuse()",
    );
    let refused = |refused: bool| {
        let how = if refused { "ENABLE" } else { "DISABLE" };
        house.db().batch(&format!("ALTER TABLE bluebook.releases {how} TRIGGER refuse"));
    };
    backfill(&house, 4, 1);
    assert_eq!(
        (open(&house).len(), asked(&house).len()),
        (0, 0),
        "nobody sees the fourth, so nothing is missing before it"
    );
    refused(false);
    backfill(&house, 4, 0);
    assert_eq!((open(&house), asked(&house).len()), (vec!["2026-03-02 2026-03-03 t".to_owned()], 2));
    refused(true);
    serve(&publisher, 2);
    backfill(&house, 2, 1);
    assert_eq!(open(&house), ["2026-03-02 2026-03-03 t"], "and the second fills nothing");
    refused(false);
    backfill(&house, 2, 0);
    assert_eq!(open(&house), ["2026-03-03 2026-03-03 t"]);
    house.assert_invariants();
}
