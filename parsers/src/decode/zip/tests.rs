use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;
use crate::decode::{self, Content, Decoding, Packing};

const TEXT: &str = "a,b\n1,2\n";

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let members: Vec<_> = members.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
    archive_of(&members)
}

fn archive_of(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, text)) in members.iter().enumerate() {
        let method = if at % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8], pattern: &str) -> Result<String, String> {
    Ok(files(bytes, pattern, false)?.concat())
}

/// The texts of the members that are meant.
fn files(bytes: &[u8], member: &str, several: bool) -> Result<Vec<String>, String> {
    let packing = Packing::Zip { member: member.to_owned(), several };
    let decoding = Decoding { packing, ..Decoding::default() };
    let texts = || -> Result<Vec<String>, ReadError> {
        let mut parts = decode::open(&decoding, Content::Csv, Box::new(Cursor::new(bytes.to_vec())))?;
        let mut texts = Vec::new();
        while let Some(part) = parts.next()? {
            let name = part.name.clone().filter(|_| part.several);
            let mut text = name.map(|name| format!("{name}: ")).unwrap_or_default();
            part.text()?.bytes.read_to_string(&mut text).map_err(ReadError::reading)?;
            texts.push(text);
        }
        Ok(texts)
    };
    texts().map_err(|error| error.to_string())
}

#[test]
fn all_members_that_match_come_in_the_order_of_their_names() {
    let bytes = archive(&[("b.csv", "b\n"), ("c.txt", "c\n"), ("a.csv", "a\n")]);
    assert_eq!(files(&bytes, "*.csv", true).unwrap(), ["a.csv: a\n", "b.csv: b\n"]);
    assert!(files(&bytes, "*.xml", true).unwrap_err().starts_with("0 of the 3 members"));
}

#[test]
fn a_path_leads_into_archives_in_the_archive() {
    let inner = |name: &str| archive(&[(name, "x\n"), ("readme.txt", "hello\n")]);
    let bytes = archive_of(&[("in_2.zip", inner("z.csv")), ("in_1.zip", inner("y.csv")), ("other", vec![1])]);
    assert_eq!(files(&bytes, "in_*.zip/*.csv", true).unwrap(), ["in_1.zip/y.csv: x\n", "in_2.zip/z.csv: x\n"]);
    assert_eq!(files(&bytes, "in_1.zip/*.csv", false).unwrap(), ["x\n"]);
    assert!(files(&bytes, "in_*.zip/*.csv", false).unwrap_err().starts_with("2 of the 3"));
    assert!(files(&bytes, "in_1.zip/*.xml", false).unwrap_err().starts_with("0 of the 2"));
    for cut in (0..bytes.len()).step_by(7) {
        assert!(files(bytes.get(..cut).unwrap(), "in_*.zip/*.csv", true).is_err(), "cut at {cut}");
    }
}

#[test]
fn members_together_are_no_longer_than_the_definition_allows() {
    let text = "a,b\n".repeat(100_000);
    let bytes = archive(&[("a", TEXT), ("b", &text), ("c", &text), ("d", TEXT)]);
    let packing = Packing::Zip { member: "*".into(), several: true };
    let decoding = Decoding { packing, max_bytes: 600_000, ..Decoding::default() };
    let mut parts = decode::open(&decoding, Content::Csv, Box::new(Cursor::new(bytes))).unwrap();
    let mut read = Vec::new();
    while let Some(part) = parts.next().unwrap() {
        read.push(part.text().unwrap().bytes.read_to_end(&mut Vec::new()).map_err(|error| error.to_string()));
        if read.len() == 3 {
            break;
        }
    }
    assert!(read[1].is_ok() && read[2].as_ref().unwrap_err().contains("raise `max_size`"), "{read:?}");
}

#[test]
fn the_one_member_that_matches_is_read_packed_or_stored() {
    let bytes = archive(&[("readme.txt", "hello"), ("data/prices.csv", TEXT), ("notes/", "")]);
    assert_eq!(read(&bytes, "data/*.csv").unwrap(), TEXT);
    assert_eq!(read(&bytes, "*.txt").unwrap(), "hello");
}

#[test]
fn none_or_several_that_match_are_an_error_that_names_them() {
    let bytes = archive(&[("a.csv", TEXT), ("b.csv", TEXT)]);
    let several = "2 of the 2 members of the zip archive match \"*.csv\", and exactly one must: \"a.csv\", \"b.csv\"; \
                   if all of them are one release, say `members` in place of `member`";
    assert_eq!(read(&bytes, "*.csv").unwrap_err(), several);
    assert!(read(&bytes, "c.csv").unwrap_err().starts_with("0 of the 2"));
}

#[test]
fn an_archive_that_is_cut_anywhere_is_an_error() {
    let text = (0..500).fold(String::new(), |text, line| text + &format!("{line},{}\n", line * 7919 % 1013));
    let bytes = archive(&[("a.csv", &text)]);
    for cut in (0..bytes.len()).step_by(bytes.len() / 50) {
        assert!(read(bytes.get(..cut).unwrap(), "*").is_err(), "cut at {cut} of {}", bytes.len());
    }
    assert_eq!(read(&bytes, "*").unwrap(), text);
}

#[test]
fn a_member_that_is_not_what_the_archive_says_is_an_error() {
    let mut bytes = archive(&[("x", "y"), ("a.csv", TEXT)]);
    let at = bytes.windows(TEXT.len()).position(|window| window == TEXT.as_bytes()).unwrap();
    bytes[at] = b'z';
    let damaged = "the zip member \"a.csv\" was damaged on its way: its content is not what the archive says of it; fetch \
                   the archive again";
    assert_eq!(read(&bytes, "*.csv").unwrap_err(), damaged);
}

#[test]
fn a_member_that_cannot_be_unpacked_is_named() {
    let mut bytes = archive(&[("a.csv", &"a,b\n1,2\n".repeat(9))]);
    let at = 30 + "a.csv".len();
    bytes[at] = 0xff;
    let error = read(&bytes, "*.csv").unwrap_err();
    assert!(error.starts_with("the zip member \"a.csv\" was damaged on its way: corrupt deflate stream"), "{error}");
    assert!(error.ends_with("; fetch the archive again"), "{error}");
}

#[test]
fn hostile_names_are_only_names() {
    let bytes = archive(&[("../../etc/passwd", TEXT), ("/abs", TEXT)]);
    assert_eq!(read(&bytes, "../../etc/passwd").unwrap(), TEXT);
}
