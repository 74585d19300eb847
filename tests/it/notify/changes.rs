//! What is a change, and what is none.

use super::Scene;

#[test]
fn a_dataset_that_does_well_is_news_to_nobody() {
    let scene = Scene::new();
    scene.ingest(0);
    assert_eq!(scene.house.db().text("SELECT condition FROM bluebook.conditions"), "good");
    assert!(scene.changes().is_empty());
    scene.house.assert_invariants();
}

#[test]
fn a_held_release_is_told_once_and_so_is_its_end() {
    let scene = Scene::new();
    let held = scene.hold();
    assert_eq!(scene.changes(), ["good>held"]);
    let facts = scene.house.db().json("SELECT title, release, facts FROM bluebook.changes");
    assert_eq!((&facts[0]["title"], &facts[0]["release"]), (&"Things".into(), &held["release"]));
    for fact in ["level", "check", "message"] {
        assert_eq!(facts[0]["facts"]["findings"][0][fact], held["findings"][0][fact], "{fact}");
    }
    scene.ingest(3);
    assert_eq!(scene.changes().len(), 1, "the same bytes are no news");
    scene.serves(&["2,two"]);
    scene.ingest(3);
    assert_eq!(scene.changes().len(), 1, "nor is another release that is held for the same reasons");
    scene.house.assert_invariants();
    scene.serves(&["1,one", "2,two", "3,three", "4,four", "5,five"]);
    scene.ingest(0);
    assert_eq!(scene.changes(), ["good>held", "held>good"]);
    scene.house.assert_invariants();
}

#[test]
fn a_release_that_is_held_for_other_reasons_is_news() {
    let scene = Scene::new();
    scene.hold();
    scene.serves(&[]);
    scene.ingest(3);
    assert_eq!(scene.changes(), ["good>held", "held>held"]);
    scene.house.assert_invariants();
}

#[test]
fn what_a_person_decides_ends_the_matter() {
    let scene = Scene::new();
    let release = scene.hold()["release"].to_string();
    scene.house.run(["release", "discard", &release, "--reason", "a mistake of theirs"]).expect_code(0);
    assert_eq!(scene.changes(), ["good>held", "held>good"]);
    scene.house.assert_invariants();
    scene.serves(&["2,two"]);
    let release = scene.ingest(3)["release"].to_string();
    scene.house.run(["release", "publish", &release, "--reason", "they closed"]).expect_code(0);
    assert_eq!(scene.changes()[2..], ["good>held", "held>good"]);
    let last = "SELECT facts ->> 'release_state' FROM bluebook.changes WHERE after = 'good' ORDER BY id";
    assert_eq!(scene.house.db().column(last), ["discarded", "published"]);
    scene.house.assert_invariants();
}

#[test]
fn a_failure_is_told_once_and_so_is_the_recovery() {
    let scene = Scene::new();
    scene.fail();
    scene.fail();
    assert_eq!(scene.changes(), ["good>failing"]);
    let error = scene.house.db().text("SELECT facts ->> 'error' FROM bluebook.changes");
    assert_eq!(error, "a test made the step fetch fail");
    scene.house.assert_invariants();
    scene.ingest(0);
    assert_eq!(scene.changes(), ["good>failing", "failing>good"]);
    scene.house.assert_invariants();
}

#[test]
fn a_failure_while_a_release_is_held_leads_back_to_held() {
    let scene = Scene::new();
    let release = scene.hold()["release"].to_string();
    scene.fail();
    scene.ingest(3);
    assert_eq!(scene.changes(), ["good>held", "held>failing", "failing>held"]);
    scene.fail();
    scene.house.run(["release", "discard", &release, "--reason", "a mistake"]).expect_code(0);
    assert_eq!(scene.changes()[3..], ["held>failing"], "a decision mends no failing job");
    scene.ingest(0);
    assert_eq!(scene.changes()[4..], ["failing>good"]);
    scene.house.assert_invariants();
}

#[test]
fn a_cancelled_run_changes_nothing() {
    let scene = Scene::new();
    scene.fail();
    let waiting = "INSERT INTO bluebook.runs (job, trigger) VALUES ('ingest:things', '\"person\"') RETURNING id";
    let run = scene.house.db().text(waiting);
    scene.house.run(["run", "cancel", &run]).expect_code(0);
    assert_eq!(scene.changes(), ["good>failing"]);
    scene.house.assert_invariants();
}

#[test]
fn a_run_that_is_cut_off_too_often_has_failed() {
    let scene = Scene::new();
    scene.house.db().batch(
        "INSERT INTO bluebook.runs (job, trigger, state, owner, lease_until, interruptions, epoch, attempt, started_at)
         VALUES ('ingest:things', '\"person\"', 'running', 'gone', now() - interval '1 minute', 2, 3, 3, now())",
    );
    let daemon = scene.house.serve();
    let told = || (scene.changes() == ["good>failing"]).then_some(());
    crate::support::eventually(std::time::Duration::from_secs(15), "the change is written", told);
    drop(daemon);
    scene.house.assert_invariants();
}

#[test]
fn changes_are_forgotten_with_the_runs_that_made_them() {
    let scene = Scene::new();
    scene.fail();
    scene.house.db().batch("UPDATE bluebook.changes SET at = now() - interval '500 days'");
    let daemon = scene.house.serve();
    scene.house.run(["run", "start", "upkeep"]).expect_code(0);
    let gone = || scene.changes().is_empty().then_some(());
    crate::support::eventually(std::time::Duration::from_secs(15), "the change is forgotten", gone);
    drop(daemon);
    scene.ingest(0);
    assert_eq!(scene.changes(), ["failing>good"], "how the job stood is remembered");
}
