//! Sources whose URL has a date, and the periods that were missed.

use serde_json::Value;

use super::{definition, things};
use crate::support::{Answer, Publisher, Ran, TestHouse};

/// A house with the dataset `things`, one file a day.
pub(super) fn daily() -> (TestHouse, Publisher) {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    house.dataset("things", &dated());
    house.rewrite("publisher.test", &publisher);
    (house, publisher)
}

pub(super) fn dated() -> String {
    let url = "url = \"http://publisher.test/{date:%Y/%m%d}.csv\"\nperiod = \"day\"\nlag = \"1 d\"";
    definition()
        .replace("url = \"http://publisher.test/things.csv\"", url)
        .replace("mode = \"replace\"", "mode = \"upsert\"")
        .replace("min_rows = 1", "min_rows = 1\nmax_shrink = 1.0")
}

fn backfill(house: &TestHouse, range: &str) -> Ran {
    house.run(["backfill", "things", range, "--json"])
}

/// Period and what became of it.
fn became(ran: &Ran) -> Vec<String> {
    let lines = ran.stdout();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| format!("{} {}", line["period"].as_str().unwrap(), line["became"].as_str().unwrap())).collect()
}

#[test]
fn each_period_is_a_run_of_its_own_and_a_gap_stops_nobody() {
    let (house, publisher) = daily();
    publisher.serve("/2026/0301.csv", Answer::ok(things(&["1,one"])).etag("\"v1\""));
    publisher.serve("/2026/0303.csv", Answer::ok(things(&["3,three", "1,uno"])));
    publisher.serve("/2026/0304.csv", Answer::ok("<!doctype html><title>Sorry</title>"));
    publisher.serve("/2026/0305.csv", Answer::ok(things(&["5,five"])));
    let first = backfill(&house, "2026-03-01..2026-03-05").expect_code(1);
    let told = ["01 published", "02 absent", "03 published", "04 failed", "05 published"];
    assert_eq!(became(&first), told.map(|day| format!("2026-03-{day}")));
    let db = house.db();
    assert_eq!(db.column("SELECT name FROM data.things ORDER BY id"), ["uno", "three", "five"]);
    assert_eq!(
        db.column("SELECT url FROM bluebook.fetches WHERE status = 404"),
        ["http://publisher.test/2026/0302.csv"]
    );
    publisher.serve("/2026/0302.csv", Answer::ok(things(&["2,two"])));
    let second = backfill(&house, "2026-03-01..2026-03-03").expect_code(0);
    assert_eq!(became(&second), ["2026-03-01 unchanged", "2026-03-02 published", "2026-03-03 unchanged"]);
    assert_eq!(db.column("SELECT name FROM data.things ORDER BY id"), ["uno", "two", "three", "five"]);
    let conditional = publisher.log().iter().any(|asked| asked.header("If-None-Match") == Some("\"v1\""));
    assert!(conditional, "each period is asked for with its own validators");
    house.assert_invariants();
}

#[test]
fn a_held_period_waits_until_its_own_next_file_comes_or_a_person_decides() {
    let (house, publisher) = daily();
    house.dataset("things", &dated().replace("min_rows = 1", "min_rows = 2"));
    let rows = |day: u8| things(&[&format!("{day},one"), &format!("{},two", day * 10)]);
    for day in 1..6 {
        let short = things(&["2,short"]);
        let csv = if day == 2 { short } else { rows(day) };
        publisher.serve(&format!("/2026/030{day}.csv"), Answer::ok(csv));
    }
    backfill(&house, "2026-03-01..2026-03-03");
    let states = "SELECT state FROM bluebook.releases ORDER BY id";
    let db = house.db();
    assert_eq!(db.column(states), ["superseded", "held", "published"]);
    publisher.serve("/2026/0304.csv", Answer::ok(things(&["4,short"])));
    publisher.serve("/2026/0302.csv", Answer::ok(things(&["2,still short"])));
    backfill(&house, "2026-03-02..2026-03-05");
    assert_eq!(
        db.column(states),
        ["superseded", "superseded", "superseded", "held", "held", "published"],
        "only another file of the second day takes its place"
    );
    assert_eq!(db.text("SELECT condition FROM bluebook.conditions"), "held");
    house.run(["release", "publish", "4", "--reason", "so it was"]).expect_code(0);
    publisher.serve("/2026/0304.csv", Answer::ok(rows(4)));
    backfill(&house, "2026-03-04..2026-03-04").expect_code(0);
    assert_eq!(db.text("SELECT condition FROM bluebook.conditions"), "good");
    assert_eq!(
        db.column("SELECT id::text FROM data.things ORDER BY things.id"),
        ["1", "2", "3", "4", "5", "10", "30", "40", "50"]
    );
    house.assert_invariants();
}

#[test]
fn a_file_that_was_corrected_and_is_what_it_was_again_is_loaded_again() {
    let (house, publisher) = daily();
    let (first, wrong) = (things(&["1,right"]), things(&["1,wrong"]));
    let name = |name: &str| assert_eq!(house.db().text("SELECT name FROM data.things WHERE id = 1"), name);
    let serve = |csv: &str| {
        publisher.serve("/2026/0301.csv", Answer::ok(csv));
        backfill(&house, "2026-03-01..2026-03-01").expect_code(0);
    };
    publisher.serve("/2026/0302.csv", Answer::ok(things(&["2,two"])));
    for (csv, told) in [(&first, "right"), (&wrong, "wrong"), (&first, "right"), (&wrong, "wrong")] {
        serve(csv);
        name(told);
        backfill(&house, "2026-03-02..2026-03-02").expect_code(0);
    }
    house.write("first.csv", &first);
    let file = house.home().join("first.csv");
    let given = house.run(["ingest", "things", "--json", "--file", file.to_str().unwrap()]).expect_code(0).json();
    assert_eq!(given["outcome"], "published");
    name("right");
    house.assert_invariants();
}

#[test]
fn what_is_remembered_of_the_newest_stays() {
    let (house, publisher) = daily();
    let newest = Answer::ok(things(&["9,newest"])).etag("\"newest\"");
    let today = house.db().text("SELECT to_char(now() AT TIME ZONE 'UTC' - interval '1 day', '/YYYY/MMDD.csv')");
    publisher.serve(&today, newest);
    publisher.serve("/2026/0301.csv", Answer::ok(things(&["1,one"])));
    let remembered = "SELECT concat_ws(' ', checked_at) FROM bluebook.datasets";
    backfill(&house, "2026-03-01..2026-03-01").expect_code(0);
    assert_eq!(house.db().text(remembered), "", "nobody asked for the newest yet");
    house.run(["ingest", "things"]).expect_code(0);
    let before = house.db().text(remembered);
    backfill(&house, "2026-03-01..2026-03-01").expect_code(0);
    assert_eq!(house.db().text(remembered), before);
    assert_eq!(house.run(["ingest", "things", "--json"]).expect_code(0).json()["outcome"], "unchanged");
    let asked = publisher.log();
    assert_eq!(asked.last().unwrap().header("If-None-Match"), Some("\"newest\""));
    assert_eq!(house.db().text("SELECT count(*) FROM bluebook.runs WHERE trigger ? 'backfill'"), "2");
}

#[test]
fn what_cannot_be_asked_for_is_wrong_usage() {
    let (house, _publisher) = daily();
    let wrong = house.run(["backfill", "things", "2026-03-05..2026-03-01"]).expect_code(2);
    assert!(wrong.stderr().contains("write FROM..TO"), "{}", wrong.stderr());
    let future = house.run(["backfill", "things", "2998..2998"]).expect_code(0);
    assert!(future.stderr().contains("365 periods are still to come"), "{}", future.stderr());
    house.dataset("things", &definition());
    let undated = house.run(["backfill", "things", "2026..2026"]).expect_code(2);
    assert!(undated.stderr().contains("the URL of things has no date"), "{}", undated.stderr());
    house.dataset("things", &dated().replace("mode = \"upsert\"", "mode = \"replace\""));
    let checked = house.run(["check"]).expect_code(1).stdout();
    assert!(checked.contains("would remove all the others") && checked.contains("not possible yet"), "{checked}");
}
