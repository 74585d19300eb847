//! Files with too much wrong in them: the database keeps little of it, and people are shown less.

use std::{fmt::Write as _, time::Instant};

use super::Scene;

const HEAD: &str = "id,name,price,since\n";

/// What a page may weigh, in bytes, and take, in seconds, however much is wrong.
const PAGE: usize = 1024 * 1024;
const PATIENCE: u64 = 20;

#[test]
fn of_a_hundred_thousand_rejects_little_is_kept_and_few_are_shown() {
    let scene = Scene::defined(|toml| {
        toml.replace("max_rejected = 10\n", "max_rejected = 1000000\nmax_rejected_share = 1.0\n")
    });
    let mut csv = format!("{HEAD}1,one,,\n");
    for id in 0..100_000 {
        writeln!(csv, "x{id},bad,,").unwrap();
    }
    let (digits, name) = ("9".repeat(100_000), "n".repeat(20_000));
    for id in 0..300 {
        writeln!(csv, "{id},dear,{digits},").unwrap();
    }
    for record in 0..1200 {
        writeln!(csv, "{},{record}{name},,", 1000 + record / 2).unwrap();
    }
    // Nearly all fail on `id`: that is another file, and it is held.
    let answer = scene.serves(csv).ingest(3);
    assert_eq!(Scene::counts(&answer), "rows 101501, inserted 1, rejected 101500");
    let db = scene.house.db();
    let kept = |what: &str| db.number(&format!("SELECT {what} FROM bluebook.rejects"));
    assert_eq!(kept("count(*)"), 101_500);
    assert!(kept("max(octet_length(original))") <= 64 * 1024);
    assert!(kept("max(length(value))") <= 1001 && kept("max(length(reason))") <= 1001);
    let originals = kept("sum(octet_length(original))::bigint");
    assert!(originals < 40 << 20, "{originals} bytes");
    let largest = "SELECT max(octet_length(r::text)) FROM bluebook.releases r";
    assert!(db.number(largest) < 32 << 10);
    let daemon = scene.house.serve();
    let viewer = crate::admin::signed_in(&scene.house, &daemon, "vic", "viewer");
    for page in ["/releases/1", "/releases/1/rejects", "/releases/1/rejects?from=101450", "/datasets/things", "/"] {
        let begun = Instant::now();
        let body = viewer.get(page).body;
        assert!(body.len() < PAGE && body.contains("</html>"), "{page}: {} bytes", body.len());
        assert!(begun.elapsed().as_secs() < PATIENCE, "{page} took {:?}", begun.elapsed());
    }
    scene.house.assert_invariants();
}

#[test]
fn of_a_header_with_twenty_thousand_columns_people_are_told_the_beginning() {
    let scene = Scene::new();
    let more = (0..20_000).fold(String::new(), |more, at| more + &format!(",column {at} {}", "x".repeat(20)));
    let wide = format!("id,name,price,since{more}\n1,one,,{}\n", ",".repeat(20_000));
    let answer = scene.serves(&wide).ingest(0);
    assert_eq!(answer["findings"][0]["check"], "new_columns");
    let held = scene.serves(wide.replacen("id,name", "ID,label", 1)).ingest(3);
    let suggestion = held["findings"][0]["suggestion"].as_str().unwrap();
    assert!(suggestion.contains("from = { id = \"ID\" }"), "{suggestion}");
    assert!(suggestion.contains("bytes is left out here"), "{suggestion}");
    let largest = "SELECT max(octet_length(findings::text)) FROM bluebook.releases";
    assert!(scene.house.db().number(largest) < 64 << 10);
    let shown = scene.house.run(["release", "show", "2"]).expect_code(0).stdout();
    assert!(shown.len() < 64 << 10, "{} bytes", shown.len());
    scene.house.assert_invariants();
}
