//! Releases that are compared with the fingerprint of the one before, and what happens when there is none.

use std::{fs, time::Duration};

use super::{Scene, things};
use crate::support::{assert_same_rows, eventually, things_csv, things_rows};

/// What hashes are keyed by: the same as long as one fingerprint follows from the one before.
fn seed(scene: &Scene) -> String {
    scene.house.db().text("SELECT seed FROM bluebook.fingerprints")
}

fn notes(scene: &Scene) -> Vec<String> {
    scene.house.db().column("SELECT message FROM bluebook.run_events WHERE kind = 'note' ORDER BY id")
}

fn files(scene: &Scene) -> Vec<std::path::PathBuf> {
    let folder = fs::read_dir(scene.house.state().join("fingerprints")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

fn published() -> Scene {
    let scene = Scene::new();
    scene.serves(things_csv(1..3000, 1)).ingest(0);
    scene
}

#[test]
fn a_release_is_compared_with_the_one_before_while_it_is_read() {
    let scene = published();
    let (first, made) = (seed(&scene), files(&scene));
    let answer = scene.serves(things_csv(20..3010, 2)).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 2990, inserted 10, changed 426, removed 19, unchanged 2554");
    assert_same_rows(&scene.rows(), &things_rows(20..3010, 2));
    assert_eq!((seed(&scene), notes(&scene)), (first, vec![]));
    assert_eq!(files(&scene).len(), 1, "the old one goes with its release");
    assert_ne!(files(&scene), made);
    scene.house.assert_invariants();
}

#[test]
fn without_its_file_the_whole_table_is_compared_and_a_new_one_made() {
    let scene = published();
    fs::remove_dir_all(scene.house.state().join("fingerprints")).unwrap();
    let first = seed(&scene);
    let answer = scene.serves(things_csv(20..3010, 2)).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 2990, inserted 10, changed 426, removed 19, unchanged 2554");
    assert_ne!(seed(&scene), first);
    scene.serves(things_csv(1..3000, 3)).ingest(0);
    assert_same_rows(&scene.rows(), &things_rows(1..3000, 3));
    assert_eq!(files(&scene).len(), 1);
}

#[test]
fn a_damaged_one_is_noticed() {
    let scene = published();
    let file = files(&scene).remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    scene.serves(things_csv(20..3010, 2)).ingest(0);
    assert_same_rows(&scene.rows(), &things_rows(20..3010, 2));
    assert_eq!(notes(&scene), ["the fingerprint is damaged; the whole table is compared"]);
    scene.house.assert_invariants();
}

#[test]
fn a_row_that_was_changed_by_hand_and_then_by_the_publisher_is_noticed() {
    let scene = published();
    scene.house.db().batch("DELETE FROM data.things WHERE id = 700; UPDATE data.things SET name = 'mine' WHERE id = 8");
    let answer = scene.serves(things_csv(1..3000, 2)).ingest(0);
    assert_eq!(notes(&scene), ["the table is not what its fingerprint says; the whole table is compared"]);
    assert_eq!(Scene::counts(&answer), "rows 2999, inserted 1, changed 428, unchanged 2570");
    assert_same_rows(&scene.rows(), &things_rows(1..3000, 2));
    scene.house.assert_invariants();
}

#[test]
fn a_replay_compares_the_whole_table() {
    let scene = published();
    let first = seed(&scene);
    scene.house.db().batch("UPDATE data.things SET name = 'mine' WHERE id = 8");
    assert_eq!(Scene::counts(&scene.replay(0)), "rows 2999, changed 1, unchanged 2998");
    assert_ne!(seed(&scene), first);
}

#[test]
fn a_held_release_leaves_the_fingerprint_alone() {
    let scene = published();
    let (made, first) = (files(&scene), seed(&scene));
    scene.serves(things(&["1,one"])).ingest(3);
    assert_eq!((files(&scene), seed(&scene)), (made, first));
    scene.serves(things_csv(1..3000, 2)).ingest(0);
    assert_same_rows(&scene.rows(), &things_rows(1..3000, 2));
    scene.house.assert_invariants();
}

#[test]
fn another_definition_voids_it() {
    let scene = published();
    let first = seed(&scene);
    scene.redefine(|toml| toml.replace("decimal(12,2)", "decimal(13,3)"));
    let answer = scene.ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 2999, unchanged 2999", "3.00 is 3.000");
    assert_ne!(seed(&scene), first);
}

#[test]
fn a_fingerprint_of_nobody_goes_with_upkeep_once_it_is_old() {
    let scene = published();
    let folder = scene.house.state().join("fingerprints");
    let yesterday = std::time::SystemTime::now() - Duration::from_hours(25);
    for name in ["orphan", "young"] {
        fs::write(folder.join(name), "").unwrap();
    }
    for old in files(&scene).iter().filter(|file| !file.ends_with("young")) {
        fs::File::options().append(true).open(old).unwrap().set_modified(yesterday).unwrap();
    }
    scene.house.run(["run", "start", "upkeep"]).expect_code(0);
    let _daemon = scene.house.serve();
    let swept = "SELECT count(*) FROM bluebook.runs WHERE job = 'upkeep' AND state = 'succeeded'";
    eventually(Duration::from_secs(20), "upkeep has swept", || (scene.house.db().number(swept) == 1).then_some(()));
    assert_eq!((folder.join("orphan").exists(), files(&scene).len()), (false, 2));
}
