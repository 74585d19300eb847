//! Transfers that nothing on the line shows to be cut, and those that are too large. What the line does show is tried
//! at the fetcher's own door: `src/ingest/fetch/tests/`.

use std::time::Duration;

use super::{PATH, Scene, definition};
use crate::support::{Answer, Gate, assert_same_rows, eventually, one_in_five, things_csv, things_rows};

const ROWS: u32 = 300;

/// The dataset of files that have exactly so many rows, so that a cut between two rows is found out, too.
fn scene() -> Scene {
    Scene::defined(|toml| toml.replace("min_rows = 1", &format!("min_rows = {ROWS}\nmax_shrink = 0.0")))
}

/// Asks for a file that is cut; returns how the run stands.
#[track_caller]
fn cut(scene: &Scene, case: &str) -> String {
    let ran = scene.house.run(["ingest", "things"]);
    assert_ne!(ran.code(), 0, "{case}: {}", ran.stderr());
    let db = scene.house.db();
    assert_eq!(db.number("SELECT count(*) FROM bluebook.releases WHERE published_at IS NOT NULL"), 1, "{case}");
    db.text("SELECT state FROM bluebook.runs ORDER BY id DESC LIMIT 1")
}

#[test]
fn a_file_that_ends_too_early_is_not_published_although_nothing_says_so_on_the_line() {
    let (scene, whole) = (scene(), things_csv(1..ROWS + 1, 2));
    scene.serves(things_csv(1..ROWS + 1, 1)).ingest(0);
    let before = scene.rows();
    // Between two rows, within one, after none.
    let mut ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).step_by(ROWS as usize / 20).collect();
    ends.extend((0..25).map(|n| n * whole.len() / 25 + n % 7));
    ends.extend([0, 1, whole.len() - 2, whole.len() - 1]);
    for at in one_in_five(ends.into_iter().filter(|at| *at < whole.len())) {
        scene.publisher.serve(PATH, Answer::ok(&whole).until_close().cut_at(at as u64));
        let case = format!("cut at {at} of {}", whole.len());
        let state = cut(&scene, &case);
        assert!(matches!(state.as_str(), "queued" | "held" | "failed"), "{case}: {state}");
        // An attempt that failed is not what the next case is about.
        scene.house.db().batch("UPDATE bluebook.runs SET state = 'cancelled', reason = 'by the test', finished_at = now() WHERE state = 'queued'");
    }
    assert_eq!(scene.rows(), before);
    scene.publisher.serve(PATH, Answer::ok(&whole).until_close());
    scene.ingest(0);
    assert_same_rows(&scene.rows(), &things_rows(1..ROWS + 1, 2));
    let noted = |run: &str| {
        let run = format!("run = (SELECT {run}(id) FROM bluebook.runs)");
        let note = "message LIKE 'the publisher told no length: %'";
        scene.house.db().number(&format!("SELECT count(*) FROM bluebook.run_events WHERE {run} AND {note}"))
    };
    assert_eq!((noted("min"), noted("max")), (0, 1));
    scene.house.assert_invariants();
}

#[test]
fn a_length_that_is_too_short_publishes_no_part_of_a_file() {
    let (scene, whole) = (scene(), things_csv(1..ROWS + 1, 2));
    scene.serves(things_csv(1..ROWS + 1, 1)).ingest(0);
    let row_ends = whole.rfind("\n2").unwrap() as u64 + 1;
    for length in [0, whole.len() as u64 / 2, row_ends] {
        scene.publisher.serve(PATH, Answer::ok(&whole).length_says(length));
        cut(&scene, &format!("length {length} of {}", whole.len()));
        scene.house.db().batch("UPDATE bluebook.runs SET state = 'cancelled', reason = 'by the test', finished_at = now() WHERE state = 'queued'");
    }
    scene.house.assert_invariants();
}

#[test]
fn ten_gigabytes_fill_neither_the_disk_nor_the_memory() {
    const MIB: u64 = 1 << 20;
    // The whole cap where all is asked for, else one at which memory would still show it.
    let cap = if one_in_five([0, 1]).count() == 2 { 200 } else { 40 };
    let scene = Scene::new();
    scene.redefine(|_| definition().replace("[format]", &format!("max_size = \"{cap} MiB\"\n\n[format]")));
    let endless = [Answer::zeros(10 << 30).chunked(), Answer::zeros(10 << 30).until_close(), Answer::zeros(10 << 30)];
    for (case, answer) in endless.into_iter().enumerate() {
        let (gate, announced) = (Gate::shut(), case == 2);
        // The publisher stops for a look once all has been sent that may be taken.
        let answer = if announced { answer } else { answer.wait_at(cap * MIB, &gate) };
        scene.publisher.serve(PATH, answer);
        let mut run = scene.house.spawn(["ingest", "things"]);
        if !announced {
            let taken = || run.holds(&scene.house.state());
            eventually(Duration::from_mins(2), "all that may be taken is on the disk", || {
                (gate.reached() >= 1 && taken() >= cap * MIB).then_some(())
            });
            assert!(taken() <= (cap + 1) * MIB, "{} bytes are on the disk", taken());
            assert!(run.most_memory() <= 300 * MIB, "{} bytes of memory were taken", run.most_memory());
            gate.open();
        }
        assert_eq!(run.wait(Duration::from_mins(1)).code(), Some(1), "{}", run.stderr());
        let told = format!("sends more than {} bytes: if that is right, raise source.max_size", cap * MIB);
        assert!(run.stderr().contains(&told), "{}", run.stderr());
    }
    scene.house.assert_invariants();
}
