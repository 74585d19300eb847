//! Validators that lie: the bytes decide what is new, and each week they are asked for whatever the validators say.

use super::{PATH, Scene, definition, things};
use crate::support::{Answer, one_in_five};

const DAY: &str = "Sun, 22 Nov 2026 10:00:00 GMT";
const DAY_BEFORE: &str = "Sat, 21 Nov 2026 10:00:00 GMT";

/// What the publisher answers first and then, and what becomes of the second answer.
fn lies() -> [(&'static str, Answer, Answer, &'static str); 10] {
    let (old, new) = (things(&["1,one"]), things(&["1,uno"]));
    let (old, new) = (|| Answer::ok(&old), || Answer::ok(&new));
    [
        ("the same tag, another body", old().etag("\"1\""), new().etag("\"1\"").whatever_is_known(), "published"),
        ("the same tag for ever", old().etag("\"1\""), new().etag("\"1\""), "stale"),
        ("another tag, the same body", old().etag("\"1\""), old().etag("\"2\""), "unchanged"),
        ("not modified, unasked", old(), Answer::status(304), "failed"),
        ("not modified, for ever", old().etag("\"1\""), Answer::status(304), "stale"),
        ("the date steps back", old().last_modified(DAY), new().last_modified(DAY_BEFORE), "published"),
        ("the date stands still", old().last_modified(DAY), new().last_modified(DAY), "stale"),
        ("a weak tag", old().etag("W/\"1\""), new().etag("W/\"1\""), "stale"),
        ("a tag without quotes", old().etag("1"), new().etag("1"), "stale"),
        ("an empty tag", old().etag(""), new().etag(""), "published"),
    ]
}

#[test]
fn however_validators_lie_the_table_is_a_week_behind_at_most() {
    let scene = Scene::new();
    let db = scene.house.db();
    for (n, (lie, first, then, outcome)) in one_in_five(lies()).enumerate() {
        let (name, path) = (format!("lie_{n}"), format!("/{n}.csv"));
        scene.house.dataset(&name, &definition().replace("/things.csv", &path));
        scene.publisher.serve_in_turn(&path, [first, then]);
        let told = |code| super::json(scene.house.run(["ingest", &name, "--json"]), code)["outcome"].clone();
        let name_now = || db.text(&format!("SELECT name FROM data.{name}"));
        assert_eq!(told(0), "published", "{lie}");
        match outcome {
            "failed" => {
                scene.house.run(["ingest", &name]).expect_code(1);
            }
            "stale" => assert_eq!((told(0), name_now()), ("unchanged".into(), "one".into()), "{lie}"),
            other => assert_eq!(told(0), other, "{lie}"),
        }
        // Eight days later: one who sends the file now is believed, and one who does not is a failure.
        db.batch("UPDATE bluebook.fetches SET fetched_at = fetched_at - interval '8 days'");
        let fresh = scene.house.run(["ingest", &name, "--json"]);
        let asked = scene.publisher.log();
        let last = asked.iter().rfind(|asked| asked.path == path).unwrap();
        if !matches!(lie, "not modified, unasked" | "not modified, for ever") {
            assert_eq!(fresh.code(), 0, "{lie}: {}", fresh.stderr());
        }
        let asked_for_changes = last.header("If-None-Match").or(last.header("If-Modified-Since"));
        assert_eq!(asked_for_changes, None, "{lie}: the whole file is asked for");
        if outcome == "stale" && lie != "not modified, for ever" {
            assert_eq!(name_now(), "uno", "{lie}");
        }
    }
    scene.house.assert_invariants();
}

#[test]
fn who_says_for_ever_that_nothing_has_changed_is_found_out_after_a_week() {
    let scene = Scene::new();
    scene.publisher.serve_in_turn(PATH, [Answer::ok(things(&["1,one"])).etag("\"1\""), Answer::status(304)]);
    scene.ingest(0);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    // What came under a clock that was wrong is not trusted until that day has come.
    for moved in ["- interval '8 days'", "+ interval '16 days'"] {
        scene.house.db().batch(&format!("UPDATE bluebook.fetches SET fetched_at = fetched_at {moved}"));
        let failed = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
        assert!(failed.contains("answered 304 Not Modified"), "{failed}");
        scene.house.db().batch("UPDATE bluebook.runs SET state = 'cancelled', reason = 'by the test', finished_at = now() WHERE state = 'queued'");
    }
    scene.house.assert_invariants();
}
