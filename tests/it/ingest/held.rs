//! What a held release shows of itself: the rows that it would change, and with care once the ground has moved.

use nix::sys::signal::Signal;
use serde_json::Value;

use super::{Scene, definition, things};
use crate::{
    admin::signed_in,
    support::{Publisher, TestHouse},
};

fn shown(scene: &Scene, release: &Value) -> String {
    scene.house.run(["release", "show", &release.to_string()]).expect_code(0).stdout()
}

#[test]
fn a_held_release_shows_what_it_would_change() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    let held = scene.serves(things(&["1,uno", "5,five"])).ingest(3);
    let release = held["release"].to_string();
    let shown = scene.house.run(["release", "show", &release]).expect_code(0).stdout();
    for line in [
        "  rows that change, by column: name 1",
        "  changed 1: name \"one\" → \"uno\"",
        "  new: id \"5\", name \"five\"",
        "  removed: id \"4\", name \"four\"",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    let json = scene.house.run(["release", "show", &release, "--json"]).expect_code(0).json();
    assert_eq!(json["difference"]["changed"][0]["cells"][0]["new"], "uno");
}

#[test]
fn a_difference_to_what_is_not_published_any_more_says_so() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    let number = |number: u8| format!("SELECT setval(pg_get_serial_sequence('bluebook.releases', 'id'), {number})");
    scene.house.db().text(&number(50));
    let held = scene.serves(things(&["1,uno", "2,dos"])).ingest(3)["release"].clone();
    // One that was begun before it is published after it, and so it stays held.
    scene.house.db().text(&number(1));
    scene.serves(things(&["1,uno", "2,two", "3,three", "4,vier"])).ingest(0);
    let told = "  this is the difference to release 1 (published now: release 2): the counts are from then";
    let text = shown(&scene, &held);
    assert!(text.lines().any(|line| line.starts_with(told)), "{text}");
    assert!(text.contains("changed 2: name") && !text.contains("changed 1:"), "beside the rows of today: {text}");
    let daemon = scene.house.serve();
    let page = signed_in(&scene.house, &daemon, "vic", "viewer").get(&format!("/releases/{held}")).body;
    assert!(page.contains("With care: this is the difference to release 1 (published now: release 2)"), "{page}");
    drop(daemon);
    let publish = ["release", "publish", "51", "--reason", "they mean it", "--json"];
    assert_eq!(scene.house.run(publish).expect_code(0).json()["removed"], 2, "made again");
    assert_eq!(scene.rows(), ["1|uno|∅|∅", "2|dos|∅|∅"]);
}

#[test]
fn a_difference_that_a_crash_has_emptied_says_so_and_is_made_again() {
    let (mut house, publisher) = (TestHouse::with_own_server(), Publisher::start());
    house.dataset("things", &definition());
    house.rewrite("publisher.test", &publisher);
    let scene = Scene { house, publisher };
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    let held = scene.serves(things(&["1,uno"])).ingest(3)["release"].clone();
    scene.house.server().stop(Signal::SIGQUIT);
    scene.house.server().resume();
    let told = "the rows of this difference are gone since the database server was restarted: the counts are from then";
    let text = shown(&scene, &held);
    assert!(text.contains(told) && !text.contains("changed 1:"), "{text}");
    let json = scene.house.run(["release", "show", &held.to_string(), "--json"]).expect_code(0).json();
    assert!(json["difference"]["caution"].as_str().unwrap().starts_with(told), "{json}");
    scene.house.run(["release", "publish", &held.to_string(), "--reason", "they mean it"]).expect_code(0);
    assert_eq!(scene.rows(), ["1|uno|∅|∅"]);
}

#[test]
fn a_difference_by_another_definition_says_so() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three", "4,four"])).ingest(0);
    let held = scene.serves(things(&["1,uno"])).ingest(3)["release"].clone();
    scene.redefine(|toml| toml.replace("min_rows = 1", "min_rows = 2"));
    let text = shown(&scene, &held);
    assert!(text.contains("the definition has changed since this release was held"), "{text}");
}
