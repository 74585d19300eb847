//! Files that unpack to more than the program may hold: it is given little memory, and says what is wrong all the same.

use super::{Scene, content::zipped, things};
use crate::support::Program;

/// What the program may hold, and what stands in the files.
const MEMORY: u64 = 72 << 20;
const LARGE: usize = 96 << 20;

/// A record as it should be, and then the same byte to the end.
fn filled(byte: u8) -> Vec<u8> {
    let mut text = things(&["1,one"]).into_bytes();
    text.resize(LARGE, byte);
    text
}

#[test]
fn what_is_more_than_memory_fails_its_run_with_a_sentence() {
    let inner = zipped(&[("things.csv", filled(b'\n'))]);
    let nested = zipped(&[("inner.zip", &inner)]);
    for (decode, file, sentence) in [
        ("packing = \"zip\"\nmember = \"*.csv\"", inner, "more than 200 times its size"),
        ("packing = \"zip\"\nmember = \"*.zip/*.csv\"", nested, "more than 200 times its size"),
        ("packing = \"plain\"\nmax_size = \"1 GiB\"", filled(b'x'), "the record on line 3 is longer than 1 MiB"),
        (
            "packing = \"zip\"\nmember = \"*\"",
            zipped(&[("a", filled(b'x'))]),
            "the record on line 3 is longer than 1 MiB",
        ),
    ] {
        let scene = Scene::defined(|toml| format!("{toml}\n[decode]\n{decode}\n"));
        let ran = Program::of(&scene.serves(file).house, ["ingest", "things"]).with_memory(MEMORY).run();
        let told = ran.expect_code(1).stderr();
        assert!(told.contains(sentence), "{decode}: {told}");
        scene.house.assert_invariants();
    }
}

#[test]
fn the_memory_that_a_program_is_given_is_all_that_it_gets() {
    let scene = Scene::new();
    let ran = Program::of(&scene.serves(things(&["1,one"])).house, ["ingest", "things"]).with_memory(1 << 20).run();
    assert!(![0, 1, 2, 3].contains(&ran.code()), "it runs in a mebibyte: {}", ran.stderr());
}
