//! Files of periods that overlap: the later period has the last word, in whatever order they come.

use super::{
    backfill::{daily, dated},
    restore::{after_the_loss, everything},
    things,
};
use crate::support::{Answer, Publisher, TestHouse, assert_same_rows};

/// One file a day, and a history.
fn defined() -> String {
    format!("history = true\n{}", dated())
}

/// A house with that dataset, `things`.
fn scene() -> (TestHouse, Publisher) {
    let (house, publisher) = daily();
    house.dataset("things", &defined());
    (house, publisher)
}

/// The file of a day of March is published, and fetched.
fn comes(house: &TestHouse, publisher: &Publisher, day: &str, csv: impl AsRef<[u8]>) {
    publisher.serve(&format!("/2026/03{day}.csv"), Answer::ok(csv));
    house.run(["backfill", "things", &format!("2026-03-{day}..2026-03-{day}")]).expect_code(0);
}

fn names(house: &TestHouse) -> Vec<String> {
    house.db().column("SELECT concat_ws(' ', id, name) FROM data.things ORDER BY things.id")
}

fn versions(house: &TestHouse) -> Vec<String> {
    house.db().column("SELECT concat_ws(' ', id, name) FROM data.things_history ORDER BY id, _from")
}

/// Read again, looked at or restored, the table is what it is.
#[track_caller]
fn is_what_its_releases_say(house: &TestHouse, definition: &str) {
    let told = house.run(["dataset", "verify", "things"]);
    assert_eq!(told.code(), 0, "{}", told.stdout());
    let restored = after_the_loss(house, &[("things", definition)]);
    restored.run(["restore"]).expect_code(0);
    assert_same_rows(&everything(&restored, "things"), &everything(house, "things"));
    restored.assert_invariants();
    let before = everything(house, "things");
    let again = house.run(["replay", "things", "--all", "--json"]).expect_code(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_same_rows(&everything(house, "things"), &before);
    house.assert_invariants();
}

#[test]
fn a_backfill_leaves_what_a_later_period_has_said_otherwise() {
    let (house, publisher) = scene();
    comes(&house, &publisher, "02", things(&["1,corrected", "2,two"]));
    comes(&house, &publisher, "01", things(&["1,preliminary", "2,two", "3,three"]));
    assert_eq!(names(&house), ["1 corrected", "2 two", "3 three"]);
    let counts = "SELECT concat_ws(' ', counts->'inserted', counts->'changed', counts->'unchanged') \
                  FROM bluebook.releases WHERE id = 2";
    assert_eq!(house.db().text(counts), "1 0 2");
    let notes = "SELECT message FROM bluebook.run_events WHERE message LIKE '%of a later period%'";
    assert_eq!(house.db().text(notes), "1 row was left as it was: a file of a later period says otherwise");
    assert_eq!(versions(&house), ["1 corrected", "2 two", "3 three"], "what was not taken was never said");
    // Another file of the later period supersedes it, and the older one goes on to have no say.
    comes(&house, &publisher, "02", things(&["1,corrected again", "2,two"]));
    comes(&house, &publisher, "01", things(&["1,preliminary still", "2,zwei", "3,drei"]));
    assert_eq!(names(&house), ["1 corrected again", "2 two", "3 drei"]);
    comes(&house, &publisher, "03", things(&["1,final"]));
    assert_eq!(names(&house), ["1 final", "2 two", "3 drei"]);
    is_what_its_releases_say(&house, &defined());
}

#[test]
fn what_a_sum_has_brought_keeps_its_period() {
    let (house, publisher) = scene();
    let late = "id,name,price,since\n1,late,n/a,\n2,two,1.00,\n";
    comes(&house, &publisher, "02", late);
    assert_eq!(names(&house), ["2 two"]);
    let mended = defined().replace("type = \"decimal(12,2)\"", "type = \"decimal(12,2)\"\nnulls = [\"n/a\"]");
    house.dataset("things", &mended);
    house.run(["replay", "things", "--all"]).expect_code(0);
    comes(&house, &publisher, "01", "id,name,price,since\n1,early,0.50,\n3,three,n/a,\n");
    assert_eq!(names(&house), ["1 late", "2 two", "3 three"]);
    is_what_its_releases_say(&house, &mended);
}

#[test]
fn a_file_that_a_person_gives_is_in_the_table_whatever_its_period() {
    let (house, publisher) = scene();
    comes(&house, &publisher, "02", things(&["1,published"]));
    house.write("given.csv", things(&["1,given"]));
    let file = house.home().join("given.csv");
    house.run(["ingest", "things", "--file", file.to_str().unwrap()]).expect_code(0);
    assert_eq!(names(&house), ["1 given"]);
    is_what_its_releases_say(&house, &defined());
}
