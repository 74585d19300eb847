//! Gathers the wanted texts of the elements that the walk enters and leaves.

use quick_xml::{XmlVersion, events::BytesStart, name::ResolveResult};

use super::{Seen, Walk};
use crate::{
    format::xml::{path::Name, plan::Node},
    read::ReadError,
};

impl Walk<'_> {
    /// An element that matters begins.
    pub(super) fn begin(&mut self, node: usize, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let Some(Node { anchor, record, text, .. }) = self.plan.node(node) else { return Ok(()) };
        let (anchor, record, text) = (*anchor, *record, *text);
        if anchor {
            self.begin_anchor();
        }
        if record {
            self.in_record = true;
            self.values.number += 1;
            self.values.fault = None;
            self.values.line = self.reader.get_ref().first_line();
        }
        if let Some(slot) = text {
            self.find(slot)?;
        }
        self.attributes(node, start)
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
        if wanted.anchor == self.plan.depth {
            if !first {
                self.values.fault = Some(format!("has {} twice", wanted.path.name()));
            }
            return Ok(());
        }
        let records = self.since.get(wanted.anchor.saturating_sub(1)).copied().unwrap_or_default();
        match (first, self.values.number > records) {
            (false, _) => Err(self.broken(format!("{} is there twice, and only one can be meant", wanted.path))),
            (true, true) => Err(self.broken(format!("{} comes after the records that it belongs to", wanted.path))),
            (true, false) => Ok(()),
        }
    }

    /// An element ends.
    pub(super) fn leave(&mut self) -> Option<Seen> {
        let depth = self.open.len();
        let left = self.open.pop().flatten().and_then(|node| self.plan.node(node))?;
        if left.record {
            self.in_record = false;
            self.values.original.clone_from(&self.reader.get_ref().kept);
            return Some(Seen::Record);
        }
        (left.anchor && depth + 1 == self.plan.depth).then_some(Seen::GroupEnd)
    }

    pub(super) fn text(&mut self, text: &str) {
        let node = self.open.last().copied().flatten().and_then(|node| self.plan.node(node));
        if let Some(slot) = node.and_then(|node| node.text) {
            self.values.add(slot, text);
        }
    }
}
