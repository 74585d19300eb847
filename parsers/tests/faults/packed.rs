//! Packed files that are cut, damaged, or say what is not so; and names of members that lead elsewhere.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use parsers::Dataset;

use super::{
    COLUMNS, all_come_to, define, of,
    zipped::{Member, archive},
};

fn packed(decode: &str) -> Dataset {
    define(&format!("decode = {{ {decode} }}\nformat = {{ kind = \"csv\" }}\n{COLUMNS}"))
}

pub(super) fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// A table that does not pack to nothing.
fn table(rows: usize) -> String {
    let row = |at: usize| format!("{:x},{at}\n", at.wrapping_mul(2_654_435_761) % 1_000_003);
    (0..rows).fold("a,b\n".to_owned(), |text, at| text + &row(at))
}

/// Fifty places, and those next to both ends.
fn cuts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let length = bytes.len();
    (0..50).map(move |at| length * at / 50).chain([1, 2, 9, 10, 17, 18]).chain((1..=8).map(move |back| length - back))
}

#[test]
fn a_cut_never_passes_for_the_whole() {
    let (text, zip) = (table(2000), packed("packing = \"zip\", member = \"*\""));
    let gzipped = gzip(&text);
    for cut in cuts(&gzipped) {
        let came = of(&packed("packing = \"gzip\""), &gzipped[..cut]);
        assert!(came.contains("BROKEN"), "gzip cut at {cut} of {}: {came}", gzipped.len());
    }
    let zipped = archive(&[Member::new("a.csv", &text)]);
    for cut in cuts(&zipped) {
        let came = of(&zip, &zipped[..cut]);
        assert!(came.starts_with("BROKEN"), "zip cut at {cut} of {}: {came}", zipped.len());
    }
}

#[test]
fn every_member_of_a_gzip_file_counts() {
    let text = table(2000);
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    for members in [1, 2, 3, 100] {
        // Members end where they like, also in the middle of a line.
        let bytes: Vec<u8> = lines.concat().as_bytes().chunks(text.len() / members + 1).flat_map(gzip).collect();
        let came = of(&packed("packing = \"gzip\""), &bytes);
        assert_eq!(came.split("; ").count(), 2000, "{members}");
        assert!(!came.contains(['!', 'B']), "{members}");
    }
}

#[test]
fn what_stands_behind_a_packed_file_or_before_it_breaks_it() {
    let (gzipped, zipped) = (gzip("a,b\nx,1\n"), archive(&[Member::new("a.csv", "a,b\nx,1\n")]));
    let other = archive(&[Member::new("a.csv", "a,b\ny,2\n")]);
    let behind: [(&str, Vec<u8>); 6] = [
        ("garbage", b"garbage".to_vec()),
        ("garbage behind zeros", [&[0; 512][..], b"garbage"].concat()),
        ("one byte", vec![0x1f]),
        ("the beginning of a member", b"\x1f\x8b\x08".to_vec()),
        ("a member that is cut", gzip("y,2\n")[..18].to_vec()),
        ("an archive", other.clone()),
    ];
    for (what, more) in behind {
        let came = of(&packed("packing = \"gzip\""), [gzipped.clone(), more.clone()].concat());
        assert!(came.contains("BROKEN"), "gzip and {what}: {came}");
        let came = of(&packed("packing = \"zip\", member = \"*\""), [zipped.clone(), more].concat());
        assert!(came.contains("BROKEN"), "zip and {what}: {came}");
    }
    let before = [b"PK and more".to_vec(), zipped].concat();
    let came = of(&packed("packing = \"zip\", member = \"*\""), before);
    assert!(came.contains("BROKEN"), "{came}");
}

#[test]
fn a_changed_bit_is_found_or_changes_nothing() {
    let text = table(20);
    let gzipped = gzip(&text);
    let zipped = archive(&[Member::new("a.csv", &text)]);
    for (decode, bytes) in [("packing = \"gzip\"", gzipped), ("packing = \"zip\", member = \"a.csv\"", zipped)] {
        let dataset = packed(decode);
        let whole = of(&dataset, &bytes);
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let came = of(&dataset, &changed);
            assert!(came == whole || came.contains("BROKEN"), "{decode}, bit {at}: {came}");
        }
    }
}

#[test]
fn a_name_is_only_a_name() {
    let one = |name: &[u8]| Member::new(name, "a,b\nx,1\n");
    let long = "d/".repeat(2500) + "a.csv";
    let cases = [
        ("up", vec![one(b"../../a.csv")], "x|1"),
        ("up, as Windows says it", vec![one(b"..\\..\\a.csv")], "x|1"),
        ("from the root", vec![one(b"/etc/a.csv")], "x|1"),
        ("a drive", vec![one(b"C:\\a.csv")], "x|1"),
        ("a device", vec![one(b"/dev/stdout/a.csv")], "x|1"),
        ("very long", vec![one(long.as_bytes())], "x|1"),
        ("with a NUL", vec![one(b"b.csv\0a.csv")], "x|1"),
        ("no UTF-8", vec![one(b"\xff\xfea.csv")], "x|1"),
        ("what a terminal obeys", vec![one(b"\x1b[2Ja.csv")], "x|1"),
        ("the same twice", vec![one(b"a.csv"), one(b"a.csv")], "…two members of one name"),
        ("no name", vec![one(b""), one(b"a.csv")], "x|1"),
        ("a folder", vec![one(b"a.csv/"), one(b"b/a.csv")], "x|1"),
        ("a link", vec![Member { mode: 0o120_777, ..Member::new("a.csv", "/etc/passwd\n") }], "…is a link or a device"),
        ("a device file", vec![Member { mode: 0o020_666, ..one(b"a.csv") }], "…is a link or a device"),
        ("encrypted", vec![Member { flags: 1, ..one(b"a.csv") }], "…is encrypted"),
        ("packed otherwise", vec![Member { method: 12, ..one(b"a.csv") }], "…is packed by"),
    ];
    all_come_to(cases.map(|(what, members, wanted)| {
        (what, of(&packed("packing = \"zip\", member = \"*a.csv\""), archive(&members)), wanted)
    }));
}

#[test]
fn a_member_that_is_not_as_long_as_the_archive_says_is_damaged() {
    let good = Member::new("a.csv", table(20));
    for size in [0, 1, good.size - 1, good.size + 1, u32::MAX - 1] {
        let came = of(&packed("packing = \"zip\", member = \"*\""), archive(&[Member { size, ..good.clone() }]));
        assert!(came.contains("BROKEN"), "{size}: {came}");
    }
    let came = of(&packed("packing = \"zip\", member = \"*\""), archive(&[Member { crc: 1, ..good }]));
    assert!(came.contains("BROKEN"), "{came}");
}
