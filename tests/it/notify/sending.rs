//! Sending: every notice once, whatever happens on the way.

use super::{SOON, Scene, subjects};
use crate::support::{Answer, Gate, Letter, Post, PostOffice, Publisher, eventually};

#[test]
fn a_mail_says_what_happened_and_what_to_do_and_another_that_it_is_over() {
    let office = PostOffice::open();
    let scene = Scene::new().mails(&office);
    let daemon = scene.house.serve();
    scene.hold();
    scene.until(&["sent 1"]);
    scene.ingest(3);
    scene.serves(&["1,one", "2,two", "3,three", "4,four", "5,five"]);
    scene.ingest(0);
    scene.until(&["sent 1", "sent 1"]);
    assert_eq!(subjects(&office), ["Held: Things (release 2)", "Good again: Things"]);
    let Letter { to, text } = &office.letters()[0];
    assert_eq!(to, &["<ops@example.org>"]);
    let body = office.letters()[0].body();
    for part in [
        "Auto-Submitted: auto-generated\r\n",
        "From: Bluebook <bluebook@example.org>\r\n",
        "multipart/alternative",
        "- shrink: 3 rows, 75 % of the 4 that are published, would be gone",
        "bluebook release publish 2 --reason",
        "/releases/2",
    ] {
        assert!(body.contains(part), "{part} is not in\n{text}");
    }
    let id = office.letters()[0].header("Message-ID");
    assert!(id.starts_with("<notice-1-") && id.ends_with(".bluebook@example.org>"), "{id}");
    drop(daemon);
    scene.house.assert_invariants();
}

#[test]
fn two_daemons_tell_each_channel_once() {
    let (office, hook) = (PostOffice::open(), Publisher::start());
    hook.serve("/hook", Answer::ok("thanks"));
    let scene = Scene::new().mails(&office);
    let scene = scene.tells(&format!("mailto:ops@example.org,{}", hook.url("/hook")));
    let daemons = [scene.house.serve(), scene.house.serve()];
    scene.hold();
    scene.fail();
    scene.serves(&["1,one", "2,two", "3,three", "4,four", "5,five"]);
    scene.ingest(0);
    scene.until(&["sent 1"; 6]);
    let mut told = subjects(&office);
    told.sort();
    assert_eq!(told, ["Failing: Things", "Good again: Things", "Held: Things (release 2)"]);
    assert_eq!(hook.asked("/hook"), 3);
    drop(daemons);
}

#[test]
fn a_change_waits_for_a_daemon_and_for_somebody_to_be_told() {
    let office = PostOffice::open();
    let scene = Scene::new();
    let nobody = scene.house.serve();
    scene.fail();
    nobody.terminate(SOON);
    assert!(scene.notices().is_empty());
    let scene = scene.mails(&office);
    scene.house.db().batch(
        "INSERT INTO bluebook.changes (job, title, before, after, since, at, facts)
         VALUES ('ingest:old', 'Old', 'good', 'failing', now(), now() - interval '4 days', '{}')",
    );
    let _daemon = scene.house.serve();
    scene.until(&["sent 1"]);
    assert_eq!(subjects(&office), ["Failing: Things"], "what is days old is news to nobody");
}

#[test]
fn what_cannot_be_sent_is_sent_later_and_once() {
    let office = PostOffice::open();
    office.next([Post::Refuse("450 the box is locked just now")]);
    let scene = Scene::new().mails(&office);
    scene.fail();
    let _daemon = scene.house.serve();
    eventually(SOON, "the failure is recorded", || {
        let error = scene.house.db().column("SELECT error FROM bluebook.notices WHERE not_before > now()");
        error.iter().any(|error| error.contains("the box is locked just now")).then_some(())
    });
    assert_eq!((scene.notices(), office.letters().len()), (vec!["pending 1".to_owned()], 0));
    let doctor = scene.house.run(["doctor"]).stdout();
    assert!(doctor.contains("1 could not be sent yet"), "{doctor}");
    scene.wait_is_over();
    scene.until(&["sent 2"]);
    assert_eq!(office.letters().len(), 1);
}

#[test]
fn a_server_that_hangs_up_gets_the_same_mail_again() {
    let office = PostOffice::open();
    office.next([Post::HangUp]);
    let scene = Scene::new().mails(&office);
    scene.fail();
    let _daemon = scene.house.serve();
    scene.until(&["pending 1"]);
    eventually(SOON, "the failure is recorded", || {
        (scene.house.db().number("SELECT count(error) FROM bluebook.notices") == 1).then_some(())
    });
    scene.wait_is_over();
    scene.until(&["sent 2"]);
    same_mail_twice(&office);
}

#[test]
fn a_daemon_killed_on_the_way_leaves_the_notice_to_the_next() {
    let office = PostOffice::open();
    let gate = Gate::shut();
    office.next([Post::TakeBehind(gate.clone())]);
    let scene = Scene::new().mails(&office);
    scene.fail();
    let daemon = scene.house.serve();
    eventually(SOON, "the mail is on its way", || (gate.reached() == 1).then_some(()));
    daemon.kill();
    assert_eq!(scene.notices(), ["pending 1"]);
    let _next = scene.house.serve();
    scene.wait_is_over();
    scene.until(&["sent 2"]);
    same_mail_twice(&office);
}

#[track_caller]
fn same_mail_twice(office: &PostOffice) {
    let ids: Vec<String> = office.letters().iter().map(|letter| letter.header("Message-ID")).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1] && !ids[0].is_empty(), "{ids:?}");
}

#[test]
fn what_is_refused_for_good_is_shown_and_can_be_sent_again() {
    let office = PostOffice::open();
    office.next([Post::Refuse("550 nobody of that name")]);
    let scene = Scene::new().mails(&office);
    scene.fail();
    let daemon = scene.house.serve();
    scene.until(&["dead 1"]);
    let viewer = crate::admin::signed_in(&scene.house, &daemon, "vic", "viewer");
    for (page, words) in [
        ("/notices", ["Given up", "mailto:ops@example.org", "nobody of that name", "Failing"].as_slice()),
        ("/", &["People could not be told of a change", "Failing"]),
        ("/datasets/things", &["failing since"]),
    ] {
        let body = viewer.get(page).body;
        let missing: Vec<_> = words.iter().filter(|word| !body.contains(**word)).collect();
        assert!(missing.is_empty(), "{page} lacks {missing:?}\n{body}");
    }
    let list = scene.house.run(["notify", "list"]).expect_code(0).stdout();
    assert!(list.contains("dead mailto:ops@example.org") && list.contains("nobody of that name"), "{list}");
    let doctor = scene.house.run(["doctor"]).stdout();
    assert!(doctor.contains("1 could not be sent and is given up"), "{doctor}");
    scene.house.run(["notify", "retry"]).expect_code(0);
    scene.until(&["sent 2"]);
}

#[test]
fn a_mail_that_is_too_large_is_followed_by_a_short_one_that_says_where_it_can_be_read() {
    let office = PostOffice::open();
    office.next([Post::TooLarge]);
    let scene = Scene::new().mails(&office);
    scene.hold();
    let _daemon = scene.house.serve();
    scene.until(&["sent 1"]);
    let [letter] = office.letters().try_into().expect("one letter");
    assert_eq!(letter.header("Subject"), "Held: Things (release 2)");
    let body = letter.body();
    for part in ["refused the whole message, as it was too large", "/releases/2", "bluebook release show 2"] {
        assert!(body.contains(part), "{part} is not in\n{body}");
    }
    assert!(!body.contains("shrink"), "{body}");
}

#[test]
fn a_mail_of_which_not_even_the_short_form_is_taken_is_given_up() {
    let office = PostOffice::open();
    office.next([Post::TooLarge, Post::TooLarge]);
    let scene = Scene::new().mails(&office);
    scene.hold();
    let _daemon = scene.house.serve();
    scene.until(&["dead 1"]);
    assert!(office.letters().is_empty());
}

#[test]
fn a_channel_that_left_the_settings_is_given_up_in_the_end() {
    let office = PostOffice::open();
    office.next([Post::Refuse("450 later")]);
    let scene = Scene::new().mails(&office);
    scene.fail();
    let daemon = scene.house.serve();
    scene.until(&["pending 1"]);
    daemon.terminate(SOON);
    let scene = scene.tells("mailto:others@example.org");
    scene.house.db().batch("UPDATE bluebook.notices SET made_at = now() - interval '4 days', not_before = now()");
    let _daemon = scene.house.serve();
    scene.until(&["dead 1"]);
}

#[test]
fn a_title_begins_no_header_and_no_markup() {
    let office = PostOffice::open();
    let scene = Scene::new().mails(&office);
    scene.house.db().batch(
        "UPDATE bluebook.datasets SET title = E'Things\\r\\nBcc: thief@example.org\\r\\n\\r\\n<script>alert(1)</script>'",
    );
    scene.hold();
    let _daemon = scene.house.serve();
    scene.until(&["sent 1"]);
    let letter = &office.letters()[0];
    assert_eq!(letter.to, ["<ops@example.org>"]);
    assert_eq!(letter.header("Bcc"), "");
    assert!(letter.header("Subject").starts_with("Held: Things Bcc: thief@example.org"), "{}", letter.text);
    let (_, html) = letter.text.split_once("text/html").expect("an HTML part");
    assert!(!html.contains("<script"), "{html}");
}
