use std::fs;

use proptest::prelude::*;

use super::*;
use crate::ingest::fingerprint::{Draft, Fingerprints, Limits};

type Stored = (u128, u128, Vec<u8>, Place);

fn house() -> (tempfile::TempDir, Fingerprints) {
    let folder = tempfile::tempdir().unwrap();
    let prints = Fingerprints::new(folder.path().join("prints"), folder.path().to_owned(), Limits::tiny());
    (folder, prints)
}

fn filled(prints: &Fingerprints, stored: &[Stored], left: &[Stored]) -> Draft {
    let mut draft = prints.draft(7).unwrap();
    for (digest, row, key, place) in stored {
        draft.push(Entry { digest: *digest, row: *row, key }, *place);
    }
    for (digest, row, key, _) in left {
        draft.leave(Entry { digest: *digest, row: *row, key });
    }
    draft
}

fn read_back(file: File, row: &FingerprintRow) -> Option<Vec<(u128, u128, Vec<u8>)>> {
    let mut entries = StoredEntries::open(file, row).ok()?;
    let mut read = Vec::new();
    for _twice in 0..2 {
        entries.rewind().ok()?;
        let mut block = Block::default();
        while entries.next(&mut block).ok()? {}
        let all = (0..block.len()).map(|at| block.get(at).unwrap());
        read = all.map(|entry| (entry.digest, entry.row, entry.key.to_vec())).collect();
    }
    Some(read)
}

fn stored() -> impl Strategy<Value = Vec<Stored>> {
    let key = prop_oneof![proptest::collection::vec(any::<u8>(), 0..30), Just(vec![7; 40_000])];
    let one = (any::<u128>(), any::<u128>(), key, 0_u32..3, any::<u64>());
    let stored = proptest::collection::vec(one, 0..20);
    stored.prop_map(|all| {
        let mut all: Vec<Stored> = all
            .into_iter()
            .map(|(digest, row, key, part, record)| (digest, row, key, Place { part, record }))
            .collect();
        all.sort_by_key(|stored| stored.3);
        all.dedup_by_key(|stored| stored.3);
        all
    })
}

/// An empty one ends in zeros: without the last of them, it still does.
#[test]
fn an_empty_fingerprint_that_lost_its_end_is_damaged() {
    let (folder, prints) = house();
    let row = prints.place("things", filled(&prints, &[], &[]).seal(&[]).unwrap()).unwrap();
    let path = folder.path().join("prints").join(&row.file);
    let whole = fs::read(&path).unwrap();
    assert_eq!(read_back(File::open(&path).unwrap(), &row), Some(Vec::new()));
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(read_back(File::open(&path).unwrap(), &row), None, "{length} of {} bytes", whole.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_was_written_comes_back_but_for_what_was_struck(all in stored(), left in stored(), struck: u32) {
        let (folder, prints) = house();
        let is_struck = |at: usize| struck & (1 << at) != 0;
        let gone: Vec<Place> = (0..all.len()).filter(|at| is_struck(*at)).map(|at| all[at].3).collect();
        let sealed = filled(&prints, &all, &left).seal(&gone).unwrap();
        let kept = all.iter().enumerate().filter(|(at, _)| !is_struck(*at)).map(|(_, one)| one);
        let expected: Vec<_> = kept.chain(&left).map(|(digest, row, key, _)| (*digest, *row, key.clone())).collect();
        let row = prints.place("things", sealed).unwrap();
        prop_assert_eq!(row.rows, expected.len() as u64);
        let file = File::open(folder.path().join("prints").join(&row.file)).unwrap();
        prop_assert_eq!(read_back(file, &row).unwrap(), expected);
    }

    #[test]
    fn damage_is_noticed_wherever_it_is(all in stored(), at: prop::sample::Index, bit in 0_u8..8) {
        let (folder, prints) = house();
        let row = prints.place("things", filled(&prints, &all, &[]).seal(&[]).unwrap()).unwrap();
        let path = folder.path().join("prints").join(&row.file);
        let whole = fs::read(&path).unwrap();
        let expected = read_back(File::open(&path).unwrap(), &row);
        let mut damaged = whole.clone();
        let at = at.index(damaged.len());
        damaged[at] ^= 1 << bit;
        fs::write(&path, &damaged).unwrap();
        let read = read_back(File::open(&path).unwrap(), &row);
        prop_assert!(read.is_none() || read == expected, "only the offset's own bytes may be read past");
        fs::write(&path, &whole[..at]).unwrap();
        prop_assert_eq!(read_back(File::open(&path).unwrap(), &row), None);
    }
}
