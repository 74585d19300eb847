//! What is expected of a release against what was there before it.

use parsers::dataset::Expectations;

use super::{Finding, found, percent, rows, share};
use crate::job::Counts;

/// What a release is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Before {
    /// The rows of the table, all of which the release tells anew: what it does not have is gone.
    Table(u64),
    /// The rows of the last release's file: where each file is a part of the table, the next is about as large.
    File(u64),
}

impl Before {
    pub(super) fn findings(self, expect: &Expectations, counts: &Counts) -> Vec<Finding> {
        let (before, [gone, come]) = match self {
            Self::Table(before) => (before, whole(expect, before, counts)),
            Self::File(before) => (before, part(expect, before, counts)),
        };
        [gone, come, changed(expect, before, counts)].into_iter().flatten().collect()
    }
}

/// Rows that go and rows that come, each by itself: a table may be replaced row for row and be as long as it was.
fn whole(expect: &Expectations, before: u64, counts: &Counts) -> [Option<Finding>; 2] {
    let Counts { removed, inserted, .. } = *counts;
    let told = |rows, do_what, most, key: &str| {
        let (of, most) = (percent(share(rows, before)), percent(most));
        format!(
            "{rows} rows, {of} of the {before} that are published, would {do_what}; the dataset allows {most} \
             (expect.{key})"
        )
    };
    let gone = share(removed, before) > expect.max_shrink;
    let come = expect.max_growth.filter(|most| share(inserted, before) > *most);
    [
        gone.then(|| shrink(expect, told(removed, "be gone", expect.max_shrink, "max_shrink"))),
        come.map(|most| growth(expect, told(inserted, "be new", most, "max_growth"))),
    ]
}

/// A file that is smaller, or larger, than the one before it.
fn part(expect: &Expectations, before: u64, counts: &Counts) -> [Option<Finding>; 2] {
    let now = rows(counts);
    let told = |by, than, most, key: &str| {
        let (by, most) = (percent(by), percent(most));
        format!(
            "{now} rows are {by} {than} than the {before} of the last release; the dataset allows {most} (expect.{key})"
        )
    };
    let (loss, gain) = (share(before.saturating_sub(now), before), share(now.saturating_sub(before), before));
    let come = expect.max_growth.filter(|most| gain > *most);
    [
        (loss > expect.max_shrink).then(|| shrink(expect, told(loss, "fewer", expect.max_shrink, "max_shrink"))),
        come.map(|most| growth(expect, told(gain, "more", most, "max_growth"))),
    ]
}

fn shrink(expect: &Expectations, message: String) -> Finding {
    found(expect, "max_shrink", "shrink", message)
}

fn growth(expect: &Expectations, message: String) -> Finding {
    found(expect, "max_growth", "growth", message)
}

fn changed(expect: &Expectations, before: u64, counts: &Counts) -> Option<Finding> {
    let most = expect.max_changed_share?;
    let share = share(counts.changed, before);
    (share > most).then(|| {
        let (changed, share, most) = (counts.changed, percent(share), percent(most));
        let message = format!(
            "{changed} rows, {share} of the {before} that are published, would change; the dataset allows {most} \
             (expect.max_changed_share)"
        );
        found(expect, "max_changed_share", "changed", message)
    })
}
