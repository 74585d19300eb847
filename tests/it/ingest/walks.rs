//! Releases that take more than one request: pages, listings, catalogues.

use super::{PATH, Scene, definition, things};
use crate::support::Answer;

const PAGES: &str = "/things.csv?from=";

/// The usual dataset with more in its source.
pub(super) fn with_source(more: &str) -> String {
    definition().replace("[format]", &format!("{more}\n\n[format]"))
}

fn scene(more: &str) -> Scene {
    Scene::defined(|_| with_source(more))
}

/// What of the publisher's answers is on record: part, status and URL.
fn fetches(scene: &Scene) -> Vec<String> {
    let sql = "SELECT format('%s %s %s', coalesce(part::text, '-'), status, replace(url, 'http://publisher.test', '')) \
               FROM bluebook.fetches ORDER BY id";
    scene.house.db().column(sql)
}

#[test]
fn pages_are_parts_of_one_release() {
    let scene = scene("pages = { by = \"offset\", parameter = \"from\" }");
    let page = |from: u32, rows: &[&str]| {
        let tag = format!("\"{}\"", rows.join("/").replace(',', "-"));
        scene.publisher.serve(&format!("{PAGES}{from}"), Answer::ok(things(rows)).etag(&tag));
    };
    page(0, &["1,one", "2,two"]);
    page(2, &["3,three"]);
    page(3, &[]);
    assert_eq!(scene.ingest(0)["inserted"], 3);
    let parts = "SELECT format('%s %s', part, artifact) FROM bluebook.release_artifacts ORDER BY part";
    assert_eq!(scene.house.db().column(parts), ["0 1", "1 2"]);
    let asked = ["0 200 /things.csv?from=0", "1 200 /things.csv?from=2", "- 200 /things.csv?from=3"];
    assert_eq!(fetches(&scene), asked);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    assert_eq!(scene.publisher.log()[4].header("If-None-Match"), Some("\"3-three\""), "each page by its own validator");
    page(2, &["3,three", "4,four"]);
    page(4, &[]);
    let third = scene.ingest(0);
    assert_eq!(Scene::counts(&third), "rows 4, inserted 1, unchanged 3");
    assert_eq!(
        fetches(&scene)[6..],
        ["0 304 /things.csv?from=0", "1 200 /things.csv?from=2", "- 200 /things.csv?from=4"]
    );
    for (from, row) in [(0, "1,one"), (1, "2,two"), (2, "")] {
        let rows: &[&str] = if row.is_empty() { &[] } else { &[row] };
        let renamed = things(rows).replace("price", "cost");
        scene.publisher.serve(&format!("{PAGES}{from}"), Answer::ok(renamed));
    }
    assert_eq!(scene.ingest(3)["outcome"], "held", "with all its pages, for whoever mends the definition");
    assert_eq!(scene.house.db().column(parts).len(), 2 + 2 + 2);
    scene.house.assert_invariants();
}

/// Only the head of a page says where the next one is, and "not modified" need not repeat it.
#[test]
fn pages_that_the_header_link_leads_to_are_all_there_whether_or_not_the_first_has_changed() {
    let scene = scene("pages = { by = \"link\" }");
    let first = Answer::ok(things(&["1,one"])).etag("\"1\"").header("Link", "</2.csv>; rel=\"next\"");
    scene.publisher.serve(PATH, first);
    scene.publisher.serve("/2.csv", Answer::ok(things(&["2,two"])).etag("\"2\""));
    assert_eq!(scene.ingest(0)["inserted"], 2);
    scene.publisher.serve("/2.csv", Answer::ok(things(&["2,two", "3,three"])).etag("\"3\""));
    assert_eq!(Scene::counts(&scene.ingest(0)), "rows 3, inserted 1, unchanged 2");
    scene.house.assert_invariants();
}

/// What is called like a secret is not written down: of such pages, no answer is known to be the last one to just this.
#[test]
fn pages_that_are_written_down_alike_do_not_stand_for_each_other() {
    let scene = scene("pages = { by = \"offset\", parameter = \"key\" }");
    let today = "Sun, 22 Nov 2026 10:00:00 GMT";
    for (from, rows) in [(0, &["1,one"][..]), (1, &["2,two"]), (2, &[])] {
        scene.publisher.serve(&format!("/things.csv?key={from}"), Answer::ok(things(rows)).last_modified(today));
    }
    assert_eq!(scene.ingest(0)["inserted"], 2);
    assert_eq!(fetches(&scene)[0], "0 200 /things.csv?key=hidden");
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    assert_eq!(scene.rows().len(), 2);
    scene.house.assert_invariants();
}

#[test]
fn where_one_page_fails_nothing_is_loaded_and_where_it_soon_comes_the_rest_is_not_asked_for_again() {
    let scene = scene("pages = { by = \"offset\", parameter = \"from\" }");
    scene.publisher.serve(&format!("{PAGES}0"), Answer::ok(things(&["1,one"])));
    scene.publisher.serve(&format!("{PAGES}1"), Answer::status(503));
    let failed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("things.csv?from=1 answered 503"), "{}", failed.stderr());
    let db = scene.house.db();
    assert_eq!(db.number("SELECT count(*) FROM bluebook.releases"), 0);
    assert_eq!(
        (db.number("SELECT count(*) FROM bluebook.fetches"), scene.publisher.asked("/things.csv?from=1")),
        (0, 3)
    );
    let excuse = "<html>We are busy</html>";
    scene.publisher.serve_in_turn(&format!("{PAGES}1"), [Answer::status(502), Answer::ok(excuse)]);
    let failed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("page 2 is none: the publisher sent a web page"), "{}", failed.stderr());
    assert_eq!(db.number("SELECT count(*) FROM bluebook.releases"), 0);
    scene.publisher.serve(&format!("{PAGES}1"), Answer::ok(things(&[])));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    assert_eq!(scene.publisher.asked("/things.csv?from=0"), 3, "once a run");
    let notes = "SELECT count(*) FROM bluebook.run_events WHERE kind = 'note' AND message LIKE '%502%once more in%'";
    assert_eq!(db.number(notes), 1);
    scene.house.assert_invariants();
}

#[test]
fn pages_that_are_not_what_was_declared_are_not_published() {
    let source = "pages = { by = \"number\", parameter = \"p\", records = \"/data\", total = \"/total\" }";
    let json = "kind = \"json\"\nrecord = \"/data/*\"";
    let scene = Scene::defined(|_| with_source(source).replace("kind = \"csv\"", json));
    let page = |number: u32, text: &str| scene.publisher.serve(&format!("/things.csv?p={number}"), Answer::ok(text));
    page(1, r#"{"total": 3, "data": [1, 2]}"#);
    page(2, r#"{"total": 3, "data": []}"#);
    let failed = scene.house.run(["ingest", "things"]).expect_code(1);
    let sentence = "the publisher declared 3 records and sent 2, in 2 pages";
    assert!(failed.stderr().contains(sentence), "{}", failed.stderr());
    assert_eq!(scene.house.db().text("SELECT state FROM bluebook.runs"), "queued", "it may pass");
    page(1, r#"{"total": 3, "data": [{"next": 1}]}"#);
    page(2, r#"{"total": 3, "data": [{"next": 1}]}"#);
    let failed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("page 2 is page 1 once more"), "{}", failed.stderr());
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.releases"), 0);
}

fn listing(names: &[&str]) -> Answer {
    let links: Vec<_> = names.iter().map(|name| format!("<a href=\"files/{name}\">{name}</a>")).collect();
    let links = links.join("<br>");
    Answer::ok(format!("<html><body><pre><a href=\"/\">[up]</a> {links}</pre></body></html>")).etag("\"same\"")
}

#[test]
fn the_newest_file_of_a_listing_is_loaded_and_the_listing_is_kept() {
    let scene = scene("listing = { pattern = \"T_*.csv\" }");
    scene.publisher.serve(PATH, listing(&["T_9.csv", "T_10.csv", "other.csv"]));
    scene.publisher.serve("/files/T_10.csv", Answer::ok(things(&["10,ten"])));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    assert_eq!(fetches(&scene), ["- 200 /things.csv", "0 200 /files/T_10.csv"]);
    assert_eq!(scene.house.db().number("SELECT count(*) FROM bluebook.artifacts WHERE name = 'things.csv'"), 1);
    scene.publisher.serve(PATH, listing(&["T_9.csv", "T_11.csv"]));
    let absent = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(absent.stderr().contains("/files/T_11.csv answered 404"), "{}", absent.stderr());
    scene.publisher.serve(PATH, listing(&["U_9.csv"]));
    let renamed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(renamed.stderr().contains("matches \"T_*.csv\": it has links to U_9.csv"), "{}", renamed.stderr());
    assert_eq!(scene.publisher.log()[2].header("If-None-Match"), None, "a listing is always asked for");
    scene.publisher.serve(PATH, Answer::ok("<a href='http://evil.test/T_1.csv'>x</a>"));
    let elsewhere = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(elsewhere.stderr().contains("leads to http://evil.test/T_1.csv, another host"), "{}", elsewhere.stderr());
    scene.house.assert_invariants();
}

/// What it says is told, so that nothing in it may be what no table and no screen can take.
#[test]
fn a_page_of_hostile_links_is_a_failure_like_any_other() {
    let scene = scene("listing = { pattern = \"T_*.csv\" }");
    let long = format!("<a href='http://evil.test/T_{}.csv'>x</a>", "x".repeat(1 << 20));
    for page in ["<a href='a%00%1b[31m.csv'>x</a>", &long] {
        scene.publisher.serve(PATH, Answer::ok(page));
        let told = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
        assert!(!told.contains(['\0', '\u{1b}']) && told.len() < 100_000, "{} bytes", told.len());
        let kept = scene.house.db().text("SELECT error FROM bluebook.runs ORDER BY id DESC LIMIT 1");
        assert!(kept.contains("\\u{0}\\u{1b}[31m.csv") || kept.contains("leads to http://evil.test/T_xxx"), "{kept}");
    }
    scene.house.assert_invariants();
}

#[test]
fn a_page_that_is_too_long_to_be_looked_into_is_told_so() {
    let scene = scene("listing = { pattern = \"T_*.csv\" }");
    scene.publisher.serve(PATH, Answer::zeros(17 << 20));
    let told = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
    assert!(told.contains("sends more than 16777216 bytes, and must be looked into"), "{told}");
}

#[test]
fn what_no_release_was_made_of_is_loaded_once() {
    let unseen = "listing = { pattern = \"T_*.csv\", take = \"unseen\" }";
    let defined = |least: u32| {
        with_source(unseen)
            .replace("mode = \"replace\"", "mode = \"append\"")
            .replace("min_rows = 1", &format!("min_rows = {least}\nmax_shrink = 1.0"))
    };
    let scene = Scene::defined(|_| defined(1));
    for file in 1..=4 {
        let row = format!("{file},file {file}");
        scene.publisher.serve(&format!("/files/T_{file}.csv"), Answer::ok(things(&[&row])));
    }
    scene.publisher.serve(PATH, listing(&["T_2.csv", "T_1.csv"]));
    assert_eq!(scene.ingest(0)["inserted"], 2);
    let nothing = scene.house.run(["ingest", "things"]).expect_code(0).stdout();
    assert_eq!(nothing, "things: unchanged; the publisher has no file that is new\n");
    assert_ne!(scene.house.db().text("SELECT concat_ws(' ', checked_at) FROM bluebook.datasets"), "");
    scene.publisher.serve(PATH, listing(&["T_2.csv", "T_3.csv"]));
    scene.house.dataset("things", &defined(2));
    assert_eq!(scene.ingest(3)["outcome"], "held", "one row is too few by now");
    scene.publisher.serve(PATH, listing(&["T_2.csv", "T_3.csv", "T_4.csv"]));
    assert_eq!(scene.ingest(0)["inserted"], 2, "what was held comes again with what is new");
    assert_eq!(scene.rows().len(), 4);
    for (file, times) in [(1, 1), (2, 1), (3, 2), (4, 1)] {
        assert_eq!(scene.publisher.asked(&format!("/files/T_{file}.csv")), times, "file {file}");
    }
    scene.publisher.serve("/files/T_5.csv", Answer::ok(things(&["5,five"])));
    scene.publisher.serve(PATH, listing(&["T_5.csv"]));
    let held = scene.ingest(3)["release"].to_string();
    let told = scene.house.run(["release", "discard", &held, "--reason", "too short"]).expect_code(0).stderr();
    assert!(told.contains("not asked for again: \"T_5.csv\""), "{told}");
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    scene.house.assert_invariants();
}

#[test]
fn a_catalogue_says_where_the_file_is() {
    let scene = scene("ckan = { format = \"csv\" }");
    let package = |url: &str| {
        let resource = format!(r#"{{"name": "x", "format": "CSV", "url": "{url}"}}"#);
        Answer::ok(format!(r#"{{"success": true, "result": {{"resources": [{resource}]}}}}"#))
    };
    scene.publisher.serve(PATH, package("/real.csv"));
    scene.publisher.serve("/real.csv", Answer::ok(things(&["1,one"])).etag("\"v1\""));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    assert_eq!(fetches(&scene)[2..], ["- 200 /things.csv", "0 304 /real.csv"]);
    scene.publisher.serve(PATH, package("http://127.0.0.1:1/x"));
    let closed = scene.house.run(["ingest", "things"]).expect_code(1);
    assert!(closed.stderr().contains("another host"), "{}", closed.stderr());
}
