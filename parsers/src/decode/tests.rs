use std::io::{Cursor, Read, Write};

use flate2::{Compression, write::GzEncoder};

use super::*;

fn decode(decoding: &Decoding, content: Content, bytes: &[u8]) -> Result<String, ReadError> {
    let mut parts = open(decoding, content, Box::new(Cursor::new(bytes.to_vec())))?;
    let mut decoded = Vec::new();
    while let Some(part) = parts.next()? {
        part.text()?.bytes.read_to_end(&mut decoded).map_err(ReadError::reading)?;
    }
    Ok(String::from_utf8(decoded).unwrap())
}

fn csv(decoding: &Decoding, bytes: &[u8]) -> Result<String, String> {
    decode(decoding, Content::Csv, bytes).map_err(|error| error.to_string())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn gzipped() -> Decoding {
    Decoding { packing: Packing::Gzip, ..Decoding::default() }
}

fn with_charset(label: &str) -> Decoding {
    Decoding { charset: Encoding::for_label(label.as_bytes()).unwrap(), ..Decoding::default() }
}

#[test]
fn every_member_of_a_gzip_file_is_read() {
    let members = ["a,b\n1,2\n", "3,4\n", "5,6\n"];
    let packed: Vec<u8> = members.iter().flat_map(|member| gzip(member)).collect();
    assert_eq!(csv(&gzipped(), &packed).unwrap(), members.concat());
}

#[test]
fn a_gzip_file_that_is_cut_anywhere_is_broken() {
    let text = (0..2000).fold(String::new(), |text, line| text + &format!("{line},{}\n", line * 7919 % 1013));
    let packed = gzip(&text);
    for cut in (0..packed.len()).step_by(packed.len() / 50 + 1).chain([1, 2, packed.len() - 8, packed.len() - 1]) {
        let error = csv(&gzipped(), packed.get(..cut).unwrap()).unwrap_err();
        assert!(error.contains("ends early") || error.contains("empty") || error.contains("gzip"), "{cut}: {error}");
    }
}

#[test]
fn a_gzip_file_with_something_behind_it_is_broken() {
    let whole = gzip("a,b\n1,2\n");
    for behind in [&b"garbage"[..], b"g", b"\0\0garbage and more of it", b"a,b\n"] {
        let error = csv(&gzipped(), &[&whole, behind].concat()).unwrap_err();
        assert!(error.starts_with("something stands behind the end of the gzip file"), "{error}");
    }
    let error = csv(&gzipped(), &[&whole, &b"\x1f\x8cxxxxxxxxxxxxxxxx"[..]].concat()).unwrap_err();
    assert_eq!(error, "the gzip file is damaged (invalid gzip header): fetch it again");
}

#[test]
fn zeros_behind_a_gzip_file_fill_a_block_up() {
    let (one, other) = (gzip("a,b\n1,2\n"), gzip("3,4\n"));
    assert_eq!(csv(&gzipped(), &[&one, &vec![0; 100_000][..]].concat()).unwrap(), "a,b\n1,2\n");
    assert_eq!(csv(&gzipped(), &[&one, &[0; 9][..], &other].concat()).unwrap(), "a,b\n1,2\n3,4\n");
}

#[test]
fn a_gzip_file_with_another_sum_is_damaged() {
    let mut packed = gzip("a,b\n1,2\n");
    let sum = packed.len() - 8;
    packed[sum] ^= 1;
    let error = csv(&gzipped(), &packed).unwrap_err();
    assert_eq!(
        error,
        "the gzip file is damaged (corrupt gzip stream does not have a matching checksum): fetch it again"
    );
}

#[test]
fn a_file_that_unpacks_beyond_reason_is_stopped() {
    let bomb = gzip(&"0".repeat(8 << 20));
    assert!(bomb.len() * 200 < 8 << 20);
    assert!(csv(&gzipped(), &bomb).unwrap_err().contains("200 times its size"));
    let small = Decoding { max_bytes: 1 << 20, ..Decoding::default() };
    assert!(csv(&small, &vec![b'a'; 2 << 20]).unwrap_err().contains("more than 1 MiB"));
}

#[test]
fn a_byte_order_mark_goes_and_one_of_another_encoding_is_an_error() {
    assert_eq!(csv(&Decoding::default(), "\u{feff}a,b\n".as_bytes()).unwrap(), "a,b\n");
    let wide: Vec<u8> = "\u{feff}a,é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(csv(&with_charset("utf-16le"), &wide).unwrap(), "a,é\n");
    assert!(csv(&Decoding::default(), &wide).unwrap_err().contains("UTF-16LE"));
}

#[test]
fn xml_of_another_encoding_becomes_utf_8_or_is_refused() {
    let text = decode(&with_charset("windows-1252"), Content::Xml, b"<a>\x80 \xe9</a>").unwrap();
    assert_eq!(text, "<a>€ é</a>");
    let error = decode(&with_charset("windows-1252"), Content::Xml, b"<a>\x80 \x81</a>").unwrap_err();
    assert_eq!(error.to_string(), "byte 6 of the text does not decode as windows-1252");
    let error = decode(&with_charset("shift_jis"), Content::Xml, b"<a>\x83\xff</a>").unwrap_err();
    assert!(error.to_string().contains("does not decode as Shift_JIS"), "{error}");
}

#[test]
fn what_is_no_csv_is_named() {
    let wrong: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\n <!DOCTYPE HTML PUBLIC>", "a web page"),
        (b"<head><title>x</title></head><HTML>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"{\"error\": 1}", "JSON"),
        (b"[{\"a\": 1}]", "JSON"),
        (b"PK\x03\x04....", "a zip archive"),
    ];
    for (bytes, what) in wrong {
        let error = csv(&Decoding::default(), bytes).unwrap_err();
        assert!(error.contains(what), "{what}: {error}");
    }
    let page = Decoding { packing: Packing::Zip { member: "*".into(), several: false }, ..Decoding::default() };
    assert!(csv(&page, b"<html>").unwrap_err().contains("a web page"));
    assert!(decode(&Decoding::default(), Content::Xml, b"a,b\n").unwrap_err().to_string().contains("not XML"));
}
