//! A secret goes to the host that it is for. Nobody else is told, nothing is written down, whatever a publisher does with it.

use super::{PATH, Scene, things, walks::with_source};
use crate::support::{Answer, Gate, Publisher, TestHouse, eventually};

/// With what URLs, forms and JSON write otherwise.
const SECRET: &str = "c4n/ry +\"s3cr3t\"";
/// As it stands in a query.
const IN_QUERY: &str = "c4n%2Fry+%2B%22s3cr3t%22";
/// What of it no spelling changes.
const TRACE: &str = "s3cr3t";

/// A scene in which the source `more` may name the secret, with another host of the publisher's.
fn scene(more: &str) -> (Scene, Publisher) {
    let more = format!("{more}\nredirect_hosts = [\"files.test\"]");
    let (mut scene, files) = (Scene::defined(|_| with_source(&more)), Publisher::start());
    scene.house.rewrite("files.test", &files);
    scene.house.set("BLUEBOOK_SECRET_OFFICE_KEY", SECRET);
    scene.house.set("BLUEBOOK_LOG", "trace");
    (scene, files)
}

/// Runs the load, and looks for the secret in all that it said.
#[track_caller]
fn ingest(scene: &Scene, code: i32) -> String {
    let ran = scene.house.run(["ingest", "things"]).expect_code(code);
    let told = ran.stdout() + &ran.stderr();
    assert!(!told.contains(TRACE), "{told}");
    told
}

/// Looks for the secret in each table of the system's, as text.
#[track_caller]
fn nothing_is_kept(house: &TestHouse) {
    let db = house.db();
    for table in db.column("SELECT tablename FROM pg_tables WHERE schemaname = 'bluebook' ORDER BY 1") {
        let found = db.column(&format!("SELECT t::text FROM bluebook.{table} t WHERE t::text LIKE '%{TRACE}%'"));
        assert!(found.is_empty(), "bluebook.{table} has the secret: {found:?}");
    }
}

#[test]
fn no_redirect_takes_a_secret_to_another_host() {
    let query = "query = { key = \"secret:OFFICE_KEY\" }\nheaders = { X-Key = \"{secret:OFFICE_KEY}\" }";
    let (scene, files) = scene(query);
    let asked = format!("/things.csv?key={IN_QUERY}");
    files.serve("/x.csv", Answer::ok(things(&["1,one"])));
    scene.publisher.serve(&asked, Answer::redirect("http://files.test/x.csv"));
    ingest(&scene, 0);
    assert_eq!(files.log()[0].header("X-Key"), None);
    // As it is, and as a page to sign in at is told where to lead back to.
    let back = "http%3A%2F%2Fpublisher.test%2F%3Fkey%3Dc4n%252Fry%2B%252B%2522s3cr3t%2522";
    for spelled in [IN_QUERY, "c4n/ry%20%2B%22s3cr3t%22", "c4n%2fry%20%2b%22s3cr3t%22", back] {
        scene.publisher.serve(&asked, Answer::redirect(&format!("http://files.test/x.csv?key={spelled}")));
        let refused = ingest(&scene, 1);
        assert!(refused.contains("another host, which would be told a secret"), "{refused}");
    }
    assert_eq!(files.log().len(), 1);
    // To a place of the same host that has the secret in its path; and what comes repeats it wherever it can.
    scene.publisher.serve(&asked, Answer::redirect(&format!("/d/{IN_QUERY}/{IN_QUERY}.csv")));
    let echo = Answer::ok(things(&["1,uno"])).etag(&format!("\"{SECRET}\"")).header("Content-Type", SECRET);
    scene.publisher.serve(&format!("/d/{IN_QUERY}/{IN_QUERY}.csv"), echo.header("Link", &format!("<{SECRET}>")));
    ingest(&scene, 0);
    nothing_is_kept(&scene.house);
    scene.house.assert_invariants();
}

#[test]
fn what_is_posted_stays_with_its_host() {
    let (scene, files) = scene("method = \"POST\"\nbody = '{\"key\": \"{secret:OFFICE_KEY}\"}'");
    files.serve("/x.csv", Answer::ok(things(&["1,one"])));
    for status in [307, 308] {
        scene.publisher.serve(PATH, Answer::status(status).header("Location", "http://files.test/x.csv"));
        let refused = ingest(&scene, 1);
        assert!(refused.contains("what is posted is for the source's own host only"), "{refused}");
    }
    assert_eq!(files.log().len(), 0);
    scene.publisher.serve(PATH, Answer::status(303).header("Location", "http://files.test/x.csv"));
    ingest(&scene, 0);
    assert_eq!(files.log()[0].body, "", "the answer lies there to be had");
    assert!(scene.publisher.log()[0].body.contains(SECRET));
    nothing_is_kept(&scene.house);
}

#[test]
fn no_error_and_no_attempt_tells_a_secret() {
    let (scene, _files) = scene("query = { key = \"secret:OFFICE_KEY\" }");
    let asked = format!("/things.csv?key={IN_QUERY}");
    let faults = [
        Answer::status(403),
        Answer::status(503).header("Retry-After", "1"),
        Answer::ok(things(&["1,one"])).cut_at(3),
        Answer::ok("x").header("Content-Encoding", SECRET),
        Answer::redirect(&format!("http://evil.test/{SECRET}")),
        Answer::redirect(&format!("gopher://evil.test/{IN_QUERY}")),
        Answer::redirect(&format!("http://[{SECRET}]/")),
        Answer::redirect(&asked),
        Answer::ok(format!("<html>{SECRET}</html>")),
    ];
    for fault in faults {
        scene.publisher.serve(&asked, fault);
        ingest(&scene, 1);
        scene.house.db().batch("UPDATE bluebook.hosts SET free_at = now()");
    }
    nothing_is_kept(&scene.house);
    let shown = scene.house.run(["run", "list"]).stdout() + &scene.house.run(["doctor"]).stdout();
    assert!(!shown.contains(TRACE), "{shown}");
}

#[test]
fn what_a_file_repeats_of_a_secret_is_not_told() {
    let (scene, _files) = scene("query = { key = \"secret:OFFICE_KEY\" }");
    let asked = format!("/things.csv?key={IN_QUERY}");
    let header = SECRET.replace('"', "\"\"");
    for (columns, code) in [("id,name,price,since", 0), ("id,name,price", 3)] {
        scene.publisher.serve(&asked, Answer::ok(format!("{columns},\"{header}\"\n1,one,,,\n")));
        ingest(&scene, code);
    }
    let answers = with_source("query = { key = \"secret:OFFICE_KEY\" }")
        .replace("kind = \"csv\"", "kind = \"json\"\nrecord = \"/data/*\"\nrefusal = \"/error\"");
    scene.house.dataset("things", &answers);
    let error = serde_json::json!({ "data": [], "error": format!("no such key: {SECRET}, nor key={IN_QUERY}") });
    scene.publisher.serve(&asked, Answer::ok(error.to_string()));
    let told = ingest(&scene, 1);
    assert!(told.contains("no such key: hidden, nor key=hidden"), "{told}");
    nothing_is_kept(&scene.house);
}

#[test]
fn no_walk_tells_a_secret_and_none_takes_it_to_another_host() {
    let next =
        "pages = { by = \"next\", next = \"/next\", records = \"/data\" }\nquery = { key = \"secret:OFFICE_KEY\" }";
    let (scene, files) = scene(next);
    let page = |next: &str| Answer::ok(serde_json::json!({"data": [{"id": 1}], "next": next}).to_string());
    let asked = format!("/things.csv?key={IN_QUERY}");
    let cases = [
        (
            format!("http://files.test/2?key={IN_QUERY}"),
            "is another host than the source's own, and would be told a secret",
        ),
        (format!("http://evil.test/2?key={IN_QUERY}"), "leads to http://evil.test/2?key=hidden, another host"),
        (format!("ftp://{SECRET}/"), ""),
        (format!("http://[{SECRET}]/"), "which is no URL"),
        (format!("?page=2&key={IN_QUERY}"), "did not answer as the source says: a page is not JSON"),
        (format!("?page=3&key={IN_QUERY}"), "page 2 is page 1 once more"),
        (format!("?page=4&key={IN_QUERY}"), "/things.csv?page=4&key=hidden answered 404"),
    ];
    scene.publisher.serve(&format!("/things.csv?page=2&key={IN_QUERY}"), Answer::ok(SECRET));
    for (to, sentence) in cases {
        scene.publisher.serve(&asked, page(&to));
        scene.publisher.serve(&format!("/things.csv?page=3&key={IN_QUERY}"), page(&to));
        let failed = ingest(&scene, 1);
        assert!(failed.contains(sentence), "{sentence}: {failed}");
    }
    assert_eq!(files.log().len(), 0);
    nothing_is_kept(&scene.house);
}

#[test]
fn a_listing_that_is_asked_for_with_a_secret_knows_what_it_has_seen() {
    let unseen = "listing = { pattern = \"T_*.csv\", take = \"unseen\" }\nquery = { key = \"secret:OFFICE_KEY\", kind = \"csv\" }";
    let (scene, _files) = scene(unseen);
    scene.house.dataset(
        "things",
        &with_source(unseen)
            .replace("\"replace\"", "\"append\"")
            .replace("min_rows = 1", "min_rows = 1\nmax_shrink = 1.0"),
    );
    let key = format!("?key={IN_QUERY}&kind=csv");
    let page = |names: &[&str]| {
        let links: Vec<_> = names.iter().map(|name| format!("<a href='/{name}'>{name}</a>")).collect();
        Answer::ok(format!("<html><body>{}</body></html>", links.join("<br>")))
    };
    for n in [1, 2] {
        scene.publisher.serve(&format!("/T_{n}.csv{key}"), Answer::ok(things(&[&format!("{n},{n}")])));
    }
    for names in [&["T_1.csv"][..], &["T_1.csv", "T_2.csv"], &["T_1.csv", "T_2.csv"]] {
        scene.publisher.serve(&format!("{PATH}{key}"), page(names));
        ingest(&scene, 0);
    }
    for n in [1, 2] {
        assert_eq!(scene.publisher.asked(&format!("/T_{n}.csv{key}")), 1, "file {n} is fetched once");
    }
    scene.publisher.serve(&format!("{PATH}{key}"), page(&[&format!("{}.csv", IN_QUERY.replace('+', "%20"))]));
    assert!(ingest(&scene, 1).contains("matches \"T_*.csv\""));
    nothing_is_kept(&scene.house);
}

#[test]
fn no_command_line_and_no_page_shows_a_secret() {
    let (scene, _files) = scene("query = { key = \"secret:OFFICE_KEY\" }");
    let (gate, asked) = (Gate::shut(), format!("/things.csv?key={IN_QUERY}"));
    scene.publisher.serve(&asked, Answer::ok(things(&["1,one"])).wait_at(2, &gate));
    let mut run = scene.house.spawn(["ingest", "things"]);
    eventually(std::time::Duration::from_secs(20), "the file comes", || (gate.reached() == 1).then_some(()));
    assert!(!run.command_line().is_empty() && !run.command_line().contains(TRACE));
    gate.open();
    assert!(run.wait(std::time::Duration::from_secs(20)).success());
    for command in [&["run", "show", "1"][..], &["dataset", "show", "things"], &["trace", "things", "id=1"], &["check"]]
    {
        let shown = scene.house.run(command);
        let shown = shown.stdout() + &shown.stderr();
        assert!(!shown.contains(TRACE), "{command:?}: {shown}");
    }
    nothing_is_kept(&scene.house);
}
