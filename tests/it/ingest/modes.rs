//! What a release does to the rows that it mentions, and to those that it does not.

use super::{Scene, things};

fn mode(name: &str) -> Scene {
    Scene::defined(|toml| toml.replace("mode = \"replace\"", &format!("mode = \"{name}\"")))
}

#[test]
fn replace_inserts_changes_and_removes() {
    let scene = Scene::defined(|toml| toml.replace("min_rows = 1", "min_rows = 1\nmax_shrink = 0.5"));
    let first = scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    assert_eq!((first["outcome"].as_str(), Scene::counts(&first)), (Some("published"), "rows 3, inserted 3".into()));
    let second = scene.serves(things(&["2,zwei", "3,three", "4,four"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 3, inserted 1, changed 1, removed 1, unchanged 1");
    assert_eq!(scene.rows(), ["2|zwei|∅|∅", "3|three|∅|∅", "4|four|∅|∅"]);
    let origin =
        scene.house.db().column("SELECT concat_ws(' ', id, _release, _part, _record) FROM data.things ORDER BY id");
    let (one, two) = (&first["release"], &second["release"]);
    assert_eq!(origin, [format!("2 {two} 0 1"), format!("3 {one} 0 3"), format!("4 {two} 0 3")]);
    scene.house.assert_invariants();
}

#[test]
fn upsert_never_removes() {
    let scene = mode("upsert");
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let second = scene.serves(things(&["2,zwei", "3,three"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 2, inserted 1, changed 1");
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|zwei|∅|∅", "3|three|∅|∅"]);
    scene.house.assert_invariants();
}

#[test]
fn append_keeps_what_is_there_and_rejects_what_contradicts_it() {
    let scene = mode("append");
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let second = scene.serves(things(&["1,one", "2,zwei", "3,three"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 3, inserted 1, unchanged 1, rejected 1, kept 1");
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅", "3|three|∅|∅"]);
    let reasons = scene.house.db().column("SELECT reason FROM bluebook.rejects");
    assert!(reasons[0].starts_with("the table has this key with other values"), "{reasons:?}");
    scene.house.assert_invariants();
}

/// What the fingerprint says of a row that never changes is what PostgreSQL finds, or nothing.
#[test]
fn append_goes_on_after_rows_were_edited_by_hand() {
    for edit in ["UPDATE data.things SET name = 'uno' WHERE id = 1", "DELETE FROM data.things WHERE id = 1"] {
        let scene = mode("append");
        scene.serves(things(&["1,one", "2,two"])).ingest(0);
        scene.house.db().batch(edit);
        let second = scene.serves(things(&["1,uno", "2,two"])).ingest(0);
        assert_eq!(second["rejected"], 0, "{edit}");
        let third = scene.serves(things(&["1,eins", "2,two"])).ingest(0);
        assert_eq!(Scene::counts(&third), "rows 2, unchanged 1, rejected 1, kept 1", "{edit}");
        let back = scene.serves(things(&["1,uno", "2,two", "3,three"])).ingest(0);
        assert_eq!(Scene::counts(&back), "rows 3, inserted 1, unchanged 2", "{edit}");
        assert_eq!(scene.rows(), ["1|uno|∅|∅", "2|two|∅|∅", "3|three|∅|∅"], "{edit}");
        scene.house.assert_invariants();
    }
}

#[test]
fn rows_without_a_key_are_a_multiset() {
    let scene = Scene::defined(|toml| toml.replace("key = [\"id\"]", "key = []") + "max_shrink = 0.4\n");
    let first = scene.serves(things(&["1,one", "1,one", "2,two", "3,three", ",none"])).ingest(0);
    assert_eq!(Scene::counts(&first), "rows 5, inserted 5");
    let second = scene.serves(things(&["1,one", "2,two", "2,two", "2,two", ",none"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 5, inserted 2, removed 2, unchanged 3");
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅", "2|two|∅|∅", "2|two|∅|∅", "∅|none|∅|∅"]);
    let same_rows = scene.serves(things(&["2,two", "1,one", "2,two", ",none", "2,two"])).ingest(0);
    assert_eq!(
        (same_rows["outcome"].as_str(), Scene::counts(&same_rows)),
        (Some("unchanged"), "rows 5, unchanged 5".into())
    );
}
