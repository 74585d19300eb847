use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

const TEXT: &str = "a,b\n1,2\n";

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, text)) in members.iter().enumerate() {
        let method = if at % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8], pattern: &str) -> Result<String, String> {
    let mut member = open(Box::new(Cursor::new(bytes.to_vec())), pattern).map_err(|error| error.to_string())?;
    let mut text = String::new();
    member.read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
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
    let several = "2 of the 2 members of the zip archive match \"*.csv\", and exactly one must: \"a.csv\", \"b.csv\"";
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
    assert!(read(&bytes, "*.csv").unwrap_err().contains("damaged"));
}

#[test]
fn hostile_names_are_only_names() {
    let bytes = archive(&[("../../etc/passwd", TEXT), ("/abs", TEXT)]);
    assert_eq!(read(&bytes, "../../etc/passwd").unwrap(), TEXT);
}

#[test]
fn a_star_stands_for_any_run_of_characters() {
    let same = [("*.csv", "a.csv"), ("a*c*e", "abcde"), ("*", ""), ("x.csv", "x.csv"), ("PUB_*_*.CSV", "PUB_1_2.CSV")];
    for (pattern, name) in same {
        assert!(matches(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [("*.csv", "a.CSV"), ("a*c*e", "abde"), ("x.csv", "xx.csv"), ("ab*ba", "aba")] {
        assert!(!matches(pattern, name), "{pattern} {name}");
    }
}
