//! What goes with a request and what comes of it: secrets, bodies, rests of broken transfers, turns; and who reads a file.

use std::time::{Duration, Instant};

use super::{PATH, Scene, definition, json, things, walks::with_source};
use crate::support::{Answer, Publisher, Ran, eventually};

fn scene(more: &str) -> Scene {
    Scene::defined(|_| with_source(more))
}

const SECRET: &str = "headers = { X-Key = \"Bearer {secret:OFFICE_KEY}\" }\n\
                      query = { q = \"secret:OFFICE_KEY\", kind = \"csv\" }\n\
                      redirect_hosts = [\"files.publisher.test\"]";

#[test]
fn a_secret_goes_to_the_publisher_and_nowhere_else() {
    let mut scene = scene(SECRET);
    let elsewhere = Publisher::start();
    scene.house.rewrite("files.publisher.test", &elsewhere);
    scene.house.write("keys/OFFICE_KEY", "s3/cr3t\n");
    let keys = scene.house.home().join("keys");
    scene.house.set("BLUEBOOK_CREDENTIALS_DIR", keys);
    let path = "/things.csv?q=s3%2Fcr3t&kind=csv";
    scene.publisher.serve(path, Answer::redirect("http://files.publisher.test/x.csv"));
    elsewhere.serve("/x.csv", Answer::ok(things(&["1,one"])));
    let mut told = scene.house.run(["ingest", "things"]).expect_code(0).stderr();
    assert_eq!(scene.publisher.log()[0].header("X-Key"), Some("Bearer s3/cr3t"));
    assert_eq!(elsewhere.log()[0].header("X-Key"), None, "what is meant for one host is not for another");
    scene.publisher.serve(path, Answer::redirect("http://files.publisher.test/x.csv?echo=s3%2Fcr3t"));
    let refused = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
    assert!(refused.contains("another host, which would be told a secret"), "{refused}");
    scene.publisher.serve(path, Answer::status(403));
    told += &(refused + &scene.house.run(["ingest", "things"]).expect_code(1).stderr());
    assert!(told.contains("/things.csv?q=hidden&kind=csv answered 403"), "{told}");
    let kept = "SELECT concat((SELECT string_agg(f::text, '') FROM bluebook.fetches f), \
                (SELECT string_agg(r::text, '') FROM bluebook.runs r), \
                (SELECT string_agg(e::text, '') FROM bluebook.run_events e))";
    assert!(!(told + &scene.house.db().text(kept)).contains("cr3t"));
    assert_eq!(elsewhere.log().len(), 1);
}

#[test]
fn a_missing_secret_is_told_before_and_when_it_is_missed() {
    let scene = scene(SECRET);
    let sentence = "the secret OFFICE_KEY is not there: put it into a file OFFICE_KEY of the folder that \
                    --credentials-dir names, or into the variable BLUEBOOK_SECRET_OFFICE_KEY";
    let told = |ran: Ran| ran.stdout() + &ran.stderr();
    let failed = told(scene.house.run(["ingest", "things"]).expect_code(1));
    assert!(failed.contains(sentence), "{failed}");
    assert_eq!(scene.publisher.log().len(), 0);
    let checked = told(scene.house.run(["check"]));
    assert!(checked.contains(&format!("note: things cannot be fetched: {sentence}")), "{checked}");
    let doctor = told(scene.house.run(["doctor"]));
    assert!(doctor.contains("the secret OFFICE_KEY is not there"), "{doctor}");
    scene.publisher.serve("/things.csv?q=from+env&kind=csv", Answer::ok(things(&["1,one"])));
    scene.house.program(["ingest", "things"]).env("BLUEBOOK_SECRET_OFFICE_KEY", "from env").run().expect_code(0);
}

#[test]
fn a_question_may_be_posted() {
    let scene =
        scene("method = \"POST\"\nbody = '{\"kind\": \"csv\"}'\nheaders = { Content-Type = \"application/json\" }");
    scene.publisher.serve(PATH, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    let asked = scene.publisher.log();
    assert_eq!(
        (asked[1].body.as_str(), asked[1].header("content-type")),
        ("{\"kind\": \"csv\"}", Some("application/json"))
    );
    assert_eq!(asked[1].header("If-None-Match"), None, "a validator is not of a URL alone there");
}

#[test]
fn a_transfer_that_breaks_is_taken_up_where_it_broke() {
    let csv = things(&["1,one", "2,two", "3,three"]);
    let half = csv.len() / 2;
    let rest = |from: usize, of: &str| {
        let range = format!("bytes {from}-{}/{}", of.len() - 1, of.len());
        Answer::status(206).body(&of.as_bytes()[from..]).header("Content-Range", &range).etag("\"v1\"")
    };
    let other = things(&["1,uno", "2,dos", "3,tres", "4,cuatro"]);
    let cases = [
        (rest(half, &csv), "inserted 3"),
        (Answer::ok(&other).etag("\"v2\""), "inserted 4"),
        (rest(half, &csv).etag("\"v1\""), "inserted 3"),
    ];
    for (second, told) in cases {
        let scene = Scene::new();
        scene.publisher.serve_in_turn(PATH, [Answer::ok(&csv).etag("\"v1\"").cut_at(half as u64), second]);
        assert!(Scene::counts(&scene.ingest(0)).contains(told), "{told}");
        let asked = scene.publisher.log();
        assert_eq!((asked.len(), asked[1].header("If-Range")), (2, Some("\"v1\"")));
        assert_eq!(asked[1].header("Range"), Some(format!("bytes={half}-").as_str()));
    }
    let scene = Scene::new();
    let wrong = rest(half + 1, &csv);
    scene.publisher.serve_in_turn(PATH, [Answer::ok(&csv).etag("\"v1\"").cut_at(half as u64), wrong]);
    scene.house.run(["ingest", "things"]).expect_code(1);
    assert_eq!(
        scene.house.db().number("SELECT count(*) FROM bluebook.releases"),
        0,
        "a rest of something else is none"
    );
}

#[test]
fn a_host_that_asks_for_time_is_given_it_by_all_datasets() {
    let scene = Scene::new();
    scene.house.dataset("others", &definition().replace("things.csv", "others.csv"));
    scene.publisher.serve(PATH, Answer::status(429).header("Retry-After", "1800"));
    scene.publisher.serve("/others.csv", Answer::ok(things(&["1,one"])));
    scene.house.run(["ingest", "things"]).expect_code(1);
    let refused = scene.house.run(["ingest", "others"]).expect_code(1);
    assert!(refused.stderr().contains("publisher.test wishes to be left alone for"), "{}", refused.stderr());
    assert_eq!(scene.publisher.asked("/others.csv"), 0);
    let db = scene.house.db();
    assert!(db.number("SELECT min(extract(epoch FROM not_before - now())::int) FROM bluebook.runs") > 1700);
    db.batch("UPDATE bluebook.hosts SET free_at = now()");
    scene
        .publisher
        .serve_in_turn(PATH, [Answer::status(503).header("Retry-After", "1"), Answer::ok(things(&["1,one"]))]);
    scene.house.run(["ingest", "things"]).expect_code(0);
    let short = "SELECT count(*) FROM bluebook.run_events WHERE message LIKE '%answered 503%once more in 1.0 s'";
    assert_eq!(db.number(short), 1, "a moment's rest is waited for");
}

#[test]
fn requests_to_one_host_keep_their_distance() {
    let scene = scene("pages = { by = \"offset\", parameter = \"from\" }");
    for (from, rows) in [(0, &["1,one"][..]), (1, &["2,two"]), (2, &[])] {
        scene.publisher.serve(&format!("/things.csv?from={from}"), Answer::ok(things(rows)));
    }
    let begun = Instant::now();
    scene.house.program(["ingest", "things"]).env("BLUEBOOK_FETCH_DISTANCE_MS", "400").run().expect_code(0);
    assert!(begun.elapsed().as_millis() >= 800, "two distances lie between three requests");
}

#[test]
fn redirects_and_rests_keep_their_distance_too() {
    let (scene, csv) = (Scene::new(), things(&["1,one", "2,two"]));
    scene.publisher.serve(PATH, Answer::redirect("/a"));
    scene.publisher.serve("/a", Answer::redirect("/b"));
    let whole = Answer::ok(&csv).etag("\"v1\"");
    scene.publisher.serve_in_turn("/b", [whole.clone().cut_at(9), whole]);
    scene.house.program(["ingest", "things"]).env("BLUEBOOK_FETCH_DISTANCE_MS", "600").run().expect_code(0);
    let log = scene.publisher.log();
    assert_eq!(log.len(), 4);
    for pair in log.windows(2) {
        let apart = pair[1].at - pair[0].at;
        assert!(apart.as_millis() >= 500, "{} {apart:?} after {}", pair[1].path, pair[0].path);
    }
}

/// A dataset that reads the files of `things`.
fn reader() -> String {
    definition()
        .replace("url = \"http://publisher.test/things.csv\"", "same_as = \"things\"")
        .replace("\"replace\"", "\"upsert\"")
}

#[test]
fn a_reader_has_its_run_unless_it_is_the_one_that_is_paused() {
    let scene = Scene::new();
    for name in ["names", "prices"] {
        scene.house.dataset(name, &reader());
    }
    scene.house.db().batch(
        "INSERT INTO bluebook.datasets (name, title, definition, paused_at, paused_by) VALUES ('prices', '', '', now(), '')",
    );
    scene.serves(things(&["1,one"])).ingest(0);
    assert_eq!(
        scene.house.db().column("SELECT job FROM bluebook.runs WHERE state = 'queued'"),
        ["ingest:names"],
        "what another waits for is none of its business"
    );
}

#[test]
fn several_datasets_are_published_from_one_fetch() {
    let scene = Scene::new();
    scene.house.dataset("names", &reader());
    scene.serves(things(&["1,one", "2,two"]));
    let early = scene.house.run(["ingest", "names"]).expect_code(1);
    assert!(early.stderr().contains("run `bluebook ingest things`"), "{}", early.stderr());
    scene.ingest(0);
    let db = scene.house.db();
    let waiting = "SELECT format('%s %s', job, trigger) FROM bluebook.runs WHERE state = 'queued'";
    assert_eq!(db.column(waiting), ["ingest:names {\"same_as\": 2}"]);
    let daemon = scene.house.serve();
    let published = "SELECT count(*) FROM bluebook.releases WHERE dataset = 'names' AND state = 'published'";
    eventually(Duration::from_mins(1), "the reader has its run", || (db.number(published) == 1).then_some(()));
    drop(daemon);
    assert_eq!(db.dump("data.names"), scene.rows());
    assert_eq!(scene.publisher.asked(PATH), 1);
    let whence = scene.house.run(["trace", "names", "id=2", "--json"]).expect_code(0).stdout();
    assert!(whence.contains("http://publisher.test/things.csv"), "{whence}");
    assert_eq!(db.number("SELECT count(DISTINCT fetched_at) FROM bluebook.fetches"), 1, "it is the same fetch");
    scene.serves(things(&["1,one", "2,two", "3,three"]));
    scene.ingest(0);
    assert_eq!(json(scene.house.run(["ingest", "names", "--json"]), 0)["inserted"], 1, "by hand, too");
    assert_eq!(scene.publisher.asked(PATH), 2);
    scene.house.assert_invariants();
    scene.house.write("drop/by-hand.csv", things(&["1,one", "2,two", "3,three", "4,four"]));
    let file = scene.house.home().join("drop/by-hand.csv").display().to_string();
    let told = scene.house.run(["ingest", "things", "--file", &file]).expect_code(0).stderr();
    assert!(told.contains(&format!("bluebook ingest names --file {file}")), "a file by hand is shared by hand: {told}");
    scene.house.schedules("[[schedule]]\nname = \"x\"\njob = \"ingest:names\"\ncron = \"1 1 * * *\"\n");
    let checked = scene.house.run(["check"]).expect_code(1).stdout();
    assert!(
        checked.contains("names reads the files of things, and is loaded whenever things has fetched them"),
        "{checked}"
    );
    let refused = scene.house.run(["backfill", "names", "2026..2026"]).expect_code(2);
    assert!(refused.stderr().contains("`bluebook backfill things`"), "{}", refused.stderr());
}
