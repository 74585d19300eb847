//! Which of its layouts a document may still be of, by the paths that have appeared in it.

use super::{
    Series, Xml,
    path::Path,
    plan::{Plan, Wanted},
    values::{Twice, Values},
    walk::Walk,
};
use crate::{
    format::bind::{Candidates, Unasked},
    read::{NewColumn, ReadError},
    schema::{Origin, Schema},
};

/// The layouts of a document, and what it shows of them.
pub(super) struct Layouts<'a> {
    xml: &'a Xml,
    candidates: Candidates<'a>,
    /// Paths that all layouts have: those of a series, and the total.
    common: Vec<usize>,
    /// Paths to text in one layout that lead on to others in another.
    through: Vec<usize>,
}

impl<'a> Layouts<'a> {
    pub(super) fn new(xml: &'a Xml, schema: &'a Schema, walk: &Walk<'_>) -> Self {
        let number = |at: usize, origin: &Origin| walk.slot(&xml.wanted(schema.sources().nth(at)?, origin)?);
        let series = xml.series.iter().flat_map(Series::paths).cloned().map(Wanted::from);
        let common = series.chain(xml.total.clone().map(Wanted::total)).filter_map(|wanted| walk.slot(&wanted));
        let plan = walk.plan();
        let leads_on = |at: &usize| (0..plan.slots.len()).any(|below| is_below(plan, below, *at));
        let through = (0..plan.slots.len()).filter(leads_on).collect();
        Self { xml, candidates: Candidates::new(schema, number), common: common.collect(), through }
    }

    /// For each of the schema's sources the place where the walk keeps its text.
    pub(super) fn from(&self) -> &[Option<usize>] {
        self.candidates.from()
    }

    /// After each record, and at the end: rules out what the paths that have appeared rule out.
    pub(super) fn settle(&mut self, walk: &mut Walk<'_>) -> Result<(), ReadError> {
        if self.candidates.is_choice() {
            self.choose(walk)?;
        }
        walk.holds_text(|slot| {
            let is_own = |slot: usize| self.from().contains(&Some(slot)) || self.common.contains(&slot);
            is_own(slot) || walk.plan().around.iter().any(|(around, own)| *own == slot && is_own(*around))
        })
    }

    fn choose(&mut self, walk: &mut Walk<'_>) -> Result<(), ReadError> {
        while let Some(slot) = walk.fresh() {
            self.meet(walk, slot, true);
        }
        for at in 0..self.through.len() {
            let slot = self.through.get(at).copied().unwrap_or_default();
            if walk.record().text(slot).is_some_and(|text| !text.trim().is_empty()) {
                self.meet(walk, slot, false);
            }
        }
        if !self.candidates.is_any_left() {
            return Err(self.candidates.none_left(|slot| walk.met(slot)));
        }
        let record = walk.record();
        if self.candidates.agree(|slot| record.text(slot)) {
            Ok(())
        } else {
            Err(self.candidates.ambiguous(record.line))
        }
    }

    /// At the end of the document: a path that was in no record at all is missing, as it would be in a header.
    pub(super) fn complete(&mut self, walk: &mut Walk<'_>) -> Result<(), ReadError> {
        self.settle(walk)?;
        if walk.values.number == 0 {
            return Ok(());
        }
        let xml = self.xml;
        let unasked = || {
            let others = walk.strangers().others(walk.plan(), &xml.record, &xml.namespaces);
            let columns = strangers(xml, walk, &[]).into_iter().map(|column| column.name);
            Unasked { columns: columns.collect(), others }
        };
        self.candidates.complete(|slot| walk.met(slot).is_some(), unasked)
    }

    /// Why a record cannot be used, if something that somebody wants of it is there twice.
    pub(super) fn doubled(&self, walk: &Walk<'_>, values: &Values) -> Option<String> {
        if !values.doubled {
            return None;
        }
        let wanted = self.from().iter().flatten().chain(&self.common);
        let (slot, twice) = wanted.copied().find_map(|slot| Some((slot, values.twice(slot)?)))?;
        match twice {
            Twice::Itself => walk.plan().slots.get(slot).map(|slot| format!("has {} twice", slot.wanted.path.name())),
            Twice::Within(node) => Some(format!("has {} twice, and values out of both", walk.plan().path(node))),
        }
    }

    /// Elements and attributes of records that nobody asked for.
    pub(super) fn new_columns(&self, walk: &Walk<'_>) -> Vec<NewColumn> {
        strangers(self.xml, walk, self.candidates.ignore())
    }

    fn meet(&mut self, walk: &Walk<'_>, slot: usize, passing: bool) {
        let (plan, record) = (walk.plan(), &self.xml.record);
        let Some(Wanted { path, .. }) = plan.slots.get(slot).map(|slot| &slot.wanted) else { return };
        if self.common.contains(&slot) {
            return;
        }
        let attribute = || path.attribute.as_ref().map(|attribute| format!("@{}", attribute.local));
        let child = path.below(&record.elements).and_then(|below| match below {
            [child, ..] => Some(child.local.clone()),
            [] => attribute(),
        });
        let line = walk.met(slot).unwrap_or_default();
        self.candidates.meet(slot, line, |own, ignore| {
            let is_around = |from: &usize| plan.around.contains(&(*from, slot));
            let is_passed = |from: &usize| passing && is_below(plan, *from, slot);
            child.as_ref().is_some_and(|child| ignore.contains(child) || self.xml.ignore.contains(child))
                || own.iter().flatten().any(|from| is_around(from) || is_passed(from))
        });
    }
}

/// Elements and attributes of records that nobody asked for and neither the format ignores nor this list.
fn strangers(xml: &Xml, walk: &Walk<'_>, ignore: &[String]) -> Vec<NewColumn> {
    walk.strangers().columns(ignore, walk.plan(), &xml.record, &xml.namespaces)
}

/// Whether the way to one path leads through the element whose text is another.
fn is_below(plan: &Plan, one: usize, other: usize) -> bool {
    let path = |at: usize| plan.slots.get(at).map(|slot| &slot.wanted.path);
    let (Some(one), Some(Path { elements, attribute: None })) = (path(one), path(other)) else { return false };
    one.elements.starts_with(elements) && (one.elements.len() > elements.len() || one.attribute.is_some())
}

#[cfg(test)]
mod tests;
