//! A command that is killed, or whose table moves, within its merge. What comes of a killed daemon stands in `faults`.

use std::time::Duration;

use nix::sys::signal::Signal;

use super::Scene;
use crate::support::{Running, assert_same_rows, eventually, things_csv, things_rows};

/// A first release is published, and a second is out.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.serves(things_csv(1..500, 1)).ingest(0);
    scene.serves(things_csv(20..520, 2));
    scene
}

/// What a daemon does once the lease has run out.
pub(super) fn lease_runs_out(scene: &Scene) {
    scene.house.db().batch(
        "UPDATE bluebook.runs SET state = 'interrupted', owner = NULL, lease_until = NULL WHERE state = 'running'",
    );
}

pub(super) fn comes_to(scene: &Scene, step: &str) {
    let at = format!("SELECT count(*) FROM bluebook.runs WHERE state = 'running' AND step = '{step}'");
    eventually(Duration::from_secs(20), &format!("the run is at {step}"), || {
        (scene.house.db().number(&at) == 1).then_some(())
    });
}

#[track_caller]
fn killed(scene: &Scene, mut run: Running) {
    run.kill();
    assert_same_rows(&scene.rows(), &things_rows(1..500, 1));
    lease_runs_out(scene);
    scene.ingest(0);
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
    scene.house.assert_invariants();
}

#[test]
fn killed_within_the_merge() {
    let scene = scene();
    let holder = crate::support::Db::connect(scene.house.url());
    holder.batch("BEGIN; LOCK TABLE data.things IN ROW EXCLUSIVE MODE");
    let run = scene.house.spawn(["ingest", "things"]);
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.things'::regclass";
    eventually(Duration::from_secs(20), "the merge waits for the table", || {
        (scene.house.db().number(waits) == 1).then_some(())
    });
    let mut run = run;
    run.kill();
    eventually(Duration::from_secs(5), "the server notices", || (scene.house.db().number(waits) == 0).then_some(()));
    holder.batch("ROLLBACK");
    killed(&scene, run);
}

/// A command whose run stands still in its step `merge`.
fn standing(scene: &Scene) -> Running {
    let program = scene.house.program(["ingest", "things", "--json"]).env("BLUEBOOK_PAUSE_AT", "merge");
    let run = program.spawn(scene.house.server());
    comes_to(scene, "merge");
    run
}

#[test]
fn a_signal_cancels_a_commands_run_and_nothing_is_left_behind() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let scene = scene();
        let mut run = standing(&scene);
        run.signal(signal);
        assert_eq!(run.wait(Duration::from_secs(20)).code(), Some(1), "{signal}");
        assert!(run.stderr().contains("run 2 was cancelled by"), "{}", run.stderr());
        let states = "SELECT format('%s %s', r.state, l.state) FROM bluebook.runs r JOIN bluebook.releases l ON l.run = r.id \
                      WHERE r.id = 2";
        assert_eq!(scene.house.db().text(states), "cancelled failed");
        scene.ingest(0);
        assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
        scene.house.assert_invariants();
    }
}

#[test]
fn a_run_that_has_taken_the_pools_last_session_is_cancelled_all_the_same() {
    let mut scene = scene();
    scene.house.set("BLUEBOOK_POOL_SIZE", "1");
    let mut run = standing(&scene);
    run.signal(Signal::SIGTERM);
    assert_eq!(run.wait(Duration::from_secs(15)).code(), Some(1));
    assert!(run.stderr().contains("run 2 was cancelled by"), "{}", run.stderr());
}

#[test]
fn what_a_killed_command_leaves_the_next_one_takes_over() {
    let scene = scene();
    standing(&scene).kill();
    scene.house.db().batch("UPDATE bluebook.runs SET lease_until = now() - interval '1 s' WHERE state = 'running'");
    assert_eq!(scene.ingest(0)["run"], 2);
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
    assert_eq!(scene.house.db().column("SELECT state FROM bluebook.runs ORDER BY id"), ["succeeded", "succeeded"]);
    scene.house.assert_invariants();
}

#[test]
fn a_command_whose_job_is_running_waits_for_its_turn() {
    let scene = scene();
    let mut first = standing(&scene);
    let mut second = scene.house.spawn(["ingest", "things", "--json"]);
    let mut third = scene.house.spawn(["ingest", "things", "--json"]);
    for waiting in [&second, &third] {
        eventually(Duration::from_secs(20), "it waits", || waiting.stderr().contains("run 3 waits").then_some(()));
    }
    first.signal(Signal::SIGINT);
    first.wait(Duration::from_secs(20));
    for waiting in [&mut second, &mut third] {
        assert!(waiting.wait(Duration::from_secs(20)).success(), "{}", waiting.stderr());
        assert!(waiting.stdout().contains("\"outcome\":\"published\""), "{}", waiting.stdout());
    }
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.runs"), 3);
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
    scene.house.assert_invariants();
}

#[test]
fn a_table_that_moves_before_the_merge_is_compared_again() {
    let scene = scene();
    let holder = crate::support::Db::connect(scene.house.url());
    holder
        .batch("BEGIN; UPDATE data.things SET name = 'by hand' WHERE id = 100; DELETE FROM data.things WHERE id = 105");
    let mut run = scene.house.spawn(["ingest", "things"]);
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.things'::regclass";
    eventually(Duration::from_secs(20), "the merge waits for the table", || {
        (scene.house.db().number(waits) == 1).then_some(())
    });
    holder.batch("COMMIT");
    assert!(run.wait(Duration::from_secs(20)).success());
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
    let notes = scene.house.db().column("SELECT message FROM bluebook.run_events WHERE kind = 'note'");
    assert_eq!(notes, ["the table moved; the whole table is compared"]);
    scene.house.assert_invariants();
}

/// Also where the server does not look whether anybody is still there.
#[test]
fn what_a_program_was_waiting_for_ends_with_it() {
    let scene = scene();
    let unwatched = format!("{}&options=-c%20client_connection_check_interval%3D0", scene.house.url());
    let program =
        |args: &[&str]| scene.house.program(args).env("DATABASE_URL", &unwatched).env("BLUEBOOK_DRAIN_SECONDS", "0");
    let merges = || {
        let holder = crate::support::Db::connect(scene.house.url());
        holder.batch("BEGIN; LOCK TABLE data.things IN ROW EXCLUSIVE MODE");
        holder
    };
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'data.things'::regclass";
    let is_waiting = || {
        let waiting = || (scene.house.db().number(waits) == 1).then_some(());
        eventually(Duration::from_secs(20), "the merge waits for the table", waiting);
    };
    let nothing_is_left = || {
        let ours = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bluebook' AND datname = current_database()";
        let left = || (scene.house.db().number(ours) == 0).then_some(());
        eventually(Duration::from_secs(5), "no session of the program is left", left);
    };
    let holder = merges();
    let mut command = program(&["ingest", "things"]).spawn(scene.house.server());
    is_waiting();
    command.signal(Signal::SIGINT);
    assert_eq!(command.wait(Duration::from_secs(20)).code(), Some(1), "{}", command.stderr());
    nothing_is_left();
    scene.house.run(["run", "start", "ingest:things"]).expect_code(0);
    let daemon = program(&["serve"]).serve(scene.house.server());
    is_waiting();
    assert!(daemon.terminate(Duration::from_secs(20)).success());
    nothing_is_left();
    assert_eq!(scene.house.db().text("SELECT state FROM bluebook.runs ORDER BY id DESC LIMIT 1"), "queued");
    drop(holder);
    assert_same_rows(&scene.rows(), &things_rows(1..500, 1));
    // What work that was cut off leaves behind goes with upkeep.
    scene.house.run(["run", "start", "upkeep"]).expect_code(0);
    let daemon = scene.house.serve();
    let open = "SELECT count(*) FROM bluebook.runs WHERE finished_at IS NULL";
    let done = || (scene.house.db().number(open) == 0).then_some(());
    eventually(Duration::from_secs(30), "the daemon has done both", done);
    drop(daemon);
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
    scene.house.assert_invariants();
}
