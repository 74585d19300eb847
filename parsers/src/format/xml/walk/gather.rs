//! Gathers the wanted texts of the elements that the walk enters and leaves.

use super::{Nest, Seen, Walk};
use crate::{
    format::xml::{
        events::{Start, attributes},
        path::Name,
        plan::{Node, Slot, Wanted},
        strangers::SAMPLED,
        values::Twice,
    },
    read::ReadError,
};

/// The longest text that is believed of what stands around records, in bytes: it is kept, however many there are of them.
const LONGEST: usize = 1 << 20;

impl Walk<'_> {
    /// An element that matters begins.
    #[inline]
    pub(super) fn begin(&mut self, node: usize, start: &Start<'_>) -> Result<(), ReadError> {
        let only = self.plan.node(node).and_then(Node::only);
        if let Some(slot) = only { self.find(slot) } else { self.begin_whole(node, start) }
    }

    /// One begins of which more may be wanted than its text.
    fn begin_whole(&mut self, node: usize, start: &Start<'_>) -> Result<(), ReadError> {
        let Some(&Node { record, anchor, ref text, ref whole, .. }) = self.plan.node(node) else { return Ok(()) };
        let texts = text.len();
        if whole.len() > 1 && whole.iter().any(|slot| self.values.has(*slot)) {
            self.again.push(self.open.len());
        }
        if record && !self.nest.is_empty() {
            self.begin_nested();
        } else if anchor {
            self.begin_anchor();
        }
        if record {
            self.values.doubled = false;
            self.nest_in();
            self.in_record = true;
            self.values.number += 1;
            self.values.line = self.events.first_line();
        }
        for at in 0..texts {
            if let Some(slot) = self.plan.node(node).and_then(|node| node.text.get(at).copied()) {
                self.find(slot)?;
            }
        }
        self.attributes(node, start)
    }

    /// A record begins in another, which is handed out as far as it has come.
    fn begin_nested(&mut self) {
        let whole = self.events.take_before();
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
                    self.fresh.extend(meet(&mut self.met, outer, self.values.line));
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

    fn attributes(&mut self, node: usize, start: &Start<'_>) -> Result<(), ReadError> {
        let Some(&Node { record, attributes: ref wanted, .. }) = self.plan.node(node) else { return Ok(()) };
        // What nobody wants costs no more than a look at the first records.
        if wanted.is_empty() && (!record || self.values.number > SAMPLED) {
            return Ok(());
        }
        for attribute in attributes(start) {
            let attribute = attribute.map_err(|reason| self.events.broken(reason))?;
            let (namespace, local) = self.events.attribute(&attribute);
            let is = |name: &Name| name.local == local && name.namespace.as_deref() == namespace;
            let wanted = self.plan.node(node).and_then(|node| node.attributes.iter().find(|(name, _)| is(name)));
            match wanted {
                Some(&(_, slot)) => {
                    let value = self.events.value(&attribute)?;
                    self.find(slot)?;
                    self.values.add(slot, &value);
                }
                None => self.strangers.attribute(node, record, namespace, local, self.values.number),
            }
        }
        Ok(())
    }

    /// A wanted value is there: for the first time, and not behind the records that it belongs to?
    fn find(&mut self, slot: usize) -> Result<(), ReadError> {
        let Some(wanted) = self.plan.slots.get(slot) else { return Ok(()) };
        let first = self.values.found(slot);
        if self.met.get(slot) == Some(&None) {
            self.fresh.extend(meet(&mut self.met, slot, self.events.line_of_event()));
        }
        let Wanted { path, join, late, .. } = &wanted.wanted;
        if let (false, Some(join)) = (first, join)
            && self.values.add(slot, join) > LONGEST
        {
            return Err(self.broken(format!("{path} is longer than 1 MiB")));
        }
        if wanted.anchor == self.plan.depth {
            if !self.in_record {
                return Err(self.broken(format!("{path} comes after the records in the one that it belongs to")));
            }
            if join.is_none()
                && let Some(twice) = self.twice(first)
            {
                self.values.double(slot, twice);
            }
            return Ok(());
        }
        let records = self.since(wanted.anchor);
        match (first || join.is_some(), self.values.number > records && !late) {
            (false, _) => Err(self.broken(format!("{path} is there twice, and only one can be meant"))),
            (true, true) => Err(self.broken(format!("{path} comes after the records that it belongs to"))),
            (true, false) => match self.twice(first).filter(|_| join.is_none() && !late) {
                Some(Twice::Within(node)) => {
                    let path = self.plan.path(node);
                    Err(self.broken(format!("{path} is there twice, and values out of both would stand in one row")))
                }
                _ => Ok(()),
            },
        }
    }

    /// What is there twice if a value that may be there once is found, and whether that is for the first time.
    fn twice(&self, first: bool) -> Option<Twice> {
        if !first {
            return Some(Twice::Itself);
        }
        let depth = self.again.first()?;
        self.open.get(depth - 1).copied().flatten().map(Twice::Within)
    }

    /// An element ends.
    pub(super) fn leave(&mut self) -> Option<Seen> {
        let depth = self.open.len();
        let left = self.open.pop().flatten().and_then(|node| self.plan.node(node))?;
        self.again.pop_if(|again| *again == depth);
        if left.record {
            let is_new = self.in_record;
            if is_new {
                let mut original = std::mem::take(&mut self.values.original);
                original.clear();
                original.extend_from_slice(self.events.kept());
                self.hand_out(original);
            }
            self.nest_out();
            return is_new.then_some(Seen::Record);
        }
        (left.anchor && depth + 1 == self.plan.depth).then_some(Seen::GroupEnd)
    }

    /// A stretch of text of the innermost element.
    pub(super) fn text(&mut self, text: &str) -> Result<(), ReadError> {
        let node = self.open.last().copied().flatten().and_then(|node| self.plan.node(node));
        for &slot in node.map_or(&[][..], |node| &node.text) {
            let Some(Slot { anchor, wanted }) = self.plan.slots.get(slot) else { continue };
            let late = if *anchor == self.plan.depth {
                !self.in_record
            } else {
                self.values.number > self.since(*anchor) && !wanted.late
            };
            // What indents the elements between records is no part of what was handed out with them.
            if late && !text.trim().is_empty() {
                return Err(self.broken(format!("text of {} comes after the records in it", wanted.path)));
            }
            if !late && self.values.add(slot, text) > LONGEST {
                return Err(self.broken(format!("{} is longer than 1 MiB", wanted.path)));
            }
        }
        Ok(())
    }

    /// How many records there were when the open element at this depth began.
    fn since(&self, depth: usize) -> u64 {
        self.since.get(depth.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// Notes the line on which a path is found for the first time; gives the path back if it is.
fn meet(met: &mut [Option<u64>], slot: usize, line: u64) -> Option<usize> {
    let line_of = met.get_mut(slot).filter(|known| known.is_none())?;
    *line_of = Some(line);
    Some(slot)
}
