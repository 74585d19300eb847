//! What the columns hold: a look at every value as text, and the types that come of it.

use std::collections::{BTreeMap, BTreeSet};

use twox_hash::XxHash3_128;

use super::{Asked, InferError, Open, draft::Draft, fixture::Ends, trial::Trial, types::Said};
use crate::{Reject, Row, Value};

/// Different values of a column that are looked at, and the longest of them; what comes later is learnt from rejects.
const DIFFERENT: usize = 1000;
const LONGEST: usize = 200;
/// Rows among which keys are looked for, and values of all columns together.
const ROWS: usize = 100_000;
const CELLS: usize = 8_000_000;
/// What publishers call the sum of all records, below them.
const TOTALS: &[&str] = &["total", "totals", "grand total", "sum", "summe", "gesamt", "totale", "totaal"];
/// What publishers write where there is no value.
const NULLS: &[&str] =
    &["NA", "N/A", "n/a", "#N/A", "null", "NULL", "None", "NaN", "nan", "-", "--", ".", "..", "*", "?", "(blank)"];

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Profile {
    columns: Vec<Seen>,
    /// What the first rows say, value by value.
    pub(super) hashes: Hashes,
    /// How many rows there are, and records that cannot be read.
    pub(super) rows: u64,
    pub(super) rejected: u64,
    /// What stands at the end.
    pub(super) last: Last,
    /// Where a fixture is cut.
    pub(super) ends: Ends,
}

/// What stands at the end of a file.
#[derive(Debug, Default)]
pub(super) enum Last {
    /// A record as all others.
    #[default]
    Record,
    /// A record without any value.
    Nothing,
    /// A record that begins with a word for the sum of all others.
    Total(String),
    /// What cannot be read: the first of such lines.
    Refused(Vec<u8>),
}

/// For each of the first rows a hash of each value; 0 for no value.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    width: usize,
    cells: Vec<u64>,
}

/// What a description beside the file says of a column: whether it is text, and which texts stand for no value.
#[derive(Debug, Clone, Default)]
struct Told {
    is_text: bool,
    nulls: BTreeSet<String>,
}

#[derive(Debug, Clone, Default)]
struct Seen {
    name: String,
    told: Told,
    values: BTreeSet<String>,
    /// Whether white space stands around one of them.
    is_padded: bool,
    /// Whether a number with a zero before it is among them: one is enough to make all of them codes.
    has_code: bool,
    /// How often there is a value.
    times: u64,
    /// Whether there are more different values than are kept.
    is_more: bool,
}

impl Profile {
    /// Reads the whole file once, all columns as text.
    pub(super) fn read(asked: &Asked, draft: &mut Draft, open: Open<'_>) -> Result<Self, InferError> {
        let beside = &asked.beside;
        let nulls: BTreeSet<String> = beside.nulls.iter().filter(|null| !null.is_empty()).cloned().collect();
        let columns = draft.columns.iter().map(|column| {
            let told = Told { is_text: beside.texts.contains(&column.place.from), nulls: nulls.clone() };
            Seen { name: column.name.clone(), told, ..Seen::default() }
        });
        let hashes = Hashes { width: draft.columns.len(), cells: Vec::new() };
        let mut profile = Self { columns: columns.collect(), hashes, ..Self::default() };
        Trial::new(asked, draft)?.each(open, |step| {
            match step {
                Ok(row) => profile.look(row),
                Err(reject) => profile.refuse(*reject),
            }
            true
        })?;
        draft.trim = profile.columns.iter().any(|seen| seen.is_padded);
        Ok(profile)
    }

    /// Says of each column what its values are, or that they are text, whatever they seem.
    pub(super) fn decide(&self, draft: &mut Draft, give_up: bool) {
        let open = draft.columns.iter_mut().zip(&self.columns).filter(|(column, _)| column.place.kind.is_none());
        for (column, seen) in open {
            let before = column.said.clone();
            column.said = seen.said();
            if give_up && column.said != before {
                let doubt = Some("its values are of no one type".to_owned());
                column.said = Said { doubt, ..Said::text() };
            }
        }
    }

    /// The different values of a column; none if there are too many.
    pub(super) fn values(&self, at: usize) -> Option<&BTreeSet<String>> {
        self.columns.get(at).filter(|seen| !seen.is_more).map(|seen| &seen.values)
    }

    /// Takes values in that did not fit.
    pub(super) fn learn(&mut self, mut misfits: BTreeMap<String, Vec<String>>) {
        for seen in &mut self.columns {
            seen.values.extend(misfits.remove(&seen.name).unwrap_or_default());
        }
    }

    fn refuse(&mut self, reject: Reject) {
        self.ends.pass(reject.line);
        self.rejected += 1;
        if !matches!(self.last, Last::Refused(_)) {
            self.last = Last::Refused(reject.original);
        }
    }

    fn look(&mut self, row: &Row) {
        self.ends.pass(row.line);
        self.rows += 1;
        self.last = Last::of(row);
        let keep = self.hashes.has_room();
        for (seen, value) in self.columns.iter_mut().zip(row.values()) {
            let text = match value {
                Value::Text(text) => Some(text),
                _ => None,
            };
            if keep {
                self.hashes.cells.push(text.map_or(0, |text| half(XxHash3_128::oneshot(text.as_bytes())).max(1)));
            }
            if let Some(text) = text {
                seen.look(text);
            }
        }
    }
}

impl Last {
    fn of(row: &Row) -> Self {
        match row.values().next() {
            Some(Value::Text(text)) if TOTALS.contains(&text.trim().to_lowercase().as_str()) => {
                Self::Total(text.into())
            }
            _ if row.values().any(|value| matches!(value, Value::Text(_))) => Self::Record,
            _ => Self::Nothing,
        }
    }
}

impl Hashes {
    /// The rows, each with a hash for each column.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.cells.chunks_exact(self.width.max(1))
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    fn has_room(&self) -> bool {
        self.len() < ROWS && self.cells.len() < CELLS
    }
}

/// As much of a hash as some hundred thousand rows need.
pub(super) fn half(hash: u128) -> u64 {
    u64::try_from(hash >> 64).unwrap_or_default()
}

impl Seen {
    fn look(&mut self, text: &str) {
        self.is_padded |= text.trim_ascii().len() < text.len();
        let text = text.trim_ascii();
        let is_code = text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        self.times += 1;
        let tells = self.values.len() < DIFFERENT || (is_code && !self.has_code);
        if tells && text.len() <= LONGEST && !self.values.contains(text) {
            self.values.insert(text.to_owned());
            self.has_code |= is_code;
        } else {
            self.is_more |= !self.values.contains(text);
        }
    }

    /// The narrowest type, where words for "no value" are taken for that if it helps, or if the publisher says so.
    fn said(&self) -> Said {
        let told: Vec<&str> = self.told.nulls.intersection(&self.values).map(String::as_str).collect();
        let all = || self.values.iter().map(String::as_str).filter(|value| !told.contains(value));
        let plain = self.said_of(&all());
        let nulls: Vec<&str> = NULLS.iter().copied().filter(|null| all().any(|value| value == *null)).collect();
        let rest = self.said_of(&all().filter(|value| !nulls.contains(value)));
        if plain.is_text() && !nulls.is_empty() && !rest.is_text() {
            let doubt = "no value is meant by these texts".to_owned();
            let doubt = rest.doubt.as_ref().map_or(doubt.clone(), |other| format!("{doubt}; {other}"));
            return Said { nulls: with_empty(&[told, nulls].concat()), doubt: Some(doubt), ..rest };
        }
        let words = || all().map(str::to_owned).collect();
        let said = if plain.is_text() && !self.is_more { plain.or_enum(&words(), self.times) } else { plain };
        if told.is_empty() { said } else { Said { nulls: with_empty(&told), ..said } }
    }

    fn said_of<'a>(&self, values: &(impl Iterator<Item = &'a str> + Clone)) -> Said {
        let said = Said::of(values);
        if self.told.is_text && said.is_number() { Said::text() } else { said.or_code(&self.name) }
    }
}

/// The empty text and these.
fn with_empty(nulls: &[&str]) -> Vec<String> {
    std::iter::once("").chain(nulls.iter().copied()).map(str::to_owned).collect()
}
