//! A file that a person gives is read while it is still being archived; the run takes that over, or reads it itself.

use std::{io::Write as _, path::PathBuf, time::Duration};

use nix::{
    sys::{signal::Signal, stat::Mode},
    unistd::mkfifo,
};

use super::{Scene, comes_to};
use crate::support::{Running, assert_same_rows, eventually, things_csv, things_rows};

/// What the program says if the run takes the reading over.
const TAKEN_OVER: &str = "what was read ahead of the run is taken over";

/// A release is published, and another is out.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.serves(things_csv(1..500, 1)).ingest(0);
    scene.serves(things_csv(1..500, 2));
    scene
}

fn file(scene: &Scene, csv: impl AsRef<[u8]>) -> PathBuf {
    let path = scene.house.dir().join("given.csv");
    std::fs::write(&path, csv).unwrap();
    path
}

/// A command that is given the file, and tells what it does.
fn gives(scene: &Scene, path: &std::path::Path) -> Running {
    let args = ["ingest", "things", "--json", "--file", path.to_str().unwrap()];
    scene.house.program(args).env("BLUEBOOK_LOG", "bluebook=debug").spawn(scene.house.server())
}

#[track_caller]
fn comes_to_its_end(scene: &Scene, run: &mut Running, counts: &str) {
    assert!(run.wait(Duration::from_secs(30)).success(), "{}", run.stderr());
    let told: serde_json::Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(Scene::counts(&told), counts, "{}", run.stderr());
    scene.house.assert_invariants();
}

/// A run that another one has to wait for.
fn standing(scene: &Scene) -> Running {
    let program = scene.house.program(["ingest", "things", "--json"]).env("BLUEBOOK_PAUSE_AT", "merge");
    let run = program.spawn(scene.house.server());
    comes_to(scene, "merge");
    run
}

fn waits(run: &Running) {
    eventually(Duration::from_secs(20), "it waits", || run.stderr().contains("waits for").then_some(()));
}

#[test]
fn a_first_release_and_the_next_are_read_ahead() {
    let scene = Scene::new();
    let mut first = gives(&scene, &file(&scene, things_csv(1..500, 1)));
    comes_to_its_end(&scene, &mut first, "rows 499, inserted 499");
    let mut next = gives(&scene, &file(&scene, things_csv(20..520, 2)));
    comes_to_its_end(&scene, &mut next, "rows 500, inserted 20, changed 69, removed 19, unchanged 411");
    assert!(first.stderr().contains(TAKEN_OVER) && next.stderr().contains(TAKEN_OVER), "{}", next.stderr());
    assert_same_rows(&scene.rows(), &things_rows(20..520, 2));
}

#[test]
fn a_reading_that_stands_on_an_older_release_is_not_taken_over() {
    let scene = scene();
    let lock = crate::support::Db::connect(scene.house.url());
    lock.batch("BEGIN; LOCK TABLE data.things IN ROW EXCLUSIVE MODE");
    let mut first = scene.house.spawn(["ingest", "things", "--json"]);
    comes_to(&scene, "merge");
    let mut given = gives(&scene, &file(&scene, things_csv(1..500, 3)));
    waits(&given);
    lock.batch("COMMIT");
    assert!(first.wait(Duration::from_secs(30)).success(), "{}", first.stderr());
    comes_to_its_end(&scene, &mut given, "rows 499, changed 71, unchanged 428");
    assert!(!given.stderr().contains(TAKEN_OVER), "{}", given.stderr());
    assert_same_rows(&scene.rows(), &things_rows(1..500, 3));
}

#[test]
fn a_reading_whose_release_is_still_the_published_one_is_taken_over_after_a_wait() {
    let scene = scene();
    let mut first = standing(&scene);
    let mut given = gives(&scene, &file(&scene, things_csv(1..500, 3)));
    waits(&given);
    first.signal(Signal::SIGINT);
    first.wait(Duration::from_secs(20));
    comes_to_its_end(&scene, &mut given, "rows 499, changed 71, unchanged 428");
    assert!(given.stderr().contains(TAKEN_OVER), "{}", given.stderr());
    assert_same_rows(&scene.rows(), &things_rows(1..500, 3));
}

#[test]
fn a_file_that_cannot_be_read_is_kept_all_the_same() {
    let scene = Scene::new();
    let path = file(&scene, "id,name,price,since\n1,\"never closed,,\n");
    let ran = scene.house.run(["ingest", "things", "--file", path.to_str().unwrap()]).expect_code(1);
    assert!(ran.stderr().contains("never closed"), "{}", ran.stderr());
    let place = "SELECT format('archive/%s/%s/%s', left(sha256, 2), substr(sha256, 3, 2), sha256) FROM bluebook.artifacts \
                 WHERE name = 'given.csv'";
    let kept = scene.house.state().join(scene.house.db().text(place));
    assert_eq!(std::fs::read(kept).unwrap(), std::fs::read(path).unwrap());
}

/// The bytes that count are those that the archive has, whatever is appended to the file meanwhile.
#[test]
fn a_file_that_grows_while_it_is_taken_in_is_what_the_archive_has() {
    let scene = Scene::new();
    let path = file(&scene, things_csv(1..40_000, 1));
    let mut run = gives(&scene, &path);
    let mut more = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    for id in 40_000..40_500 {
        writeln!(more, "{id},late,1.00,2026-01-01").unwrap();
    }
    let ended = run.wait(Duration::from_secs(30));
    let replayed = ended.success().then(|| scene.replay(0));
    // Either a line was cut and nothing was published, or the archive's bytes are the table's.
    assert!(replayed.is_none_or(|again| again["unchanged"] == again["rows"]), "{}", run.stderr());
    scene.house.assert_invariants();
}

/// A pipe seems to have no bytes, as an empty file has.
#[test]
fn a_pipe_is_read_to_its_end_whatever_was_given_before() {
    let scene = Scene::new();
    scene.house.run(["ingest", "things", "--file", file(&scene, "").to_str().unwrap()]);
    let path = scene.house.dir().join("pipe");
    mkfifo(&path, Mode::S_IRWXU).unwrap();
    let mut run = gives(&scene, &path);
    std::fs::write(&path, things_csv(1..5000, 1)).unwrap();
    comes_to_its_end(&scene, &mut run, "rows 4999, inserted 4999");
    assert_same_rows(&scene.rows(), &things_rows(1..5000, 1));
}

#[test]
fn a_folder_is_no_file() {
    let scene = Scene::new();
    let ran = scene.house.run(["ingest", "things", "--file", scene.house.dir().to_str().unwrap()]).expect_code(1);
    assert!(ran.stderr().contains("it is a folder, and a file is needed"), "{}", ran.stderr());
}
