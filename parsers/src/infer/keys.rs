//! Columns that name a row: the fewest, the foremost, whose values never repeat.

use std::collections::HashSet;

use twox_hash::XxHash3_128;

use super::{
    draft::Draft,
    profile::{Hashes, Profile, half},
};
use crate::ColumnType;

/// Columns that are tried, most of them that make one key, and proposals that are made.
const TRIED: usize = 10;
const MOST: usize = 5;
const PROPOSALS: usize = 3;

/// Proposals for a key, as positions of columns, the best first: that of a description beside the file, if it is one.
pub(super) fn find(draft: &Draft, profile: &Profile, told: &[String]) -> Vec<Vec<usize>> {
    let hashes = &profile.hashes;
    if hashes.len() < 2 {
        return Vec::new();
    }
    let full = |at: usize| hashes.rows().all(|row| row.get(at).is_some_and(|hash| *hash != 0));
    let place = |name: &String| draft.columns.iter().position(|column| column.place.from == *name);
    let told: Option<Vec<usize>> = told.iter().map(place).collect();
    if let Some(key) = told.filter(|key| !key.is_empty() && key.iter().all(|at| full(*at)) && is_unique(hashes, key)) {
        return vec![key];
    }
    let named = |at: &usize| draft.columns.get(*at).is_some_and(|column| names(column.said.guess.kind));
    let tried: Vec<usize> = (0..draft.columns.len()).filter(named).filter(|at| full(*at)).take(TRIED).collect();
    if !is_unique(hashes, &tried) {
        return Vec::new();
    }
    for size in 1..=MOST {
        let unique = combinations(&tried, size).into_iter().filter(|key| is_unique(hashes, key));
        let found: Vec<_> = unique.take(PROPOSALS).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// A measured value names nothing, nor does a yes or no.
fn names(kind: ColumnType) -> bool {
    !matches!(kind, ColumnType::Decimal { .. } | ColumnType::Float | ColumnType::Boolean | ColumnType::Json)
}

fn is_unique(hashes: &Hashes, key: &[usize]) -> bool {
    let mut seen = HashSet::with_capacity(hashes.len());
    let of =
        |row: &[u64]| key.iter().filter_map(|&at| row.get(at)).flat_map(|hash| hash.to_le_bytes()).collect::<Vec<_>>();
    hashes.rows().all(|row| seen.insert(half(XxHash3_128::oneshot(&of(row)))))
}

/// All choices of `size` of them, in their order.
fn combinations(of: &[usize], size: usize) -> Vec<Vec<usize>> {
    let Some(less) = size.checked_sub(1) else { return vec![Vec::new()] };
    let firsts = of.iter().enumerate();
    let all = firsts.flat_map(|(at, &first)| {
        let rest = combinations(of.get(at + 1..).unwrap_or_default(), less);
        rest.into_iter().map(move |rest| std::iter::once(first).chain(rest).collect())
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::combinations;

    #[test]
    fn combinations_come_foremost_first() {
        assert_eq!(combinations(&[1, 2, 3], 2), [[1, 2], [1, 3], [2, 3]]);
        assert_eq!(combinations(&[7], 1), [[7]]);
        assert!(combinations(&[7], 2).is_empty());
    }
}
