//! Expectations: what must hold of a whole release before anyone may see it. Pure.

use parsers::{Contract, NewColumn, dataset::Expectations};

use crate::{
    db::releases::COLUMNS,
    job::{Counts, Finding, Level},
};

mod retyped;

pub(super) use retyped::retyped;

/// What is known of a release once it is staged and compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Its counts against the table; none if reading was given up.
    pub(super) counts: Option<&'a Counts>,
    /// Records that failed their checks.
    pub(super) rejected: u64,
    /// Of them, records that contradict each other.
    pub(super) conflicting: u64,
    /// Rows of the published release, if there is one.
    pub(super) published: Option<u64>,
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
    findings.extend(too_few(expect, counts));
    findings.extend(seen.published.and_then(|before| shrunken(expect, before, counts)));
    findings
}

/// The finding about a file without the definition's columns.
pub(super) fn contract(contract: &Contract) -> Finding {
    let message = format!("{contract}. Mend the dataset's TOML and replay it, or wait for the publisher's next file");
    Finding { suggestion: contract.suggestion.clone(), ..fail(COLUMNS, message) }
}

/// The finding about columns that the definition does not name, with a line of TOML for each.
fn new_columns(columns: &[NewColumn]) -> Finding {
    let names: Vec<_> = columns.iter().map(|column| format!("{:?}", column.name)).collect();
    let message = format!("the file has columns that the definition does not name: {}", names.join(", "));
    let lines: Vec<_> = columns.iter().map(ToString::to_string).collect();
    Finding { suggestion: Some(lines.join("\n")), ..warn("new_columns", message) }
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
        fail(
            "rejects",
            format!("{rejected} records were rejected{given_up}; the dataset allows {most} (expect.max_rejected)"),
        )
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
        fail("rejected_share", message)
    })
}

fn too_few(expect: &Expectations, counts: &Counts) -> Option<Finding> {
    let (rows, least) = (rows(counts), expect.min_rows);
    (rows < least).then(|| {
        fail("min_rows", format!("{rows} rows were read; the dataset expects at least {least} (expect.min_rows)"))
    })
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
        fail("shrink", message)
    })
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
    Finding { level: Level::Warn, check: check.to_owned(), message, suggestion: None }
}

fn fail(check: &str, message: String) -> Finding {
    Finding { level: Level::Fail, check: check.to_owned(), message, suggestion: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECT: Expectations =
        Expectations { min_rows: 100, max_shrink: 0.2, max_rejected: 10, max_rejected_share: 0.05 };

    fn counts(unchanged: u64, rejected: u64, kept: u64) -> Counts {
        Counts { rows: unchanged + rejected, unchanged, rejected, kept, ..Counts::default() }
    }

    fn seen(counts: &Counts, published: Option<u64>) -> Seen<'_> {
        Seen { counts: Some(counts), rejected: counts.rejected, conflicting: 0, published, new_columns: &[] }
    }

    fn failed(seen: Seen<'_>) -> Vec<String> {
        let findings = findings(&EXPECT, seen);
        findings.into_iter().filter(|found| found.level == Level::Fail).map(|found| found.check).collect()
    }

    #[test]
    fn a_release_like_the_last_one_passes() {
        assert!(findings(&EXPECT, seen(&counts(1000, 10, 0), Some(1010))).is_empty());
        assert!(
            findings(&EXPECT, seen(&counts(100, 0, 0), None)).is_empty(),
            "the first has nothing to be held against"
        );
    }

    #[test]
    fn each_limit_is_held_on_its_own_and_exactly() {
        assert_eq!(failed(seen(&counts(99, 0, 0), None)), ["min_rows"]);
        assert_eq!(failed(seen(&counts(800, 0, 0), Some(1000))), [""; 0]);
        assert_eq!(failed(seen(&counts(799, 0, 0), Some(1000))), ["shrink"]);
        assert_eq!(failed(seen(&counts(1000, 11, 0), None)), ["rejects"]);
        assert_eq!(failed(seen(&counts(150, 10, 0), None)), ["rejected_share"]);
        assert_eq!(failed(seen(&counts(0, 0, 0), Some(1000))), ["min_rows", "shrink"]);
    }

    #[test]
    fn rows_that_stay_in_spite_of_a_reject_are_not_lost() {
        assert_eq!(failed(seen(&counts(795, 5, 5), Some(1000))), [""; 0]);
    }

    #[test]
    fn reading_that_was_given_up_is_told() {
        let given_up = Seen { counts: None, rejected: 11, conflicting: 0, published: Some(5), new_columns: &[] };
        let found = findings(&EXPECT, given_up);
        let message =
            "11 records were rejected before reading was given up; the dataset allows 10 (expect.max_rejected)";
        assert_eq!(found, [fail("rejects", message.into())]);
    }

    #[test]
    fn new_columns_and_contradictions_are_reported_and_hold_nothing() {
        let (counts, new) = (counts(1000, 0, 0), [NewColumn::new("Fax")]);
        let found = findings(&EXPECT, Seen { new_columns: &new, conflicting: 2, ..seen(&counts, None) });
        assert!(found.iter().all(|finding| finding.level == Level::Warn));
        assert_eq!(found[0].message, "the file has columns that the definition does not name: \"Fax\"");
        let line = "fax = { from = \"Fax\", type = \"text\", comment = \"…\" }";
        assert_eq!(found[0].suggestion.as_deref(), Some(line));
        assert_eq!(found[1].message, "2 records have the key of another and different values; all are rejected");
    }

    #[test]
    fn a_shrunken_release_says_by_how_much() {
        let found = findings(&EXPECT, seen(&counts(597, 0, 0), Some(1000)));
        assert_eq!(
            found[0].message,
            "597 rows are 40.3 % fewer than the 1000 of the published release; the dataset allows 20 % \
             (expect.max_shrink)"
        );
    }
}
