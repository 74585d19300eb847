//! What is expected of a release against the one that is published.

use parsers::dataset::Expectations;

use super::{Finding, found, percent, rows, share};
use crate::job::Counts;

/// The findings about a release where `before` rows are published.
pub(super) fn published(expect: &Expectations, before: u64, counts: &Counts) -> Vec<Finding> {
    let findings = [shrunken(expect, before, counts), grown(expect, before, counts), changed(expect, before, counts)];
    findings.into_iter().flatten().collect()
}

fn shrunken(expect: &Expectations, before: u64, counts: &Counts) -> Option<Finding> {
    let now = rows(counts);
    let loss = share(before.saturating_sub(now), before);
    (loss > expect.max_shrink).then(|| {
        let (loss, most) = (percent(loss), percent(expect.max_shrink));
        let message = format!(
            "{now} rows are {loss} fewer than the {before} of the published release; the dataset allows {most} \
             (expect.max_shrink)"
        );
        found(expect, "max_shrink", "shrink", message)
    })
}

fn grown(expect: &Expectations, before: u64, counts: &Counts) -> Option<Finding> {
    let (now, most) = (rows(counts), expect.max_growth?);
    let gain = share(now.saturating_sub(before), before);
    (gain > most).then(|| {
        let (gain, most) = (percent(gain), percent(most));
        let message = format!(
            "{now} rows are {gain} more than the {before} of the published release; the dataset allows {most} \
             (expect.max_growth)"
        );
        found(expect, "max_growth", "growth", message)
    })
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
