//! What the columns hold: a look at every value as text, and the types that come of it.

use std::collections::{BTreeMap, BTreeSet};

use twox_hash::XxHash3_128;

use super::{Asked, InferError, Open, draft::Draft, fixture::Ends, trial::Trial};
use crate::{
    ColumnType, Row, Value,
    schema::{Guess, Written, local_time, otherwise_written},
};

/// Different values of a column that are looked at, and the longest of them; what comes later is learnt from rejects.
const DIFFERENT: usize = 1000;
const LONGEST: usize = 200;
/// Rows among which keys are looked for.
const ROWS: usize = 100_000;
/// What publishers write where there is no value.
const NULLS: &[&str] =
    &["NA", "N/A", "n/a", "#N/A", "null", "NULL", "None", "NaN", "nan", "-", "--", ".", "..", "*", "?", "(blank)"];

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Profile {
    columns: Vec<Seen>,
    /// For each of the first rows a hash of each value; none for no value.
    pub(super) hashes: Vec<Vec<Option<u128>>>,
    /// Where a fixture is cut.
    pub(super) ends: Ends,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    name: String,
    values: BTreeSet<String>,
    /// Whether white space stands around one of them.
    is_padded: bool,
    /// Whether a number with a zero before it is among them: one is enough to make all of them codes.
    has_code: bool,
}

/// What is said of a column's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) guess: Guess,
    /// Texts that stand for no value; empty if nothing but the empty text does.
    pub(super) nulls: Vec<String>,
    /// How numbers are written, if otherwise than `-1234.5`.
    pub(super) written: Option<Written>,
}

impl Profile {
    /// Reads the whole file once, all columns as text.
    pub(super) fn read(asked: &Asked, draft: &mut Draft, open: Open<'_>) -> Result<Self, InferError> {
        let columns = draft.columns.iter().map(|column| Seen { name: column.name.clone(), ..Seen::default() });
        let mut profile = Self { columns: columns.collect(), ..Self::default() };
        Trial::new(asked, draft)?.each(open, |step| {
            match step {
                Ok(row) => profile.look(row),
                Err(reject) => profile.ends.pass(reject.line),
            }
            true
        })?;
        draft.trim = profile.columns.iter().any(|seen| seen.is_padded);
        Ok(profile)
    }

    /// Says of each column what its values are, or that they are text, whatever they seem.
    pub(super) fn decide(&self, draft: &mut Draft, give_up: bool) {
        for (column, seen) in draft.columns.iter_mut().zip(&self.columns) {
            let before = column.said.clone();
            column.said = seen.said();
            if give_up && column.said != before {
                column.said = Said::text();
            }
        }
    }

    /// Takes values in that did not fit.
    pub(super) fn learn(&mut self, mut misfits: BTreeMap<String, Vec<String>>) {
        for seen in &mut self.columns {
            seen.values.extend(misfits.remove(&seen.name).unwrap_or_default());
        }
    }

    fn look(&mut self, row: &Row) {
        self.ends.pass(row.line);
        let mut hashes = Vec::new();
        for (seen, value) in self.columns.iter_mut().zip(row.values()) {
            let text = match value {
                Value::Text(text) => Some(text),
                _ => None,
            };
            hashes.push(text.map(|text| XxHash3_128::oneshot(text.as_bytes())));
            if let Some(text) = text {
                seen.look(text);
            }
        }
        if self.hashes.len() < ROWS {
            self.hashes.push(hashes);
        }
    }
}

impl Seen {
    fn look(&mut self, text: &str) {
        self.is_padded |= text.trim_ascii().len() < text.len();
        let text = text.trim_ascii();
        let is_code = text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        let tells = self.values.len() < DIFFERENT || (is_code && !self.has_code);
        if tells && text.len() <= LONGEST && !self.values.contains(text) {
            self.values.insert(text.to_owned());
            self.has_code |= is_code;
        }
    }

    /// The narrowest type, where words for "no value" are taken for that if it helps.
    fn said(&self) -> Said {
        let all = || self.values.iter().map(String::as_str);
        let plain = Said::of(all());
        let nulls: Vec<&str> = NULLS.iter().copied().filter(|null| self.values.contains(*null)).collect();
        if nulls.is_empty() || !plain.is_text() {
            return plain;
        }
        let rest = Said::of(all().filter(|value| !nulls.contains(value)));
        if rest.is_text() {
            return plain;
        }
        Said { nulls: std::iter::once("").chain(nulls).map(str::to_owned).collect(), ..rest }
    }
}

impl Said {
    /// Nothing is known but that it is text.
    pub(super) fn text() -> Self {
        Self { guess: Guess::of([]), nulls: Vec::new(), written: None }
    }

    fn of<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Self {
        let plain = Self { guess: Guess::of(values.clone()), ..Self::text() };
        if !plain.is_text() {
            return plain;
        }
        if let Some(pattern) = local_time(values.clone()) {
            let guess = Guess { kind: ColumnType::Timestamp, pattern: Some(pattern), truth: None };
            return Self { guess, ..plain };
        }
        otherwise_written(values).map_or(plain, |(guess, written)| Self {
            guess,
            written: Some(written),
            ..Self::text()
        })
    }

    fn is_text(&self) -> bool {
        self.guess.kind == ColumnType::Text
    }

    /// Whether its times are on somebody's clock.
    pub(super) fn needs_clock(&self) -> bool {
        self.guess.kind == ColumnType::Timestamp && self.guess.pattern.is_some()
    }

    /// What may be wrong with it.
    pub(super) fn doubt(&self) -> Option<&'static str> {
        match self.guess.pattern {
            Some(pattern) if pattern.starts_with("%d/%m/") => Some("day before month"),
            Some(pattern) if pattern.starts_with("%m/%d/") => Some("month before day"),
            _ if self.written.is_some() => Some("numbers written so"),
            _ if !self.nulls.is_empty() => Some("no value is meant by these texts"),
            _ => None,
        }
    }
}
