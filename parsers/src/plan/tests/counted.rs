//! Pages that are counted by the dataset's own format, until one is empty.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use super::*;

fn counted() -> Plan {
    paging(Pages { records: None, total: None, ..pages(by_offset()) })
}

/// Walks over pages of this format.
fn walk_in(format: &str, answers: &[&str]) -> Result<String, WalkError> {
    walk_by(&dataset(format), &mut counted(), answers.iter().map(|page| (None, page.as_bytes())))
}

const CSV: &str = "kind = \"csv\"";

#[test]
fn pages_without_a_total_end_with_an_empty_or_a_short_one() {
    let told = walk_in(CSV, &["h\n1\n2\n", "h\n3\n", "h\n"]).unwrap();
    assert_eq!(told.matches("part").count(), 2, "the empty page only says that there are no more: {told}");
    assert!(told.contains("offset=3"), "{told}");
    assert_eq!(walk_in(CSV, &["h\n"]).unwrap().matches("part").count(), 1, "nothing at all is one page");
    let mut sized = paging(Pages { size: Some(2), records: None, total: None, ..pages(by_offset()) });
    let short = [(None, &b"h\n1\n2\n"[..]), (None, b"h\n3\n")].into_iter();
    assert_eq!(walk_by(&dataset(CSV), &mut sized, short).unwrap().lines().count(), 2);
}

/// Nobody else reads the page with which a walk ends.
#[test]
fn a_last_page_that_is_an_excuse_is_a_failure_with_a_sentence() {
    for (excuse, sentence) in [
        ("{\"error\": \"rate limited\"}", "page 2 is none: the publisher sent JSON, and CSV is expected"),
        ("", "page 2 is none: the file is empty"),
        ("<!DOCTYPE html><html>Sorry</html>", "page 2 is none: the publisher sent a web page"),
        ("rate limited\n", "page 2 is none: the file lacks \"h\"; it has \"rate limited\""),
        ("rate limited\ntry again\nlater\n", "page 2 is none: the file lacks \"h\""),
    ] {
        let failed = walk_in(CSV, &["h\n1\n2\n", excuse]).unwrap_err();
        assert!(failed.to_string().contains(sentence) && failed.may_pass(), "{excuse}: {failed}");
    }
    let refused = r#"{"data": [], "error": "over quota", "total": 1, "next": null}"#;
    let (at, parameter) = ("/next".to_owned(), "after".to_owned());
    for turn in [by_offset(), Turn::Next { at: at.clone() }, Turn::Cursor { at, parameter }] {
        let pages = Pages { total: None, ..pages(turn) };
        let first = r#"{"data": [1], "error": null, "next": "2"}"#;
        let failed = walk(&mut paging(pages.clone()), &[first, refused]).unwrap_err().to_string();
        assert!(failed.ends_with("page 2 is none: the publisher sent no data but says: over quota"), "{failed}");
        let empty = refused.replace("\"over quota\"", "[]");
        assert_eq!(walk(&mut paging(pages), &[first, &empty]).unwrap().matches("part").count(), 1);
    }
}

#[test]
fn records_are_counted_however_a_page_is_written() {
    for (format, full, empty) in [
        (CSV, "h\r1\r2\r", "h\r"),
        ("kind = \"csv\"\nmultiline = true", "h\n1\n\"2\n\n\"\n", "h\n"),
        ("kind = \"csv\"\nquoting = \"none\"", "h\n\"1\n2\n", "h\n"),
        ("kind = \"csv\"\nheader = false\nnames = [\"h\"]", "1\n2\n", ""),
        ("kind = \"json\"\nrecord = \"/*\"", "[{\"h\": \"1\"}, {\"h\": \"2\"}]", "[]"),
        ("kind = \"json\"\nrecord = \"/*\"", "[\n{\n\"h\": \"1\"\n},\n{\"h\": \"2\"\n}\n]\n", " [\n] "),
        ("kind = \"ndjson\"", "{\"h\": \"1\"}\n{\"h\": \"2\"}\n", "\n"),
        ("kind = \"xml\"\nrecord = \"r/i\"", "<r><i><h>1</h></i><i><h>2</h></i></r>", "<r/>"),
    ] {
        let told = walk_in(format, &[full, empty]).unwrap_or_else(|error| panic!("{format} {full:?}: {error}"));
        assert!(told.ends_with("offset=2\n") && told.matches("part").count() == 1, "{format} {full:?}: {told}");
    }
}

#[test]
fn records_are_counted_whatever_a_page_is_packed_in() {
    let packed = |text: &str| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    for (format, full, empty) in [(CSV, "h\n1\n2\n", "h\n"), ("kind = \"ndjson\"", "{\"h\": 1}\n{\"h\": 2}\n", "")] {
        let gzip = dataset(&format!("{format}\n[decode]\npacking = \"gzip\""));
        let answers = [packed(full), packed(empty)];
        let told = walk_by(&gzip, &mut counted(), answers.iter().map(|page| (None, page.as_slice()))).unwrap();
        assert!(told.ends_with("offset=2\n"), "{told}");
    }
}

/// A release is held with all its pages, so that it is whole once somebody has mended the definition.
#[test]
fn pages_whose_columns_are_all_others_are_all_taken() {
    let told = walk_in(CSV, &["g\n1\n2\n", "g\n3\n", "g\n"]).unwrap();
    assert_eq!(told.matches("part").count(), 2, "{told}");
    for other in ["h\n3\n", "rate limited\n", "k\n3\n"] {
        let failed = walk_in(CSV, &["g\n1\n2\n", other]).unwrap_err().to_string();
        assert!(failed.contains("page 2 is none: "), "{failed}");
    }
    assert_eq!(walk_in(CSV, &["g\n"]).unwrap(), "part https://x.example/api/list?limit=2&offset=0\n");
}

#[test]
fn a_page_is_known_again_whatever_stands_around_its_records() {
    let format = "kind = \"csv\"\npreamble = 1";
    let again = walk_in(format, &["made at 10:00\nh\n1\n2\n", "made at 10:01\nh\n1\n2\n"]).unwrap_err().to_string();
    assert!(again.contains("page 2 is page 1 once more"), "{again}");
    assert!(walk_in(format, &["a\nh\n1\n2\n", "a\nh\n1\n3\n", "a\nh\n"]).is_ok());
}
