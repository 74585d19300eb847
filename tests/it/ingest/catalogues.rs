//! Catalogues that say where the file is: what is loaded from them, and what is told where they say something else.

use super::{Scene, definition, things};
use crate::support::Answer;

const PACKAGE: &str = "/api/3/action/package_show?id=things";
const VIEW: &str = "/api/views/abcd-1234.json";

/// The usual dataset, found by a catalogue at this path.
fn scene(path: &str, way: &str) -> Scene {
    Scene::defined(|_| definition().replace("/things.csv", path).replace("[format]", &format!("{way}\n\n[format]")))
}

#[track_caller]
fn fails(scene: &Scene, sentence: &str) {
    let failed = scene.house.run(["ingest", "things"]).expect_code(1).stderr();
    assert!(failed.contains(sentence), "{sentence}: {failed}");
}

/// A package of these resources: name, format, URL, when it was made.
fn package(resources: &[[&str; 4]]) -> Answer {
    let resources = resources.iter().map(|[name, format, url, created]| {
        serde_json::json!({"name": name, "format": format, "url": url, "created": created, "state": "active"})
    });
    let resources: Vec<_> = resources.collect();
    Answer::ok(serde_json::json!({"success": true, "result": {"resources": resources}}).to_string())
}

#[test]
fn a_ckan_package_names_the_one_file_that_is_meant() {
    let scene = scene(PACKAGE, "ckan = { format = \"csv\", name = \"Things 20*\", take = \"newest\" }");
    let (old, new) = ("/2025.csv", "/2026.csv");
    scene.publisher.serve(old, Answer::ok(things(&["1,one"])));
    scene.publisher.serve(new, Answer::ok(things(&["1,one", "2,two"])).etag("\"v1\""));
    let first = ["Things 2025", "CSV", "http://publisher.test/2025.csv", "2025-01-02T00:00:00"];
    let second = ["Things 2026", "csv", "/2026.csv", "2026-01-02T00:00:00"];
    let other = ["Things 2027 (draft)", "PDF", "/2027.pdf", "2027-01-01T00:00:00"];
    scene.publisher.serve(PACKAGE, package(&[first]));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    scene.publisher.serve(PACKAGE, package(&[second, other, first]));
    assert_eq!(scene.ingest(0)["inserted"], 1, "the newest is another file by now");
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    let kept =
        "SELECT format('%s %s %s', coalesce(part::text, '-'), status, final_url) FROM bluebook.fetches ORDER BY id";
    let kept = scene.house.db().column(kept);
    assert_eq!(
        kept[4..],
        [format!("- 200 http://publisher.test{PACKAGE}"), "0 304 http://publisher.test/2026.csv".into()]
    );
    scene.publisher.serve(PACKAGE, package(&[other]));
    fails(&scene, "its resources are \"Things 2027 (draft)\" (PDF, \"2027.pdf\")");
    scene.publisher.serve(PACKAGE, Answer::ok(r#"{"success": false, "error": {"message": "Not found"}}"#));
    fails(&scene, "the catalogue says that it failed: Not found");
    scene.publisher.serve(PACKAGE, Answer::ok("<html>maintenance</html>"));
    fails(&scene, "did not answer as the source says: it is not JSON");
    scene.redefine(|toml| {
        toml.replace("/things.csv", PACKAGE).replace("[format]", "ckan = { format = \"CSV\" }\n\n[format]")
    });
    scene.publisher.serve(PACKAGE, package(&[first, second]));
    fails(
        &scene,
        "2 files on http://publisher.test/api/3/action/package_show?id=things match format \"CSV\", and exactly one",
    );
    assert_eq!(scene.rows().len(), 2, "what was published stays");
    scene.house.assert_invariants();
}

#[test]
fn a_socrata_view_is_taken_as_its_export_or_as_the_file_that_it_is() {
    let scene = scene(VIEW, "socrata = { format = \"csv\" }");
    let view = |kind: &str, id: &str| {
        Answer::ok(serde_json::json!({"id": id, "name": "Things", "viewType": kind, "rowsUpdatedAt": 1}).to_string())
    };
    let export = "/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD";
    scene.publisher.serve(VIEW, view("tabular", "abcd-1234"));
    scene.publisher.serve(export, Answer::ok(things(&["1,one"])).etag("\"v1\""));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    assert_eq!(scene.ingest(0)["outcome"], "unchanged");
    let blob = serde_json::json!({"id": "abcd-1234", "viewType": "blobby", "blobId": "0a-1b"}).to_string();
    scene.publisher.serve(VIEW, Answer::ok(blob));
    scene.publisher.serve("/api/views/abcd-1234/files/0a-1b", Answer::ok(things(&["1,one", "2,two"])));
    assert_eq!(scene.ingest(0)["inserted"], 1);
    let asked: Vec<_> = scene.publisher.log().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked, [VIEW, export, VIEW, export, VIEW, "/api/views/abcd-1234/files/0a-1b"]);
    for (answer, sentence) in [
        (view("tabular", "zzzz-9999"), "it describes another view: \"zzzz-9999\""),
        (view("chart", "abcd-1234"), "the view is \"chart\", and only tables are exported"),
        (Answer::ok("[]"), "it describes another view: \"\""),
    ] {
        scene.publisher.serve(VIEW, answer);
        fails(&scene, sentence);
    }
    scene.publisher.serve(VIEW, view("tabular", "abcd-1234"));
    scene.publisher.serve(export, Answer::status(404));
    fails(&scene, "/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD answered 404");
    assert_eq!(scene.rows().len(), 2);
    scene.house.assert_invariants();
}
