//! Several daemons on one database: at work together, and one that sleeps past its lease.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::{AFTER, DONE_AGAIN, SHOWN, house_with_things};
use crate::support::{Answer, Db, Gate, assert_same_rows, eventually, things_csv, things_rows};

#[test]
fn two_daemons_load_into_one_archive_without_doing_anything_twice() {
    let (mut house, publisher) = house_with_things();
    house.set("BLUEBOOK_PARALLEL_RUNS", "2");
    publisher.serve("/things.csv", Answer::ok(things_csv(0..100, 1)));
    house.schedules(&every_second(["a", "b", "c"]));
    let daemons = [house.serve(), house.serve()];
    let ended = "SELECT count(*) FROM bluebook.runs WHERE slot IS NOT NULL AND finished_at IS NOT NULL";
    eventually(Duration::from_secs(90), "sixty slots have their end", || {
        (house.db().number(ended) >= 60).then_some(())
    });
    for daemon in daemons {
        assert!(daemon.log().contains("a run begins"), "both daemons work");
        assert!(daemon.terminate(Duration::from_secs(30)).success());
    }
    house.assert_invariants();
    let ends = "SELECT count(*) FROM bluebook.runs r WHERE state = 'succeeded' AND 1 <> \
                (SELECT count(*) FROM bluebook.run_events e WHERE e.run = r.id AND e.kind = 'ended')";
    assert_eq!(house.db().number(ends), 0, "each run has one end");
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.runs WHERE attempt > 1"), 0, "none was begun twice");
    // Each second of each schedule has its row, from the first to the last.
    let gaps = "SELECT count(*) FROM (SELECT slot - lag(slot) OVER (PARTITION BY schedule ORDER BY slot) AS gap \
                FROM bluebook.runs WHERE slot IS NOT NULL) g WHERE gap <> interval '1 second'";
    assert_eq!(house.db().number(gaps), 0);
}

#[test]
fn a_daemon_that_slept_past_its_lease_writes_nothing() {
    let (house, publisher) = house_with_things();
    let gate = Gate::shut();
    let second = Answer::ok(things_csv(AFTER, 3));
    publisher.serve_in_turn("/things.csv", [Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate), second]);
    let stale = house.serve();
    let run = house.ask_for("things");
    eventually(SHOWN, "the download hangs", || (gate.reached() > 0).then_some(()));
    stale.signal(Signal::SIGSTOP);
    let _fresh = house.serve();
    house.wait_for(&run, "succeeded", DONE_AGAIN);
    house.assert_invariants();
    let done = house.whole_state();
    gate.open();
    stale.signal(Signal::SIGCONT);
    eventually(SHOWN, "the stale daemon noticed", || stale.log().contains("lost").then_some(()));
    assert_same_rows(&house.whole_state(), &done);
    assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, 3));
    house.assert_invariants();
}

#[test]
fn a_daemon_that_falls_asleep_within_its_merge_neither_commits_nor_stands_in_the_way() {
    let (house, _publisher) = house_with_things();
    let before = house.db().dump("data.things");
    let holder = Db::connect(house.url());
    holder.batch("BEGIN; LOCK TABLE data.things IN SHARE MODE");
    let stale = house.serve();
    let run = house.ask_for("things");
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.things'::regclass";
    eventually(SHOWN, "the merge waits for the table", || (house.db().number(waiting) > 0).then_some(()));
    stale.signal(Signal::SIGSTOP);
    // Its session gets the table now, and nobody tells it what to do.
    holder.batch("ROLLBACK");
    assert_same_rows(&house.db().dump("data.things"), &before);
    let _fresh = house.serve();
    house.wait_for(&run, "succeeded", DONE_AGAIN);
    let done = house.whole_state();
    stale.signal(Signal::SIGCONT);
    eventually(SHOWN, "the stale daemon noticed", || stale.log().contains("lost").then_some(()));
    assert_same_rows(&house.whole_state(), &done);
    assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, 2));
    house.assert_invariants();
}

/// Schedules of those names, all for the same dataset, due each second.
fn every_second<const N: usize>(names: [&str; N]) -> String {
    let schedule = |name: &str| {
        format!(
            "[[schedule]]\nname = \"{name}\"\njob = \"ingest:things\"\ncron = \"* * * * * *\"\n\
             time_zone = \"UTC\"\ncatch_up = \"all\"\noverlap = \"queue\"\n\n"
        )
    };
    names.map(schedule).concat()
}
