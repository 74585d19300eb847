//! JSON documents, read as a stream: one record a member, with values from what is around it; and files with one JSON
//! value a line.
//!
//! Serde's readers push a whole document through a visitor and cannot rest between two records; those that can be
//! asked for one token after the other do not hand out a record's bytes, which a reject and a trace show. So the bytes
//! are cut into values here, by their brackets and quotes alone, and `jiter` reads each: strictly, numbers as they
//! are written, and no further into a value than somebody wants. Memory holds one record and what is wanted around it.

mod envelope;
mod gather;
mod lines;
mod path;
mod plan;
mod reading;
mod slots;
mod stream;

use crate::{
    decode::Text,
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::{Column, ColumnType, Origin, Schema},
    section::Section,
};
use envelope::Envelope;
use gather::{Fault, broken};
use lines::Lines;
use path::Path;
use plan::{Plan, Wanted};
use reading::Reading;
use slots::Slots;
use stream::Stream;

/// Raise it when the same JSON comes to other records.
pub(super) const VERSION: i32 = 2;

/// How JSON holds its records.
#[derive(Debug, Clone)]
pub struct Json {
    /// Whether each line is a record of its own.
    lines: bool,
    record: Path,
    /// Where the document says how many records it has.
    total: Option<Path>,
    /// Where a document without data says why.
    refusal: Option<Path>,
    /// Members of records that are known and not wanted; with a slash before them, those on the way to the records.
    ignore: Vec<String>,
}

impl Json {
    /// A document with its records in it.
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let path = |key: &str, text: &str| Path::absolute(text).map_err(|reason| table.mistake(key, reason, None)).ok();
        let record = table.required::<&str>("record");
        let record = record.and_then(|text| path("record", text));
        let record = record.filter(|record| {
            let names = !record.key;
            if !names {
                table.mistake("record", "a record is a value, and no name", None);
            }
            names
        });
        let fixed = |key: &str| {
            let Some(text) = table.optional::<&str>(key) else { return Some(None) };
            let found = path(key, text)?;
            let fits = !found.is_many(&Path::default()) && !found.key;
            if !fits {
                table.mistake(key, format!("{text:?} does not lead to one value"), None);
            }
            fits.then_some(Some(found))
        };
        let (total, refusal) = (fixed("total"), fixed("refusal"));
        let ignore = table.optional("ignore").unwrap_or_default();
        Some(Self { lines: false, record: record?, total: total?, refusal: refusal?, ignore })
    }

    /// A file with a record a line.
    pub(super) fn define_lines(table: &Section<'_>) -> Self {
        let ignore = table.optional("ignore").unwrap_or_default();
        Self { lines: true, record: Path::default(), total: None, refusal: None, ignore }
    }

    /// Whether it is one document, which shows where it ends.
    pub(super) fn is_whole(&self) -> bool {
        !self.lines
    }

    /// Whether each line is a record of its own.
    pub(super) fn is_lines(&self) -> bool {
        self.lines
    }

    pub(super) fn check_origin(&self, column: &Section<'_>, origin: &Origin) {
        let Some(from) = origin.name() else { return };
        let path = match self.record.relative(from) {
            Ok(path) => path,
            Err(reason) => return column.mistake("from", reason, None),
        };
        let on_the_way = path.shared(&self.record) == path.steps.len();
        if path.key && !on_the_way {
            column.mistake("from", "~key is for the record and what is around it", None);
        }
        if !path.key && on_the_way && path.steps.len() < self.record.steps.len() {
            let help = Some("name a value in it, or its name: \"../~key\"".to_owned());
            column.mistake("from", format!("{from:?} is what the records are in, and no value"), help);
        }
        match (path.is_many(&self.record), column.has("join")) {
            (true, false) => {
                let help = Some("say what stands between them, such as `join = \", \"`".to_owned());
                column.mistake("from", format!("{from:?} leads to several values"), help);
            }
            (false, true) => column.mistake("join", "`join` is for paths with a star in them", None),
            _ => (),
        }
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Box<dyn Records + 'a> {
        let columns: Vec<_> = schema.sources().map(|column| self.wanted(column)).collect();
        let total = self.total.clone().map(|path| Wanted::late(path, false));
        let refusal = self.refusal.clone().map(|path| Wanted::late(path, true));
        let all = columns.iter().flatten().cloned().chain(total.clone()).chain(refusal);
        let plan = Plan::new(&self.record, all.collect());
        let from = columns.iter().map(|wanted| plan.slot(wanted.as_ref()?)).collect();
        let (slots, total) = (Slots::new(plan.slots.len()), total.and_then(|total| plan.slot(&total)));
        let reading = Reading::new(plan, slots, from, schema, &self.ignore);
        let stream = Stream::new(text);
        if self.lines {
            return Box::new(Filled::new(Lines::new(stream, reading)));
        }
        Box::new(Filled::new(JsonRecords {
            walk: Envelope::new(stream, &self.ignore),
            reading,
            total,
            original: Vec::new(),
        }))
    }

    fn wanted(&self, column: &Column) -> Option<Wanted> {
        let path = self.record.relative(column.origin.name()?).ok()?;
        let join = column.rule.join.clone();
        let json = column.kind == ColumnType::Json;
        Some(Wanted { path, join, json, late: false, refusal: false })
    }
}

impl Wanted {
    /// What may come after the records: it is not about any of them alone.
    fn late(path: Path, refusal: bool) -> Self {
        Self { path, join: None, json: refusal, late: true, refusal }
    }
}

/// The records of a document.
struct JsonRecords<'a> {
    walk: Envelope<'a>,
    reading: Reading<'a>,
    /// The slot of the document's own total.
    total: Option<usize>,
    original: Vec<u8>,
}

impl JsonRecords<'_> {
    /// The document's own total must be the number of records.
    fn count(&self) -> Result<(), ReadError> {
        let Some(total) = self.total else { return Ok(()) };
        let (said, records) = (self.reading.slots.text(total), self.walk.records);
        if said.and_then(|said| said.parse().ok()) == Some(records) {
            return Ok(());
        }
        let message = match said {
            Some(said) => format!("the document says that it has {said} records, and it has {records}"),
            None => "the document does not say how many records it has".to_owned(),
        };
        Err(self.walk.stream.broken(message))
    }
}

impl Filling for JsonRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        if !self.walk.next(&self.reading.plan, &mut self.reading.slots)? {
            self.walk.without_refusal(&self.reading.plan, &self.reading.slots)?;
            self.count()?;
            self.reading.complete(self.walk.records)?;
            return Ok(Found::End);
        }
        self.walk.stream.peek()?;
        let line = self.walk.stream.line();
        (into.number, into.line) = (self.walk.records, Some(line));
        self.walk.stream.value(&mut self.original)?;
        match self.reading.record(into.number, &self.original, into) {
            Ok(()) => Ok(Found::Record),
            Err(Fault::Shape(reason)) => Ok(Found::Bad(reason)),
            Err(fault @ Fault::Syntax(..)) => Err(broken(fault, &self.original, line)),
        }
    }

    fn original(&self) -> &[u8] {
        &self.original
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.reading.new_columns()
    }
}

#[cfg(test)]
mod tests;
