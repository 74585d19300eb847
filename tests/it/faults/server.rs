//! The database's server stops, crashes or loses one session while a daemon loads. The daemon outlives it.

use std::time::Duration;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rand::{RngExt, rngs::StdRng};

use super::{DONE_AGAIN, datasets::Datasets, dice, kills};
use crate::support::{Daemon, TestHouse, eventually};

#[test]
fn a_server_that_is_stopped_during_loads_costs_only_time() {
    disturbed(|all, _dice| restart(all, Signal::SIGINT));
}

#[test]
fn a_server_that_crashes_during_loads_costs_only_time() {
    disturbed(|all, _dice| restart(all, Signal::SIGQUIT));
}

#[test]
fn a_session_killed_during_loads_takes_the_others_with_it_and_costs_only_time() {
    disturbed(kill_a_session);
}

/// Every way of loading, disturbed again and again at a random moment; one daemon brings all of it to its end.
fn disturbed(disturb: impl Fn(&Datasets, &mut StdRng)) {
    let mut dice = dice();
    let mut all = Datasets::published(TestHouse::with_own_server());
    for _time in 0..kills() / 8 {
        all.prepare();
        let mut daemon: Daemon = all.house.serve();
        let runs = all.ask();
        all.house.wait_at_most(&runs, "succeeded", Duration::from_millis(dice.random_range(0..1500)));
        disturb(&all, &mut dice);
        all.wait_until_loaded(&runs);
        assert!(daemon.ended().is_none(), "a daemon outlives its server");
    }
}

fn restart(all: &Datasets, how: Signal) {
    all.house.server().stop(how);
    all.house.server().resume();
}

/// A session that is killed may have torn what all share, so the server throws out everyone and recovers.
fn kill_a_session(all: &Datasets, dice: &mut StdRng) {
    let ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'bluebook' AND datname = current_database()";
    let sessions = all.house.db().column(ours);
    if sessions.is_empty() {
        return;
    }
    let born = |all: &Datasets| all.house.db().try_text("SELECT min(backend_start) FROM pg_stat_activity");
    let before = born(all);
    let victim = &sessions[dice.random_range(0..sessions.len())];
    if kill(Pid::from_raw(victim.parse().expect("a number")), Signal::SIGKILL).is_err() {
        return; // It has ended by itself.
    }
    eventually(DONE_AGAIN, "the server has recovered", || born(all).filter(|now| before.as_ref() != Some(now)));
}
