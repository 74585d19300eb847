//! What publishers and networks do wrong, and where the guard stands.

use super::{PATH, Scene, things};
use crate::support::{Answer, Publisher, TestHouse, one_in_five, things_csv};

/// A failed fetch: nothing is published, and the run waits for its next attempt.
#[track_caller]
fn fails_for_now(scene: &Scene, sentence: &str) {
    let ran = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(ran.stderr().contains(sentence), "{sentence}: {}", ran.stderr());
    let state = scene.house.db().text("SELECT state FROM bluebook.runs ORDER BY id DESC LIMIT 1");
    assert_eq!(state, "queued", "{}", ran.stderr());
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.releases WHERE published_at IS NOT NULL"), 0);
    scene.house.assert_invariants();
}

#[track_caller]
fn fails_for_good(scene: &Scene, sentence: &str) {
    let ran = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(ran.stderr().contains(sentence), "{sentence}: {}", ran.stderr());
    assert_eq!(scene.house.db().text("SELECT state FROM bluebook.runs ORDER BY id DESC LIMIT 1"), "failed");
}

#[test]
fn a_body_cut_short_is_never_published() {
    let csv = things_csv(1..400, 1);
    let half = csv.len() as u64 / 2;
    for answer in [Answer::ok(&csv).cut_at(half), Answer::ok(&csv).chunked().cut_at(half), Answer::ok(&csv).cut_at(0)] {
        let scene = Scene::new();
        scene.publisher.serve(PATH, answer);
        fails_for_now(&scene, "cannot fetch http://publisher.test/things.csv");
    }
}

#[test]
fn a_web_page_in_a_files_place_is_not_trusted_and_asked_for_anew() {
    let scene = Scene::new();
    scene.publisher.serve(PATH, Answer::ok("<!DOCTYPE html><html><body>Sorry</body></html>").etag("\"v1\""));
    fails_for_now(&scene, "the publisher sent a web page");
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    assert_eq!(scene.ingest(0)["outcome"], "published", "the page's validator is not sent along");
    assert_eq!(scene.publisher.log()[1].header("If-None-Match"), None);
}

#[test]
fn a_publisher_who_asks_for_time_is_given_it() {
    for status in [429, 503] {
        let scene = Scene::new();
        scene.publisher.serve(PATH, Answer::status(status).header("Retry-After", "1800"));
        fails_for_now(&scene, &format!("answered {status}"));
        let wait = "SELECT extract(epoch FROM not_before - now())::int FROM bluebook.runs";
        assert!(scene.house.db().number(wait) > 1780);
        assert_eq!(scene.publisher.asked(PATH), 1);
    }
}

#[test]
fn what_the_publisher_calls_our_mistake_is_not_tried_again() {
    for status in [400, 401, 403, 404, 410] {
        let scene = Scene::new();
        scene.publisher.serve(PATH, Answer::status(status));
        fails_for_good(&scene, &format!("http://publisher.test/things.csv answered {status}"));
    }
}

#[test]
fn more_bytes_than_the_dataset_takes_are_not_taken() {
    let scene = Scene::defined(|toml| toml.replace("[format]", "max_size = \"1 MiB\"\n\n[format]"));
    for answer in [Answer::zeros(10 << 30), Answer::zeros(10 << 30).chunked()] {
        scene.publisher.serve(PATH, answer);
        fails_for_good(&scene, "sends more than 1048576 bytes");
    }
}

#[test]
fn redirects_are_followed_within_the_publishers_house_only() {
    let scene =
        Scene::defined(|toml| toml.replace("[format]", "redirect_hosts = [\"files.publisher.test\"]\n\n[format]"));
    let elsewhere = Publisher::start();
    let mut scene = scene;
    scene.house.rewrite("files.publisher.test", &elsewhere);
    elsewhere.serve("/real.csv", Answer::ok(things(&["1,one"])));
    scene.publisher.serve(PATH, Answer::redirect("http://files.publisher.test/real.csv"));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    let final_url = scene.house.db().text("SELECT final_url FROM bluebook.fetches");
    assert_eq!(final_url, "http://files.publisher.test/real.csv");
    scene.publisher.serve(PATH, Answer::redirect("http://evil.test/real.csv"));
    fails_for_good(&scene, "redirects to http://evil.test/real.csv, another host");
    scene.publisher.serve(PATH, Answer::redirect("/things.csv"));
    fails_for_good(&scene, "one redirect too many");
}

#[test]
fn no_way_leads_to_a_machine_that_the_operator_did_not_name() {
    let canary = Publisher::start();
    canary.serve("/x", Answer::ok(things(&["1,one"])));
    let port = canary.address().port();
    let scene = Scene::defined(|toml| {
        toml.replace("[format]", "redirect_hosts = [\"localhost\", \"127.0.0.1\", \"[::ffff:127.0.0.1]\"]\n\n[format]")
    });
    // Every spelling is tried at the fetcher's own door: `src/ingest/fetch/tests/guard.rs`.
    for host in
        one_in_five(["127.0.0.1", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "localhost", "x@localhost"])
    {
        let url = format!("http://{host}:{port}/x");
        scene.publisher.serve(PATH, Answer::redirect(&url));
        scene.house.run(["ingest", "things"]).expect_code(1);
        scene.house.dataset("direct", &super::definition().replace("http://publisher.test/things.csv", &url));
        let proxied = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        let program = scene.house.program(["ingest", "direct"]);
        let program = proxied.iter().fold(program, |program, name| program.env(name, canary.url("")));
        program.run().expect_code(1);
    }
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])));
    scene.house.program(["ingest", "things"]).env("http_proxy", canary.url("")).run().expect_code(0);
    assert_eq!(canary.most_callers(), 0);
}

#[test]
fn files_are_read_from_drop_folders_only() {
    let house = TestHouse::without_customers();
    let file = house.dir().join("drop/things.csv");
    std::fs::create_dir(house.dir().join("drop")).unwrap();
    std::fs::write(&file, things(&["1,one"])).unwrap();
    let url = format!("file://{}", file.display());
    house.dataset("things", &super::definition().replace("http://publisher.test/things.csv", &url));
    let refused = house.run(["ingest", "things"]).expect_code(1);
    assert!(refused.stderr().contains("lies in none of the drop folders"), "{}", refused.stderr());
    let let_in = house.program(["ingest", "things", "--json"]).env("BLUEBOOK_DROP_DIRS", house.dir().join("drop"));
    assert_eq!(let_in.run().expect_code(0).json()["inserted"], 1);
}

#[test]
fn secrets_of_a_url_are_kept_nowhere() {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    house.dataset("things", &super::definition().replace("things.csv", "api?securityToken=s3cr3t&kind=csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/api?securityToken=s3cr3t&kind=csv", Answer::status(404));
    let ran = house.run(["ingest", "things"]).expect_code(1);
    assert!(ran.stderr().contains("securityToken=hidden"), "{}", ran.stderr());
    publisher.serve("/api?securityToken=s3cr3t&kind=csv", Answer::ok(things(&["1,one"])));
    let ran = house.run(["ingest", "things"]).expect_code(0);
    let kept = house.db().text(
        "SELECT concat((SELECT string_agg(f::text, '') FROM bluebook.fetches f), \
         (SELECT string_agg(r::text, '') FROM bluebook.runs r))",
    );
    assert!(!(ran.stderr() + &ran.stdout() + &kept).contains("s3cr3t"));
}
