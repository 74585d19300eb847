//! Walks through a document and gathers the wanted texts; a value that comes too late or twice is not guessed at.

mod gather;
mod known;

use std::collections::VecDeque;

use super::{
    Refusal,
    events::{Event, Events, Start},
    plan::{Plan, Wanted},
    refusal,
    strangers::Strangers,
    values::{Kept, Values},
};
use crate::{decode::Text, read::ReadError};
use known::Known;

/// What the walk has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// A record's element has ended; its values are there.
    Record,
    /// The element around records has ended.
    GroupEnd,
    /// The document has come to its proper end.
    End,
}

/// A walk through a document.
pub(super) struct Walk<'a> {
    events: Events<'a>,
    buffer: Vec<u8>,
    plan: Plan,
    known: Known,
    /// The open elements, from the root on: their nodes, where they matter.
    open: Vec<Option<usize>>,
    /// How many records there were when each element on the way to the record began.
    since: Vec<u64>,
    /// Whether it is in a record that has not been handed out yet.
    in_record: bool,
    /// How deep those open elements are that came before with other values of the same row.
    again: Vec<usize>,
    /// The records that it is in, one in the other, each with what was around it.
    nest: Vec<Nest>,
    /// What has been found.
    pub(super) values: Values,
    /// The record to hand out, where records stand in records: the walk itself is on its way into the next.
    done: Values,
    /// The line on which each wanted path was found for the first time.
    met: Vec<Option<u64>>,
    /// Paths that were, and that nobody has asked about yet.
    fresh: VecDeque<usize>,
    /// Paths to text in which an element stood, each with the line of the first.
    mixed: Vec<(usize, u64)>,
    strangers: Strangers<'a>,
}

/// A record that is open.
struct Nest {
    /// How deep its element is.
    depth: usize,
    /// What was around the record around it.
    around: Vec<Kept>,
}

impl<'a> Walk<'a> {
    /// Reads up to the root element, which must be the expected one.
    pub(super) fn open(
        text: Text<'a>,
        plan: Plan,
        refusal: Option<&Refusal>,
        ignore: &'a [String],
    ) -> Result<Self, ReadError> {
        let (events, strangers, values) = (Events::new(text), Strangers::new(ignore), Values::new(plan.slots.len()));
        let (met, fresh) = (vec![None; plan.slots.len()], VecDeque::new());
        let (buffer, open, since, in_record) = (Vec::new(), Vec::new(), Vec::new(), false);
        let (again, nest, done) = (Vec::new(), Vec::new(), Values::default());
        let (mixed, known) = (Vec::new(), Known::default());
        let mut walk = Self {
            events,
            buffer,
            plan,
            known,
            open,
            since,
            in_record,
            again,
            nest,
            values,
            done,
            met,
            fresh,
            mixed,
            strangers,
        };
        while walk.open.is_empty() {
            walk.root(refusal)?;
        }
        Ok(walk)
    }

    /// Walks on to the next record, the end of a group, or the end.
    pub(super) fn next(&mut self) -> Result<Seen, ReadError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let seen = loop {
            if let Some(seen) = self.step(&mut buffer)? {
                break seen;
            }
        };
        self.buffer = buffer;
        Ok(seen)
    }

    /// Where a wanted text is kept.
    pub(super) fn slot(&self, wanted: &Wanted) -> Option<usize> {
        self.plan.slot(wanted)
    }

    /// The record that was come to last.
    pub(super) fn record(&self) -> &Values {
        if self.plan.recursive { &self.done } else { &self.values }
    }

    /// The line on which a wanted path was found for the first time, if it has been found so far.
    pub(super) fn met(&self, slot: usize) -> Option<u64> {
        self.met.get(slot).copied().flatten()
    }

    /// A wanted path that was found for the first time since this was last asked.
    pub(super) fn fresh(&mut self) -> Option<usize> {
        self.fresh.pop_front()
    }

    /// The error for paths to text in which an element stood, if one of them is among these.
    pub(super) fn holds_text(&self, slots: impl Fn(usize) -> bool) -> Result<(), ReadError> {
        let Some(&(slot, line)) = self.mixed.iter().find(|(slot, _)| slots(*slot)) else { return Ok(()) };
        let path = self.plan.slots.get(slot).map(|slot| slot.wanted.path.to_string()).unwrap_or_default();
        Err(ReadError::broken(Some(line), format!("{path} should hold text alone, and holds an element")))
    }

    /// The wanted paths.
    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What nobody asked for.
    pub(super) fn strangers(&self) -> &Strangers<'a> {
        &self.strangers
    }

    /// An error about the document, here.
    pub(super) fn broken(&self, message: impl Into<String>) -> ReadError {
        self.events.broken(message)
    }

    fn root(&mut self, refusal: Option<&Refusal>) -> Result<(), ReadError> {
        let mut buffer = Vec::new();
        match self.events.next(&mut buffer)? {
            Event::Start(start) => match self.enter(&start)? {
                Some(_) => Ok(()),
                None => Err(self.other_root(&start, refusal)),
            },
            _ => Ok(()),
        }
    }

    fn other_root(&mut self, start: &Start<'_>, refusal: Option<&Refusal>) -> ReadError {
        let found = start.local_name().into_inner();
        if let Some(refusal) = refusal.filter(|refusal| refusal.root == found) {
            let reason = refusal::reason(&mut self.events, refusal);
            return self.broken(format!("the publisher sent no data but {found}: {reason}"));
        }
        let Some(expected) = self.plan.root() else { return self.broken("no root is expected") };
        let namespace = self.events.name(start).ok().and_then(|(namespace, _)| namespace).unwrap_or("none");
        let (wanted, space) = (&expected.local, expected.namespace.as_deref().unwrap_or("none"));
        self.broken(format!(
            "the document is a {found:?} of namespace {namespace}, and a {wanted:?} of namespace {space} is expected"
        ))
    }

    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Seen>, ReadError> {
        if !self.in_record {
            self.events.forget();
        }
        match self.events.next(buffer) {
            Ok(Event::Over) => return Ok(Some(Seen::End)),
            Ok(Event::Start(start)) => {
                let is_in_record = self.in_record.then_some(self.values.number);
                self.enter(&start)?;
                // A record that stands in another ends it, as far as it goes into a row.
                if is_in_record.is_some_and(|record| record < self.values.number) {
                    return Ok(Some(Seen::Record));
                }
            }
            Ok(Event::End) => return Ok(self.leave()),
            Ok(Event::Text(text)) => self.text(&text)?,
            Ok(Event::Nothing) => (),
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    /// An element begins. Its node, if it matters.
    #[inline]
    fn enter(&mut self, start: &Start<'_>) -> Result<Option<usize>, ReadError> {
        let parent = self.open.last().copied().flatten();
        let (tag, scope) = (start.name().into_inner(), self.events.scope());
        let known = parent.and_then(|parent| self.known.get(tag, parent, scope));
        let node = if known.is_some() { known } else { self.meet(parent, start)? };
        self.open.push(node);
        if let Some(node) = node {
            self.begin(node, start)?;
        }
        Ok(node)
    }

    /// An element begins that has not been seen there so far. Its node, if it matters; else it is a stranger.
    #[inline(never)]
    fn meet(&mut self, parent: Option<usize>, start: &Start<'_>) -> Result<Option<usize>, ReadError> {
        let (tag, scope) = (start.name().into_inner(), self.events.scope());
        let (namespace, local) = self.events.name(start)?;
        let is_root = self.open.is_empty();
        let node = if parent.is_some() || is_root { self.plan.child(parent, namespace, local) } else { None };
        match (node, parent) {
            (Some(node), Some(parent)) => self.known.put(tag, parent, scope, node),
            (None, Some(parent)) => {
                let of_record = self.in_record && self.nest.last().is_some_and(|nest| nest.depth == self.open.len());
                self.strangers.element(parent, of_record, namespace, local, self.values.number);
                for &slot in self.plan.node(parent).map_or(&[][..], |parent| &parent.text) {
                    if !self.mixed.iter().any(|(known, _)| *known == slot) {
                        self.mixed.push((slot, self.events.line_of_event()));
                    }
                }
            }
            (_, None) => (),
        }
        Ok(node)
    }
}
