//! Fixtures that are cut out of documents and workbooks.

mod book;

use std::{
    io::{Read, Seek, SeekFrom, Write},
    sync::{Arc, Mutex},
};

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::{Dataset, sample};

/// The fixture, and the rows that the definition makes of it.
fn cut(bytes: &[u8]) -> Option<(Fixture, Vec<String>)> {
    let Inferred { fixture, definition, .. } = inferred(bytes).unwrap();
    let dataset = Dataset::parse("things.toml", asked().name, &definition).unwrap();
    let fixture = fixture?;
    let (rows, _) = sample::read(&dataset, &fixture.bytes).unwrap();
    Some((fixture, rows))
}

fn text(fixture: &Fixture) -> &str {
    std::str::from_utf8(&fixture.bytes).unwrap()
}

/// A list of records as JSON, on one line.
fn json(ids: std::ops::Range<u32>) -> String {
    let records = ids.map(|id| format!("{{\"id\": {id}, \"name\": \"the name of {id}\"}}"));
    records.collect::<Vec<_>>().join(", ")
}

/// A list of records as XML, on one line.
fn xml(ids: std::ops::Range<u32>) -> String {
    let records = ids.map(|id| format!("<Row><Id>{id}</Id><Name>the name of {id}</Name></Row>"));
    records.collect()
}

/// The first 25 rows, and the last three.
fn ends(count: u32) -> Vec<String> {
    (0..25).chain(count - 3..count).map(|id| format!("{id}|the name of {id}")).collect()
}

#[test]
fn a_document_of_xml_is_cut_anywhere_in_its_line() {
    let document = format!("<List><Made>today</Made><Rows>{}</Rows><Note>all</Note></List>", xml(0..3000));
    let (fixture, rows) = cut(document.as_bytes()).unwrap();
    assert_eq!((fixture.name.as_str(), rows), ("first.xml", ends(3000)));
    let (start, end) = (format!("<List><Made>today</Made><Rows>{}<Row>", xml(0..25)), xml(2997..3000));
    assert!(text(&fixture).starts_with(&start), "{}", text(&fixture));
    assert!(text(&fixture).ends_with(&format!("{end}</Rows><Note>all</Note></List>")), "{}", text(&fixture));
}

#[test]
fn a_document_of_json_is_cut_and_packed_as_it_was() {
    let document = format!("{{\"rows\": [{}], \"note\": \"all\"}}", json(0..3000));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(document.as_bytes()).unwrap();
    let (gzip, zip) = (gzip.finish().unwrap(), sample::zipped(&[("things_20260131.json", &document)]));
    for (bytes, name) in [(document.into_bytes(), "first.json"), (gzip, "first.json.gz"), (zip, "first.zip")] {
        let (fixture, rows) = cut(&bytes).unwrap();
        assert_eq!((fixture.name.as_str(), rows), (name, ends(3000)));
    }
}

#[test]
fn a_total_is_that_of_the_cut_document_and_no_other_number_is_touched() {
    let document = format!("{{\"limit\": 3000, \"count\": 3000, \"rows\": [{}], \"was\": 13000}}", json(0..3000));
    let (fixture, rows) = cut(document.as_bytes()).unwrap();
    assert_eq!(rows, ends(3000));
    assert!(text(&fixture).starts_with("{\"limit\": 3000, \"count\": 28, "), "{}", text(&fixture));
    assert!(text(&fixture).ends_with("], \"was\": 13000}"), "{}", text(&fixture));
}

#[test]
fn a_total_behind_the_records_is_found_too() {
    let document = format!("<List>{}<Count>2999</Count></List>", xml(0..2999));
    let (fixture, _) = cut(document.as_bytes()).unwrap();
    assert!(text(&fixture).ends_with("</Row><Count>28</Count></List>"), "{}", text(&fixture));
}

#[test]
fn records_under_keys_keep_them() {
    let records = (0..3000).map(|id| format!("\"k{id}\": {{\"name\": \"the name of {id}\", \"size\": 1}}"));
    let document = format!("{{\"things\": {{{}}}}}", records.collect::<Vec<_>>().join(",\n"));
    let (_, rows) = cut(document.as_bytes()).unwrap();
    assert_eq!((rows.len(), rows[27].as_str()), (28, "k2999|the name of 2999|1"));
}

#[test]
fn the_end_of_another_group_is_left_out() {
    let group = |name: &str, ids| format!("<Group><Of>{name}</Of>{}</Group>", xml(ids));
    let document = format!("<List>{}{}</List>", group("north", 0..1500), group("south", 1500..3000));
    let (fixture, rows) = cut(document.as_bytes()).unwrap();
    assert_eq!((rows.len(), rows[24].as_str()), (25, "north|24|the name of 24"));
    assert_eq!(text(&fixture), format!("<List>{}</List>", group("north", 0..25)));
}

#[test]
fn records_that_are_alike_and_copies_beside_them_lead_to_no_wrong_fixture() {
    let same = "{\"id\": 7, \"name\": \"lucky\"}";
    let alike = vec![same; 4000].join(", ");
    let (_, rows) = cut(format!("{{\"rows\": [{alike}]}}").as_bytes()).unwrap();
    assert_eq!(rows, vec!["7|lucky"; 28]);
    assert!(cut(format!("{{\"rows\": [{alike}], \"again\": {same}}}").as_bytes()).is_none());
    let (first, last) = (json(0..2), json(2999..3000));
    let document = format!("{{\"least\": [{first}], \"rows\": [{}], \"last\": {last}}}", json(0..3000));
    let (fixture, rows) = cut(document.as_bytes()).unwrap();
    assert_eq!(rows, ends(3000));
    assert!(text(&fixture).ends_with(&format!("], \"last\": {last}}}")), "{}", text(&fixture));
}

#[test]
fn records_in_records_are_cut_only_where_what_is_left_is_read_as_before() {
    let part = |id: u32| format!("<Part><Code>{id}</Code><Name>name {id}</Name><Part><Code>{id}a</Code></Part></Part>");
    let flat: String = (0..1500).map(part).collect();
    assert!(cut(format!("<List>{flat}</List>").as_bytes()).is_none());
    let deep = format!("<Part><Code>all</Code><Name>n</Name>{}</Part>", (0..1500).map(part).collect::<String>());
    let (_, rows) = cut(format!("<List>{deep}</List>").as_bytes()).unwrap();
    assert_eq!((rows.len(), rows[24].as_str()), (25, "11a||11"));
}

#[test]
fn what_is_written_in_another_encoding_is_not_found_and_not_cut() {
    let rows = (0..3000).map(|id| format!("<Row><Id>{id}</Id><Name>Caf\u{e9} {id}</Name></Row>"));
    let document = format!("<?xml version=\"1.0\" encoding=\"windows-1252\"?><L>{}</L>", rows.collect::<String>());
    let bytes: Vec<u8> = document.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert!(cut(&bytes).is_none());
}

#[test]
fn what_is_larger_than_a_fixture_should_be_is_none() {
    let rows = (0..40).map(|id| format!("{{\"id\": {id}, \"name\": \"{}\"}}", "x".repeat(90_000)));
    assert!(cut(format!("[{}]", rows.collect::<Vec<_>>().join(",")).as_bytes()).is_none());
}

#[test]
fn a_workbook_loses_rows_and_the_texts_that_only_they_have() {
    let workbook = book::of(5000);
    assert!(workbook.len() > 60_000, "it would be kept whole");
    let (fixture, rows) = cut(&workbook).unwrap();
    assert_eq!((fixture.name.as_str(), rows.len()), ("first.xlsx", 28));
    assert_eq!((rows[24].as_str(), rows[25].as_str()), ("24|Name 24|north", "4997|Name 4997|south"));
    let (sheet, texts) =
        (book::part(&fixture, "xl/worksheets/sheet1.xml"), book::part(&fixture, "xl/sharedStrings.xml"));
    assert!(sheet.contains("<row r=\"5001\">") && !sheet.contains("<row r=\"3000\">"), "{sheet}");
    assert!(texts.contains("Name 4999") && !texts.contains("Name 3000"), "{texts}");
    assert_eq!(book::part(&fixture, "docProps/app.xml"), book::APP);
}

/// A file of which there is one reader at a time, as a handle that is cloned and rewound.
struct Handle(Arc<Mutex<Cursor<Vec<u8>>>>);

impl Read for Handle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(into)
    }
}

impl Seek for Handle {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap().seek(to)
    }
}

#[test]
fn no_two_readers_of_a_file_are_open_at_once() {
    let document = format!("{{\"count\": 3000, \"rows\": [{}]}}", json(0..3000)).into_bytes();
    for bytes in [document, book::of(5000)] {
        let file = Arc::new(Mutex::new(Cursor::new(bytes)));
        let open = || -> io::Result<Box<dyn ReadSeek>> {
            file.lock().unwrap().set_position(0);
            Ok(Box::new(Handle(Arc::clone(&file))))
        };
        assert!(infer(&asked(), &open).unwrap().fixture.is_some());
    }
}
