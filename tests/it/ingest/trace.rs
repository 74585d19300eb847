//! Where does this figure come from?

use serde_json::Value;

use super::{Scene, history::with_history, things};
use crate::support::TestHouse;

/// Three releases: one row changes twice, another goes, a third is rejected.
fn scene() -> Scene {
    let scene = Scene::defined(|toml| with_history(&toml));
    scene.serves("id,name,price,since\n1,one,1.00,\n2,\"two, or so\",2.00,2026-01-02\n3,three,,\n").ingest(0);
    scene.serves("id,name,price,since\n2,\"two, or so\",2.50,2026-01-02\n1,one,1.00,\n").ingest(0);
    scene.serves("id,name,price,since\n1,one,1.00,\n2,second,2.50,2026-01-02\n4,four,dear,\n").ingest(0);
    scene
}

fn trace(scene: &Scene, words: &[&str]) -> Value {
    let words = ["trace", "things"].into_iter().chain(words.iter().copied()).chain(["--json"]);
    scene.house.run(words).expect_code(0).json()
}

#[test]
fn each_version_leads_to_its_release_its_file_its_line_and_the_publishers_own_words() {
    let scene = scene();
    let traced = trace(&scene, &["2"]);
    let versions = traced["versions"].as_array().unwrap();
    let told = |version: &Value| {
        let (original, whence) = (&version["original"], &version["whence"]);
        format!(
            "{} {} {} {} {} {}",
            version["values"]["price"],
            version["release"],
            version["record"],
            original["line"],
            original["text"],
            whence["url"]
        )
    };
    let url = "\"http://publisher.test/things.csv\"";
    assert_eq!(
        versions.iter().map(told).collect::<Vec<_>>(),
        [
            format!(r#"2.00 1 2 3 "2,\"two, or so\",2.00,2026-01-02" {url}"#),
            format!(r#"2.50 2 1 2 "2,\"two, or so\",2.50,2026-01-02" {url}"#),
            format!(r#"2.50 3 2 3 "2,second,2.50,2026-01-02" {url}"#),
        ]
    );
    assert_eq!(versions[0]["to"], versions[1]["from"]);
    assert_eq!(versions[0]["until_release"], 2);
    let text = scene.house.run(["trace", "things", "id=2", "--column", "price"]).expect_code(0).stdout();
    assert_eq!(text.matches("since ").count(), 2, "the name is not asked for:\n{text}");
    assert!(text.contains("part 0, record 1, line 2:\n    2,\"two, or so\",2.50,2026-01-02"), "{text}");
}

#[test]
fn a_row_that_is_gone_is_remembered_and_a_moment_can_be_asked_for() {
    let scene = scene();
    let gone = trace(&scene, &["3"]);
    assert_eq!(
        (gone["versions"][0]["until_release"].as_i64(), gone["versions"].as_array().unwrap().len()),
        (Some(2), 1)
    );
    let first = scene.house.db().json("SELECT published_at AS at FROM bluebook.releases WHERE id = 1");
    let then = trace(&scene, &["2", "--as-of", first[0]["at"].as_str().unwrap()]);
    let prices: Vec<String> =
        then["versions"].as_array().unwrap().iter().map(|version| version["values"]["price"].to_string()).collect();
    assert_eq!(prices, ["2.00"]);
}

#[test]
fn a_record_that_was_rejected_is_shown_instead_of_a_row() {
    let scene = scene();
    let traced = trace(&scene, &["4"]);
    assert_eq!(
        (traced["versions"].as_array().unwrap().len(), &traced["rejects"][0]["original"]),
        (0, &"4,four,dear,".into())
    );
}

#[test]
fn what_cannot_be_traced_is_told_in_a_sentence() {
    let scene = scene();
    let says = |words: &[&str]| {
        let words = ["trace", "things"].into_iter().chain(words.iter().copied());
        scene.house.run(words).expect_code(1).stderr()
    };
    let unknown = says(&["77"]);
    assert!(unknown.contains("data.things has no row with id = 77") && unknown.contains("it has 2 rows"), "{unknown}");
    assert!(says(&["1", "2"]).contains("a row of things is known by id: write id=…"), "{}", says(&["1", "2"]));
    assert!(says(&["x"]).contains("the key cannot be understood"), "{}", says(&["x"]));
    let plain = Scene::new();
    plain.serves(things(&["1,one"])).ingest(0);
    let asked = plain.house.run(["trace", "things", "1", "--as-of", "2026-01-01T00:00:00Z"]).expect_code(1).stderr();
    assert!(asked.contains("things has no history"), "{asked}");
    let now = plain.house.run(["trace", "things", "1"]).expect_code(0).stdout();
    assert!(now.contains("record 1, line 2:\n    1,one,,"), "{now}");
}

#[test]
fn rows_that_stand_on_one_line_lead_to_that_line() {
    let (name, house) = ("noaa_ghcn_daily", TestHouse::without_customers());
    let shipped = include_str!("../../../parsers/datasets/noaa_ghcn_daily.toml");
    house.dataset(name, &shipped.replace("min_rows = 40000", "min_rows = 1"));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/parsers/fixtures/noaa_ghcn_daily/first.dly");
    house.run(["ingest", name, "--file", file]).expect_code(0);
    for (day, record) in [("20", 1), ("21", 2)] {
        let traced =
            house.run(["trace", name, "AE000041196", "1944", "3", day, "TMAX", "--json"]).expect_code(0).json();
        let version = &traced["versions"][0];
        assert_eq!((&version["record"], &version["original"]["line"]), (&record.into(), &1.into()), "{traced}");
        let text = version["original"]["text"].as_str().unwrap_or_default();
        assert!(text.starts_with("AE000041196194403TMAX-9999") && text.len() == 269, "{text}");
    }
}
