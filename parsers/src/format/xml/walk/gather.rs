//! Gathers the wanted texts of the elements that the walk enters and leaves.

use quick_xml::{XmlVersion, events::BytesStart, name::ResolveResult};

use super::{Nest, Seen, Walk};
use crate::{
    format::xml::{
        path::Name,
        plan::{Node, Wanted},
    },
    read::ReadError,
};

impl Walk<'_> {
    /// An element that matters begins.
    pub(super) fn begin(&mut self, node: usize, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let Some(Node { anchor, record, text, .. }) = self.plan.node(node) else { return Ok(()) };
        let (anchor, record, text) = (*anchor, *record, text.clone());
        if record && !self.nest.is_empty() {
            self.begin_nested();
        } else if anchor {
            self.begin_anchor();
        }
        if record {
            self.nest_in();
            self.in_record = true;
            self.values.number += 1;
            self.values.fault = None;
            self.values.line = self.reader.get_ref().first_line();
        }
        for slot in text {
            self.find(slot)?;
        }
        self.attributes(node, start)
    }

    /// A record begins in another, which is handed out as far as it has come.
    fn begin_nested(&mut self) {
        let rest = self.reader.get_mut().kept.split_off(self.before);
        let whole = std::mem::replace(&mut self.reader.get_mut().kept, rest);
        if self.in_record {
            self.hand_out(whole);
        }
    }

    /// What the record around says is around this one.
    fn nest_in(&mut self) {
        let mut around = Vec::new();
        if !self.nest.is_empty() {
            for &(outer, own) in &self.plan.around {
                around.push(self.values.take(outer));
                self.values.follow(outer, own);
                if self.values.text(outer).is_some() {
                    self.ever.get_mut(outer).into_iter().for_each(|ever| *ever = true);
                }
            }
            self.plan.slots.iter().enumerate().filter(|(_, slot)| slot.anchor == self.plan.depth).for_each(
                |(at, _)| {
                    self.values.forget(at);
                },
            );
        }
        self.nest.push(Nest { depth: self.open.len(), around });
    }

    /// What is around the record around is what it was.
    fn nest_out(&mut self) {
        let Some(Nest { around, .. }) = self.nest.pop() else { return };
        for (text, &(outer, own)) in around.into_iter().zip(&self.plan.around) {
            self.values.follow(own, outer);
            self.values.put(outer, text);
        }
    }

    fn hand_out(&mut self, original: Vec<u8>) {
        self.in_record = false;
        self.values.original = original;
        if self.plan.recursive {
            self.done.copy(&self.values);
        }
    }

    /// An element on the way to the record begins: what belonged to the one before it is forgotten.
    fn begin_anchor(&mut self) {
        let depth = self.open.len();
        self.since.truncate(depth - 1);
        self.since.push(self.values.number);
        for (at, slot) in self.plan.slots.iter().enumerate() {
            if slot.anchor == depth {
                self.values.forget(at);
            }
        }
    }

    fn attributes(&mut self, node: usize, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let wanted = self.plan.node(node).map(|node| node.attributes.clone()).unwrap_or_default();
        if wanted.is_empty() {
            return Ok(());
        }
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.broken(format!("an attribute cannot be read: {error}")))?;
            let (namespace, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let namespace = if let ResolveResult::Bound(namespace) = namespace { Some(namespace.0) } else { None };
            let local = local.into_inner();
            let is = |name: &Name| name.local == local && name.namespace.as_deref() == namespace;
            if let Some(&(_, slot)) = wanted.iter().find(|(name, _)| is(name)) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.broken(format!("an attribute cannot be read: {error}")))?;
                self.find(slot)?;
                self.values.add(slot, &value);
            }
        }
        Ok(())
    }

    /// A wanted value is there: for the first time, and not behind the records that it belongs to?
    fn find(&mut self, slot: usize) -> Result<(), ReadError> {
        let Some(wanted) = self.plan.slots.get(slot) else { return Ok(()) };
        let first = self.values.found(slot);
        if let Some(ever) = self.ever.get_mut(slot) {
            *ever = true;
        }
        let Wanted { path, join, late, .. } = &wanted.wanted;
        if let (false, Some(join)) = (first, join) {
            self.values.add(slot, join);
        }
        if wanted.anchor == self.plan.depth {
            if !self.in_record {
                return Err(self.broken(format!("{path} comes after the records in the one that it belongs to")));
            }
            if !first && join.is_none() {
                self.values.fault = Some(format!("has {} twice", path.name()));
            }
            return Ok(());
        }
        let records = self.since.get(wanted.anchor.saturating_sub(1)).copied().unwrap_or_default();
        match (first || join.is_some(), self.values.number > records && !late) {
            (false, _) => Err(self.broken(format!("{path} is there twice, and only one can be meant"))),
            (true, true) => Err(self.broken(format!("{path} comes after the records that it belongs to"))),
            (true, false) => Ok(()),
        }
    }

    /// An element ends.
    pub(super) fn leave(&mut self) -> Option<Seen> {
        let depth = self.open.len();
        let left = self.open.pop().flatten().and_then(|node| self.plan.node(node))?;
        if left.record {
            let is_new = self.in_record;
            if is_new {
                let mut original = std::mem::take(&mut self.values.original);
                original.clone_from(&self.reader.get_ref().kept);
                self.hand_out(original);
            }
            self.nest_out();
            return is_new.then_some(Seen::Record);
        }
        (left.anchor && depth + 1 == self.plan.depth).then_some(Seen::GroupEnd)
    }

    pub(super) fn text(&mut self, text: &str) {
        let node = self.open.last().copied().flatten().and_then(|node| self.plan.node(node));
        for &slot in node.map_or(&[][..], |node| &node.text) {
            self.values.add(slot, text);
        }
    }
}
