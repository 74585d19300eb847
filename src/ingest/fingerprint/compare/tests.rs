use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// A key and a value.
type Pair = (u8, u8);

/// A record of a file: a row, perhaps written otherwise than in the base, or a reject.
#[derive(Debug, Clone, Copy)]
enum Line {
    Row(Pair, bool),
    Reject(Option<u8>),
}

struct Listed {
    pairs: Vec<Pair>,
    at: usize,
}

impl Entries for Listed {
    fn next(&mut self, into: &mut Block) -> Result<bool, Damaged> {
        let Some(&pair) = self.pairs.get(self.at) else { return Ok(false) };
        self.at += 1;
        into.push(Entry { digest: digest(pair, false), row: row(pair), key: &[pair.0] });
        Ok(true)
    }

    fn rewind(&mut self) -> Result<(), Damaged> {
        self.at = 0;
        Ok(())
    }

    fn total(&self) -> u64 {
        self.pairs.len() as u64
    }
}

fn row((key, value): Pair) -> u128 {
    u128::from(key) * 1000 + u128::from(value)
}

fn digest(pair: Pair, otherwise: bool) -> u128 {
    row(pair) * 2 + u128::from(otherwise)
}

/// What a comparison says of a file: its tally, the rows that it stages, and the keys of entries that are left.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    tally: Tally,
    staged: Vec<Pair>,
    missing: Vec<u8>,
    rejected: Vec<u8>,
    /// Keys of rejected records that have neither a row nor an entry.
    unknown: BTreeSet<u8>,
    /// Entries of the new fingerprint, those struck left out.
    printed: Vec<Pair>,
}

fn compare(base: &[Pair], file: &[Line], limits: Limits) -> Result<Said, GaveUp> {
    let mut comparer = Comparer::new(Listed { pairs: base.to_vec(), at: 0 }, limits);
    let (mut staged, mut printed) = (Vec::new(), BTreeMap::new());
    for (record, line) in (1..).zip(file) {
        let place = Place { part: 0, record };
        match *line {
            Line::Reject(None) => (),
            Line::Reject(Some(key)) => comparer.rejected(&[key], place)?,
            Line::Row(pair, otherwise) => {
                if let Some(entry) = comparer.passes(digest(pair, otherwise))? {
                    assert_eq!((entry.row, entry.key), (row(pair), &[pair.0][..]));
                    printed.insert(place, pair);
                    continue;
                }
                match comparer.row(row(pair), &[pair.0], place)? {
                    Verdict::Duplicate => continue,
                    Verdict::Staged => staged.push(pair),
                    Verdict::Unchanged => (),
                }
                printed.insert(place, pair);
            }
        }
    }
    let (mut missing, mut rejected, mut unknown) = (Vec::new(), Vec::new(), BTreeSet::new());
    let tally = comparer.finish(|left| match left {
        Left::Missing(entry) => missing.extend(entry.key),
        Left::Rejected(entry) => rejected.extend(entry.key),
        Left::Changed(_) => (),
        Left::Unknown(key) => unknown.extend(key),
        Left::Twice(place) => drop(printed.remove(&place).unwrap()),
    })?;
    Ok(Said { tally, staged, missing, rejected, unknown, printed: printed.into_values().collect() })
}

/// Holds what was said against a plain comparison.
fn check(base: &[Pair], file: &[Line], said: Result<Said, GaveUp>) {
    let rows: Vec<Pair> =
        file.iter().filter_map(|line| if let Line::Row(pair, _) = line { Some(*pair) } else { None }).collect();
    let distinct: BTreeSet<Pair> = rows.iter().copied().collect();
    let new: BTreeMap<u8, u8> = distinct.iter().copied().collect();
    let contradicts = distinct.len() != new.len();
    let said = match said {
        Ok(said) => said,
        Err(GaveUp::Contradictory) => return assert!(contradicts),
        Err(reason) => return assert_eq!(reason, GaveUp::TooDifferent),
    };
    assert!(!contradicts, "a contradiction went unnoticed");
    let bad: BTreeSet<u8> =
        file.iter().filter_map(|line| if let Line::Reject(key) = line { *key } else { None }).collect();
    let (mut gone, mut kept) = (Vec::new(), Vec::new());
    let (mut unchanged, mut changed) = (0, 0);
    for &(key, value) in base {
        match new.get(&key) {
            Some(now) if *now == value => unchanged += 1,
            Some(_) => changed += 1,
            None if bad.contains(&key) => kept.push(key),
            None => gone.push(key),
        }
    }
    let tally = said.tally;
    let known = |key: &u8| new.contains_key(key) || base.iter().any(|(old, _)| old == key);
    assert_eq!((said.missing, said.rejected), (gone, kept));
    assert_eq!(said.unknown, bad.iter().copied().filter(|key| !known(key)).collect());
    assert_eq!((tally.same + tally.moved, tally.changed), (unchanged, changed));
    assert_eq!(tally.inserted, new.len() as u64 - unchanged - changed);
    assert_eq!(tally.duplicates + tally.twice, (rows.len() - new.len()) as u64);
    assert_eq!(said.staged.len() as u64, tally.inserted + tally.changed + tally.moved + tally.twice);
    let differs = distinct.iter().filter(|pair| !base.contains(pair));
    assert!(differs.into_iter().all(|pair| said.staged.contains(pair)), "something new was not staged");
    let printed: BTreeSet<Pair> = said.printed.iter().copied().collect();
    assert_eq!((said.printed.len(), printed), (distinct.len(), distinct));
}

#[test]
fn a_base_with_a_key_twice_is_damaged() {
    let said = compare(&[(7, 1), (7, 1)], &[Line::Row((7, 2), true)], Limits::default());
    assert_eq!(said, Err(GaveUp::Damaged));
}

/// A base, and a file that comes of it by edits.
fn edited() -> impl Strategy<Value = (Vec<Pair>, Vec<Line>)> {
    let base = proptest::sample::subsequence((0..120).collect::<Vec<u8>>(), 0..100).prop_shuffle();
    let edits = proptest::collection::vec(
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..12_u8, any::<u8>()),
        0..20,
    );
    (base, edits).prop_map(|(keys, edits)| {
        let base: Vec<Pair> = keys.into_iter().map(|key| (key, key % 3)).collect();
        let mut file: Vec<Line> = base.iter().map(|pair| Line::Row(*pair, false)).collect();
        for (one, other, kind, by) in edits {
            edit(&mut file, one, other, kind, by);
        }
        (base, file)
    })
}

fn edit(file: &mut Vec<Line>, one: prop::sample::Index, other: prop::sample::Index, kind: u8, by: u8) {
    if file.is_empty() {
        return file.push(Line::Row((by, 0), false));
    }
    let (one, other) = (one.index(file.len()), other.index(file.len()));
    let line = file[one];
    match (kind, line) {
        (0, _) => drop(file.remove(one)),
        (1, _) => file.insert(one, Line::Row((by, by % 3), by.is_multiple_of(2))),
        (2, Line::Row((key, value), _)) => file[one] = Line::Row((key, value + 1), false),
        (3, Line::Row(pair, _)) => file[one] = Line::Row(pair, true),
        (4, Line::Row((key, _), _)) => file[one] = Line::Reject(Some(key)),
        (5, _) => file.insert(one, Line::Reject((by.is_multiple_of(2)).then_some(by))),
        (6, _) => file.insert(other, line),
        (7, _) => file.insert(one, line),
        (8, _) => file.rotate_left(one),
        (9, _) => file[one.min(other)..one.max(other)].reverse(),
        (10, _) => drop(file.drain(one.min(other)..one.max(other))),
        _ => file.swap(one, other),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn a_comparison_says_what_a_plain_one_says((base, file) in edited(), memory in prop_oneof![Just(500_usize), Just(100_000)]) {
        for (near, streak, window, block) in [(2, 3, 8, 2), (1, 1, 64, 1), (16, 64, 256, 4), (1, 1000, 1, 0)] {
            let limits = Limits { near, streak, window, block, memory };
            check(&base, &file, compare(&base, &file, limits));
        }
    }
}

fn rows(pairs: &[Pair]) -> Vec<Line> {
    pairs.iter().map(|pair| Line::Row(*pair, false)).collect()
}

#[test]
fn a_release_in_the_same_order_stages_what_differs_and_nothing_else() {
    let base: Vec<Pair> = (0..200).map(|key| (key, 0)).collect();
    let mut file = rows(&base);
    file[17] = Line::Row((17, 5), false);
    file[80] = Line::Row((80, 0), true);
    file.remove(120);
    file.insert(60, Line::Row((250, 1), false));
    let said = compare(&base, &file, Limits::tiny()).unwrap();
    assert_eq!(said.staged, [(17, 5), (250, 1)]);
    assert_eq!((said.missing, said.tally.same), (vec![120], 198));
}

#[test]
fn a_block_that_moved_within_the_window_is_found_again() {
    let base: Vec<Pair> = (0..200).map(|key| (key, 0)).collect();
    let mut moved = base.clone();
    moved[20..120].rotate_left(50);
    let said = compare(&base, &rows(&moved), Limits { window: 100, streak: 3, ..Limits::default() }).unwrap();
    assert!(said.staged.len() < 8, "{:?}", said.staged);
    check(&base, &rows(&moved), Ok(said));
}

#[test]
fn a_file_in_another_order_is_given_up_within_its_memory() {
    let base: Vec<Pair> = (0..250).map(|key| (key, 0)).collect();
    let mut turned = base.clone();
    turned.reverse();
    assert_eq!(compare(&base, &rows(&turned), Limits { window: 4, ..Limits::tiny() }), Err(GaveUp::TooDifferent));
}
