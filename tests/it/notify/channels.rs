//! Channels: what each of them gets, and what none of them shows.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{SOON, Scene, subjects};
use crate::support::{Answer, PostOffice, Publisher, eventually};

#[test]
fn no_secret_is_logged_kept_or_sent_in_clear() {
    let (office, hook) = (PostOffice::open(), Publisher::start());
    hook.serve("/xyzzy-hook", Answer::status(500));
    let mut scene = Scene::new().mails(&office);
    scene.house.set("BLUEBOOK_SMTP_URL", office.url_with_tls("ops:xyzzy-password"));
    let scene = scene.tells(&format!("mailto:ops@example.org,{}", hook.url("/xyzzy-hook")));
    scene.fail();
    let daemon = scene.house.serve();
    eventually(SOON, "both have failed", || {
        (scene.house.db().number("SELECT count(error) FROM bluebook.notices") == 2).then_some(())
    });
    let kept = scene.house.db().column("SELECT n::text FROM bluebook.notices n").join("\n");
    assert!(kept.contains("the server answered 500"), "{kept}");
    let test = scene.house.run(["notify", "test"]).expect_code(1);
    for (place, text) in [
        ("the log", daemon.log()),
        ("the database", kept),
        ("the command", test.stdout() + &test.stderr()),
        ("the line to the mail server", office.said().join("\n")),
    ] {
        assert!(!text.contains("xyzzy"), "a secret stands in {place}:\n{text}");
    }
    assert!(!daemon.log().contains("ops@example.org"), "an address stands in the log:\n{}", daemon.log());
    assert!(office.letters().is_empty(), "a server without TLS gets no mail");
}

#[test]
fn a_webhook_gets_what_the_readme_shows() {
    let hook = Publisher::start();
    hook.serve("/hook", Answer::ok("thanks"));
    let scene = Scene::new().tells(&hook.url("/hook"));
    scene.hold();
    let _daemon = scene.house.serve();
    scene.until(&["sent 1"]);
    let asked = hook.log().pop().expect("a request");
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let sent: serde_json::Value = serde_json::from_str(&asked.body).expect("JSON");
    let readme = include_str!("../../../README.md");
    let shown = readme.split("```json").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let shown: serde_json::Value = serde_json::from_str(shown).expect("JSON");
    let fields = |of: &serde_json::Value| of.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&sent), fields(&shown));
    assert_eq!(fields(&sent["findings"][0]), fields(&shown["findings"][0]));
    for field in ["kind", "job", "title", "before", "after", "release", "error", "subject"] {
        assert_eq!(sent[field], shown[field], "{field}");
    }
    assert_eq!(sent["findings"][0]["message"], shown["findings"][0]["message"]);
}

#[test]
fn a_command_gets_json_and_nothing_of_the_environment() {
    let scene = Scene::new();
    let program = scene.house.dir().join("tell");
    fs::write(&program, "#!/bin/sh\nenv > \"$0.env\"\ncat > \"$0.part\"\nmv \"$0.part\" \"$0.json\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let scene = scene.tells(&format!("command:{}", program.display()));
    scene.fail();
    let _daemon = scene.house.serve();
    scene.until(&["sent 1"]);
    let told: serde_json::Value = serde_json::from_str(&read(&program.with_extension("json"))).unwrap();
    assert_eq!((&told["kind"], &told["error"]), (&"failing".into(), &"a test made the step fetch fail".into()));
    let env = read(&program.with_extension("env"));
    let own =
        env.lines().filter(|line| !["PATH=", "PWD=", "_=", "SHLVL=", "OLDPWD="].iter().any(|n| line.starts_with(n)));
    assert_eq!(own.count(), 0, "{env}");
}

fn read(path: &std::path::Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_test_goes_through_every_channel_and_says_what_came_of_it() {
    let (office, hook) = (PostOffice::open(), Publisher::start());
    hook.serve("/hook", Answer::ok("thanks"));
    let scene = Scene::new().mails(&office).tells(&format!("{},mailto:ops@example.org", hook.url("/hook")));
    let test = scene.house.run(["notify", "test"]).expect_code(0).stdout();
    assert_eq!(test.lines().filter(|line| line.starts_with("told    ")).count(), 2, "{test}");
    assert_eq!(subjects(&office), ["Test: Bluebook can reach you"]);
    hook.serve("/hook", Answer::status(404));
    let test = scene.house.run(["notify", "test"]).expect_code(1).stdout();
    assert!(test.starts_with("failed  http://127.0.0.1") && test.contains("the server answered 404"), "{test}");
    scene.tells("").house.run(["notify", "test"]).expect_code(1);
}

#[test]
fn mistakes_in_the_settings_are_told_at_once_and_before_anything_is_begun() {
    let scene = Scene::new().tells("ftp://xyzzy,mailto:ops@example.org,http://example.org/xyzzy,command:tell");
    for (command, code) in [("check", 1), ("serve", 1), ("doctor", 1)] {
        let ran = scene.house.run([command]).expect_code(code);
        let said = ran.stdout() + &ran.stderr();
        for part in
            ["channel 1 is none of", "channel 2 is a mail address", "channel 3 would be sent in clear", "channel 4"]
        {
            assert!(said.contains(part), "{command} does not say: {part}\n{said}");
        }
        assert!(!said.contains("xyzzy"), "{said}");
    }
}
