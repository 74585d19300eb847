//! Files that unpack to more than anybody can hold: given up at the limit, whatever they say of themselves.

use std::io::Cursor;

use super::{
    COLUMNS, cost, counts, define, packed,
    zipped::{Member, archive, deflated},
};

/// What unpacking may cost, in seconds of one processor.
const PATIENCE: u64 = 10;

fn bomb(mebibytes: usize) -> Member {
    let (packed, size) = (deflated("a,b\n#", mebibytes, b'x'), u32::try_from((mebibytes << 20) & 0xffff_ffff).unwrap());
    Member { packed, size, ..Member::new("a.csv", "") }
}

fn gzip(mebibytes: usize) -> Vec<u8> {
    [b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(), deflated("a,b\n#", mebibytes, b'x'), vec![0; 8]].concat()
}

/// Nearly a mebibyte.
fn large() -> String {
    format!("a,b\n#{}\n", "x".repeat(1_000_000))
}

#[track_caller]
fn stops(decode: &str, bytes: Vec<u8>, wanted: &str) {
    let dataset =
        define(&format!("decode = {{ {decode} }}\nformat = {{ kind = \"csv\", comment = \"#\" }}\n{COLUMNS}"));
    let (came, cpu) = cost(|| counts(&dataset, Cursor::new(bytes)));
    assert!(came.contains(wanted), "{decode}: {came}");
    assert!(cpu.as_secs() < PATIENCE, "{decode}: {cpu:?}");
}

#[test]
fn what_unpacks_a_thousandfold_is_given_up() {
    stops("packing = \"gzip\"", gzip(64), "more than 200 times its size");
    stops("packing = \"gzip\"", packed::gzip(large()).repeat(64), "more than 200 times its size");
    stops("packing = \"zip\", member = \"*\"", archive(&[bomb(64)]), "more than 200 times its size");
}

#[test]
fn ten_gigabytes_in_ten_megabytes_are_given_up_at_the_limit() {
    let bytes = archive(&[bomb(10 << 10)]);
    assert!(bytes.len() < 11 << 20);
    stops("packing = \"zip\", member = \"*\", max_size = \"64 MiB\"", bytes, "more than 64 MiB");
}

#[test]
fn archives_in_archives_count_together() {
    let inner = archive(&[Member { name: b"a.csv".to_vec(), ..bomb(16) }]);
    let nested = |inner: &[u8]| archive(&[Member::new("a.zip", inner), Member::new("b.zip", inner)]);
    stops("packing = \"zip\", members = \"*.zip/*.csv\"", nested(&inner), "more than 200 times its size");
    let twice = nested(&nested(&inner));
    stops("packing = \"zip\", members = \"*.zip/*.zip/*.csv\"", twice, "more than 200 times its size");
    // Each of these is too small for a ratio to say anything.
    let one = Member::new("", large());
    let many: Vec<_> = (0..64).map(|at| Member { name: format!("{at}.csv").into_bytes(), ..one.clone() }).collect();
    stops("packing = \"zip\", members = \"*.csv\", max_size = \"8 MiB\"", archive(&many), "more than 8 MiB");
}

#[test]
fn members_that_lie_in_each_other_are_a_trap() {
    let one = bomb(1);
    let others = (0..1000).map(|at| Member { name: format!("{at}.csv").into_bytes(), lies: false, ..one.clone() });
    let all: Vec<_> = std::iter::once(one.clone()).chain(others).collect();
    stops("packing = \"zip\", members = \"*.csv\"", archive(&all), "overlap");
}

#[test]
fn as_many_members_as_a_directory_holds_cost_little() {
    let mut all: Vec<_> = (0..65_534).map(|at| Member::new(format!("{at}.txt"), "")).collect();
    all.push(Member::new("a.csv", "a,b\nx,1\n"));
    let bytes = archive(&all);
    stops("packing = \"zip\", member = \"a.csv\"", bytes.clone(), "1 rows, 0 rejects");
    stops("packing = \"zip\", member = \"*.txt\"", bytes.clone(), "65534 of the 65535 members");
    stops("packing = \"zip\", members = \"*.txt\"", bytes, "the file is empty");
}

#[test]
fn a_head_without_an_end_is_none() {
    let head = [b"\x1f\x8b\x08\x08\0\0\0\0\0\x03".to_vec(), vec![b'x'; 8 << 20]].concat();
    stops("packing = \"gzip\"", head, "BROKEN");
    let members = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0".repeat(100_000);
    stops("packing = \"gzip\"", members, "the file is empty");
}
