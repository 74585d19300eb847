//! `bluebook dataset verify`: a table against what its releases say.

use serde_json::Value;

use super::{
    Scene, definition,
    history::{Dice, with_history},
    json, things,
};

fn verify(scene: &Scene, code: i32) -> Value {
    scene.house.run(["dataset", "verify", "things", "--json"]).expect_code(code).json()
}

/// What is counted, in one line.
fn counts(answer: &Value) -> String {
    let count = |name: &str| answer[name].as_u64().unwrap();
    format!("{} changed, {} missing, {} added", count("changed"), count("missing"), count("added"))
}

/// Everything that a look must leave as it is.
fn state(scene: &Scene) -> Vec<String> {
    let tables = ["runs", "releases", "rejects", "release_artifacts", "artifacts", "conditions"];
    let all =
        tables.map(|table| scene.house.db().column(&format!("SELECT t::text FROM bluebook.{table} t ORDER BY 1")));
    [all.concat(), scene.rows(), scene.house.db().column("SELECT tablename FROM pg_tables WHERE schemaname = 'stage'")]
        .concat()
}

#[test]
fn rows_changed_removed_or_added_by_hand_are_counted_and_shown_and_left_alone() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    assert_eq!(counts(&verify(&scene, 0)), "0 changed, 0 missing, 0 added");
    scene.house.db().batch(
        "UPDATE data.things SET name = 'by hand', price = 7 WHERE id = 2; DELETE FROM data.things WHERE id = 3;
         INSERT INTO data.things VALUES (99, 'stranger', NULL, NULL, 1, 0, 1)",
    );
    let before = state(&scene);
    let answer = verify(&scene, 1);
    assert_eq!((counts(&answer), &answer["rows"]), ("1 changed, 1 missing, 1 added".into(), &4.into()));
    let cells = &answer["samples"]["changed"][0];
    assert_eq!(
        (&cells["key"], &cells["cells"][0]["old"], &cells["cells"][0]["new"]),
        (&"2".into(), &"by hand".into(), &"two".into())
    );
    assert_eq!(answer["columns"][0]["rows"], 1);
    let told = scene.house.run(["dataset", "verify", "things"]).expect_code(1);
    for line in [
        "1 changed, 1 missing, 1 that nobody published",
        "changed 2: name is \"by hand\", published \"two\"; price is \"7.00\", published nothing",
        "missing: id \"3\", name \"three\"",
        "nobody published: id \"99\", name \"stranger\"",
    ] {
        assert!(told.stdout().contains(line), "{line} is not in\n{}", told.stdout());
    }
    assert_eq!(state(&scene), before, "a look changes nothing");
    scene.house.run(["dataset", "verify", "things", "--repair"]).expect_code(0);
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅", "3|three|∅|∅", "4|four|∅|∅"]);
    verify(&scene, 0);
    scene.house.assert_invariants();
}

/// Random releases, with rejects, contradictions and copies; after each the table is what they say. Then somebody
/// changes it, which is found and put right.
#[track_caller]
fn random_releases(mode: &str, key: &str, rounds: usize, seed: u64) {
    let scene = Scene::defined(|toml| {
        with_history(&toml).replace("\"replace\"", &format!("\"{mode}\"")).replace("[\"id\"]", key)
    });
    let mut dice = Dice(seed);
    for round in 0..rounds {
        scene.serves(dice.release()).ingest(0);
        let told = scene.house.run(["dataset", "verify", "things"]);
        assert_eq!(told.code(), 0, "mode {mode}, key {key}, seed {seed}, round {round}: {}", told.stdout());
    }
    let before = scene.rows();
    scene.house.db().batch(
        "UPDATE data.things SET name = 'by hand' WHERE id = (SELECT min(id) FROM data.things);
         DELETE FROM data.things WHERE id = (SELECT max(id) FROM data.things);
         INSERT INTO data.things SELECT 99, 'stranger', NULL, NULL, _release, 0, 1 FROM data.things LIMIT 1",
    );
    verify(&scene, 1);
    scene.house.run(["dataset", "verify", "things", "--repair"]).expect_code(0);
    assert_eq!(scene.rows(), before, "mode {mode}, key {key}, seed {seed}");
    verify(&scene, 0);
    scene.serves(dice.release()).ingest(0);
    verify(&scene, 0);
    scene.house.assert_invariants();
}

#[test]
fn whatever_was_published_is_what_the_table_is_held_against() {
    for (rounds, seed) in [(3, 3), (1, 5)] {
        random_releases("replace", "[\"id\"]", rounds, seed);
        random_releases("upsert", "[\"id\"]", rounds, seed);
        random_releases("append", "[\"id\"]", rounds, seed);
        random_releases("replace", "[]", rounds, seed);
    }
}

#[test]
fn each_release_is_read_as_it_was_when_it_was_published() {
    let defined = |mended: bool| {
        let toml = with_history(&definition()).replace("\"replace\"", "\"upsert\"");
        if mended { toml.replace("required = true\n", "nulls = [\"-\"]\n") } else { toml }
    };
    let scene = Scene::defined(|_| defined(false));
    scene.serves(things(&["1,-", "2,two"])).ingest(0);
    scene.house.dataset("things", &defined(true));
    let told = scene.house.run(["dataset", "verify", "things"]).expect_code(0);
    assert!(told.stderr().contains("another definition than today's"), "{}", told.stderr());
    scene.serves(things(&["3,-"])).ingest(0);
    verify(&scene, 0);
    assert_eq!(scene.rows()[0], "1|-|∅|∅", "no release after the first has it");
    json(scene.house.run(["replay", "things", "--all", "--json"]), 0);
    assert_eq!(scene.rows()[0], "1|∅|∅|∅");
    scene.serves(things(&["2,zwei"])).ingest(0);
    verify(&scene, 0);
}

#[test]
fn without_a_release_there_is_nothing_to_hold_a_table_against() {
    let scene = Scene::new();
    let refused = scene.house.run(["dataset", "verify", "things"]).expect_code(1).stderr();
    assert!(refused.contains("things has no published release: run `bluebook ingest things`"), "{refused}");
}
