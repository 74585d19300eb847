//! SQL of one's own that would do more than read: in a dataset's checks it finds a wall, whatever it tries.

use super::{Scene, definition, things};
use crate::support::{Publisher, TestHouse};

/// A statement's end, and another beginning that fits what the program puts around the text.
const SEVERAL: [&str; 2] = ["SELECT 1 AS x) AS q) AS few; ", "; SELECT 1 FROM (SELECT 1 FROM (SELECT 1"];

/// What is tried, and what PostgreSQL says to it.
const TRIED: [(&str, &str); 11] = [
    ("DELETE FROM data.things RETURNING id", "syntax error"),
    ("WITH gone AS (DELETE FROM data.things RETURNING id) SELECT id FROM gone", "must be at the top level"),
    ("COPY data.things TO PROGRAM 'true'", "syntax error"),
    ("SET transaction_read_only = off", "syntax error"),
    ("RESET ROLE", "syntax error"),
    ("SELECT data.spoil() AS x", "cannot execute DELETE in a read-only transaction"),
    (
        "SELECT set_config('transaction_read_only', 'off', true) AS x, data.spoil() AS y",
        "cannot set transaction read-write mode inside a read-only transaction",
    ),
    (
        "SELECT set_config('role', 'none', true) AS x, data.spoil() AS y",
        "cannot execute DELETE in a read-only transaction",
    ),
    ("SELECT nextval('data.numbers') AS x", "could not be asked"),
    ("SELECT lo_export(1, '/dev/null') AS x", "permission denied for function lo_export"),
    ("SELECT pg_read_file('/etc/hostname') AS x", "permission denied for function pg_read_file"),
];

/// Tried where the program can step down to a role that may only read.
const SIGNAL: (&str, &str) = ("SELECT pg_terminate_backend(pg_backend_pid()) AS x", "must be a member of the role");

#[test]
fn a_check_may_only_read() {
    nothing_is_written(&Scene::new(), &[&TRIED[..], &[SIGNAL]].concat());
}

#[test]
fn a_check_may_only_read_also_where_the_program_cannot_step_down() {
    let (mut house, publisher) = (TestHouse::with_own_server(), Publisher::start());
    house.server().admin("postgres").batch("REVOKE pg_read_all_data FROM bluebook");
    house.dataset("things", &definition());
    house.rewrite("publisher.test", &publisher);
    nothing_is_written(&Scene { house, publisher }, &TRIED);
}

#[track_caller]
fn nothing_is_written(scene: &Scene, tried: &[(&str, &str)]) {
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    scene.house.db().batch(
        "CREATE FUNCTION data.spoil() RETURNS int LANGUAGE sql AS 'DELETE FROM data.things; SELECT 1'; \
         CREATE SEQUENCE data.numbers",
    );
    let write = |name: &str, sql: &str| scene.house.write(&format!("parsers/datasets/things/{name}.sql"), sql);
    for (nth, (sql, _)) in tried.iter().enumerate() {
        write(&format!("tried_{nth:02}"), sql);
    }
    for (nth, between) in
        ["DELETE FROM data.things", "COMMIT; DELETE FROM data.things", "RESET ROLE"].iter().enumerate()
    {
        write(&format!("several_{nth}"), &SEVERAL.join(between));
    }
    let held = scene.serves(things(&["1,one", "3,three"])).ingest(3);
    let said = |check: &str| -> String {
        let all = held["findings"].as_array().unwrap();
        all.iter().filter(|found| found["check"] == check).map(|found| found["message"].as_str().unwrap()).collect()
    };
    for (nth, (sql, expected)) in tried.iter().enumerate() {
        let said = said(&format!("tried_{nth:02}"));
        assert!(said.contains("could not be asked") && said.contains(expected), "{sql}\n{said}");
    }
    for nth in 0..3 {
        let said = said(&format!("several_{nth}"));
        assert!(said.contains("cannot insert multiple commands into a prepared statement"), "{said}");
    }
    assert_eq!(scene.rows().len(), 2, "nothing is written");
    // `bluebook check` only has them prepared, and lets them do no more.
    let checked = scene.house.run(["check"]).expect_code(1).stdout();
    assert!(checked.contains("cannot insert multiple commands"), "{checked}");
    assert_eq!(scene.rows().len(), 2);
    scene.house.assert_invariants();
}

#[test]
fn what_one_check_sets_does_not_hold_for_the_next() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let set = "SELECT set_config('statement_timeout', '0', false) AS a, set_config('role', 'none', false) AS b, \
               pg_advisory_lock(77) IS NULL AS c";
    let asked = "SELECT current_setting('statement_timeout') AS t, current_setting('transaction_read_only') AS r, \
                 current_user AS u";
    scene.house.write("parsers/datasets/things/a.sql", set);
    scene.house.write("parsers/datasets/things/b.sql", asked);
    let held = scene.serves(things(&["2,two"])).ingest(3);
    let message = held["findings"].as_array().unwrap().last().unwrap()["message"].as_str().unwrap();
    assert!(message.ends_with(r#": {"r":"on","t":"5min","u":"pg_read_all_data"}"#), "{message}");
}
