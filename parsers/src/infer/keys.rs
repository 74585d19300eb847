//! Columns that name a row: the fewest, the foremost, whose values never repeat.

use std::collections::HashSet;

use super::{draft::Draft, profile::Profile};
use crate::ColumnType;

/// Columns that are tried, most of them that make one key, and proposals that are made.
const TRIED: usize = 10;
const MOST: usize = 4;
const PROPOSALS: usize = 3;

/// Proposals for a key, as positions of columns, the best first.
pub(super) fn find(draft: &Draft, profile: &Profile) -> Vec<Vec<usize>> {
    let rows = &profile.hashes;
    if rows.len() < 2 {
        return Vec::new();
    }
    let full = |at: usize| rows.iter().all(|row| row.get(at).is_some_and(Option::is_some));
    let named = |at: &usize| draft.columns.get(*at).is_some_and(|column| names(column.said.guess.kind));
    let tried: Vec<usize> = (0..draft.columns.len()).filter(named).filter(|at| full(*at)).take(TRIED).collect();
    for size in 1..=MOST {
        let unique = combinations(&tried, size).into_iter().filter(|key| is_unique(rows, key));
        let found: Vec<_> = unique.take(PROPOSALS).collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// A measured value names nothing, nor does a yes or no.
fn names(kind: ColumnType) -> bool {
    !matches!(kind, ColumnType::Decimal { .. } | ColumnType::Float | ColumnType::Boolean)
}

fn is_unique(rows: &[Vec<Option<u128>>], key: &[usize]) -> bool {
    let mut seen = HashSet::with_capacity(rows.len());
    rows.iter().all(|row| seen.insert(key.iter().map(|&at| row.get(at)).collect::<Vec<_>>()))
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
