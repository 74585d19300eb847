//! The pages over real runs: every one is there, and says what happened.

use super::{Sends, signed_in};
use crate::support::{Answer, Daemon, Publisher, TestHouse, Visitor, eventually, things_csv, things_toml};
use std::time::Duration;

/// A house with a dataset `things`: published with two rejects, then a release that is held.
fn house(publisher: &Publisher) -> TestHouse {
    let mut house = TestHouse::without_customers();
    house.dataset("things", &things_toml("http://publisher.test/list.csv"));
    house.rewrite("publisher.test", publisher);
    let bad = "9001,<b>bad</b>,a price,2026-01-01\n9002,worse,1.00,someday\n";
    publisher.serve("/list.csv", Answer::ok(things_csv(0..1000, 1) + bad));
    house.run(["ingest", "things"]).expect_code(0);
    publisher.serve("/list.csv", Answer::ok(things_csv(0..100, 1)));
    house.run(["ingest", "things"]).expect_code(3);
    house
}

fn number(house: &TestHouse, sql: &str) -> i64 {
    house.db().number(sql)
}

fn held(house: &TestHouse) -> i64 {
    number(house, "SELECT id FROM bluebook.releases WHERE state = 'held'")
}

fn wait_for(house: &TestHouse, run: &str, state: &str) {
    eventually(Duration::from_secs(20), &format!("run {run} is {state}"), || {
        (house.db().text(&format!("SELECT state FROM bluebook.runs WHERE id = {run}")) == state).then_some(())
    });
}

fn pages(visitor: &Visitor, paths: &[(String, &str)]) {
    for (path, words) in paths {
        let page = visitor.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        assert!(page.body.contains(words), "{path} does not say {words:?}: {}", page.body);
        assert!(!page.body.contains("<b>bad"), "{path} writes a publisher's value unescaped");
        assert_eq!(page.body.matches("<h1").count(), 1, "{path} has one heading");
    }
}

#[test]
fn every_page_shows_what_happened() {
    let publisher = Publisher::start();
    let house = house(&publisher);
    let daemon = house.serve();
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    let shown = number(&house, "SELECT id FROM bluebook.releases WHERE state = 'published'");
    let run = number(&house, "SELECT min(id) FROM bluebook.runs");
    pages(
        &viewer,
        &[
            ("/".into(), "1 thing needs a person"),
            ("/datasets".into(), "Things"),
            ("/datasets/things".into(), "Office of Invented Things"),
            ("/runs".into(), "1,000 inserted"),
            ("/runs?state=held".into(), "ingest:things"),
            ("/runs?state=failed".into(), "No run is like that"),
            (format!("/runs/{run}"), "What happened"),
            (format!("/releases/{shown}"), "1,000"),
            (format!("/releases/{shown}/rejects"), "&lt;b&gt;bad&lt;/b&gt;"),
            (format!("/releases/{}", held(&house)), "An editor can publish or discard it"),
            ("/reports".into(), "No edition yet"),
            ("/account".into(), "Where you are signed in"),
        ],
    );
}

#[test]
fn a_held_release_is_published_with_a_reason() {
    let publisher = Publisher::start();
    let house = house(&publisher);
    let daemon = house.serve();
    let editor = signed_in(&house, &daemon, "eve", "editor");
    let held = held(&house);
    let without = editor.submit(&format!("/releases/{held}/publish"), &[("reason", " ")]);
    assert_eq!(without.status, 400);
    assert_eq!(editor.submit(&format!("/releases/{held}/publish"), &[("reason", "a\0b")]).status, 400);
    assert_eq!(editor.get("/runs?state=%00").status, 400);
    let decided = editor.submit(&format!("/releases/{held}/publish"), &[("reason", "They closed nine tenths.")]);
    assert_eq!(decided.status, 303, "{}", decided.body);
    wait_for(&house, run_of(&decided), "succeeded");
    assert_eq!(number(&house, "SELECT count(*) FROM data.things"), 100);
    pages(&editor, &[(format!("/releases/{held}"), "They closed nine tenths.")]);
    let twice = editor.submit(&format!("/releases/{held}/discard"), &[("reason", "No.")]);
    assert_eq!(twice.status, 409);
    assert_eq!(number(&house, "SELECT count(*) FROM bluebook.audit WHERE action = 'publish'"), 1);
}

#[test]
fn a_held_release_is_discarded_with_a_reason() {
    let publisher = Publisher::start();
    let house = house(&publisher);
    let daemon = house.serve();
    let editor = signed_in(&house, &daemon, "eve", "editor");
    let held = held(&house);
    editor.submit(&format!("/releases/{held}/discard"), &[("reason", "Half of it is missing.")]);
    assert_eq!(house.db().text(&format!("SELECT state FROM bluebook.releases WHERE id = {held}")), "discarded");
    assert_eq!(number(&house, "SELECT count(*) FROM data.things"), 1000);
    let audit = "SELECT after->>'reason' FROM bluebook.audit WHERE action = 'discard'";
    assert_eq!(house.db().text(audit), "Half of it is missing.");
}

#[test]
fn run_now_runs_and_stands_in_the_audit_log() {
    let publisher = Publisher::start();
    let house = house(&publisher);
    publisher.serve("/list.csv", Answer::ok(things_csv(0..1001, 2)));
    let daemon: Daemon = house.serve();
    let editor = signed_in(&house, &daemon, "eve", "editor");
    let started = editor.submit("/runs", &[("job", "ingest:things")]);
    wait_for(&house, run_of(&started), "succeeded");
    pages(&editor, &[(started.header("location").to_owned(), "eve pressed")]);
    assert_eq!(number(&house, "SELECT count(*) FROM bluebook.audit WHERE action = 'run now' AND who = 'eve'"), 1);
    for job in ["ingest:nothing", "report:nothing", "rm -rf", ""] {
        assert_eq!(editor.submit("/runs", &[("job", job)]).status, 400, "{job}");
    }
    let over = editor.submit(&format!("{}/cancel", started.header("location")), &[]);
    assert_eq!(over.status, 303, "a run that has ended cannot be cancelled, and the page says so");
}

#[test]
fn a_slot_to_come_is_never_just_now() {
    let house = TestHouse::without_customers();
    house.dataset("things", &things_toml("http://publisher.test/list.csv"));
    house.schedules("[[schedule]]\nname = \"things\"\njob = \"ingest:things\"\ncron = \"* * * * * *\"\n");
    let paused = "INSERT INTO bluebook.datasets (name, title, definition, paused_at, paused_by) \
                  VALUES ('things', 'Things', '', now(), 'somebody')";
    house.db().batch(paused);
    let daemon = house.serve();
    let page = signed_in(&house, &daemon, "vic", "viewer").get("/datasets/things").body;
    let (_, slots) = page.split_once("Next slots</h2>").expect("slots");
    let (slots, _) = slots.split_once("</section>").expect("their end");
    let told: Vec<&str> = slots.split(" data-due>").skip(1).filter_map(|slot| slot.split('<').next()).collect();
    assert_eq!(told.len(), 5, "{slots}");
    assert!(told.iter().all(|told| told.starts_with("in ") || *told == "due now"), "{told:?}");
}

#[test]
fn a_dataset_is_paused_and_resumed() {
    let publisher = Publisher::start();
    let house = house(&publisher);
    let daemon = house.serve();
    let editor = signed_in(&house, &daemon, "eve", "editor");
    editor.submit("/datasets/things/pause", &[]);
    assert_eq!(house.db().text("SELECT paused_by FROM bluebook.datasets WHERE name = 'things'"), "eve");
    editor.submit("/datasets/things/resume", &[]);
    assert_eq!(house.db().text("SELECT paused_by FROM bluebook.datasets WHERE name = 'things'"), "");
    assert_eq!(number(&house, "SELECT count(*) FROM bluebook.audit WHERE subject = 'dataset:things'"), 2);
}

#[test]
fn an_edition_is_opened_as_a_document_without_rights() {
    let house = TestHouse::without_customers();
    house.run(["report", "market_brief"]).expect_code(0);
    let daemon = house.serve();
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    let edition = number(&house, "SELECT id FROM bluebook.editions");
    pages(&viewer, &[("/reports".into(), "Editions"), (format!("/editions/{edition}"), "Computed from")]);
    for row in house.db().rows("SELECT name, media_type LIKE 'text/html%' FROM bluebook.edition_files") {
        let (name, document) = (row[0].clone().unwrap(), row[1].as_deref() == Some("t"));
        let file = viewer.get(&format!("/editions/{edition}/{name}"));
        let policy = file.header("content-security-policy");
        assert!(file.status == 200 && policy.starts_with("sandbox; default-src 'none'"), "{name}: {policy}");
        assert_eq!(file.header("content-disposition").starts_with("inline"), document, "{name}");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
}

fn run_of(page: &crate::support::Page) -> &str {
    page.header("location").strip_prefix("/runs/").unwrap_or_else(|| panic!("no run: {} {}", page.status, page.body))
}
