//! Columns and volumes that are not what they were: what fits is read right, all else is held, what was published stays, one
//! alert is raised, and people may publish it anyway.

use serde_json::Value;

use super::Scene;
use crate::support::{assert_same_rows, one_in_five, things_csv, things_rows};

const HEAD: &str = "id,name,price,since\n";
const ROWS: std::ops::Range<u32> = 0..100;

/// With limits on everything.
fn limited() -> Scene {
    let scene = Scene::defined(|toml| {
        let more = "max_shrink = 0.2\nmax_growth = 1.0\nmax_changed_share = 0.3\nmax_rejected_share = 0.1\n\
                    max_conflicts_share = 0.0\nmax_nulls = { price = 0.5 }\nnewest = { column = \"since\", ahead = \"2 days\" }\n";
        format!("{toml}{more}")
    });
    scene.serves(things_csv(ROWS, 1)).ingest(0);
    scene
}

/// Every record of the usual file, changed: its number, quoted name, price and day.
fn each(change: impl Fn(u32, &str, &str, &str) -> String) -> String {
    let csv = things_csv(ROWS, 1);
    let record = |line: &str| {
        let (rest, since) = line.rsplit_once(',').unwrap();
        let (rest, price) = rest.rsplit_once(',').unwrap();
        let (id, name) = rest.split_once(',').unwrap();
        change(id.parse().unwrap(), name, price, since)
    };
    csv.lines().skip(1).fold(String::new(), |all, line| all + &record(line) + "\n")
}

fn usual(record: impl Fn(u32, &str, &str, &str) -> String) -> String {
    HEAD.to_owned() + &each(record)
}

fn checks(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().unwrap().iter().filter_map(|finding| finding["check"].as_str()).collect()
}

#[test]
fn columns_that_move_are_followed_and_those_that_change_hold_the_release() {
    let scene = limited();
    let with = |head: &str, record: fn(u32, &str, &str, &str) -> String| format!("{head}\n{}", each(record));
    let same = |id: u32, name: &str, price: &str, since: &str| format!("{id},{name},{price},{since}");
    let cases: [(&str, String, &str); 15] = [
        ("another order", with("since,price,name,id", |i, n, p, s| format!("{s},{p},{n},{i}")), ""),
        ("blanks and quotes around names", with("\"id\", name ,\"price\",since", same), ""),
        (
            "one more at the end",
            with("id,name,price,since,colour", |i, n, p, s| format!("{i},{n},{p},{s},red")),
            "new_columns",
        ),
        (
            "one more in front",
            with("no,id,name,price,since", |i, n, p, s| format!("{i}7,{i},{n},{p},{s}")),
            "new_columns",
        ),
        (
            "one more in between",
            with("id,name,cost,price,since", |i, n, p, s| format!("{i},{n},1,{p},{s}")),
            "new_columns",
        ),
        ("one gone", with("id,name,since", |i, n, _, s| format!("{i},{n},{s}")), "columns"),
        ("one renamed", with("id,label,price,since", same), "columns"),
        ("one in capitals", with("id,name,PRICE,since", same), "columns"),
        ("one with its unit", with("id,name,price (EUR),since", same), "columns"),
        ("no names", each(same), "columns"),
        ("a currency in each value", usual(|i, n, p, s| format!("{i},{n},{p} EUR,{s}")), "retyped"),
        ("a comma for the point", usual(|i, n, p, s| format!("{i},{n},\"{}\",{s}", p.replace('.', ","))), "retyped"),
        (
            "days in another order",
            usual(|i, n, p, s| format!("{i},{n},{p},{}", s.split('-').rev().collect::<Vec<_>>().join("/"))),
            "retyped",
        ),
        ("another unit", usual(|i, n, p, s| format!("{i},{n},{},{s}", p.replace('.', "") + "0")), "changed"),
        ("the names once more", format!("{}{HEAD}", things_csv(ROWS, 1)), ""),
    ];
    for (what, csv, check) in one_in_five(cases) {
        let code = if ["", "new_columns"].contains(&check) { 0 } else { 3 };
        let answer = scene.serves(csv).ingest(code);
        assert!(check.is_empty() || checks(&answer).contains(&check), "{what}: {answer}");
        assert_same_rows(&scene.rows(), &things_rows(ROWS, 1));
    }
    scene.house.assert_invariants();
}

#[test]
fn volumes_that_jump_are_held_with_one_alert_and_may_be_published_all_the_same() {
    let scene = limited();
    let changes = || scene.house.db().column("SELECT before || '>' || after FROM bluebook.changes ORDER BY id");
    let contradicting = things_csv(ROWS, 1) + "7,another,,2026-01-01\n";
    let bad = usual(|id, n, p, s| if id < 8 { format!("{id},{n},dear,{s}") } else { format!("{id},{n},{p},{s}") });
    let cases: [(&str, String, &str); 12] = [
        ("30 % fewer", things_csv(0..70, 1), "shrink"),
        ("all gone", HEAD.to_owned(), "min_rows"),
        ("four times as many", things_csv(0..400, 1), "growth"),
        ("all keys new", things_csv(100..200, 1), "shrink"),
        ("as many, a third of them others", things_csv(35..135, 1), "shrink"),
        ("an older file", usual(|i, n, p, s| format!("{i},{n},{p},{}", s.replace("2026", "2025"))), "newest"),
        ("days to come", usual(|i, n, p, s| format!("{i},{n},{p},{}", s.replace("2026", "2999"))), "newest"),
        ("most values others", usual(|i, n, _, s| format!("{i},{n},{i}.99,{s}")), "changed"),
        ("most values gone", usual(|i, n, _, s| format!("{i},{n},,{s}")), "nulls"),
        ("two that contradict each other", contradicting, "conflicts"),
        ("too much that cannot be read", bad + &"x,x,x,x\n".repeat(5), "reject"),
        ("other rows, and more of them", things_csv(300..900, 2), "shrink"),
    ];
    // The last of them is the one that is published.
    let [others @ .., last] = cases;
    let mut cases = one_in_five(others).chain([last]).peekable();
    while let Some((what, csv, check)) = cases.next() {
        let told = changes().len();
        let held = scene.serves(csv).ingest(3);
        assert!(checks(&held).iter().any(|found| found.starts_with(check)), "{what}: {held}");
        assert_same_rows(&scene.rows(), &things_rows(ROWS, 1));
        scene.ingest(3);
        assert_eq!(changes().len(), told + 1, "{what}: one alert, however often it comes");
        let release = held["release"].to_string();
        let verdict = if cases.peek().is_some() { "discard" } else { "publish" };
        scene.house.run(["release", verdict, &release, "--reason", "we asked them"]).expect_code(0);
    }
    assert_same_rows(&scene.rows(), &things_rows(300..900, 2));
    scene.house.assert_invariants();
}
