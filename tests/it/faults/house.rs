//! What the fault tests ask of a house.

use std::time::{Duration, Instant};

use super::SHOWN;
use crate::support::{TestHouse, eventually};

/// What "run now" writes.
pub(super) fn ask_for(dataset: &str) -> String {
    format!(
        "INSERT INTO bluebook.runs (job, trigger, requested_by) VALUES ('ingest:{dataset}', '\"person\"', 'a test') \
         RETURNING id"
    )
}

impl TestHouse {
    /// Asks for an ingest as "run now" does; returns the run.
    pub(super) fn ask_for(&self, dataset: &str) -> String {
        self.db().text(&ask_for(dataset))
    }

    /// As if enough time had passed since the holder died.
    pub(super) fn expire_leases(&self) {
        self.db().batch("UPDATE bluebook.runs SET lease_until = clock_timestamp() WHERE state = 'running'");
    }

    /// As if the wait before the next attempt were over.
    pub(super) fn skip_waiting(&self) {
        self.db().batch("UPDATE bluebook.runs SET not_before = now() WHERE state = 'queued' AND not_before > now()");
    }

    pub(super) fn state_now(&self, run: &str) -> String {
        self.db().text(&format!("SELECT state FROM bluebook.runs WHERE id = {run}"))
    }

    pub(super) fn step_of(&self, run: &str) -> String {
        self.db().text(&format!("SELECT step FROM bluebook.runs WHERE id = {run}"))
    }

    pub(super) fn interruptions(&self, run: &str) -> i64 {
        self.db().number(&format!("SELECT interruptions FROM bluebook.runs WHERE id = {run}"))
    }

    #[track_caller]
    pub(super) fn wait_for(&self, run: &str, state: &str, limit: Duration) {
        let what = format!("run {run} is {state}");
        eventually(limit, &what, || {
            let now = self.state_now(run);
            assert!(now == state || !["failed", "held", "cancelled"].contains(&now.as_str()), "run {run} is {now}");
            (now == state).then_some(())
        });
    }

    /// Waits until all runs are in that state, or for the time given.
    pub(super) fn wait_at_most(&self, runs: &[String], state: &str, limit: Duration) {
        let begun = Instant::now();
        eventually(limit * 2 + SHOWN, "time passes", || {
            (begun.elapsed() > limit || runs.iter().all(|run| self.state_now(run) == state)).then_some(())
        });
    }

    #[track_caller]
    pub(super) fn wait_for_event(&self, run: &str, kind: &str, limit: Duration) {
        let sql = format!("SELECT count(*) FROM bluebook.run_events WHERE run = {run} AND kind = '{kind}'");
        eventually(limit, &format!("run {run} has an event {kind}"), || (self.db().number(&sql) > 0).then_some(()));
    }

    /// Everything that a stale daemon could have touched.
    pub(super) fn whole_state(&self) -> Vec<String> {
        let tables = ["runs", "run_events", "releases", "datasets", "rejects", "artifacts"];
        let mut state: Vec<String> =
            tables.iter().flat_map(|table| self.db().dump(&format!("bluebook.{table}"))).collect();
        state.extend(self.db().column("SELECT xmin || '|' || t::text FROM data.things t ORDER BY id"));
        state.extend(
            self.db().column("SELECT relname FROM pg_class WHERE relnamespace = 'stage'::regnamespace ORDER BY 1"),
        );
        state
    }
}
