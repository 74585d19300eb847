//! A lost database is made again from the archive alone, and comes to the same tables and histories.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Scene, definition, history::with_history, things};
use crate::support::{TestHouse, assert_same_rows};

/// Everything that a dataset's tables hold, also the loader's own columns.
pub(super) fn everything(house: &TestHouse, dataset: &str) -> Vec<String> {
    let rows = |table: &str| house.db().column(&format!("SELECT t::text FROM data.{table} t ORDER BY 1"));
    [rows(dataset), rows(&format!("{dataset}_history"))].concat()
}

/// A house with an empty database and the archive of another, which has lost its own.
pub(super) fn after_the_loss(lost: &TestHouse, datasets: &[(&str, &str)]) -> TestHouse {
    let house = TestHouse::without_customers();
    house.inherit_archive(lost);
    for (name, text) in datasets {
        house.dataset(name, text);
    }
    house
}

/// When its newest release was published.
fn moment(house: &TestHouse) -> String {
    house.db().text(
        "SELECT to_char(max(published_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM bluebook.releases",
    )
}

fn manifests(house: &TestHouse, dataset: &str) -> Vec<PathBuf> {
    let folder = house.state().join("archive/releases").join(dataset);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("manifests").map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_lost_database_is_restored_with_rejects_decisions_and_definitions_of_then() {
    let upsert = |toml: &str| with_history(toml).replace("\"replace\"", "\"upsert\"");
    let scene = Scene::defined(|toml| upsert(&toml).replace("min_rows = 0", "min_rows = 2"));
    scene.serves("id,name,price,since\n1,one,1.00,\n2,-,2.00,\n3,three,x,\n").ingest(0);
    scene.serves("id,name,price,since\n1,one,1.00,\n2,-,2.50,\n2,-,2.50,\n4,four,,\n").ingest(0);
    let held = scene.serves(things(&["5,five"])).ingest(3);
    let number = held["release"].to_string();
    scene.house.run(["release", "publish", &number, "--reason", "it is so"]).expect_code(0);
    let last =
        upsert(&definition()).replace("min_rows = 0", "min_rows = 2").replace("required = true\n", "nulls = [\"-\"]\n");
    scene.house.dataset("things", &last);
    scene.serves(things(&["1,eins", "2,-"])).ingest(0);

    let house = after_the_loss(&scene.house, &[("things", &last)]);
    let restored = house.run(["restore"]).expect_code(0).stdout();
    assert_eq!(restored.lines().count(), 4, "{restored}");
    assert_same_rows(&everything(&house, "things"), &everything(&scene.house, "things"));
    let releases = "SELECT concat_ws(' ', id, state, counts::text, published_at, fetched_at, decided_by, decision_reason, \
                    content, definition) FROM bluebook.releases WHERE published_at IS NOT NULL ORDER BY id";
    assert_same_rows(&house.db().column(releases), &scene.house.db().column(releases));
    let rejects = "SELECT concat_ws(' ', release, record, reason, original) FROM bluebook.rejects ORDER BY 1";
    assert_same_rows(&house.db().column(rejects), &scene.house.db().column(rejects));
    let told =
        |house: &TestHouse| manifests(house, "things").iter().map(|file| fs::read(file).unwrap()).collect::<Vec<_>>();
    assert_eq!(told(&house), told(&scene.house), "the archive tells nothing new");
    assert!(house.run(["restore"]).expect_code(0).stdout().starts_with("nothing to do"));
    house.assert_invariants();
}

#[test]
fn real_releases_are_restored_byte_for_byte() {
    let lost = TestHouse::without_customers();
    let (gov, ecb) = ("us_gov_domains", "ecb_reference_rates");
    let text = |name: &str| lost.read(&format!("parsers/datasets/{name}.toml"));
    let texts = [(gov, text(gov)), (ecb, format!("history = true\n{}", text(ecb)))];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for (name, text) in &texts {
        lost.dataset(name, text);
        for file in releases(name) {
            let code = if file.ends_with("4-2019-02-06.csv") { 3 } else { 0 };
            lost.run(["ingest".as_ref(), (*name).as_ref(), "--file".as_ref(), file.as_os_str()]).expect_code(code);
        }
    }
    let house = after_the_loss(&lost, &texts);
    house.run(["restore"]).expect_code(0);
    for name in [gov, ecb] {
        assert_same_rows(&everything(&house, name), &everything(&lost, name));
    }
    house.assert_invariants();
}

/// The releases that the demo has on file, in their order.
fn releases(dataset: &str) -> Vec<PathBuf> {
    files(&format!("demo/releases/{dataset}"), "")
}

/// Files of the repository, in the order of their names.
fn files(folder: &str, beginning: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.starts_with(beginning) && !name.ends_with(".snap")
    });
    files.sort();
    files
}

/// All releases of the euro rates that there are, from 2016 to 2026, cut. Columns change places among them.
#[test]
fn five_releases_of_the_euro_rates_are_restored_and_replayed_to_the_same_text() {
    let (lost, ecb) = (TestHouse::without_customers(), "ecb_reference_rates");
    let text = lost.read(&format!("parsers/datasets/{ecb}.toml"));
    let floor = text.lines().find(|line| line.starts_with("min_rows")).expect("a floor of rows");
    let text = format!("history = true\n{}", text.replace(floor, "min_rows = 1"));
    lost.dataset(ecb, &text);
    let files = files(&format!("parsers/fixtures/{ecb}"), "release-");
    assert_eq!(files.len(), 5);
    for file in &files {
        lost.run(["ingest".as_ref(), ecb.as_ref(), "--file".as_ref(), file.as_os_str()]).expect_code(0);
    }
    let told = everything(&lost, ecb);
    assert_eq!(told.len(), 2 * 53, "as many versions as rows: the bank has taken nothing back");
    let house = after_the_loss(&lost, &[(ecb, &text)]);
    assert_eq!(house.run(["restore"]).expect_code(0).stdout().lines().count(), 5);
    assert_same_rows(&everything(&house, ecb), &told);
    for house in [&lost, &house] {
        house.run(["replay", ecb]).expect_code(0);
        assert_same_rows(&everything(house, ecb), &told);
        house.assert_invariants();
    }
}

#[test]
fn what_is_there_already_is_not_restored_over() {
    let lost = Scene::defined(|toml| with_history(&toml));
    lost.serves(things(&["1,one"])).ingest(0);
    let mut house = after_the_loss(&lost.house, &[("things", &with_history(&definition()))]);
    house.rewrite("publisher.test", &lost.publisher);
    house.run(["ingest", "things"]).expect_code(0);
    let until = moment(&lost.house);
    let refused = house.run(["restore", "things", "--until", &until]).expect_code(1).stderr();
    assert!(refused.contains("things has releases of its own"), "{refused}");
}

#[test]
fn a_dataset_that_is_retired_does_not_keep_the_others_from_being_restored() {
    let lost = Scene::defined(|toml| with_history(&toml));
    lost.house.dataset("others", &with_history(&definition()));
    lost.serves(things(&["1,one"])).ingest(0);
    lost.house.run(["ingest", "others"]).expect_code(0);
    let house = after_the_loss(&lost.house, &[("things", &with_history(&definition()))]);
    let restored = house.run(["restore"]).expect_code(1);
    assert!(restored.stderr().contains("there is no parsers/datasets/others.toml"), "{}", restored.stderr());
    assert_same_rows(&everything(&house, "things"), &everything(&lost.house, "things"));
    house.assert_invariants();
}

/// Two databases with one state folder. Each has its own line of releases, and they are never mixed.
#[test]
fn releases_of_two_databases_are_told_apart() {
    let definition = with_history(&definition()).replace("\"replace\"", "\"upsert\"");
    let one = Scene::defined(|_| definition.clone());
    one.serves(things(&["1,one"])).ingest(0);
    let mut two = after_the_loss(&one.house, &[("things", &definition)]);
    two.set("BLUEBOOK_STATE_DIR", one.house.state());
    two.rewrite("publisher.test", &one.publisher);
    one.serves(things(&["7,seven"]));
    two.run(["ingest", "things"]).expect_code(0);
    one.serves(things(&["2,two"])).ingest(0);

    let house = after_the_loss(&one.house, &[("things", &definition)]);
    let refused = house.run(["restore"]).expect_code(1).stderr();
    assert!(refused.contains("by several databases"), "{refused}");
    for lost in [&two, &one.house] {
        let house = after_the_loss(&one.house, &[("things", &definition)]);
        let until = moment(lost);
        assert!(refused.contains(until.trim_end_matches('Z').trim_end_matches('0')), "{until}: {refused}");
        house.run(["restore", "things", "--until", &until]).expect_code(0);
        assert_same_rows(&house.db().dump("data.things"), &lost.db().dump("data.things"));
        house.assert_invariants();
    }
}

#[test]
fn a_damaged_artifact_stops_its_dataset_with_a_sentence() {
    let lost = Scene::defined(|toml| with_history(&toml));
    lost.serves(things(&["1,one"])).ingest(0);
    let sha256 = lost.house.db().text("SELECT sha256 FROM bluebook.artifacts WHERE name = 'things.csv'");
    let (one, rest) = sha256.split_at(2);
    let file = lost.house.state().join("archive").join(one).join(rest.split_at(2).0).join(&sha256);
    let bytes = fs::read_to_string(&file).unwrap().replace("one", "two");
    fs::write(&file, bytes).unwrap();
    let house = after_the_loss(&lost.house, &[("things", &with_history(&definition()))]);
    let stopped = house.run(["restore"]).expect_code(1).stderr();
    assert!(stopped.contains("is damaged: the archive"), "{stopped}");
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.releases WHERE published_at IS NOT NULL"), 0);
}

#[test]
fn a_manifest_that_a_sudden_end_left_out_is_written_by_upkeep() {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves(things(&["1,one"])).ingest(0);
    let told = manifests(&scene.house, "things");
    fs::remove_file(&told[0]).unwrap();
    let daemon = scene.house.serve();
    scene.house.db().batch("INSERT INTO bluebook.runs (job, trigger) VALUES ('upkeep', '\"command\"')");
    crate::support::eventually(std::time::Duration::from_secs(20), "upkeep writes it", || {
        (manifests(&scene.house, "things") == told).then_some(())
    });
    drop(daemon);
}
