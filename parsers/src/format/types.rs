//! Files whose lines begin with their type: one type is the record, lines of others say what holds for those behind them,
//! or how many there were.

mod count;
mod define;

use super::{
    Binding,
    csv::{Line, LineRules, Lines},
};
use crate::{
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
};
use count::{Count, Counted};
pub(super) use define::Within;

/// The types of a file's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Types {
    /// The type of the lines that are records.
    pub record: String,
    /// Types that are known and say nothing.
    pub ignore: Vec<String>,
    /// The type of the last line. If declared it must be there.
    pub last: Option<String>,
    said: Vec<Said>,
    counts: Vec<Count>,
}

/// A value that stands in a line of another type, and belongs to the records behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    /// How columns call it.
    name: String,
    at: At,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct At {
    /// The type of the line.
    kind: String,
    within: Within,
}

impl Types {
    /// What its lines say for others, by name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.said.iter().map(|said| said.name.as_str())
    }

    /// Where values of other lines stand.
    pub(super) fn within(&self) -> impl Iterator<Item = &Within> {
        let counts = self.counts.iter().map(|count| &count.at.within);
        self.said.iter().map(|said| &said.at.within).chain(counts)
    }

    /// The records of a file. `width` is how much of them the definition names; `within` says where each value of
    /// other lines stands, as [`Types::within`] lists them, and in `binding` what is said follows the names.
    pub(super) fn open<'a>(
        &'a self,
        rules: &'a LineRules,
        lines: Lines<'a>,
        (names, width): (usize, Width),
        within: Vec<usize>,
        binding: Binding,
    ) -> Box<dyn Records + 'a> {
        let (values, counted) = (vec![None; self.said.len()], vec![Counted::default(); self.counts.len()]);
        let typed = Typed {
            types: self,
            rules,
            lines,
            names,
            width,
            within,
            binding,
            values,
            counted,
            number: 0,
            ended: false,
        };
        Box::new(Filled::new(typed))
    }

    /// The declared type of the line that is stood on, the longest where one begins as another does.
    fn of<'t>(&'t self, lines: &Lines<'_>) -> Option<&'t str> {
        let others = self.said.iter().map(|said| &said.at).chain(self.counts.iter().map(|count| &count.at));
        let known = others.map(|at| &at.kind).chain(self.ignore.iter()).chain(&self.last).chain([&self.record]);
        let since = self.counts.iter().filter_map(|count| count.since.as_ref());
        let begins = |kind: &&String| match lines.delimiter() {
            Some(_) => lines.field(0) == Some(kind.as_bytes()),
            None => lines.original().starts_with(kind.as_bytes()),
        };
        known.chain(since).filter(begins).max_by_key(|kind| kind.len()).map(String::as_str)
    }
}

/// How much a record must have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    /// So many fields.
    Fields(usize),
    /// So many characters, or more if it is `open`.
    Length { length: usize, open: bool },
}

struct Typed<'a> {
    types: &'a Types,
    rules: &'a LineRules,
    lines: Lines<'a>,
    /// How many fields of the binding stand in the record itself.
    names: usize,
    width: Width,
    within: Vec<usize>,
    binding: Binding,
    /// What lines of other types have said last.
    values: Vec<Option<String>>,
    counted: Vec<Counted>,
    number: u64,
    /// Whether the last line has been.
    ended: bool,
}

impl Filling for Typed<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            let line = self.lines.next()?;
            (into.number, into.line) = (self.number + 1, Some(self.lines.line()));
            match line {
                Line::End => return self.end(),
                Line::Malformed(reason) => return self.malformed(reason),
                Line::Fields => (),
            }
            let types = self.types;
            let kind = types.of(&self.lines).ok_or_else(|| self.unknown())?;
            self.stands_well(kind)?;
            self.count(kind)?;
            if kind == self.types.record {
                self.number += 1;
                return Ok(self.record(into).map_or_else(Found::Bad, |()| Found::Record));
            }
            self.say(kind)?;
        }
    }

    fn original(&self) -> &[u8] {
        self.lines.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.binding.news.columns()
    }
}

impl Typed<'_> {
    /// A record whose fields cannot be told apart is a reject; of a line of another type nobody would know what holds for
    /// those behind it.
    fn malformed(&mut self, reason: String) -> Result<Found, ReadError> {
        let types = self.types;
        match types.of(&self.lines) {
            Some(kind) if kind == types.record => {
                self.stands_well(kind)?;
                self.count(kind)?;
                self.number += 1;
                Ok(Found::Bad(reason))
            }
            _ => Err(self.broken(format!("a line that is no record {reason}"))),
        }
    }

    fn record(&mut self, into: &mut Record) -> Result<(), String> {
        let (found, padded) = (self.lines.spans().len(), self.rules.padded);
        match self.width {
            Width::Fields(width) if found > width || (found < width && !padded) => {
                return Err(format!("has {found} fields, and the definition has {width}"));
            }
            Width::Length { length, open } => {
                let found = self.lines.length();
                if (found > length && !open) || (found < length && !padded) {
                    return Err(format!("is {found} characters long, and its definition says {length}"));
                }
            }
            Width::Fields(_) => (),
        }
        if self.binding.news.wants(self.number) {
            self.binding.news.look(|at| self.lines.field(at));
        }
        into.clear();
        for &field in &self.binding.fields {
            match field.and_then(|at| at.checked_sub(self.names)) {
                Some(said) => into.push(self.values.get(said).and_then(Option::as_deref)),
                None => self.lines.push(field, into).map_err(|error| format!("a field {error}"))?,
            }
        }
        Ok(())
    }

    /// Keeps what the line says for the records behind it.
    fn say(&mut self, kind: &str) -> Result<(), ReadError> {
        for (place, said) in self.types.said.iter().enumerate().filter(|(_, said)| said.at.kind == kind) {
            let text = self.text(place, &said.name)?;
            self.values.get_mut(place).into_iter().for_each(|value| *value = Some(text.clone()));
        }
        Ok(())
    }

    /// Counts the line, and compares what it counts itself.
    fn count(&mut self, kind: &str) -> Result<(), ReadError> {
        for (place, count) in self.types.counts.iter().enumerate() {
            if let Some(counted) = self.counted.get_mut(place) {
                counted.take(count, kind, &self.types.record);
            }
            if count.at.kind == kind {
                let text = self.text(self.types.said.len() + place, "count")?;
                let counted = self.counted.get_mut(place).map_or(Ok(()), |counted| counted.compare(count, &text));
                counted.map_err(|message| self.broken(message))?;
            }
        }
        Ok(())
    }

    /// A value of the line that is stood on.
    fn text(&self, place: usize, name: &str) -> Result<String, ReadError> {
        let missing = || self.broken(format!("the line is too short to say what `{name}` is"));
        let at = self.within.get(place).copied().ok_or_else(missing)?;
        let long = self.types.within().nth(place).is_some_and(|within| within.fits(self.lines.length()));
        if !long || self.lines.field(at).is_none() {
            return Err(missing());
        }
        let mut record = Record::default();
        let pushed = self.lines.push(Some(at), &mut record);
        pushed.map_err(|error| self.broken(format!("`{name}` {error}")))?;
        Ok(record.texts().field(0).unwrap_or_default().trim().to_owned())
    }

    /// Whether a line may stand where it does, and is whole.
    fn stands_well(&mut self, kind: &str) -> Result<(), ReadError> {
        if self.ended && !self.types.ignore.iter().any(|ignored| ignored == kind) {
            return Err(self.broken("the file goes on behind its last line"));
        }
        let counts = self.types.counts.iter().any(|count| count.at.kind == kind);
        if self.lines.unterminated() && !self.rules.final_newline_optional && !counts {
            return Err(self.lines.cut());
        }
        self.ended = self.ended || self.types.last.as_deref() == Some(kind);
        Ok(())
    }

    fn end(&self) -> Result<Found, ReadError> {
        if let Some(last) = self.types.last.as_ref().filter(|_| !self.ended) {
            return Err(self.broken(format!("the file ends without its last line, of the type {last:?}: it was cut")));
        }
        for (count, counted) in self.types.counts.iter().zip(&self.counted) {
            counted.is_complete(count).map_err(|message| self.broken(message))?;
        }
        Ok(Found::End)
    }

    fn unknown(&self) -> ReadError {
        const SHOWN: usize = 20;
        let line = self.lines.original();
        let begins = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line)).into_owned();
        let help = "name the type in `ignore` of [format.types] if it is not wanted";
        self.broken(format!("a line begins with {begins:?}, which is no type that is known; {help}"))
    }

    fn broken(&self, message: impl Into<String>) -> ReadError {
        ReadError::broken(Some(self.lines.line()), message)
    }
}

#[cfg(test)]
mod tests;
