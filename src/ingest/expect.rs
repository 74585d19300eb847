//! Expectations: what must hold of a whole release before anyone may see it. Pure.

use parsers::{Contract, NewColumn, dataset::Expectations};

use crate::{
    db::releases::COLUMNS,
    job::{Counts, Finding, Level},
};

mod against;
mod calendar;
mod days;
mod look;
mod newest;
mod nulls;
mod own;
mod references;
mod retyped;

pub(super) use against::Before;
pub(super) use calendar::misses;
pub(super) use look::{Looked, look};
pub use own::rehearsal;
pub(super) use retyped::retyped;

/// New columns that a finding names.
const NAMED: usize = 20;

/// What is known of a release once it is staged and compared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen<'a> {
    /// Its counts against the table; none if reading was given up.
    pub(super) counts: Option<&'a Counts>,
    /// Records that failed their checks.
    pub(super) rejected: u64,
    /// Of them, records that contradict each other.
    pub(super) conflicting: u64,
    /// What was there before it, if anything was.
    pub(super) before: Option<Before>,
    /// Columns that the definition does not name.
    pub(super) new_columns: &'a [NewColumn],
}

/// Holds a release against its dataset's expectations.
pub(super) fn findings(expect: &Expectations, seen: Seen<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !seen.new_columns.is_empty() {
        findings.push(new_columns(seen.new_columns));
    }
    if seen.conflicting > 0 {
        let message =
            format!("{} records have the key of another and different values; all are rejected", seen.conflicting);
        findings.push(warn("key", message));
    }
    findings.extend(too_many_rejects(expect, seen));
    let Some(counts) = seen.counts else { return findings };
    findings.extend(rejected_share(expect, counts));
    findings.extend(conflicting_share(expect, seen.conflicting, counts));
    findings.extend(size(expect, counts));
    findings.extend(seen.before.into_iter().flat_map(|before| before.findings(expect, counts)));
    findings
}

/// Holds one of the releases that are read again as a sum against what is expected of what could be read.
pub(super) fn of_one(expect: &Expectations, seen: Seen<'_>) -> Vec<Finding> {
    findings(&Expectations { min_rows: 0, max_rows: None, ..expect.clone() }, seen)
}

/// Holds the sum of all releases against what is expected of a whole table; what could not be read was each release's.
pub(super) fn of_sum(expect: &Expectations, seen: Seen<'_>) -> Vec<Finding> {
    let (max_rejected, max_rejected_share) = (u64::MAX, 1.0);
    let whole =
        Expectations { max_rejected, max_rejected_share, max_conflicts_share: None, max_rows: None, ..expect.clone() };
    findings(&whole, Seen { conflicting: 0, ..seen })
}

/// The finding about a file without the definition's columns.
pub(super) fn contract(contract: &Contract) -> Finding {
    let message = format!("{contract}. Mend the dataset's TOML and replay it, or wait for the publisher's next file");
    let finding = fail(COLUMNS, message);
    match &contract.suggestion {
        Some(lines) => finding.suggesting(lines),
        None => finding,
    }
}

/// The finding about columns that the definition does not name, with a line of TOML for each.
fn new_columns(columns: &[NewColumn]) -> Finding {
    let more = columns.len().saturating_sub(NAMED);
    let columns = || columns.iter().take(NAMED);
    let names: Vec<_> = columns().map(|column| format!("{:?}", column.name)).collect();
    let names = names.join(", ");
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let message = format!("the file has columns that the definition does not name: {names}{more}");
    let lines: Vec<_> = columns().map(ToString::to_string).collect();
    warn("new_columns", message).suggesting(&lines.join("\n"))
}

/// The finding about removals that a foreign key of another table refuses.
pub(super) fn referenced(message: String) -> Finding {
    fail("references", message)
}

/// Rows that a release gives its table: with those kept in spite of a reject.
pub(super) fn rows(counts: &Counts) -> u64 {
    counts.inserted + counts.changed + counts.unchanged + counts.kept
}

fn too_many_rejects(expect: &Expectations, seen: Seen<'_>) -> Option<Finding> {
    let most = expect.max_rejected;
    (seen.rejected > most).then(|| {
        let given_up = if seen.counts.is_none() { " before reading was given up" } else { "" };
        let rejected = seen.rejected;
        let message =
            format!("{rejected} records were rejected{given_up}; the dataset allows {most} (expect.max_rejected)");
        found(expect, "max_rejected", "rejects", message)
    })
}

fn rejected_share(expect: &Expectations, counts: &Counts) -> Option<Finding> {
    let share = share(counts.rejected, counts.rows);
    (share > expect.max_rejected_share).then(|| {
        let most = percent(expect.max_rejected_share);
        let message = format!(
            "{} of the records were rejected; the dataset allows {most} (expect.max_rejected_share)",
            percent(share)
        );
        found(expect, "max_rejected_share", "rejected_share", message)
    })
}

fn conflicting_share(expect: &Expectations, conflicting: u64, counts: &Counts) -> Option<Finding> {
    let (most, share) = (expect.max_conflicts_share?, share(conflicting, counts.rows));
    (share > most).then(|| {
        let (share, most) = (percent(share), percent(most));
        let message = format!(
            "{share} of the records contradict another with the same key; the dataset allows {most} \
             (expect.max_conflicts_share)"
        );
        found(expect, "max_conflicts_share", "conflicts", message)
    })
}

fn size(expect: &Expectations, counts: &Counts) -> Option<Finding> {
    let (rows, least) = (rows(counts), expect.min_rows);
    if rows < least {
        let message = format!("{rows} rows were read; the dataset expects at least {least} (expect.min_rows)");
        return Some(found(expect, "min_rows", "min_rows", message));
    }
    let most = expect.max_rows.filter(|most| rows > *most)?;
    let message = format!("{rows} rows were read; the dataset expects at most {most} (expect.max_rows)");
    Some(found(expect, "max_rows", "max_rows", message))
}

#[expect(clippy::cast_precision_loss, reason = "a share of rows needs no more than 53 bits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn warn(check: &str, message: String) -> Finding {
    Finding::new(Level::Warn, check, message)
}

/// A finding of the expectation `key`, which holds the release unless the dataset says that it only warns.
fn found(expect: &Expectations, key: &str, check: &str, message: String) -> Finding {
    if expect.holds(key) { fail(check, message) } else { warn(check, message) }
}

fn fail(check: &str, message: String) -> Finding {
    Finding::new(Level::Fail, check, message)
}

#[cfg(test)]
mod tests;
