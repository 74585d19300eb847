//! Texts that are longer than PostgreSQL's indexes take.

use super::{Scene, things};

/// Text of this many bytes that nothing packs any shorter.
fn noise(bytes: usize, seed: u64) -> String {
    let mut state = seed;
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"[(state >> 58) as usize])
    };
    (0..bytes).map(letter).collect()
}

fn with_indexes(indexes: &str) -> impl FnOnce(String) -> String {
    let line = format!("indexes = {indexes}\n");
    move |toml| line + &toml
}

const FAILED: &str = "SELECT concat_ws(' ', state, attempt) FROM bluebook.runs ORDER BY id DESC LIMIT 1";

#[test]
fn a_key_that_no_index_takes_is_a_reject_and_the_rest_is_published() {
    let scene = Scene::defined(|toml| {
        let keyed = toml.replace("key = [\"id\"]", "key = [\"name\", \"price\"]").replace("decimal(12,2)", "text");
        format!("history = true\n{keyed}")
    });
    let row = |id: u8, name: usize, price: usize| {
        format!("{id},{},{},\n", noise(name, id.into()), noise(price, u64::from(id) + 100))
    };
    let (fits, too_long, together) = (row(1, 1000, 1000), row(2, 2001, 1), row(3, 900, 1101));
    let csv = format!("id,name,price,since\n{fits}{too_long}{together}");
    let loaded = scene.serves(&csv).ingest(0);
    assert_eq!(Scene::counts(&loaded), "rows 3, inserted 1, rejected 2");
    let rejects = "SELECT concat_ws(' ', line, column_name, reason) FROM bluebook.rejects ORDER BY line";
    let cure = "a key may have 2000 bytes of text. A `key` of other columns, or none, takes such records";
    assert_eq!(
        scene.house.db().column(rejects),
        [
            format!("3 name is 2001 bytes long, and with it the key 2002: {cure}"),
            format!("4 price is 1101 bytes long, and with it the key 2001: {cure}"),
        ]
    );
    // Also row by row, into a table that is there.
    let next = format!("id,name,price,since\n{fits}{}{}", row(4, 1999, 1), row(5, 1, 2000));
    assert_eq!(Scene::counts(&scene.serves(next).ingest(0)), "rows 3, inserted 1, unchanged 1, rejected 1");
    scene.house.assert_invariants();
}

#[test]
fn an_index_that_does_not_take_a_value_fails_the_run_for_good_and_is_named() {
    let scene = Scene::defined(with_indexes("[[\"since\"], [\"name\"]]"));
    let long = noise(3000, 7);
    let fails = |named: &str| {
        let failed = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
        assert!(failed.contains(named) && failed.contains("md5(column)"), "{failed}");
        assert_eq!(scene.house.db().text(FAILED), "failed 1");
    };
    scene.serves(things(&[&format!("1,{long}")]));
    fails("a value of things is too long for the index on name (");
    scene.serves(things(&["1,short"])).ingest(0);
    scene.serves(things(&["1,short", &format!("2,{long}")]));
    fails("a value of things is too long for the index things_name_idx (");
    scene.serves(things(&["1,short", &format!("2,{}", noise(9000, 8))]));
    fails("a value of things is too long for one of its indexes (");
    assert_eq!(scene.rows(), ["1|short|∅|∅"]);
    scene.redefine(with_indexes("[[\"since\"]]"));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    scene.house.assert_invariants();
}
