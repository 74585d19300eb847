//! A file whose bytes or rows did not change writes nothing.

use super::{PATH, Scene, things};
use crate::support::Answer;

/// Where each row lies and which transaction wrote it: the same again only if nothing was written.
fn written(scene: &Scene) -> Vec<String> {
    scene.house.db().column("SELECT concat_ws(' ', id, ctid, xmin, _release) FROM data.things ORDER BY id")
}

#[test]
fn the_same_bytes_write_nothing() {
    let scene = Scene::new();
    let first = scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let before = written(&scene);
    let checked = "SELECT checked_at::text FROM bluebook.datasets WHERE name = 'things'";
    let checked_before = scene.house.db().text(checked);
    let second = scene.ingest(0);
    assert_eq!((second["outcome"].as_str(), &second["release"]), (Some("unchanged"), &first["release"]));
    assert_eq!(written(&scene), before);
    assert!(scene.house.db().text(checked) > checked_before, "the publisher was asked, and that is worth knowing");
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.releases"), 1);
}

#[test]
fn other_bytes_with_the_same_rows_write_nothing_and_are_known_the_next_time() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let before = written(&scene);
    let second = scene.serves(things(&["2,two", "1,one"])).ingest(0);
    assert_eq!((second["outcome"].as_str(), Scene::counts(&second)), (Some("unchanged"), "rows 2, unchanged 2".into()));
    assert_eq!(written(&scene), before);
    let third = scene.ingest(0);
    assert_eq!((&third["release"], Scene::counts(&third)), (&second["release"], String::new()));
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.releases"), 2);
    scene.house.assert_invariants();
}

#[test]
fn a_publisher_who_says_not_modified_is_believed() {
    let scene = Scene::new();
    scene
        .publisher
        .serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\"").last_modified("Sun, 22 Nov 2026 10:00:00 GMT"));
    scene.ingest(0);
    let second = scene.ingest(0);
    assert_eq!(second["outcome"], "unchanged");
    let asked = scene.publisher.log();
    assert_eq!((asked[0].header("If-None-Match"), asked[0].header("If-Modified-Since")), (None, None));
    assert_eq!(asked[1].header("If-None-Match"), Some("\"v1\""));
    assert_eq!(asked[1].header("If-Modified-Since"), Some("Sun, 22 Nov 2026 10:00:00 GMT"));
    let statuses = scene
        .house
        .db()
        .column("SELECT concat_ws(' ', status, artifact IS NOT NULL) FROM bluebook.fetches ORDER BY id");
    assert_eq!(statuses, ["200 t", "304 t"]);
}

#[test]
fn after_a_week_the_whole_file_is_asked_for() {
    let scene = Scene::new();
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    scene.ingest(0);
    scene.house.db().batch("UPDATE bluebook.fetches SET fetched_at = now() - interval '8 days'");
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one", "2,two"])).etag("\"v1\""));
    assert_eq!(scene.ingest(0)["inserted"], 1, "the validator lied for a week, and no longer");
    assert_eq!(scene.publisher.log()[1].header("If-None-Match"), None);
}

#[test]
fn an_artifact_that_the_archive_lost_is_asked_for_again() {
    let scene = Scene::new();
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    scene.ingest(0);
    std::fs::remove_dir_all(scene.house.state().join("archive")).unwrap();
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    assert_eq!(scene.publisher.log()[1].header("If-None-Match"), None);
    scene.house.assert_invariants();
}

#[test]
fn a_mended_definition_goes_on_from_the_archive_after_a_304() {
    let scene = Scene::defined(|toml| toml.replace("min_rows = 1", "min_rows = 5"));
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    assert_eq!(scene.ingest(3)["outcome"], "held");
    assert_eq!(scene.ingest(3)["outcome"], "unchanged", "no second alarm");
    scene.redefine(|toml| toml);
    let mended = scene.ingest(0);
    assert_eq!((mended["outcome"].as_str(), Scene::counts(&mended)), (Some("published"), "rows 1, inserted 1".into()));
    assert_eq!(scene.house.db().column("SELECT status FROM bluebook.fetches ORDER BY id"), ["200", "304", "304"]);
    assert_eq!(scene.house.db().column("SELECT state FROM bluebook.releases ORDER BY id"), ["superseded", "published"]);
    scene.house.assert_invariants();
}

#[test]
fn bytes_that_come_back_after_others_are_loaded_again() {
    let scene = Scene::new();
    let (one, two) = (things(&["1,one"]), things(&["1,eins"]));
    for csv in [&one, &two, &one] {
        scene.serves(csv).ingest(0);
    }
    assert_eq!(scene.rows(), ["1|one|∅|∅"]);
}

#[test]
fn a_file_given_by_hand_is_archived_and_needs_no_publisher() {
    let scene = Scene::new();
    let file = scene.house.dir().join("by-hand.csv");
    std::fs::write(&file, things(&["1,one"])).unwrap();
    let ran = scene.house.program(
        ["ingest", "things", "--json", "--file"].map(std::ffi::OsStr::new).into_iter().chain([file.as_os_str()]),
    );
    assert_eq!(ran.run().expect_code(0).json()["inserted"], 1);
    assert_eq!(scene.publisher.log().len(), 0);
    assert_eq!(
        scene.house.db().column("SELECT name FROM bluebook.artifacts ORDER BY 1"),
        ["by-hand.csv", "things.toml"]
    );
    scene.house.assert_invariants();
}
