//! Slots, claims, leases and ends: the real daemon, killed, stopped and doubled.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::support::{TestHouse, eventually};

mod house;

/// Long enough for a lease (8 s) to run out, to be noticed, and for the run to be run again on a busy machine.
const LEASE_AND_MORE: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_secs(20);
/// For a hundred runs one after another on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// An upkeep schedule.
fn upkeep(cron: &str, more: &str) -> String {
    format!("[[schedule]]\nname = \"tidy\"\njob = \"upkeep\"\ncron = \"{cron}\"\n{more}\n")
}

const NEVER_NOW: &str = "0 0 1 1 *";
const EVERY_SECOND: &str = "* * * * * *";

#[test]
fn slots_become_runs_and_runs_end_well() {
    let house = TestHouse::new();
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let daemon = house.serve();
    house.wait_for_slots("succeeded", 3);
    assert!(daemon.terminate(SOON).success());
    house.assert_invariants();
}

#[test]
fn only_the_latest_slots_are_caught_up_and_every_slot_has_its_row() {
    let house = TestHouse::new();
    house.schedules(&upkeep(EVERY_SECOND, "catch_up = \"all\"\ncatch_up_max = 20\noverlap = \"queue\""));
    house.pretend_downtime(300);
    let daemon = house.serve();
    house.wait_for_slots("succeeded", 25);
    assert!(daemon.terminate(SOON).success());
    let gaps = "SELECT count(*) FROM (SELECT slot - lag(slot) OVER (ORDER BY slot) AS gap FROM bluebook.runs) s \
                WHERE gap <> interval '1 second'";
    assert_eq!(house.db().number(gaps), 0);
    assert_eq!(
        house.reasons("missed"),
        ["it came due while nobody was planning; only the latest 20 slots are caught up"]
    );
    house.assert_invariants();
}

#[test]
fn after_a_long_downtime_the_latest_slot_is_run_and_all_others_say_that_they_were_missed() {
    let house = TestHouse::new();
    house.schedules(&upkeep("0 * * * *", ""));
    house.pretend_downtime(3600 * 1001);
    let daemon = house.serve();
    house.wait_for_slots("succeeded", 1);
    assert!(daemon.terminate(SOON).success());
    let counts = "SELECT state || ' ' || count(*) FROM bluebook.runs GROUP BY state ORDER BY state";
    assert_eq!(house.db().column(counts), ["missed 1000", "succeeded 1"]);
    let latest = "SELECT state FROM bluebook.runs ORDER BY slot DESC LIMIT 1";
    assert_eq!(house.db().text(latest), "succeeded");
}

#[test]
fn a_run_whose_daemon_was_killed_is_interrupted_and_run_again() {
    let house = TestHouse::new();
    let killed = house.serve_with(["--pause-at", "sweep"]);
    let run = house.start_upkeep();
    house.wait_for_step(run);
    killed.kill();
    let next = house.serve();
    let interrupted = || house.events(run).contains(&"interrupted".to_owned()).then_some(());
    eventually(Duration::from_secs(12), "the run is shown as interrupted", interrupted);
    house.wait_for_state(run, "succeeded", SOON);
    let counts = format!("SELECT attempt || ' ' || interruptions FROM bluebook.runs WHERE id = {run}");
    assert_eq!(house.db().text(&counts), "2 1");
    assert!(next.terminate(SOON).success());
    house.assert_invariants();
}

#[test]
fn sigterm_hands_back_what_does_not_end_in_time_and_exits_with_0() {
    let house = TestHouse::new();
    let daemon = house.serve_with(["--pause-at", "sweep", "--drain-seconds", "1"]);
    let run = house.start_upkeep();
    house.wait_for_step(run);
    assert!(daemon.terminate(SOON).success());
    assert_eq!(house.state_of(run), "queued");
    assert_eq!(house.events(run), ["step", "note"]);
    let next = house.serve();
    house.wait_for_state(run, "succeeded", SOON);
    let attempt = format!("SELECT attempt FROM bluebook.runs WHERE id = {run}");
    assert_eq!(house.db().number(&attempt), 1, "an attempt that was handed back does not count");
    assert!(next.terminate(SOON).success());
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let house = TestHouse::new();
    let daemon = house.serve_with(["--pause-at", "sweep", "--drain-seconds", "300"]);
    let run = house.start_upkeep();
    house.wait_for_step(run);
    daemon.signal(Signal::SIGTERM);
    eventually(SOON, "it drains", || daemon.log().contains("running work may end").then_some(()));
    assert_eq!(daemon.terminate(SOON).code(), Some(1));
    assert_eq!(house.state_of(run), "running", "until its lease runs out");
}

#[test]
fn a_panic_fails_its_run_and_nothing_else() {
    let house = TestHouse::new();
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let daemon = house.serve_with(["--panic-at", "sweep"]);
    house.wait_for_slots("failed", 3);
    let error = house.db().text("SELECT DISTINCT error FROM bluebook.runs WHERE state = 'failed'");
    assert!(error.contains("(panic): a test made the step sweep panic"), "{error}");
    assert!(daemon.terminate(SOON).success());
    house.assert_invariants();
}

#[test]
fn a_failure_for_good_is_not_tried_again() {
    let house = TestHouse::new();
    let daemon = house.serve_with(["--fail-at", "sweep"]);
    let run = house.start_upkeep();
    house.wait_for_state(run, "failed", SOON);
    eventually(SOON, "the failure is logged", || daemon.log().contains("a run failed").then_some(()));
    assert_eq!(daemon.log().matches("a test made the step sweep fail").count(), 1, "a failure is logged once");
    let shown = house.run(["run", "show", &run.to_string()]).expect_code(0);
    assert!(shown.stdout().contains("a test made the step sweep fail"), "{}", shown.stdout());
}

#[test]
fn a_slot_that_overlaps_is_skipped_and_says_which_run_was_in_its_way() {
    let house = TestHouse::new();
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let daemon = house.serve_with(["--pause-at", "sweep"]);
    house.wait_for_slots("skipped", 3);
    let running = house.db().number("SELECT id FROM bluebook.runs WHERE state = 'running'");
    assert_eq!(house.reasons("skipped"), [format!("run {running} of the same job had not ended")]);
    house.run(["run", "cancel", &running.to_string()]).expect_code(0);
    house.wait_for_state(running, "cancelled", SOON);
    daemon.kill();
}

#[test]
fn a_paused_schedule_notes_its_slots_and_runs_again_when_it_is_resumed() {
    let house = TestHouse::new();
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let daemon = house.serve();
    house.wait_for_slots("succeeded", 1);
    house.run(["schedule", "pause", "tidy"]).expect_code(0);
    house.wait_for_slots("skipped", 2);
    let reasons = house.reasons("skipped");
    assert!(reasons.iter().any(|reason| reason.starts_with("the schedule is paused by ")), "{reasons:?}");
    house.run(["schedule", "resume", "tidy"]).expect_code(0);
    let resumed_at = house.db().text("SELECT clock_timestamp()");
    let again = format!("SELECT count(*) FROM bluebook.runs WHERE state = 'succeeded' AND slot > '{resumed_at}'");
    eventually(SOON, "slots are run again", || (house.db().number(&again) > 0).then_some(()));
    house.run(["schedule", "pause", "nobody"]).expect_code(1);
    assert!(daemon.terminate(SOON).success());
}

#[test]
fn a_schedule_that_left_the_file_and_comes_back_runs_nothing_after_the_fact() {
    let house = TestHouse::new();
    house.schedules(&upkeep("* * * * *", "catch_up = \"all\"\noverlap = \"queue\""));
    house.pretend_downtime(3600);
    house.schedules("");
    house.let_a_daemon_read_the_file();
    assert_eq!(house.db().text("SELECT active FROM bluebook.schedules"), "f");
    house.schedules(&upkeep("* * * * *", "catch_up = \"all\"\noverlap = \"queue\""));
    house.let_a_daemon_read_the_file();
    let late = "SELECT count(*) FROM bluebook.runs WHERE slot < now() - interval '2 minutes'";
    assert_eq!(house.db().number(late), 0);
}

#[test]
fn a_pool_of_one_is_enough() {
    let mut house = TestHouse::new();
    house.set("BLUEBOOK_POOL_SIZE", "1");
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let daemon = house.serve();
    house.wait_for_slots("succeeded", 3);
    assert!(daemon.terminate(SOON).success());
    house.assert_invariants();
}

#[test]
fn a_daemon_outlives_its_database_and_goes_on() {
    let house = TestHouse::with_own_server();
    house.schedules(&upkeep(EVERY_SECOND, ""));
    let mut daemon = house.serve();
    house.wait_for_slots("succeeded", 1);
    house.server().stop(Signal::SIGQUIT);
    eventually(SOON, "the outage is noticed", || daemon.log().contains("the database does not answer").then_some(()));
    assert!(daemon.ended().is_none());
    house.server().resume();
    let back = house.db().text("SELECT clock_timestamp()");
    let again = format!("SELECT count(*) FROM bluebook.runs WHERE state = 'succeeded' AND finished_at > '{back}'");
    eventually(LEASE_AND_MORE, "runs end well again", || (house.db().number(&again) > 1).then_some(()));
    assert!(daemon.terminate(SOON).success());
    house.assert_invariants();
}

#[test]
fn a_daemon_without_due_slots_takes_runs_that_people_ask_for() {
    let house = TestHouse::new();
    house.schedules(&upkeep(NEVER_NOW, ""));
    let daemon = house.serve();
    let run = house.start_upkeep();
    house.wait_for_state(run, "succeeded", SOON);
    let listed = house.run(["run", "list", "--json"]).expect_code(0);
    assert!(listed.stdout().contains("\"state\":\"succeeded\""), "{}", listed.stdout());
    assert!(daemon.terminate(SOON).success());
}

#[test]
fn a_daemon_with_nothing_to_do_hardly_asks_the_database() {
    let house = TestHouse::new();
    house.schedules(&upkeep(NEVER_NOW, ""));
    let daemon = house.serve();
    house.wait_for_state(house.start_upkeep(), "succeeded", SOON);
    let committed = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    let before = house.db().number(committed);
    // Sessions tell their numbers a second late.
    house.db().batch("SELECT pg_sleep(4)");
    let asked = house.db().number(committed) - before;
    assert!(asked < 100, "{asked} transactions in four seconds");
    assert!(daemon.terminate(SOON).success());
}

#[test]
fn a_preview_marks_where_the_clock_changes() {
    let house = TestHouse::new();
    house.schedules(&upkeep("30 2 * * *", "time_zone = \"Australia/Sydney\""));
    let shown = house.run(["schedule", "preview", "tidy", "--from", "2026-10-02T20:00:00Z"]).expect_code(0);
    let shown = shown.stdout();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "tidy: upkeep at 30 2 * * * in Australia/Sydney");
    assert_eq!(lines[2], "  Sun 2026-10-04 03:00:00 +11:00  2026-10-03 16:00:00Z  the clock goes forward here");
    assert_eq!(lines[3], "  Mon 2026-10-05 02:30:00 +11:00  2026-10-04 15:30:00Z");
    assert_eq!(lines.len(), 13, "ten slots");
}
