//! `kill -9` of a daemon while it loads, in every way of loading at once.

use std::time::Duration;

use rand::RngExt;

use super::{SHOWN, datasets::Datasets, dice, kills};
use crate::support::{TestHouse, eventually};

#[test]
fn a_daemon_killed_at_any_step_leaves_runs_that_are_done_again() {
    let mut all = Datasets::published(TestHouse::new());
    for step in ["fetch", "archive", "stage", "expect", "merge"] {
        all.prepare();
        let daemon = all.house.serve_with(["--pause-at", step]);
        let runs = all.ask();
        for run in &runs {
            eventually(SHOWN, &format!("run {run} is at {step}"), || {
                (all.house.state_now(run) == "running" && all.house.step_of(run) == step).then_some(())
            });
        }
        daemon.kill();
        all.assert_untouched();
        // Once, time itself shows that the holder is dead.
        if step != "merge" {
            all.house.expire_leases();
        }
        let _next = all.house.serve();
        for run in &runs {
            all.house.wait_for_event(run, "interrupted", SHOWN);
        }
        all.wait_until_loaded(&runs);
    }
}

#[test]
fn kills_at_random_moments_change_nothing_in_the_end() {
    let mut dice = dice();
    let mut all = Datasets::published(TestHouse::new());
    for _kill in 0..kills() {
        all.prepare();
        let daemon = all.house.serve();
        let runs = all.ask();
        all.house.wait_at_most(&runs, "succeeded", Duration::from_millis(dice.random_range(0..2500)));
        daemon.kill();
        all.assert_whole();
        all.house.expire_leases();
        let _next = all.house.serve();
        all.wait_until_loaded(&runs);
    }
}
