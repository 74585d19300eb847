//! What comes of it when something dies: the program, the database's server, or the connection between them.

use std::time::Duration;

use nix::sys::signal::Signal;
use rand::{SeedableRng, rngs::StdRng};

mod daemons;
mod datasets;
mod house;
mod kills;
mod server;

use crate::support::{
    Answer, Daemon, Db, Gate, Publisher, TestHouse, Wire, assert_same_rows, eventually, things_csv, things_rows,
    things_toml,
};

/// Ids of the release that is published before the fault, and of the one that is loaded while it happens.
const BEFORE: std::ops::Range<u32> = 0..20_000;
const AFTER: std::ops::Range<u32> = 100..20_100;

/// How often something dies in `make test`; `make test-faults` says `KILLS=96`.
const KILLS: u32 = 25;

/// An interrupted run shows as such within this time of the next start.
const SHOWN: Duration = Duration::from_secs(10);
/// …and is done again within this.
const DONE_AGAIN: Duration = Duration::from_mins(1);

#[test]
fn three_interruptions_fail_a_run_instead_of_trying_for_ever() {
    let (house, _publisher) = house_with_things();
    let run = house.ask_for("things");
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
        let run = house.ask_for("things");
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
        let run = Db::connect(house.url()).text(&house::ask_for("things"));
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
        let run = house.ask_for("things");
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
fn sigterm_hands_unfinished_work_back_and_ends_well() {
    let (mut house, publisher) = house_with_things();
    house.set("BLUEBOOK_DRAIN_SECONDS", "2");
    let gate = Gate::shut();
    publisher.serve("/things.csv", Answer::ok(things_csv(AFTER, 2)).wait_at(1000, &gate));
    let daemon = house.serve();
    let run = house.ask_for("things");
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
    let run = house.ask_for("things");
    eventually(SHOWN, "the download hangs", || (gate.reached() > 0).then_some(()));
    daemon.signal(Signal::SIGTERM);
    gate.open();
    assert!(daemon.wait(Duration::from_secs(30)).success());
    assert_eq!(house.state_now(&run), "succeeded");
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

/// How often something dies at a random moment.
fn kills() -> u32 {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

/// Random moments that can be had again.
fn dice() -> StdRng {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("SEED={seed} repeats this");
    StdRng::seed_from_u64(seed)
}
