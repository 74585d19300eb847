//! `replay --all`: a table that is the sum of its releases, made anew.

use std::time::Duration;

use serde_json::Value;

use super::{
    Scene, definition,
    history::with_history,
    json, lease_runs_out,
    restore::{after_the_loss, everything},
};
use crate::support::{Db, assert_same_rows, eventually};

/// In the first, a price cannot be read as long as the definition knows no "n/a"; the last does not mention that thing.
const RELEASES: [&str; 3] = [
    "id,name,price,since\n1,one,1.00,\n2,two,2.00,\n3,three,n/a,\n",
    "id,name,price,since\n2,zwei,2.50,\n4,four,4.00,\n4,four,4.00,\n5,five,1.00,\n5,fünf,2.00,\n",
    "id,name,price,since\n1,one,1.50,\n6,six,n/a,\n",
];

/// The definition of a dataset of this mode; mended, it takes "n/a" for no value.
fn defined(mode: &str, mended: bool) -> String {
    let toml = with_history(&definition()).replace("\"replace\"", &format!("\"{mode}\""));
    if mended { toml.replace("type = \"decimal(12,2)\"", "type = \"decimal(12,2)\"\nnulls = [\"n/a\"]") } else { toml }
}

/// Three releases, read as they came.
fn scene(mode: &str, mended: bool) -> Scene {
    let scene = Scene::defined(|_| defined(mode, mended));
    for csv in RELEASES {
        scene.serves(csv).ingest(0);
    }
    scene
}

fn mend(scene: &Scene, mode: &str) {
    scene.house.dataset("things", &defined(mode, true));
}

fn replay_all(scene: &Scene, code: i32) -> Value {
    json(scene.house.run(["replay", "things", "--all", "--json"]), code)
}

#[test]
fn a_mended_definition_reaches_the_rows_that_only_an_older_release_had() {
    for mode in ["upsert", "append"] {
        let (scene, from_the_first) = (scene(mode, false), scene(mode, true));
        assert_eq!(scene.rows().len(), 3, "{mode}: without 3 and 6, and 5 contradicts itself");
        mend(&scene, mode);
        let replayed = replay_all(&scene, 0);
        assert_eq!(
            (&replayed["outcome"], &replayed["inserted"]),
            (&"published".into(), &2.into()),
            "{mode}: {replayed}"
        );
        assert_same_rows(&scene.rows(), &from_the_first.rows());
        let db = scene.house.db();
        let two = db.text("SELECT name || ' ' || price FROM data.things WHERE id = 2");
        assert_eq!(two, if mode == "upsert" { "zwei 2.50" } else { "two 2.00" });
        let causes = format!(
            "SELECT concat_ws(' ', id, _cause) FROM data.things_history WHERE _release = {} ORDER BY id",
            replayed["release"]
        );
        assert_eq!(db.column(&causes), ["3 definition", "6 definition"], "{mode}");
        scene.house.assert_invariants();
        scene.house.run(["verify", "--deep"]).expect_code(0);
        assert_eq!(replay_all(&scene, 0)["outcome"], "unchanged", "{mode}: a second time there is nothing to do");
        assert_eq!(scene.replay(0)["outcome"], "unchanged", "{mode}: the sum that is published is read again as one");
    }
}

#[test]
fn each_row_leads_to_the_record_that_it_came_from() {
    let scene = scene("upsert", false);
    mend(&scene, "upsert");
    let release = &replay_all(&scene, 0)["release"];
    let places =
        scene.house.db().column("SELECT concat_ws(' ', id, _release, _part, _record) FROM data.things ORDER BY id");
    assert_eq!(
        places,
        ["1 3 0 1".into(), "2 2 0 1".into(), format!("3 {release} 0 3"), "4 2 0 2".into(), format!("6 {release} 2 2")]
    );
    for (id, text) in [("3", "3,three,n/a,"), ("6", "6,six,n/a,")] {
        let traced = scene.house.run(["trace", "things", id, "--json"]).expect_code(0).json();
        assert_eq!(traced["versions"][0]["original"]["text"], text);
    }
    let rejects = "SELECT concat_ws(' ', part, record, convert_from(original, 'UTF8')) FROM bluebook.rejects WHERE release = 4 ORDER BY 1";
    let rejects = scene.house.db().column(rejects);
    assert!(rejects.len() == 2 && rejects.iter().all(|reject| reject.starts_with("1 ")), "the two fives: {rejects:?}");
}

#[test]
fn what_was_done_to_the_table_by_hand_is_put_right() {
    let scene = scene("upsert", true);
    let before = scene.rows();
    scene.house.db().batch(
        "UPDATE data.things SET name = 'by hand' WHERE id = 2; DELETE FROM data.things WHERE id = 3;
         INSERT INTO data.things VALUES (99, 'by hand', NULL, NULL, 1, 0, 1)",
    );
    assert_eq!(
        Scene::counts(&replay_all(&scene, 0)),
        "rows 7, inserted 1, changed 1, removed 1, unchanged 3, rejected 2"
    );
    assert_same_rows(&scene.rows(), &before);
    scene.house.run(["verify"]).expect_code(0);
}

#[test]
fn killed_in_the_middle_the_table_is_as_it_was() {
    let scene = scene("append", false);
    let before = scene.rows();
    mend(&scene, "append");
    let holder = Db::connect(scene.house.url());
    holder.batch(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$;
         CREATE TRIGGER wait BEFORE INSERT ON bluebook.rejects FOR EACH ROW WHEN (NEW.part = 1) EXECUTE FUNCTION wait();
         SELECT pg_advisory_lock(7)",
    );
    let mut run = scene.house.spawn(["replay", "things", "--all"]);
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'";
    let db = scene.house.db();
    eventually(Duration::from_secs(20), "the second release is being added", || (db.number(waits) == 1).then_some(()));
    assert_eq!(db.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'stage' AND tablename ~ '^sum_things'"), 1);
    assert!(scene.house.run(["verify"]).expect_code(0).stdout().contains("ok    stages"));
    run.kill();
    holder.batch("SELECT pg_advisory_unlock(7); DROP TRIGGER wait ON bluebook.rejects");
    assert_same_rows(&scene.rows(), &before);
    eventually(Duration::from_secs(5), "the server notices", || (db.number(waits) == 0).then_some(()));
    lease_runs_out(&scene);
    assert_eq!(replay_all(&scene, 0)["inserted"], 2);
    scene.house.assert_invariants();
}

#[test]
fn the_next_release_is_measured_by_the_last_that_the_publisher_made() {
    let scene = Scene::defined(|toml| {
        toml.replace("\"replace\"", "\"upsert\"").replace("min_rows = 1", "min_rows = 1\nmax_growth = 0.5")
    });
    for first in [0, 10, 20, 30] {
        scene.serves(crate::support::things_csv(first..first + 10, 1)).ingest(0);
    }
    assert_eq!(replay_all(&scene, 0)["unchanged"], 40, "and 40 rows are no growth over the last release's ten");
    scene.serves(crate::support::things_csv(40..50, 1)).ingest(0);
    scene.house.assert_invariants();
}

#[test]
fn a_sum_that_is_not_what_is_expected_waits_for_a_person() {
    let scene = scene("upsert", false);
    let strict = |toml: String| {
        toml.replace("required = true\n", "required = true\nnulls = [\"zwei\", \"four\"]\n")
            .replace("max_shrink = 1.0", "max_shrink = 0.2")
    };
    scene.house.dataset("things", &strict(defined("upsert", false)));
    let held = replay_all(&scene, 3);
    let message = held["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("1 rows, 33.33 % of the 3 that are published, would be gone"), "{message}");
    assert_eq!(scene.rows().len(), 3);
    scene.house.run(["release", "publish", &held["release"].to_string(), "--reason", "so be it"]).expect_code(0);
    assert_eq!(scene.rows(), ["1|one|1.50|∅", "2|two|2.00|∅"]);
    scene.house.assert_invariants();
}

#[test]
fn a_release_that_todays_definition_cannot_read_is_named() {
    let scene = scene("upsert", false);
    scene.house.dataset("things", &defined("upsert", false).replace("from = \"price\"", "from = \"cost\""));
    scene.serves("id,name,cost,since\n9,nine,9.00,\n").ingest(0);
    let held = replay_all(&scene, 3);
    let message = held["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("number 1 of the 4 releases read again (things.csv): the file lacks \"cost\""),
        "{message}"
    );
    scene.house.assert_invariants();
}

#[test]
fn a_dataset_whose_releases_replace_each_other_has_no_sum() {
    let scene = Scene::new();
    scene.serves(RELEASES[0]).ingest(0);
    let refused = scene.house.run(["replay", "things", "--all"]).expect_code(2).stderr();
    assert!(refused.contains("`bluebook replay things` reads it again"), "{refused}");
    let nothing = Scene::defined(|_| defined("upsert", false));
    let refused = nothing.house.run(["replay", "things", "--all"]).expect_code(1).stderr();
    assert!(refused.contains("things has no published release"), "{refused}");
}

#[test]
fn a_lost_database_is_restored_through_its_sums() {
    for mode in ["upsert", "append"] {
        let scene = scene(mode, false);
        mend(&scene, mode);
        replay_all(&scene, 0);
        scene.serves("id,name,price,since\n2,deux,3.00,\n7,seven,n/a,\n").ingest(0);
        let house = after_the_loss(&scene.house, &[("things", &defined(mode, true))]);
        house.run(["restore"]).expect_code(0);
        assert_same_rows(&everything(&house, "things"), &everything(&scene.house, "things"));
        let parts = "SELECT concat_ws(' ', p.release, p.part, p.step, a.sha256) FROM bluebook.release_artifacts p \
                     JOIN bluebook.artifacts a ON a.id = p.artifact ORDER BY p.release, p.part";
        assert_eq!(house.db().column(parts), scene.house.db().column(parts), "{mode}");
        house.assert_invariants();
    }
}
