//! `history = true`: who said what when, row by row.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Scene, comes_to, lease_runs_out, things};

pub(super) fn with_history(toml: &str) -> String {
    format!("history = true\n{}", toml.replace("min_rows = 1", "min_rows = 0\nmax_shrink = 1.0"))
}

/// Versions as `id name ended cause`, in order.
fn versions(scene: &Scene) -> Vec<String> {
    scene.house.db().column(
        "SELECT concat_ws(' ', id, name, CASE WHEN _to IS NULL THEN 'stands' ELSE 'ended' END, _cause) \
         FROM data.things_history ORDER BY id, _from",
    )
}

/// What `data.things_as_of` gives for each release's moment of publishing.
fn as_published(scene: &Scene) -> BTreeMap<i64, Vec<String>> {
    let db = scene.house.db();
    let releases = db.column("SELECT id FROM bluebook.releases WHERE published_at IS NOT NULL ORDER BY id");
    let then = |release: &String| {
        db.column(&format!(
            "SELECT concat_ws('|', coalesce(a.id::text, '∅'), name, coalesce(price::text, '∅'), coalesce(since::text, '∅')) \
             FROM bluebook.releases r, data.things_as_of(r.published_at) a WHERE r.id = {release} ORDER BY 1"
        ))
    };
    releases.iter().map(|release| (release.parse().unwrap(), then(release))).collect()
}

#[track_caller]
fn nothing_overlaps(scene: &Scene) {
    let overlaps = "SELECT a.id FROM data.things_history a JOIN data.things_history b ON a.id = b.id AND a._from < b._from \
                    WHERE a._to IS NULL OR a._to > b._from";
    assert_eq!(scene.house.db().column(overlaps), [""; 0]);
}

#[test]
fn each_version_of_a_row_is_kept_with_its_times_and_a_removal_is_explicit() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    let second = scene.serves(things(&["2,zwei", "3,three", "4,four"])).ingest(0);
    scene.serves(things(&["1,one", "2,zwei", "3,three", "4,four"])).ingest(0);
    assert_eq!(
        versions(&scene),
        [
            "1 one ended publisher",
            "1 one stands publisher",
            "2 two ended publisher",
            "2 zwei stands publisher",
            "3 three stands publisher",
            "4 four stands publisher",
        ]
    );
    let ended =
        scene.house.db().column("SELECT DISTINCT _until_release FROM data.things_history WHERE _to IS NOT NULL");
    assert_eq!(ended, [second["release"].to_string()]);
    let then = as_published(&scene);
    let rows: Vec<Vec<String>> = then.into_values().collect();
    assert_eq!(rows[0], ["1|one|∅|∅", "2|two|∅|∅", "3|three|∅|∅"]);
    assert_eq!(rows[1], ["2|zwei|∅|∅", "3|three|∅|∅", "4|four|∅|∅"]);
    assert_eq!(rows[2], scene.rows());
    nothing_overlaps(&scene);
    scene.house.assert_invariants();
}

#[test]
fn a_row_that_stays_in_spite_of_a_reject_goes_on_being_said() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves("id,name,price,since\n1,one,1.00,\n2,two,2.00,\n").ingest(0);
    scene.serves("id,name,price,since\n1,one,much,\n2,zwei,2.0,\n").ingest(0);
    assert_eq!(versions(&scene), ["1 one stands publisher", "2 two ended publisher", "2 zwei stands publisher"]);
}

#[test]
fn the_function_is_as_quick_as_its_query() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one"])).ingest(0);
    let plan = scene.house.db().column("EXPLAIN SELECT * FROM data.things_as_of(now()) WHERE id = 1").join("\n");
    assert!(plan.contains("things_history") && !plan.contains("Function Scan"), "{plan}");
}

#[test]
fn switched_on_later_a_history_begins_with_what_there_is() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    scene.serves(things(&["1,one", "2,zwei"])).ingest(0);
    scene.redefine(|toml| with_history(&toml));
    scene.ingest(0);
    assert_eq!(versions(&scene), ["1 one stands publisher", "2 zwei stands publisher"]);
    let then: Vec<_> = as_published(&scene).into_values().collect();
    assert_eq!(then[..2], [vec![], scene.rows()], "before, it is not known which rows there were");
}

/// As the sentences about a table that cannot follow its definition advise.
#[test]
fn table_and_history_that_are_moved_away_make_room_for_new_ones() {
    let indexed = |toml: &str| format!("indexes = [[\"since\"]]\n{}", with_history(toml));
    let scene = Scene::defined(|toml| indexed(&toml));
    for round in 0..2 {
        let kind = ["type = \"text\"\nrequired", "type = \"integer\"\nrequired"][round];
        scene.redefine(|toml| indexed(&toml).replace("type = \"text\"\nrequired", kind));
        scene.serves(things(&[["1,one", "1,7"][round], "2,2"]));
        scene.house.run(["ingest", "things"]).expect_code(round.try_into().unwrap());
        scene.house.db().batch(&format!("ALTER TABLE data.things RENAME TO things_{round}"));
        scene.house.run(["ingest", "things"]).expect_code(i32::from(round != 0));
        scene.house.db().batch(&format!("ALTER TABLE data.things_history RENAME TO things_history_{round}"));
        scene.ingest(0);
        assert_eq!(as_published(&scene).into_values().last(), Some(scene.rows()));
        let indexed = "SELECT count(*) FROM pg_index WHERE indrelid = 'data.things'::regclass";
        assert_eq!(scene.house.db().number(indexed), 2, "that of the key, and the declared one");
        scene.house.assert_invariants();
    }
}

#[test]
fn switched_off_and_on_again_the_gap_is_said_to_be_one() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    scene.redefine(|toml| toml);
    scene.serves(things(&["1,one", "2,zwei"])).ingest(0);
    assert_eq!(versions(&scene), ["1 one stands publisher", "2 two stands publisher"]);
    scene.redefine(|toml| with_history(&toml));
    scene.serves(things(&["1,eins", "2,zwei"])).ingest(0);
    assert_eq!(
        versions(&scene),
        ["1 one ended publisher", "1 eins stands publisher", "2 two ended publisher", "2 zwei stands gap"]
    );
    let then = as_published(&scene).into_values().collect::<Vec<_>>();
    assert_eq!(then[1..], [vec!["1|one|∅|∅".to_owned(), "2|zwei|∅|∅".into()], scene.rows()]);
}

#[test]
fn what_a_new_definition_reads_otherwise_is_not_put_into_the_publishers_mouth() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves("id,name,price,since\n1,one,1.00,\n2,-,2.00,\n").ingest(0);
    scene.redefine(|toml| with_history(&toml).replace("required = true\n", "nulls = [\"-\"]\n"));
    scene.replay(0);
    assert_eq!(versions(&scene), ["1 one stands publisher", "2 - ended publisher", "2 stands definition"]);
}

#[test]
fn a_new_column_is_empty_in_the_past() {
    let scene = Scene::defined(|toml| {
        let (before, rest) = toml.split_once("[columns.price]").expect("a price");
        let (_, after) = rest.split_once("[columns.since]").expect("a date");
        with_history(&format!("{before}[columns.since]{after}"))
    });
    scene.serves("id,name,price,since\n1,one,1.50,\n").ingest(0);
    scene.redefine(|toml| with_history(&toml));
    scene.replay(0);
    let prices = scene.house.db().rows("SELECT price, _cause FROM data.things_history ORDER BY _from");
    let text = |value: &str| Some(value.to_owned());
    assert_eq!(prices, [vec![None, text("publisher")], vec![text("1.50"), text("definition")]]);
    assert_eq!(scene.house.db().column("SELECT price FROM data.things_as_of(now())"), ["1.50"]);
}

#[test]
fn a_table_changed_by_hand_is_put_right_and_the_history_is_not_disturbed() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    let db = scene.house.db();
    db.batch("UPDATE data.things SET name = 'by hand' WHERE id = 1; DELETE FROM data.things WHERE id = 2");
    scene.serves(things(&["1,one", "2,two", "3,drei"])).ingest(0);
    assert_eq!(
        versions(&scene),
        ["1 one stands publisher", "2 two stands publisher", "3 three ended publisher", "3 drei stands publisher"]
    );
}

#[test]
fn a_history_changed_by_hand_is_noticed_and_a_replay_closes_the_gap() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    scene.house.db().batch("DELETE FROM data.things_history");
    scene.serves(things(&["1,one", "2,zwei"]));
    let failed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("somebody changed it by hand"), "{}", failed.stderr());
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅"]);
    scene.replay(0);
    assert_eq!(versions(&scene), ["1 one stands gap", "2 two stands gap"]);
    scene.ingest(0);
    assert_eq!(versions(&scene), ["1 one stands gap", "2 two ended gap", "2 zwei stands publisher"]);
    scene.house.assert_invariants();
}

/// Numbers that come in the same order for the same seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A release of up to nine things out of nine, with three names; sometimes one twice, sometimes one that is bad.
    pub(super) fn release(&mut self) -> String {
        let mut csv = "id,name,price,since\n".to_owned();
        for id in 1..10 {
            let (kind, name, price) = (self.roll(8), self.roll(3), self.roll(2));
            let _infallible = match kind {
                0 | 1 => Ok(()),
                2 => write!(csv, "{id},n{name},,\n{id},n{name},,\n"),
                3 => writeln!(csv, "{id},n{name},bad,"),
                _ => writeln!(csv, "{id},n{name},{price}.5,"),
            };
        }
        csv
    }
}

/// Six random releases, one of them killed as it begins to merge: at the moment of each, `as_of` is what the table was.
#[track_caller]
fn random_releases(mode: &str, key: &str, seed: u64) {
    let scene = Scene::defined(|toml| {
        let toml = toml.replace("\"replace\"", &format!("\"{mode}\"")).replace("[\"id\"]", key);
        with_history(&toml)
    });
    let (mut dice, mut published) = (Dice(seed), BTreeMap::new());
    for round in 0..6 {
        scene.serves(dice.release());
        if round == 3 {
            let program = scene.house.program(["ingest", "things"]).env("BLUEBOOK_PAUSE_AT", "merge");
            let mut run = program.spawn(scene.house.server());
            comes_to(&scene, "merge");
            run.kill();
            lease_runs_out(&scene);
        }
        let answer = scene.ingest(0);
        published.insert(answer["release"].as_i64().unwrap(), scene.rows());
    }
    assert_eq!(as_published(&scene), published, "mode {mode}, key {key}, seed {seed}");
    if key != "[]" {
        nothing_overlaps(&scene);
    }
}

#[test]
fn random_releases_are_remembered_as_they_were() {
    for seed in [1, 2] {
        random_releases("replace", "[\"id\"]", seed);
        random_releases("upsert", "[\"id\"]", seed);
        random_releases("append", "[\"id\"]", seed);
        random_releases("replace", "[]", seed);
    }
}
