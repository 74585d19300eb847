//! Records that fail their checks, and records that contradict each other.

use super::{Scene, things};

#[test]
fn a_bad_record_is_kept_with_its_place_and_its_old_row_stays() {
    let scene = Scene::new();
    scene.serves("id,name,price,since\n1,one,1.00,2026-01-01\n2,two,2.00,2026-01-02\n").ingest(0);
    let second =
        scene.serves("id,name,price,since\n1,one,1.00,2026-01-01\n2,\"two, dear\",2.005,2026-01-02\n").ingest(0);
    assert_eq!(Scene::counts(&second), "rows 2, unchanged 1, rejected 1, kept 1");
    assert_eq!(scene.rows(), ["1|one|1.00|2026-01-01", "2|two|2.00|2026-01-02"]);
    let kept = scene
        .house
        .db()
        .rows("SELECT record, line, column_name, value, convert_from(original, 'UTF8') FROM bluebook.rejects");
    let kept: Vec<_> = kept[0].iter().map(|cell| cell.as_deref().unwrap_or("-").trim_end()).collect();
    assert_eq!(kept, ["2", "3", "price", "2.005", "2,\"two, dear\",2.005,2026-01-02"]);
    scene.house.assert_invariants();
}

#[test]
fn a_record_whose_key_cannot_be_read_keeps_nothing() {
    let scene = Scene::defined(|toml| toml.replace("min_rows = 1", "min_rows = 1\nmax_shrink = 0.6"));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let second = scene.serves(things(&["1,one", "two,two"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 2, removed 1, unchanged 1, rejected 1");
}

#[test]
fn identical_copies_count_as_duplicates_and_one_stays() {
    let scene = Scene::new();
    let csv = "id,name,price,since\n1,one,1.0,\n1,one,1.00,\n2,two,,\n1,one,1,\n";
    let answer = scene.serves(csv).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 4, inserted 2, duplicates 2");
    assert_eq!(scene.rows(), ["1|one|1.00|∅", "2|two|∅|∅"]);
    assert_eq!(scene.house.db().text("SELECT _record FROM data.things WHERE id = 1"), "1");
    scene.house.assert_invariants();
}

#[test]
fn of_contradicting_records_none_is_believed() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let answer = scene.serves(things(&["1,uno", "1,eins", "2,two", "3,drei", "3,tre", "3,tre"])).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 6, unchanged 1, rejected 4, duplicates 1, kept 1");
    assert_eq!(answer["findings"][0]["check"], "key");
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅"], "the old row stays, and a new key has none to keep");
    let rejected = scene
        .house
        .db()
        .column("SELECT convert_from(original, 'UTF8')::jsonb ->> 'name' FROM bluebook.rejects ORDER BY 1");
    assert_eq!(rejected, ["drei", "eins", "tre", "uno"]);
    scene.house.assert_invariants();
}

#[test]
fn too_many_rejects_hold_the_release_before_it_is_read_to_its_end() {
    let scene = Scene::new();
    let bad: Vec<String> = (0..5000).map(|id| format!("x{id},bad")).collect();
    let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
    let answer = scene.serves(things(&bad)).ingest(3);
    let message = "11 records were rejected before reading was given up; the dataset allows 10 (expect.max_rejected)";
    assert_eq!(answer["findings"][0]["message"], message);
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.rejects"), 11);
    let release = answer["release"].to_string();
    let anyway =
        scene.house.run(["release", "publish", &release, "--reason", "we know", "--json"]).expect_code(0).json();
    assert_eq!(Scene::counts(&anyway), "rows 5000, rejected 5000", "a person's word lifts the limit");
    scene.house.assert_invariants();
}

#[test]
fn a_reject_becomes_a_row_once_the_definition_is_mended() {
    let scene = Scene::new();
    scene.serves("id,name,price,since\n1,one,1.00,\n2,two,n/a,\n").ingest(0);
    let kept =
        "SELECT concat_ws(' ', line, column_name, value, reason, convert_from(original, 'UTF8')) FROM bluebook.rejects";
    assert_eq!(scene.house.db().column(kept), ["3 price n/a is not a decimal number 2,two,n/a,"]);
    assert_eq!(scene.rows(), ["1|one|1.00|∅"]);
    scene
        .redefine(|toml| toml.replace("type = \"decimal(12,2)\"", "type = \"decimal(12,2)\"\nnulls = [\"\", \"n/a\"]"));
    assert_eq!(Scene::counts(&scene.replay(0)), "rows 2, inserted 1, unchanged 1");
    assert_eq!(scene.rows(), ["1|one|1.00|∅", "2|two|∅|∅"]);
    let of_published = "SELECT count(*) FROM bluebook.rejects r JOIN bluebook.releases p ON p.id = r.release \
                        WHERE p.state = 'published'";
    assert_eq!(scene.house.db().number(of_published), 0);
    scene.house.assert_invariants();
}
