//! The rows of a sheet: names, records, and what is neither.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    decode::matches,
    format::workbook::look::{Looked, Shown},
};

/// Rows among which the names are looked for, and rows below them that must be steady.
const FIRST: usize = 100;
const BELOW: usize = 50;
/// Share of the usual width that names must have, of cells of one kind that make a column steady, of such columns.
const WIDTH: f64 = 0.6;
const KIND: f64 = 0.8;
const STEADY: f64 = 0.7;
/// A row of so small a share of the usual width is no record.
const ODD: usize = 5;
/// Rows that are no records are told by so many texts at most, each so long at most.
const PATTERNS: usize = 20;
const LONGEST: usize = 30;

/// A table in a sheet.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Columns and their names.
    pub(super) names: Vec<(u32, String)>,
    /// Columns in which anything stands below.
    pub(super) filled: BTreeSet<u32>,
    /// How rows begin that are no records.
    pub(super) skip: Vec<String>,
    /// How the row begins that ends the table.
    pub(super) footer: Option<String>,
    /// What stands above the names.
    pub(super) above: Vec<String>,
    /// How rows begin that say in their next cell what holds for those below.
    pub(super) labels: BTreeSet<String>,
}

impl Table {
    pub(super) fn find(sheet: &Looked) -> Option<Self> {
        let mut lengths: Vec<usize> = (0..sheet.len()).map(|at| sheet.row(at).len()).collect();
        lengths.sort_unstable();
        let usual = lengths.get(lengths.len() / 2).copied().unwrap_or_default();
        let labels = labels(sheet);
        let labelled = |at: usize| sheet.row(at).first().is_some_and(|cell| labels.contains(&cell.text));
        let header = (0..sheet.len().min(FIRST)).find(|at| !labelled(*at) && is_header(sheet, *at, usual))?;
        let names: Vec<_> = sheet.row(header).iter().map(|cell| (cell.column, name(&cell.text))).collect();
        let above = (0..header).map(|at| texts(&sheet.row(at)).join(" | ")).collect();
        let mut table = Self { names, above, labels, ..Self::default() };
        table.rows(sheet, header);
        Some(table)
    }

    /// Tells records from other rows.
    fn rows(&mut self, sheet: &Looked, header: usize) {
        let few = (self.names.len() / ODD).max(1);
        let own = self.names.first().map(|(_, name)| name.clone()).unwrap_or_default();
        let is_odd = |row: &[Shown]| {
            (self.names.len() > 2 && row.len() <= few) || row.first().is_some_and(|cell| name(&cell.text) == own)
        };
        let (mut odd, mut records, mut last) = (Vec::new(), BTreeSet::new(), header);
        for at in header + 1..sheet.len() {
            let row = sheet.row(at);
            let first = row.first().map(|cell| cell.text.clone()).unwrap_or_default();
            if self.labels.contains(&first) {
                continue;
            }
            if is_odd(&row) {
                odd.push((at, first));
            } else {
                self.filled.extend(row.iter().map(|cell| cell.column));
                records.insert(first);
                last = at;
            }
        }
        let within: Vec<&str> = odd.iter().filter(|(at, _)| *at < last).map(|(_, text)| text.as_str()).collect();
        let is_safe = |pattern: &String| !records.iter().any(|first| matches(pattern, first));
        // What also stands between records ends no table.
        let is_last = |pattern: &String| !within.iter().any(|text| matches(pattern, text));
        let behind = odd.iter().filter(|(at, _)| *at > last).map(|(_, text)| begins(text));
        self.footer = behind.filter(is_last).find(is_safe);
        self.skip = patterns(&within).into_iter().filter(is_safe).take(PATTERNS).collect();
    }
}

/// Names: all of them text, hardly two alike, and steady columns below, from the very next row on.
fn is_header(sheet: &Looked, at: usize, usual: usize) -> bool {
    let row = sheet.row(at);
    let different: BTreeSet<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
    let is_name = |cell: &Shown| cell.is_text && cell.text.parse::<f64>().is_err();
    let is_wide = |row: &[Shown]| at_least(row.len(), WIDTH, usual);
    if row.is_empty() || !is_wide(&row) || !at_least(different.len(), KIND, row.len()) || !row.iter().all(is_name) {
        return false;
    }
    let below: Vec<Vec<Shown>> = (at + 1..sheet.len().min(at + 1 + BELOW)).map(|at| sheet.row(at)).collect();
    let mut kinds: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
    for cell in below.iter().flatten() {
        let [texts, others] = kinds.entry(cell.column).or_default();
        *(if cell.is_text { texts } else { others }) += 1;
    }
    let steady = |[texts, others]: &[usize; 2]| at_least(*texts.max(others), KIND, texts + others);
    let named: Vec<&[usize; 2]> = row.iter().filter_map(|cell| kinds.get(&cell.column)).collect();
    let good = named.iter().filter(|kinds| steady(kinds)).count();
    // Another row of names would be of another kind than what stands below it.
    let next = below.iter().find(|row| is_wide(row)).map_or(&[][..], Vec::as_slice);
    let is_like =
        |cell: &&Shown| kinds.get(&cell.column).is_some_and(|[texts, others]| cell.is_text == (texts >= others));
    let alike = next.iter().filter(is_like).count();
    good > 0 && at_least(good, STEADY, named.len()) && at_least(alike, STEADY, next.len())
}

/// Whether it is at least this share of all.
fn at_least(some: usize, share: f64, all: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "shares of a few hundred cells")]
    let enough = some as f64 >= share * all as f64;
    enough
}

/// Words with a colon that come again and again before one cell: they hold for the rows below.
fn labels(sheet: &Looked) -> BTreeSet<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for row in (0..sheet.len()).map(|at| sheet.row(at)) {
        if let [label, _] = row.as_slice()
            && label.text.ends_with(':')
        {
            *times.entry(label.text.clone()).or_default() += 1;
        }
    }
    times.into_iter().filter(|(_, times)| *times > 1).map(|(label, _)| label).collect()
}

/// A name that is broken into lines is one with spaces.
fn name(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(row: &[Shown]) -> Vec<String> {
    row.iter().map(|cell| cell.text.clone()).collect()
}

/// Patterns for the beginnings of rows: where many begin with one word, by that.
fn patterns(texts: &[&str]) -> Vec<String> {
    let mut by_word: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for text in texts {
        by_word.entry(text.split(' ').next().unwrap_or_default()).or_default().insert(text);
    }
    let pattern = |(word, texts): (&str, BTreeSet<&str>)| match texts.first() {
        Some(text) if texts.len() == 1 => begins(text),
        _ => format!("{word} *"),
    };
    by_word.into_iter().map(pattern).filter(|pattern| !pattern.is_empty()).collect()
}

fn begins(text: &str) -> String {
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() { format!("{start}*") } else { start }
}
