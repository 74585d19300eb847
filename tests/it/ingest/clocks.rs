//! A clock that is set, a day forward or back, in the middle of a transfer.

use std::{fs, path::PathBuf, time::Duration};

use super::{PATH, Scene};
use crate::support::{Answer, Gate, eventually, one_in_five, things_csv, things_rows};

/// libfaketime, where Debian has it or where `FAKETIME_LIB` says.
fn library() -> PathBuf {
    let named = std::env::var_os("FAKETIME_LIB").map(PathBuf::from);
    let usual = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let usual = usual.map(|entry| entry.path().join("faketime/libfaketime.so.1"));
    let found = named.into_iter().chain(usual).find(|path| path.exists());
    found.expect("libfaketime: packaging/install-tools.sh test installs it, FAKETIME_LIB names another place")
}

#[test]
fn a_day_that_the_clock_jumps_is_no_day_that_a_publisher_was_slow() {
    let (library, scene) = (library(), Scene::new());
    let clock = scene.house.dir().join("clock");
    let jumps = one_in_five((0..20).map(|n| if n % 2 == 0 { "+1d" } else { "-1d" }));
    for (edition, jump) in (1..).zip(jumps) {
        let (csv, gate) = (things_csv(1..200, edition), Gate::shut());
        fs::write(&clock, "+0").unwrap();
        scene.publisher.serve(PATH, Answer::ok(&csv).wait_at(csv.len() as u64 / 2, &gate));
        let program = scene.house.program(["ingest", "things"]).env("LD_PRELOAD", &library);
        let program = program.env("FAKETIME_TIMESTAMP_FILE", &clock).env("FAKETIME_NO_CACHE", "1");
        let mut run = program.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").spawn(scene.house.server());
        eventually(Duration::from_secs(30), "half of the file has come", || (gate.reached() == 1).then_some(()));
        fs::write(&clock, jump).unwrap();
        gate.open();
        assert!(run.wait(Duration::from_secs(30)).success(), "{jump}: {}", run.stderr());
        let hours = if jump == "+1d" { 24 } else { -24 };
        let day = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours)).strftime("%Y-%m-%dT").to_string();
        assert!(run.stderr().contains(&day), "{jump}: its log must tell {day}, or nothing was tried: {}", run.stderr());
        crate::support::assert_same_rows(&scene.rows(), &things_rows(1..200, edition));
    }
    let db = scene.house.db();
    let wrong =
        "SELECT count(*) FROM bluebook.fetches WHERE fetched_at NOT BETWEEN now() - interval '1 hour' AND now()";
    assert_eq!(db.number(wrong), 0, "what is stored is the database's time");
    assert_eq!(db.number("SELECT count(*) FROM bluebook.runs WHERE attempt > 1 OR state <> 'succeeded'"), 0);
    scene.house.assert_invariants();
}
