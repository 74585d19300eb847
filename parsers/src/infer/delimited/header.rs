//! The names of columns: the line in which they stand, or, where none has them all, what they are called instead.

use std::collections::BTreeSet;

use csv::{Position, StringRecord};

use super::Dialect;
use crate::section::quoted;

/// Numbers that count on, so that a line of them is above the records.
const COUNTED: usize = 3;
/// Names that tell a header from what stands above it.
const TELLING: usize = 3;

impl Dialect {
    /// The columns' names, and what must be said of the place where they stand.
    pub(super) fn header(&self, format: &mut Vec<String>) -> Vec<String> {
        let first = self.records.iter().position(|record| record.len() == self.width);
        let Some((at, record)) = first.and_then(|at| Some((at, self.records.get(at)?))) else { return Vec::new() };
        let trailing = record.iter().next_back() == Some("");
        let cells = record.iter().take(record.len() - usize::from(trailing)).map(str::trim);
        let names = if is_header(record) {
            let names: Vec<_> = cells.filter(|name| !name.is_empty()).map(str::to_owned).collect();
            if at > 0 {
                let telling: Vec<_> = names.iter().take(TELLING).map(|name| quoted(name)).collect();
                format.push(format!("header_has = [{}]  # the header stands further down", telling.join(", ")));
            }
            names
        } else if is_count(cells.clone()) || self.is_above(at) {
            let names = told_apart(cells);
            let behind = trailing.then(String::new);
            self.say_names(at + 1, names.iter().cloned().chain(behind), format);
            names
        } else {
            let names: Vec<_> = (1..=self.width).map(|number| format!("column {number}")).collect();
            self.say_names(at, names.iter().cloned(), format);
            return names;
        };
        if trailing {
            format.push("trailing_column = true".to_owned());
        }
        names
    }

    /// Whether a record is all words, and the next one has numbers in place of some: a header with a name twice.
    fn is_above(&self, at: usize) -> bool {
        let (words, next) = (self.records.get(at), self.records.get(at + 1));
        words.is_some_and(|words| !words.iter().any(is_number)) && next.is_some_and(|next| next.iter().any(is_number))
    }

    /// Says what the columns are of a file whose header does not, and where its records begin.
    fn say_names(&self, first: usize, names: impl Iterator<Item = String>, format: &mut Vec<String>) {
        let line = self.records.get(first).and_then(StringRecord::position).map_or(1, Position::line);
        if line > 1 {
            format.push(format!("preamble = {}  # GUESS: so many lines stand above the first record", line - 1));
        }
        let listed: Vec<_> = names.map(|name| quoted(&name)).collect();
        format.push("header = false  # GUESS: the first line is no header".to_owned());
        format.push(format!("names = [{}]  # say what they are", listed.join(", ")));
    }
}

/// Names, no two alike, and none of them a number, unless numbers of columns or years stand behind a name.
fn is_header(record: &StringRecord) -> bool {
    let names: Vec<&str> = record.iter().map(str::trim).filter(|name| !name.is_empty()).collect();
    let different: BTreeSet<&str> = names.iter().copied().collect();
    let numbers = || names.iter().copied().filter(|name| is_number(name));
    let is_numbered = numbers().count() < names.len() && is_count(numbers());
    names.len() > 1 && different.len() == names.len() && (numbers().next().is_none() || is_numbered)
}

fn is_number(cell: &str) -> bool {
    cell.trim().parse::<f64>().is_ok()
}

/// Whether cells, but for the empty ones, count on: numbers of columns, not values.
fn is_count<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let numbers: Option<Vec<u32>> = cells.filter(|cell| !cell.is_empty()).map(|cell| cell.parse().ok()).collect();
    numbers.is_some_and(|numbers| {
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        numbers.len() >= COUNTED && { pairs }.all(|(one, next)| one.checked_add(1) == Some(*next))
    })
}

/// Names for columns that have numbers in place of names, nothing, or the name of another one.
fn told_apart<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, cell) in cells.enumerate() {
        let name = if is_number(cell) { format!("number {cell}") } else { cell.to_owned() };
        let is_good = !name.is_empty() && !names.contains(&name);
        names.push(if is_good { name } else { format!("column {}", at + 1) });
    }
    names
}
