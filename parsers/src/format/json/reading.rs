//! A record's bytes on their way to the columns' texts, be it a member of a document or a line.

use super::{
    gather::{Fault, Gatherer},
    path,
    plan::{Plan, Tree},
    slots::Slots,
};
use crate::{
    format::bind,
    read::{NewColumn, ReadError},
    record::Record,
    schema::{Origin, Schema},
};

/// What reading records needs.
pub(super) struct Reading<'a> {
    pub(super) plan: Plan,
    pub(super) slots: Slots,
    /// For each column the slot of its text.
    from: Vec<Option<usize>>,
    schema: &'a Schema,
    gatherer: Gatherer,
    news: News<'a>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        plan: Plan,
        slots: Slots,
        from: Vec<Option<usize>>,
        schema: &'a Schema,
        ignore: &'a [String],
    ) -> Self {
        let news = News { ignore, columns: Vec::new() };
        Self { plan, slots, from, schema, gatherer: Gatherer::default(), news }
    }

    /// Forgets the record before.
    pub(super) fn forget(&mut self) {
        self.slots.forget(self.plan.anchored(self.plan.record.steps.len()));
    }

    /// Reads a record's bytes, or says what is wrong with them.
    pub(super) fn record(&mut self, number: u64, bytes: &[u8], into: &mut Record) -> Result<(), Fault> {
        into.clear();
        let json = std::str::from_utf8(bytes);
        let json = json.map_err(|error| {
            Fault::Shape(format!("does not decode as UTF-8 at its byte {}", error.valid_up_to() + 1))
        })?;
        let Some(tree) = self.plan.tree(self.plan.record.steps.len()) else { return Ok(()) };
        let news = &mut self.news;
        let mut note = |name: &str, value: &str| news.note(number, name, value);
        self.gatherer.gather(json, (&self.plan, tree, Tree::ROOT), &mut self.slots, &mut note)?;
        for from in &self.from {
            into.push(from.and_then(|slot| self.slots.text(slot)));
        }
        Ok(())
    }

    /// Members of records that nobody asked for.
    pub(super) fn new_columns(&self) -> Vec<NewColumn> {
        self.news.columns.clone()
    }

    /// At the end: a column that was in no record at all is missing, as it would be in a header.
    pub(super) fn complete(&self, records: u64) -> Result<(), ReadError> {
        let columns = self.schema.sources().zip(&self.from);
        let missing = columns.filter_map(|(column, from)| match (&column.origin, from) {
            (Origin::File(name), Some(slot)) if !self.slots.ever(*slot) => Some(name.clone()),
            _ => None,
        });
        let missing: Vec<String> = missing.collect();
        if missing.is_empty() || records == 0 {
            return Ok(());
        }
        Err(bind::broken_paths(missing, self.news.columns.iter().map(|column| column.name.clone()).collect()))
    }
}

/// Members of records that nobody asked for, with what the first records say in them.
struct News<'a> {
    /// Those that are known and not wanted.
    ignore: &'a [String],
    columns: Vec<NewColumn>,
}

impl News<'_> {
    /// Records that are looked at, members that are told of, and characters of a value that are kept.
    const SAMPLED: u64 = 1000;
    const MOST: usize = 200;
    const LONGEST: usize = 100;

    fn note(&mut self, record: u64, name: &str, value: &str) {
        if record > Self::SAMPLED || name.contains('\0') || self.ignore.iter().any(|known| known == name) {
            return;
        }
        let at = self.columns.iter().position(|known| known.name == name).unwrap_or_else(|| {
            self.columns.extend((self.columns.len() < Self::MOST).then(|| NewColumn::at(name, path::from(name))));
            self.columns.len() - 1
        });
        let has_parts = value.starts_with(['{', '[']);
        let value = if value == "null" { "" } else { value.trim_matches('"') };
        if let Some(known) = self.columns.get_mut(at).filter(|known| known.name == name) {
            known.has_parts |= has_parts;
            known.values.push(value.chars().take(Self::LONGEST).collect());
        }
    }
}
