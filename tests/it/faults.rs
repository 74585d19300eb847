//! What comes of it when something dies: the program, the database's server, or the connection between them.

use std::time::Duration;

use nix::sys::signal::Signal;
use rand::{RngExt, SeedableRng, rngs::StdRng};

mod house;

use house::INGEST_NOW;

use crate::support::{
    Answer, Daemon, Db, Gate, Publisher, TestHouse, Wire, assert_same_rows, eventually, things_csv, things_rows,
    things_toml,
};

/// Ids of the release that is published before the fault, and of the one that is loaded while it happens.
const BEFORE: std::ops::Range<u32> = 0..20_000;
const AFTER: std::ops::Range<u32> = 100..20_100;

/// An interrupted run shows as such within this time of the next start.
const SHOWN: Duration = Duration::from_secs(10);
/// …and is done again within this.
const DONE_AGAIN: Duration = Duration::from_mins(1);

#[test]
fn a_daemon_killed_at_any_step_leaves_a_run_that_is_done_again() {
    for step in ["fetch", "archive", "stage", "expect", "merge"] {
        let (house, _publisher) = house_with_things();
        let daemon = house.serve_with(["--pause-at", step]);
        let run = house.ingest_now();
        house.wait_for(&run, "running", SHOWN);
        eventually(SHOWN, &format!("the run is at {step}"), || (house.step_of(&run) == step).then_some(()));
        daemon.kill();
        assert_same_rows(&house.db().dump("data.things"), &things_rows(BEFORE, 1));
        if step != "merge" {
            house.expire_leases();
        }
        let _next = house.serve();
        house.wait_for_event(&run, "interrupted", SHOWN);
        house.wait_for(&run, "succeeded", DONE_AGAIN);
        assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, 2));
        house.assert_invariants();
    }
}

#[test]
fn twenty_five_kills_at_random_moments_change_nothing_in_the_end() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("SEED={seed} repeats this");
    let mut dice = StdRng::seed_from_u64(seed);
    let (house, publisher) = house_with_things();
    for kill in 2..27 {
        let (ids, edition) = (kill * 10..20_000 + kill * 10, kill);
        publisher.serve("/things.csv", Answer::ok(things_csv(ids.clone(), edition)));
        let daemon = house.serve();
        let run = house.ingest_now();
        let after = Duration::from_millis(dice.random_range(0..1500));
        house.wait_at_most(&run, "succeeded", after);
        daemon.kill();
        house.expire_leases();
        let _next = house.serve();
        house.wait_for(&run, "succeeded", DONE_AGAIN);
        assert_same_rows(&house.db().dump("data.things"), &things_rows(ids, edition));
        house.assert_invariants();
    }
}

#[test]
fn three_interruptions_fail_a_run_instead_of_trying_for_ever() {
    let (house, _publisher) = house_with_things();
    let run = house.ingest_now();
    for interruptions in 0..3 {
        let daemon = house.serve_with(["--pause-at", "stage"]);
        eventually(SHOWN, "this attempt is at stage", || {
            let at = (house.interruptions(&run), house.state_now(&run), house.step_of(&run));
            (at == (interruptions, "running".to_owned(), "stage".to_owned())).then_some(())
        });
        daemon.kill();
        house.expire_leases();
    }
    let _last = house.serve();
    house.wait_for(&run, "failed", DONE_AGAIN);
    let error = house.db().text(&format!("SELECT error FROM bluebook.runs WHERE id = {run}"));
    assert!(error.contains("cut off 3 times"), "{error}");
    assert_same_rows(&house.db().dump("data.things"), &things_rows(BEFORE, 1));
    house.assert_invariants();
}

#[test]
fn a_server_that_restarts_during_a_download_costs_only_time() {
    for how in [Signal::SIGINT, Signal::SIGQUIT] {
        let (house, publisher) = furnished(TestHouse::with_own_server());
        let gate = Gate::shut();
        publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate));
        let daemon = house.serve();
        let run = house.ingest_now();
        eventually(SHOWN, "the download hangs", || (gate.reached() > 0).then_some(()));
        restart(&house, how, || gate.open());
        done_by_the_same(&house, daemon, &run);
    }
}

#[test]
fn a_server_that_restarts_during_a_merge_costs_only_time() {
    for how in [Signal::SIGINT, Signal::SIGQUIT] {
        let (house, _publisher) = furnished(TestHouse::with_own_server());
        house.db().batch("BEGIN; LOCK TABLE data.things IN SHARE MODE");
        let daemon = house.serve();
        let run = Db::connect(house.url()).text(INGEST_NOW);
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.things'::regclass";
        eventually(SHOWN, "the merge waits for the table", || (house.db().number(waiting) > 0).then_some(()));
        restart(&house, how, || ());
        done_by_the_same(&house, daemon, &run);
    }
}

/// Stops the server, does something meanwhile, and starts it again.
fn restart(house: &TestHouse, how: Signal, meanwhile: impl FnOnce()) {
    house.server().stop(how);
    meanwhile();
    house.server().resume();
}

/// The daemon that saw the server go must itself bring the run to its end.
fn done_by_the_same(house: &TestHouse, mut daemon: Daemon, run: &str) {
    eventually(DONE_AGAIN, "the run succeeded", || {
        house.skip_waiting();
        (house.state_now(run) == "succeeded").then_some(())
    });
    assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, 2));
    house.assert_invariants();
    assert!(daemon.ended().is_none(), "a daemon outlives a restart of its server");
}

#[test]
fn a_commit_whose_answer_is_lost_is_neither_forgotten_nor_done_twice() {
    let (mut house, publisher) = house_with_things();
    let wire = Wire::to(house.server());
    house.connect_through(&wire);
    let mut daemon = house.serve();
    for edition in 2..6 {
        publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, edition)));
        wire.lose_commit_after("UPDATE \"data\".\"things\"");
        let run = house.ingest_now();
        house.wait_for(&run, "succeeded", DONE_AGAIN);
        assert_eq!(wire.cuts(), edition - 1, "the line was cut");
        let outcome = house.db().text(&format!("SELECT outcome ->> 'kind' FROM bluebook.runs WHERE id = {run}"));
        assert_eq!(outcome, "published");
        assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, edition));
        house.assert_invariants();
    }
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.releases"), 5, "no release was loaded twice");
    assert!(daemon.ended().is_none());
}

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
    // Each second of each schedule has its row, from the first to the last.
    let gaps = "SELECT count(*) FROM (SELECT slot - lag(slot) OVER (PARTITION BY schedule ORDER BY slot) AS gap \
                FROM bluebook.runs WHERE slot IS NOT NULL) g WHERE gap <> interval '1 second'";
    assert_eq!(house.db().number(gaps), 0);
}

#[test]
fn sigterm_hands_unfinished_work_back_and_ends_well() {
    let (mut house, publisher) = house_with_things();
    house.set("BLUEBOOK_DRAIN_SECONDS", "2");
    let gate = Gate::shut();
    publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate));
    let daemon = house.serve();
    let run = house.ingest_now();
    eventually(SHOWN, "the download hangs", || (gate.reached() > 0).then_some(()));
    assert!(daemon.terminate(Duration::from_secs(30)).success());
    assert_eq!(house.state_now(&run), "queued", "it waits for the next daemon");
    assert_eq!(house.left_behind(), Vec::<String>::new());
    gate.open();
    let _next = house.serve();
    house.wait_for(&run, "succeeded", DONE_AGAIN);
    assert_same_rows(&house.db().dump("data.things"), &things_rows(AFTER, 2));
    house.assert_invariants();
}

#[test]
fn sigterm_lets_work_finish_that_can() {
    let (house, publisher) = house_with_things();
    let gate = Gate::shut();
    publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate));
    let daemon = house.serve();
    let run = house.ingest_now();
    eventually(SHOWN, "the download hangs", || (gate.reached() > 0).then_some(()));
    daemon.signal(Signal::SIGTERM);
    gate.open();
    assert!(daemon.wait(Duration::from_secs(30)).success());
    assert_eq!(house.state_now(&run), "succeeded");
    house.assert_invariants();
}

#[test]
fn a_daemon_that_slept_past_its_lease_writes_nothing() {
    let (house, publisher) = house_with_things();
    let gate = Gate::shut();
    let second = Answer::ok(things_csv(AFTER, 3));
    publisher.serve_in_turn("/things.csv", [Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate), second]);
    let stale = house.serve();
    let run = house.ingest_now();
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

/// A house whose dataset `things` holds its first release, while the publisher has the next one ready.
fn house_with_things() -> (TestHouse, Publisher) {
    furnished(TestHouse::new())
}

fn furnished(mut house: TestHouse) -> (TestHouse, Publisher) {
    let publisher = Publisher::start();
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::ok(things_csv(BEFORE, 1)));
    house.run(["ingest", "things"]).expect_code(0);
    publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, 2)));
    (house, publisher)
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
