//! Files that are not what they should be, from the publisher to the table: what was published stays, and people are told
//! in a sentence what came instead. Each kind by itself is tried in parsers/tests/faults.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::{PATH, Scene, things};
use crate::support::{Answer, Publisher, TestHouse, one_in_five};

/// What comes in the file's place, and what is said of it.
const PAGES: [(&str, &str); 20] = [
    ("<!DOCTYPE html><html><body>Sorry</body></html>", "the publisher sent a web page, and CSV is expected"),
    ("\r\n<!-- x -->\n<!doctype HTML PUBLIC>\n<HTML></HTML>", "the publisher sent a web page"),
    ("<html><form action='/login'><input name='id'/></form></html>", "the publisher sent a web page"),
    ("<!DOCTYPE html><title>Just a moment...</title>", "the publisher sent a web page"),
    ("<script>location.reload()</script>", "the publisher sent XML, and CSV is expected"),
    ("<meta http-equiv='refresh' content='0; url=/moved'>", "the publisher sent XML"),
    ("<br />\n<b>Warning</b>: no database<br />\nid,name,price,since\n1,uno,,\n", "the publisher sent XML"),
    ("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "the publisher sent XML"),
    ("{\"error\": \"slow down\"}", "the publisher sent JSON, and CSV is expected"),
    ("{}", "the publisher sent JSON"),
    ("[]", "the publisher sent JSON"),
    ("null\n", "the file lacks \"id\", \"name\", \"price\", \"since\"; it has \"null\""),
    ("", "is empty"),
    (" \r\n\t\r\n", "the file is empty"),
    ("id,name,price,since\n", "0 rows"),
    ("No data was found, sorry\n", "it has \"No data was found\", \"sorry\""),
    ("503 Service Unavailable\n", "it has \"503 Service Unavailable\""),
    ("PK\u{3}\u{4}....", "the publisher sent a zip archive"),
    ("id,name,price,since\n1,uno,,\n2,\"due", "a quote that is opened on line 3 is never closed"),
    ("id,name,price,since\n1,uno,,\n2,due,1", "line 3, the last, has no line end: the file was cut"),
];

#[test]
fn what_comes_in_a_files_place_is_not_published_and_called_by_its_name() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    let before = scene.rows();
    for (page, sentence) in one_in_five(PAGES) {
        let ran = scene.serves(page).house.run(["ingest", "things"]);
        let told = format!("{}{}", ran.stdout(), ran.stderr());
        assert!([1, 3].contains(&ran.code()) && told.contains(sentence), "{page}: {} {told}", ran.code());
        assert_eq!(scene.rows(), before, "{page}");
    }
    scene.house.assert_invariants();
    assert_eq!(scene.serves(things(&["1,one", "2,two", "3,tre"])).ingest(0)["changed"], 1);
    assert_eq!(scene.house.db().text("SELECT condition FROM bluebook.conditions"), "good");
    scene.house.assert_invariants();
}

#[test]
fn xml_reaches_out_to_nobody() {
    let scene = Scene::defined(|toml| {
        toml.replace("kind = \"csv\"", "kind = \"xml\"\nrecord = \"list/thing\"")
            .replace("type = \"decimal(12,2)\"", "type = \"decimal(12,2)\"\nmay_be_absent = true")
            .replace("type = \"date\"", "type = \"date\"\nmay_be_absent = true")
    });
    let document = |head: &str, name: &str| format!("{head}<list><thing><id>1</id><name>{name}</name></thing></list>");
    scene.serves(document("", "AT&amp;T &#233; <![CDATA[<&>]]>")).ingest(0);
    assert_eq!(scene.rows(), ["1|AT&T é <&>|∅|∅"]);
    let canary = scene.publisher.url("/canary");
    for (head, name, sentence) in [
        (format!("<!DOCTYPE list [<!ENTITY x SYSTEM '{canary}'>]>"), "&x;", "the document brings a DOCTYPE"),
        (format!("<!DOCTYPE list [<!ENTITY % x SYSTEM '{canary}'> %x;]>"), "x", "the document brings a DOCTYPE"),
        (format!("<!DOCTYPE list SYSTEM '{canary}'>"), "x", "the document brings a DOCTYPE"),
        (String::new(), "\n&x;", "line 2: the entity &x; is none of XML's own"),
        (String::new(), "AT&T", "the XML is broken on line 1"),
    ] {
        let failed = scene.serves(document(&head, name)).house.run(["ingest", "things"]).expect_code(1).stderr();
        assert!(failed.contains(sentence), "{head}: {failed}");
    }
    assert_eq!(scene.publisher.asked("/canary"), 0);
    assert_eq!(scene.rows().len(), 1);
    scene.house.assert_invariants();
}

pub(super) fn zipped<T: AsRef<[u8]>>(members: &[(&str, T)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Names of all files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path.display().to_string()] }).collect()
}

#[test]
fn a_members_name_makes_no_file_and_whatever_it_is_its_rejects_are_kept() {
    let scene = Scene::defined(|toml| format!("{toml}\n[decode]\npacking = \"zip\"\nmembers = \"*evil*\"\n"));
    let csv = |id: u8| format!("id,name,price,since,new\n{id},one,,,x\n9{id},bad,x,,x\n");
    let long = format!("{}evil.csv", "long/".repeat(1000));
    let names =
        ["../../../evil.csv", "/tmp/evil-of-bluebook.csv", "a\0evil.csv", "\u{1b}[2Jevil.csv", "evil'\"<b>.csv", &long];
    let texts: Vec<_> = (1..).take(names.len()).map(csv).collect();
    let members: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_str())).collect();
    let answer = scene.serves(zipped(&members)).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 12, inserted 6, rejected 6");
    let kept = scene.house.db().column("SELECT reason FROM bluebook.rejects ORDER BY record");
    assert!(kept.iter().any(|reason| reason.contains("(in the member \"a\\0evil.csv\")")), "{kept:#?}");
    assert_eq!(files(scene.house.dir()).iter().filter(|name| name.contains("evil")).count(), 0);
    assert!(!Path::new("/tmp/evil-of-bluebook.csv").exists());
    let shown = scene.house.run(["release", "show", "1"]).expect_code(0).stdout();
    assert!(!shown.contains('\u{1b}'), "{shown}");
    scene.house.assert_invariants();
}

#[test]
fn a_workbook_that_would_end_the_process_fails_its_run() {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    let toml = super::definition().replace("kind = \"csv\"", "kind = \"workbook\"");
    house.dataset("things", &toml);
    house.rewrite("publisher.test", &publisher);
    let book = include_bytes!("../../../parsers/fixtures/epa_eia_crosswalk/first.xlsx");
    let mut archive = zip::ZipArchive::new(Cursor::new(&book[..])).unwrap();
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut member, &mut text).unwrap();
        members
            .push((member.name().unwrap().into_owned(), text.replace("uniqueCount=\"", "uniqueCount=\"99999999999")));
    }
    let members: Vec<_> = members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    publisher.serve(PATH, Answer::ok(zipped(&members)));
    let failed = house.run(["ingest", "things"]).expect_code(1).stderr();
    assert!(failed.contains("it says that it has more texts than any workbook"), "{failed}");
    house.assert_invariants();
}
