//! What the tests of schedules ask of a house.

use super::{PATIENCE, SOON};
use crate::support::{TestHouse, eventually};
use std::time::Duration;

impl TestHouse {
    /// Puts an upkeep run into the queue; its number.
    #[track_caller]
    pub(super) fn start_upkeep(&self) -> i64 {
        self.run(["run", "start", "upkeep"]).expect_code(0).stdout().trim().parse().expect("a run's number")
    }

    pub(super) fn state_of(&self, run: i64) -> String {
        self.db().text(&format!("SELECT state FROM bluebook.runs WHERE id = {run}"))
    }

    #[track_caller]
    pub(super) fn wait_for_state(&self, run: i64, state: &str, limit: Duration) {
        eventually(limit, &format!("run {run} is {state}"), || (self.state_of(run) == state).then_some(()));
    }

    #[track_caller]
    pub(super) fn wait_for_step(&self, run: i64) {
        let sql = format!("SELECT coalesce(step, '') FROM bluebook.runs WHERE id = {run} AND state = 'running'");
        eventually(SOON, &format!("run {run} is at its step"), || (self.db().column(&sql) == ["sweep"]).then_some(()));
    }

    pub(super) fn events(&self, run: i64) -> Vec<String> {
        self.db().column(&format!("SELECT kind FROM bluebook.run_events WHERE run = {run} ORDER BY id"))
    }

    /// Waits until so many slots of the schedule are in this state.
    #[track_caller]
    pub(super) fn wait_for_slots(&self, state: &str, count: i64) {
        let sql = format!("SELECT count(*) FROM bluebook.runs WHERE schedule = 'tidy' AND state = '{state}'");
        eventually(PATIENCE, &format!("{count} slots are {state}"), || (self.db().number(&sql) >= count).then_some(()));
    }

    pub(super) fn reasons(&self, state: &str) -> Vec<String> {
        self.db().column(&format!("SELECT DISTINCT reason FROM bluebook.runs WHERE state = '{state}' ORDER BY 1"))
    }

    /// Starts and stops a daemon; what it has written down is what schedules.toml says.
    #[track_caller]
    pub(super) fn let_a_daemon_read_the_file(&self) {
        let daemon = self.serve();
        let read = || daemon.log().contains("schedules.toml is in force").then_some(());
        eventually(SOON, "the daemon has read schedules.toml", read);
        assert!(daemon.terminate(SOON).success());
    }

    /// Lets a daemon read schedules.toml, and makes it look as if that had been so long ago.
    #[track_caller]
    pub(super) fn pretend_downtime(&self, seconds: u32) {
        self.let_a_daemon_read_the_file();
        self.db().batch(&format!("UPDATE bluebook.schedules SET planned_until = now() - interval '{seconds} s'"));
    }
}
