//! Publishers who wish to be asked later, or are asked in vain; and one connection at a time to each host, whoever asks.

use std::time::Duration;

use super::{PATH, Scene, definition, things};
use crate::support::{Answer, Gate, Publisher, TestHouse, eventually, one_in_five};

/// A daemon works off what is queued, until all of it has ended. Waits are over at once.
fn until_given_up(house: &TestHouse) {
    let daemon = house.serve();
    eventually(Duration::from_mins(1), "every run is given up", || {
        house.db().batch(
            "UPDATE bluebook.hosts SET free_at = now() WHERE free_at > now();
             UPDATE bluebook.runs SET not_before = now() WHERE state = 'queued' AND not_before > now()",
        );
        (house.db().number("SELECT count(*) FROM bluebook.runs WHERE finished_at IS NULL") == 0).then_some(())
    });
    drop(daemon);
    let states = house.db().column("SELECT DISTINCT state FROM bluebook.runs WHERE state <> 'cancelled'");
    assert_eq!(states, ["failed"]);
}

/// HTTP's way to write a date so many seconds from now.
fn date(seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Spellings of the wish, and the least and the most seconds that the run then waits.
fn wishes() -> [(&'static str, Option<String>, i64, i64); 6] {
    let (longest, jitter) = (6 * 3600, 30);
    [
        ("a-date", Some(date(1800)), 1790, 1800 + jitter),
        ("seconds", Some("1800".into()), 1800, 1800 + jitter),
        ("a-year", Some("31536000".into()), longest, longest + jitter),
        ("garbage", Some("soon".into()), 0, jitter),
        ("the-past", Some(date(-60)), 0, jitter),
        ("none", None, 0, jitter),
    ]
}

#[test]
fn however_a_wish_is_spelled_nobody_asks_before_its_time_and_no_run_asks_more_than_five_times() {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    let cases: Vec<_> = [429, 503].into_iter().flat_map(|status| wishes().map(|wish| (status, wish))).collect();
    let cases: Vec<_> = one_in_five(cases).collect();
    for (status, (name, ..)) in &cases {
        house.rewrite(&format!("{name}-{status}.test"), &publisher);
    }
    let mut paths = Vec::new();
    for (n, (status, (spelling, wish, least, most))) in cases.into_iter().enumerate() {
        let (name, path, host) = (format!("wish_{n}"), format!("/{n}.csv"), format!("{spelling}-{status}.test"));
        house.dataset(&name, &definition().replace("publisher.test/things.csv", &format!("{host}{path}")));
        let answer = Answer::status(status);
        publisher.serve(&path, wish.iter().fold(answer, |answer, wish| answer.header("Retry-After", wish)));
        let failed = house.run(["ingest", &name]).expect_code(1).stderr();
        assert!(failed.contains(&format!("answered {status}")), "{host}: {failed}");
        let wait = "SELECT extract(epoch FROM not_before - now())::int FROM bluebook.runs ORDER BY id DESC LIMIT 1";
        let wait = house.db().number(wait);
        assert!((least - 10..=most).contains(&wait), "{host}: the run waits for {wait} s");
        if least > 0 {
            let early = house.run(["ingest", &name]).expect_code(1).stderr();
            assert!(early.contains("wishes to be left alone for"), "{host}: {early}");
            // That was another run, which is not what this is about.
            house.db().batch(
                "UPDATE bluebook.runs SET state = 'cancelled', reason = 'by the test', finished_at = now() WHERE id = (SELECT max(id) FROM bluebook.runs)",
            );
        }
        assert_eq!(publisher.asked(&path), 1, "{host}");
        paths.push(path);
    }
    until_given_up(&house);
    for path in paths {
        assert_eq!(publisher.asked(&path), 5, "{path}");
    }
    house.assert_invariants();
}

#[test]
fn a_moments_rest_counts_as_an_attempt_of_its_own() {
    let scene = Scene::new();
    scene.publisher.serve(PATH, Answer::status(503).header("Retry-After", "1"));
    scene.house.run(["ingest", "things"]).expect_code(1);
    until_given_up(&scene.house);
    let log = scene.publisher.log();
    assert_eq!(log.len(), 5, "two, two and one");
    for pair in [0, 2] {
        let apart = log[pair + 1].at - log[pair].at;
        assert!(apart >= Duration::from_secs(1), "asked again after {apart:?}");
    }
    let told = scene.house.db().text("SELECT error FROM bluebook.runs");
    assert!(told.ends_with("(given up after 5 attempts)"), "{told}");
    scene.house.assert_invariants();
}

#[test]
fn a_page_that_never_comes_is_asked_for_five_times_by_a_run() {
    let scene = Scene::defined(|_| super::walks::with_source("pages = { by = \"offset\", parameter = \"from\" }"));
    scene.publisher.serve("/things.csv?from=0", Answer::ok(things(&["1,one"])));
    scene.publisher.serve("/things.csv?from=1", Answer::status(500));
    scene.house.run(["ingest", "things"]).expect_code(1);
    until_given_up(&scene.house);
    assert_eq!(scene.publisher.asked("/things.csv?from=1"), 5, "three and two");
}

#[test]
fn a_host_behind_a_redirect_is_left_alone_if_it_wishes_so() {
    let mut scene = Scene::defined(|_| super::walks::with_source("redirect_hosts = [\"files.test\"]"));
    let files = Publisher::start();
    scene.house.rewrite("files.test", &files);
    scene.house.dataset("others", &definition().replace("publisher.test/things.csv", "files.test/others.csv"));
    scene.publisher.serve(PATH, Answer::redirect("http://files.test/things.csv"));
    files.serve("/things.csv", Answer::status(429).header("Retry-After", "600"));
    scene.house.run(["ingest", "things"]).expect_code(1);
    let early = scene.house.run(["ingest", "others"]).expect_code(1).stderr();
    assert!(early.contains("files.test wishes to be left alone for"), "{early}");
    let again = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
    assert!(again.contains("files.test wishes to be left alone for"), "{again}");
    assert_eq!((scene.publisher.asked(PATH), files.log().len()), (2, 1));
    scene.house.assert_invariants();
}

#[test]
fn a_host_has_one_connection_at_a_time_however_many_programs_ask_it() {
    let mut house = TestHouse::without_customers();
    let (publisher, files) = (Publisher::start(), Publisher::start());
    house.rewrite("publisher.test", &publisher);
    house.rewrite("files.test", &files);
    // Some are asked at once, some behind a redirect of the other host.
    for n in 0..4 {
        let path = format!("/things_{n}.csv");
        let toml = super::walks::with_source("redirect_hosts = [\"files.test\", \"publisher.test\"]");
        house.dataset(&format!("things_{n}"), &toml.replace("/things.csv", &path));
        let answer = Answer::ok(things(&["1,one"])).drip(4, Duration::from_millis(10));
        let (first, second, host) =
            if n % 2 == 0 { (&publisher, &files, "files") } else { (&publisher, &publisher, "publisher") };
        first.serve(&path, Answer::redirect(&format!("http://{host}.test/real{path}")));
        second.serve(&format!("/real{path}"), answer);
    }
    let mut runs: Vec<_> = (0..4).map(|n| house.spawn(["ingest".to_owned(), format!("things_{n}")])).collect();
    for run in &mut runs {
        assert!(run.wait(Duration::from_mins(1)).success(), "{}", run.stderr());
    }
    assert_eq!((publisher.most_callers(), files.most_callers()), (1, 1));
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.hosts WHERE run IS NOT NULL"), 0);
    house.assert_invariants();
}

#[test]
fn a_busy_host_keeps_no_run_from_another_host() {
    let mut house = TestHouse::without_customers();
    let (slow, quick, gate) = (Publisher::start(), Publisher::start(), Gate::shut());
    house.rewrite("slow.test", &slow);
    house.rewrite("quick.test", &quick);
    let answer = Answer::ok(things(&["1,one"]));
    for (n, host) in ["slow", "slow", "slow", "quick"].into_iter().enumerate() {
        let (name, path) = (format!("things_{n}"), format!("/{n}.csv"));
        house.dataset(&name, &definition().replace("publisher.test/things.csv", &format!("{host}.test{path}")));
        slow.serve(&path, answer.clone().wait_at(3, &gate));
        quick.serve(&path, answer.clone());
        house.db().batch(&format!("INSERT INTO bluebook.runs (job, trigger) VALUES ('ingest:{name}', '\"person\"')"));
    }
    let _daemon = house.serve();
    eventually(Duration::from_secs(20), "the other host is asked", || (quick.log().len() == 1).then_some(()));
    assert_eq!(gate.reached(), 1);
    let looks = "SELECT count(*) FROM bluebook.runs WHERE state = 'queued' AND epoch >= 2";
    eventually(Duration::from_secs(20), "both have looked twice", || (house.db().number(looks) == 2).then_some(()));
    let busy = "another run asks slow.test just now; looks again every 5 s";
    let told =
        "SELECT string_agg(message, '|' ORDER BY e.id) FROM bluebook.run_events e JOIN bluebook.runs r ON r.id = run";
    let waiting = house.db().column(&format!("{told} WHERE state = 'queued' GROUP BY run"));
    assert_eq!(waiting, vec![format!("fetch|{busy}"); 2]);
    gate.open();
    let left = "SELECT count(*) FROM bluebook.runs WHERE state <> 'succeeded'";
    eventually(Duration::from_secs(30), "all have had their turn", || (house.db().number(left) == 0).then_some(()));
    assert_eq!(house.db().column("SELECT DISTINCT attempt::text FROM bluebook.runs"), ["1"], "to wait is no attempt");
    let waited = house.db().column(&format!("{told} GROUP BY run HAVING count(*) FILTER (WHERE kind = 'note') > 0"));
    assert_eq!(waited.len(), 2);
    assert!(waited.iter().all(|told| told.starts_with(&format!("fetch|{busy}|fetch|archive|"))), "{waited:?}");
    house.assert_invariants();
}

#[test]
fn a_program_that_died_or_is_frozen_keeps_nobody_from_its_host() {
    let scene = Scene::new();
    let gate = Gate::shut();
    let csv = things(&["1,one"]);
    scene.publisher.serve_in_turn(PATH, [Answer::ok(&csv).wait_at(3, &gate), Answer::ok(&csv)]);
    scene.house.dataset("others", &definition().replace("things.csv", "others.csv"));
    scene.publisher.serve("/others.csv", Answer::ok(&csv));
    let frozen = scene.house.spawn(["ingest", "things"]);
    eventually(Duration::from_secs(20), "the file comes", || (gate.reached() == 1).then_some(()));
    let mut other = scene.house.spawn(["ingest", "others"]);
    let waits = "SELECT count(*) FROM bluebook.runs WHERE job = 'ingest:others' AND step = 'fetch'";
    eventually(Duration::from_secs(20), "the other waits", || (scene.house.db().number(waits) == 1).then_some(()));
    assert_eq!(scene.publisher.asked("/others.csv"), 0);
    frozen.signal(nix::sys::signal::Signal::SIGSTOP);
    scene.house.db().batch("UPDATE bluebook.runs SET lease_until = now() - interval '1 s' WHERE job = 'ingest:things'");
    assert!(other.wait(Duration::from_secs(30)).success(), "{}", other.stderr());
    assert_eq!(scene.publisher.asked("/others.csv"), 1);
    drop(frozen);
    gate.open();
}
