//! `bluebook verify`: what must always hold, through the front door.

use crate::support::{Answer, Publisher, TestHouse, things_csv, things_toml};

fn loaded() -> TestHouse {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::ok(things_csv(0..100, 1)));
    house.run(["ingest", "things"]).expect_code(0);
    house
}

#[test]
fn a_sound_house_passes() {
    let house = loaded();
    for args in [&["verify"][..], &["verify", "--deep"]] {
        let told = house.run(args).expect_code(0).stdout();
        assert!(told.contains("every record of a published release is accounted for"), "{told}");
        assert!(!told.contains("BAD"), "{told}");
    }
    assert_eq!(house.run(["verify", "--json"]).expect_code(0).stdout(), "");
}

#[test]
fn a_run_that_only_waited_is_in_the_way_of_no_other() {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::status(503));
    house.run(["ingest", "things"]).expect_code(1);
    house.db().batch("UPDATE bluebook.hosts SET free_at = now()");
    publisher.serve("/things.csv", Answer::ok(things_csv(0..100, 1)));
    house.run(["ingest", "things"]).expect_code(0);
    house.run(["run", "cancel", "1"]).expect_code(0);
    assert_eq!(house.run(["verify", "--json"]).expect_code(0).stdout(), "");
}

/// A house with all these harms, each with the invariant that it breaks and what must be said of it.
fn names(harms: &[(&str, &str, &str)]) {
    let house = loaded();
    for (harm, ..) in harms {
        house.db().batch(harm);
    }
    let said = house.run(["verify", "--json"]).expect_code(1).stdout();
    let found: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (harm, invariant, told) in harms {
        let is_it = |broken: &serde_json::Value| {
            broken["invariant"] == *invariant && broken["what"].as_str().unwrap().contains(told)
        };
        assert!(found.iter().any(is_it), "{harm}\n{said}");
    }
}

#[test]
fn whatever_is_broken_is_named() {
    names(&[
        ("UPDATE bluebook.releases SET counts = jsonb_set(counts, '{rows}', '7')", "counts", "release 1 of things"),
        (
            "UPDATE data.things SET _release = 99 WHERE id < 5",
            "rows",
            "5 rows of release 99, which is no release of it",
        ),
    ]);
    names(&[(
        "UPDATE bluebook.releases SET state = 'superseded', published_at = NULL",
        "rows",
        "100 rows of release 1, which is superseded and was never published",
    )]);
    names(&[("DELETE FROM data.things WHERE id < 5", "rows", "data.things has 95 rows, and its release 1 counts 100")]);
    names(&[
        (
            "UPDATE bluebook.releases SET counts = counts || '{\"rejected\": 1, \"rows\": 101}'",
            "rejects",
            "counts 1 rejects",
        ),
        ("UPDATE bluebook.datasets SET published_release = NULL", "published", "points elsewhere"),
        ("ALTER TABLE data.things DROP CONSTRAINT things_pkey", "keys", "data.things has no valid key"),
        ("CREATE TABLE stage.things_7_1 (id bigint)", "stages", "stage.things_7_1"),
        (
            "INSERT INTO bluebook.schedules (name, job, cron, time_zone, catch_up, overlap, planned_until, updated_at) \
             VALUES ('hourly', 'upkeep', '0 * * * *', 'UTC', 'none', 'skip', '2026-11-22 03:30Z', '2026-11-22 02:30Z')",
            "slots",
            "schedule hourly was due at 2026-11-22 03:00:00+00",
        ),
        (
            "INSERT INTO bluebook.audit (who, action) VALUES ('one', 'a'), ('two', 'b'); \
             ALTER TABLE bluebook.audit DISABLE TRIGGER audit_append_only; \
             UPDATE bluebook.audit SET who = 'three' WHERE who = 'one'",
            "audit",
            "line 1 is not what it was",
        ),
        (
            "INSERT INTO bluebook.artifacts (sha256, bytes, name) VALUES (repeat('ab', 32), 7, 'lost.csv')",
            "artifacts",
            "lost.csv: artifact abab",
        ),
    ]);
}

/// A table that keeps its past: two releases, and something by hand.
fn after(by_hand: &str) -> (TestHouse, Vec<serde_json::Value>) {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    let keeps_its_past = format!("history = true\n{}", things_toml("http://publisher.test/things.csv"));
    house.dataset("things", &keeps_its_past);
    house.rewrite("publisher.test", &publisher);
    for round in 1..3 {
        publisher.serve("/things.csv", Answer::ok(things_csv(0..100, round)));
        house.run(["ingest", "things"]).expect_code(0);
    }
    house.db().batch(by_hand);
    let ran = house.run(["verify", "--json"]);
    let found: Vec<serde_json::Value> = ran.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ran = ran.expect_code(i32::from(!found.is_empty()));
    assert!(!ran.stderr().contains("bluebook:"), "{}", ran.stderr());
    (house, found)
}

#[test]
fn a_history_that_says_something_else_than_its_table_is_named() {
    for (by_hand, told) in [
        (
            "UPDATE data.things SET name = 'mine' WHERE id < 3",
            Some("open versions without a row: 3, rows without an open version: 3"),
        ),
        (
            "DELETE FROM data.things_history WHERE _to IS NULL AND id < 2",
            Some("open versions without a row: 0, rows without an open version: 2"),
        ),
        ("DELETE FROM data.things_history WHERE _to IS NOT NULL", None),
        ("DROP TABLE data.things CASCADE", None),
        ("DROP TABLE data.things_history CASCADE", None),
        ("UPDATE bluebook.datasets SET history_since = NULL; TRUNCATE data.things_history", None),
    ] {
        let (_house, found) = after(by_hand);
        let said = found.iter().find(|broken| broken["invariant"] == "history").and_then(|b| b["what"].as_str());
        match told {
            None => assert_eq!(said, None, "{by_hand}"),
            Some(told) => assert!(said.is_some_and(|said| said.contains(told)), "{by_hand}: {said:?}"),
        }
    }
}

#[test]
fn a_history_that_began_later_than_its_table_is_sound() {
    let house = loaded();
    let later = house.read("parsers/datasets/things.toml");
    house.dataset("things", &format!("history = true\n{later}"));
    house.run(["migrate"]).expect_code(0);
    assert_eq!(house.db().number("SELECT count(*) FROM data.things_history"), 100);
    assert_eq!(house.run(["verify", "--json"]).expect_code(0).stdout(), "");
    // As others do it who know nothing of it.
    house.db().batch(
        "DELETE FROM data.things WHERE id = 7; INSERT INTO data.things SELECT 700, name, price, since, \
                      _release, _part, _record FROM data.things WHERE id = 8",
    );
    let said = house.run(["verify"]).expect_code(1).stdout();
    assert!(said.contains("open versions without a row: 1, rows without an open version: 1"), "{said}");
}

#[test]
fn a_key_that_stands_twice_is_counted_and_not_looked_up() {
    let house = loaded();
    // Unique, but not on the key: as good as an index that has lost an entry.
    house.db().batch(
        "ALTER TABLE data.things DROP CONSTRAINT things_pkey; \
         INSERT INTO data.things SELECT id, name, price, since, _release, _part, _record + 1000 FROM data.things \
         WHERE id = 5; DELETE FROM data.things WHERE id = 7; CREATE UNIQUE INDEX ON data.things (id, _record)",
    );
    house.run(["verify"]).expect_code(0);
    let said = house.run(["verify", "--deep"]).expect_code(1).stdout();
    assert!(said.contains("data.things has the key (5) 2 times"), "{said}");
}

#[test]
fn damaged_bytes_are_found_by_hashing_and_are_not_read_again() {
    let house = loaded();
    let sha256 = house.db().text("SELECT sha256 FROM bluebook.artifacts WHERE name LIKE '%.csv'");
    let place = "SELECT format('%s/%s/%s', substr(sha256, 1, 2), substr(sha256, 3, 2), sha256) FROM bluebook.artifacts \
                 WHERE name LIKE '%.csv'";
    let path = house.state().join("archive").join(house.db().text(place));
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() = b' ';
    std::fs::write(&path, bytes).unwrap();
    house.run(["verify"]).expect_code(0);
    let said = house.run(["verify", "--deep"]).expect_code(1).stdout();
    assert!(said.contains(&format!("artifact {sha256} is damaged")), "{said}");
    let refused = house.run(["replay", "things"]).expect_code(1).stderr();
    assert!(refused.contains(&format!("artifact {sha256} is damaged")), "{refused}");
    assert_eq!(house.db().number("SELECT count(*) FROM data.things"), 100);
}
