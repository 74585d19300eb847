use super::*;

fn expect() -> Expectations {
    Expectations {
        min_rows: 100,
        max_rows: Some(5000),
        max_shrink: 0.2,
        max_growth: Some(0.5),
        max_changed_share: Some(0.1),
        max_rejected: 10,
        max_rejected_share: 0.05,
        max_conflicts_share: Some(0.01),
        max_nulls: Vec::new(),
        newest: None,
        calendar: None,
        intervals_per_day: None,
        references: Vec::new(),
        warn: Vec::new(),
    }
}

fn counts(unchanged: u64, rejected: u64, kept: u64) -> Counts {
    Counts { rows: unchanged + rejected, unchanged, rejected, kept, ..Counts::default() }
}

/// A release that is seen against a table of so many rows.
fn seen(counts: &Counts, table: Option<u64>) -> Seen<'_> {
    let before = table.map(Before::Table);
    Seen { counts: Some(counts), rejected: counts.rejected, conflicting: 0, before, new_columns: &[] }
}

fn failed(seen: Seen<'_>) -> Vec<String> {
    let findings = findings(&expect(), seen);
    findings.into_iter().filter(|found| found.level == Level::Fail).map(|found| found.check).collect()
}

#[test]
fn a_release_like_the_last_one_passes() {
    assert!(findings(&expect(), seen(&counts(1000, 10, 0), Some(1010))).is_empty());
    assert!(findings(&expect(), seen(&counts(100, 0, 0), None)).is_empty(), "the first has nothing to be held against");
}

#[test]
fn each_limit_is_held_on_its_own_and_exactly() {
    assert_eq!(failed(seen(&counts(99, 0, 0), None)), ["min_rows"]);
    assert_eq!(failed(seen(&counts(1000, 11, 0), None)), ["rejects"]);
    assert_eq!(failed(seen(&counts(150, 10, 0), None)), ["rejected_share"]);
}

#[test]
fn a_table_is_judged_by_the_rows_that_go_and_come_and_a_file_by_its_length() {
    let (table, file) = (Some(Before::Table(1000)), Some(Before::File(1000)));
    let cases: [(_, [u64; 4], &[&str]); 14] = [
        // inserted, removed, unchanged, kept
        (None, [1000, 0, 0, 0], &[]),
        (table, [0, 200, 800, 0], &[]),
        (table, [0, 201, 799, 0], &["shrink"]),
        (table, [0, 1000, 0, 0], &["min_rows", "shrink"]),
        (table, [500, 0, 1000, 0], &[]),
        (table, [501, 0, 1000, 0], &["growth"]),
        (table, [200, 200, 800, 0], &[]),
        (table, [1000, 1000, 0, 0], &["shrink", "growth"]),
        (table, [0, 0, 795, 205], &[]),
        (file, [1000, 0, 0, 0], &[]),
        (file, [0, 0, 800, 0], &[]),
        (file, [0, 0, 799, 0], &["shrink"]),
        (file, [1500, 0, 0, 0], &[]),
        (file, [1, 0, 1500, 0], &["growth"]),
    ];
    for (before, told, found) in cases {
        let [inserted, removed, unchanged, kept] = told;
        let counts = Counts { rows: inserted + unchanged, inserted, removed, unchanged, kept, ..Counts::default() };
        assert_eq!(failed(Seen { before, ..seen(&counts, None) }), found, "{before:?} {told:?}");
    }
}

#[test]
fn reading_that_was_given_up_is_told() {
    let given_up = Seen { counts: None, rejected: 11, conflicting: 0, before: None, new_columns: &[] };
    let found = findings(&expect(), given_up);
    let message = "11 records were rejected before reading was given up; the dataset allows 10 (expect.max_rejected)";
    assert_eq!(found, [fail("rejects", message.into())]);
}

#[test]
fn new_columns_and_contradictions_are_reported_and_hold_nothing() {
    let (counts, new) = (counts(1000, 0, 0), [NewColumn::new("Fax")]);
    let found = findings(&expect(), Seen { new_columns: &new, conflicting: 2, ..seen(&counts, None) });
    assert!(found.iter().all(|finding| finding.level == Level::Warn));
    assert_eq!(found[0].message, "the file has columns that the definition does not name: \"Fax\"");
    let line = "fax = { from = \"Fax\", type = \"text\", comment = \"…\" }";
    assert_eq!(found[0].suggestion.as_deref(), Some(line));
    assert_eq!(found[1].message, "2 records have the key of another and different values; all are rejected");
}

#[test]
fn a_shrunken_release_says_by_how_much() {
    let counts = Counts { removed: 403, ..counts(597, 0, 0) };
    let told = |before| findings(&expect(), Seen { before: Some(before), ..seen(&counts, None) }).remove(0).message;
    assert_eq!(
        told(Before::Table(1000)),
        "403 rows, 40.3 % of the 1000 that are published, would be gone; the dataset allows 20 % (expect.max_shrink)"
    );
    assert_eq!(
        told(Before::File(1000)),
        "597 rows are 40.3 % fewer than the 1000 of the last release; the dataset allows 20 % (expect.max_shrink)"
    );
}

#[test]
fn size_and_change_have_their_limits_too() {
    assert_eq!(failed(seen(&counts(5001, 0, 0), None)), ["max_rows"]);
    let changed = |changed| Counts { rows: 1000, changed, unchanged: 1000 - changed, ..Counts::default() };
    assert_eq!(failed(seen(&changed(100), Some(1000))), [""; 0]);
    assert_eq!(failed(seen(&changed(101), Some(1000))), ["changed"]);
    let counted = counts(1000, 0, 0);
    assert_eq!(failed(Seen { conflicting: 11, ..seen(&counted, None) }), ["conflicts"]);
}

#[test]
fn what_only_warns_holds_nothing() {
    let expect = Expectations { warn: vec!["max_growth".into(), "max_rejected".into()], ..expect() };
    let counts = Counts { inserted: 501, ..counts(1000, 11, 0) };
    let found = findings(&expect, seen(&counts, Some(1000)));
    let told: Vec<_> = found.iter().map(|finding| (finding.check.as_str(), finding.level)).collect();
    assert_eq!(told, [("rejects", Level::Warn), ("growth", Level::Warn)]);
}
