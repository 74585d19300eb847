//! Releases that are held, and what people decide about them.

use std::{path::PathBuf, time::Duration};

use nix::sys::signal::Signal;

use super::{Scene, things};
use crate::{admin::signed_in, support::eventually};

fn shrunken() -> (Scene, String) {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    let held = scene.serves(things(&["1,uno"])).ingest(3);
    assert_eq!(held["outcome"], "held");
    let message = held["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("3 rows, 75 % of the 4 that are published, would be gone"), "{message}");
    assert_eq!(Scene::counts(&held), "rows 1, changed 1, removed 3", "the difference is shown before anyone decides");
    assert_eq!(scene.rows().len(), 4, "and nothing of it is in the table");
    scene.house.assert_invariants();
    let release = held["release"].to_string();
    (scene, release)
}

#[test]
fn the_stage_of_a_held_release_holds_nothing_but_the_difference() {
    let scene = Scene::defined(|toml| format!("{toml}max_shrink = 0.1\n"));
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four", "5,five"])).ingest(0);
    scene.serves("id,name,price,since\n1,one,,\n2,zwei,,\n4,vier,0.001,\n6,six,,\n7,x,1e1,\n").ingest(3);
    let stage = scene.house.db().text("SELECT stage FROM bluebook.releases WHERE state = 'held'");
    let staged = format!("SELECT concat_ws(' ', _kind, id, name) FROM stage.{stage} ORDER BY id");
    assert_eq!(scene.house.db().column(&staged), ["r 2 zwei", "g 3", "k 4", "g 5", "r 6 six"]);
}

#[test]
fn a_shrunken_release_is_held_and_can_be_published_anyway() {
    let (scene, release) = shrunken();
    let ran = scene.house.run(["release", "publish", &release, "--reason", "they closed", "--json"]).expect_code(0);
    assert_eq!(
        (ran.json()["outcome"].as_str(), Scene::counts(&ran.json())),
        (Some("published"), "rows 1, changed 1, removed 3".into())
    );
    assert_eq!(scene.rows(), ["1|uno|∅|∅"]);
    let kept =
        "SELECT concat_ws(' ', state, decided_by IS NOT NULL, decision_reason) FROM bluebook.releases ORDER BY id";
    assert_eq!(scene.house.db().column(kept), ["superseded f", "published t they closed"]);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged", "the same bytes are the published release by now");
    scene.house.assert_invariants();
}

#[test]
fn a_discarded_release_stays_away() {
    let (scene, release) = shrunken();
    scene.house.run(["release", "discard", &release, "--reason", "a mistake of theirs"]).expect_code(0);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    assert_eq!(scene.rows().len(), 4);
    let refused = scene.house.run(["release", "publish", &release, "--reason", "after all"]).expect_code(1);
    assert!(refused.stderr().contains(&format!("release {release} is discarded: only a held release waits")));
    scene.house.assert_invariants();
}

#[test]
fn a_newer_release_supersedes_a_held_one() {
    let (scene, release) = shrunken();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four", "5,five"])).ingest(0);
    let refused = scene.house.run(["release", "publish", &release, "--reason", "late"]).expect_code(1);
    assert!(refused.stderr().contains("is superseded"), "{}", refused.stderr());
    assert_eq!(scene.rows().len(), 5);
    scene.house.assert_invariants();
}

/// The publication waits behind an ingest that settles the matter.
#[test]
fn a_publication_that_was_overtaken_is_no_failure() {
    let (scene, release) = shrunken();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four", "5,five"]));
    let program = scene.house.program(["ingest", "things"]).env("BLUEBOOK_PAUSE_AT", "fetch");
    let mut first = program.spawn(scene.house.server());
    super::comes_to(&scene, "fetch");
    let mut publish = scene.house.spawn(["release", "publish", &release, "--reason", "it is so", "--json"]);
    eventually(Duration::from_secs(20), "it waits", || publish.stderr().contains("waits for its turn").then_some(()));
    // What another program would have done meanwhile.
    scene.house.db().batch(&format!("UPDATE bluebook.releases SET state = 'superseded', stage = NULL WHERE id = {release}; DROP TABLE stage.things_2_1"));
    first.signal(Signal::SIGINT);
    first.wait(Duration::from_secs(20));
    assert!(publish.wait(Duration::from_secs(20)).success(), "{}", publish.stderr());
    assert!(publish.stdout().contains("\"outcome\":\"unchanged\""), "{}", publish.stdout());
    assert_eq!(scene.house.db().text("SELECT condition FROM bluebook.conditions"), "good");
    assert_eq!(scene.rows().len(), 4);
    scene.house.assert_invariants();
}

/// Its rejects are written anew with the publication, or not at all.
#[test]
fn a_publication_that_is_cut_off_leaves_the_held_release_as_it_was() {
    let scene = Scene::defined(|toml| toml.replace("max_rejected = 10", "max_rejected = 1"));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let held =
        scene.serves("id,name,price,since\n1,one,x,\n2,two,y,\n3,three,z,\n4,4,1,\n4,5,1,\n5,five,,\n").ingest(3);
    let release = held["release"].to_string();
    let rejects = "SELECT concat_ws(' ', record, reason, original) FROM bluebook.rejects WHERE NOT pending ORDER BY id";
    let kept = scene.house.db().column(rejects);
    let publish = ["release", "publish", release.as_str(), "--reason", "it is so", "--json"];
    for step in ["expect", "merge"] {
        let program = scene.house.program(publish).env("BLUEBOOK_PAUSE_AT", step);
        let mut run = program.spawn(scene.house.server());
        super::comes_to(&scene, step);
        scene.house.run(["verify"]).expect_code(0);
        run.signal(Signal::SIGINT);
        run.wait(Duration::from_secs(20));
        assert_eq!(scene.house.db().column(rejects), kept, "{step}");
        let shown = scene.house.run(["release", "show", &release]).expect_code(0).stdout();
        assert_eq!(shown.matches("rejected: ").count(), kept.len(), "{shown}");
    }
    let published = scene.house.run(publish).expect_code(0).json();
    assert_eq!(published["outcome"], "published");
    assert_eq!(scene.house.db().column("SELECT count(*) FROM bluebook.rejects"), [published["rejected"].to_string()]);
    scene.house.assert_invariants();
}

#[test]
fn a_definition_that_changed_since_must_read_the_release_again() {
    let (scene, release) = shrunken();
    scene.redefine(|toml| format!("{toml}max_shrink = 0.9\n"));
    let refused = scene.house.run(["release", "publish", &release, "--reason", "late"]).expect_code(1);
    assert!(refused.stderr().contains("run `bluebook replay things` instead"), "{}", refused.stderr());
    let replayed = scene.replay(0);
    assert_eq!(Scene::counts(&replayed), "rows 1, changed 1, removed 3");
    scene.house.assert_invariants();
}

#[test]
fn a_decision_that_came_to_nothing_can_be_taken_again_in_the_browser() {
    let (scene, release) = shrunken();
    scene.redefine(|toml| format!("{toml}max_shrink = 0.1\n"));
    scene.house.run(["release", "publish", &release, "--reason", "they closed"]).expect_code(1);
    let daemon = scene.house.serve();
    let page = signed_in(&scene.house, &daemon, "eve", "editor").get(&format!("/releases/{release}")).body;
    assert!(page.contains("Publish anyway") && page.contains("Discard"), "{page}");
}

#[test]
fn a_check_of_ones_own_may_be_called_columns() {
    let scene = Scene::new();
    scene.house.write("parsers/datasets/things/columns.sql", "SELECT id FROM release WHERE id > 9");
    let release = scene.serves(things(&["10,ten"])).ingest(3)["release"].to_string();
    scene.house.run(["release", "publish", &release, "--reason", "ten is fine"]).expect_code(0);
    assert_eq!(scene.rows().len(), 1);
}

#[test]
fn a_file_with_other_columns_is_held_and_its_message_names_them() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let held = scene.serves("id,label,price,since\n1,one,,\n").ingest(3);
    let message = held["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("the file lacks \"name\"; it has \"label\""), "{message}");
    let release = held["release"].to_string();
    let refused = scene.house.run(["release", "publish", &release, "--reason", "now"]).expect_code(1);
    assert!(refused.stderr().contains("mend the dataset's TOML and replay it"), "{}", refused.stderr());
    scene.redefine(|toml| toml.replace("from = \"name\"", "from = \"label\""));
    assert_eq!(
        scene.replay(0)["outcome"],
        "unchanged",
        "read by the mended definition, its rows are those that there are"
    );
    scene.house.assert_invariants();
}

#[test]
fn a_broken_contract_comes_with_a_version_to_paste() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let held = scene.serves("ID,Name,Price\n1,uno,\n2,due,2.50\n").ingest(3);
    let suggestion = held["findings"][0]["suggestion"].as_str().unwrap().to_owned();
    assert!(suggestion.contains("from = { id = \"ID\", name = \"Name\", price = \"Price\" }"), "{suggestion}");
    let release = held["release"].to_string();
    let show = scene.house.run(["release", "show", &release]).expect_code(0).stdout();
    assert!(show.contains("absent = [\"since\"]"), "{show}");
    scene.redefine(|toml| toml.replace("[expect]", &format!("{suggestion}\n[expect]")));
    assert_eq!(Scene::counts(&scene.replay(0)), "rows 2, inserted 1, changed 1");
    let newer = scene.serves("id,name,price,since\n1,one,,2026-01-01\n2,two,,\n").ingest(0);
    assert_eq!(Scene::counts(&newer), "rows 2, changed 2", "and the layout of before still loads");
    scene.house.assert_invariants();
}

#[test]
fn a_column_of_another_type_holds_the_release() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let retyped: Vec<String> = (1..8).map(|id| format!("{id},thing,{id} EUR,\n")).collect();
    let held = scene.serves(format!("id,name,price,since\n{}8,thing,8.00,\n", retyped.concat())).ingest(3);
    let finding = &held["findings"][0];
    assert_eq!(finding["check"], "retyped");
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("the column `price` (\"price\" in the file) is decimal(12,2)"), "{message}");
    assert!(message.contains("87.5 % of the records read fail on it: its values are such as \"1 EUR\""), "{message}");
    assert!(finding["suggestion"].as_str().unwrap().starts_with("price = { from = \"price\", type = \"text\""));
    scene.house.assert_invariants();
}

#[test]
fn a_new_column_is_reported_and_holds_nothing() {
    let scene = Scene::new();
    let answer = scene.serves("id,name,price,since,colour\n1,one,,,red\n").ingest(0);
    assert_eq!(answer["findings"][0]["message"], "the file has columns that the definition does not name: \"colour\"");
    let line = "colour = { from = \"colour\", type = \"text\", comment = \"…\" }";
    assert_eq!(answer["findings"][0]["suggestion"], line);
}

#[test]
fn a_removal_that_another_table_forbids_holds_the_release() {
    let scene = Scene::defined(|toml| format!("{toml}max_shrink = 1.0\n"));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    scene.house.db().batch(
        "CREATE TABLE public.uses (thing bigint REFERENCES data.things); INSERT INTO public.uses VALUES (2), (2), (1)",
    );
    let held = scene.serves(things(&["1,one"])).ingest(3);
    let message = held["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("2 of uses (uses_thing_fkey)"), "{message}");
    assert_eq!(scene.rows().len(), 2);
    scene.house.assert_invariants();
}

#[test]
fn releases_can_be_looked_at() {
    let (scene, release) = shrunken();
    let list = scene.house.run(["release", "list", "things"]).expect_code(0).stdout();
    assert!(list.lines().any(|line| line.starts_with(&release) && line.contains("held")), "{list}");
    let show = scene.house.run(["release", "show", &release]).expect_code(0).stdout();
    assert!(show.contains("shrink: 3 rows, 75 % of the 4"), "{show}");
    scene.house.run(["release", "show", "999"]).expect_code(1);
}

/// The file that was given: its name in the archive, and where it lies there.
fn name_of_given(scene: &Scene) -> String {
    scene.house.db().text("SELECT sha256 FROM bluebook.artifacts WHERE name = 'given.csv'")
}

fn lies(scene: &Scene) -> PathBuf {
    let place = "SELECT format('%s/%s/%s', substr(sha256, 1, 2), substr(sha256, 3, 2), sha256) FROM bluebook.artifacts \
                 WHERE name = 'given.csv'";
    scene.house.state().join("archive").join(scene.house.db().text(place))
}

/// Somebody copies it out of the archive, where it was damaged.
#[test]
fn bytes_that_were_given_before_are_proved_before_they_are_read() {
    let scene = Scene::new();
    scene.house.write("given.csv", things(&["2,good"]));
    let file = scene.house.home().join("given.csv");
    let give = || scene.house.run(["ingest", "things", "--file", file.to_str().unwrap()]);
    give().expect_code(0);
    for damaged in [lies(&scene), file.clone()] {
        std::fs::write(damaged, things(&["2,evil"])).unwrap();
    }
    scene.redefine(|toml| toml.replace("max_rejected = 10", "max_rejected = 9"));
    let (sha256, refused) = (name_of_given(&scene), give().expect_code(1).stderr());
    assert!(refused.contains(&format!("artifact {sha256} is damaged")), "{refused}");
    assert_eq!(scene.rows(), ["2|good|∅|∅"]);
}

/// Its run waits for its turn, and meanwhile something happens to the archive.
#[test]
fn a_file_that_had_to_wait_is_proved_before_it_is_read() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"]));
    let first = scene.house.program(["ingest", "things"]).env("BLUEBOOK_PAUSE_AT", "fetch");
    let mut first = first.spawn(scene.house.server());
    super::comes_to(&scene, "fetch");
    scene.house.write("given.csv", things(&["2,good"]));
    let file = scene.house.home().join("given.csv");
    let mut given = scene.house.spawn(["ingest", "things", "--file", file.to_str().unwrap()]);
    eventually(Duration::from_secs(20), "it waits", || given.stderr().contains("waits for its turn").then_some(()));
    let db = scene.house.db();
    let sha256 = name_of_given(&scene);
    std::fs::write(lies(&scene), things(&["2,evil"])).unwrap();
    first.signal(Signal::SIGINT);
    first.wait(Duration::from_secs(20));
    assert_eq!(given.wait(Duration::from_secs(20)).code(), Some(1));
    assert!(given.stderr().contains(&format!("artifact {sha256} is damaged")), "{}", given.stderr());
    assert_eq!(db.text("SELECT state FROM bluebook.runs ORDER BY id DESC LIMIT 1"), "failed");
}
