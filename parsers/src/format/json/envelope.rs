//! The way from the root of a document to its records, with what stands beside it.

use std::fmt::Write as _;

use jiter::{Jiter, Peek};
use twox_hash::XxHash3_128;

use super::{
    gather::{Gatherer, broken, is_any_twice, kind},
    path::Step,
    plan::{Plan, Tree},
    slots::Slots,
    stream::Stream,
};
use crate::{format::own_words, pointer::escaped, read::ReadError};

/// The deepest nesting that is believed beside the records.
const DEEPEST: usize = 128;

/// A walk through a document, as far as the records and no further into them.
pub(super) struct Envelope<'a> {
    pub(super) stream: Stream<'a>,
    /// Members on the way that are known and not wanted, by their pointers.
    ignore: &'a [String],
    /// The open objects and arrays, from the root on.
    open: Vec<Level>,
    /// Whether the root has been begun.
    begun: bool,
    /// How many records there were so far.
    pub(super) records: u64,
    value: Vec<u8>,
    gatherer: Gatherer,
}

/// An object or array that is open.
#[derive(Debug, Default)]
struct Level {
    object: bool,
    /// How many members have begun.
    members: u64,
    /// The name of the last of them, or its place.
    name: String,
    /// Hashes of the names so far.
    names: Vec<u128>,
    /// Whether the way to the records has led on from here.
    led_on: bool,
    /// How many records there were before it.
    since: u64,
}

impl<'a> Envelope<'a> {
    pub(super) fn new(stream: Stream<'a>, ignore: &'a [String]) -> Self {
        let (open, value, gatherer) = (Vec::new(), Vec::new(), Gatherer::default());
        Self { stream, ignore, open, begun: false, records: 0, value, gatherer }
    }

    /// Goes on to the next record, whose bytes then stand behind it, not yet taken; false at the document's proper end.
    pub(super) fn next(&mut self, plan: &Plan, slots: &mut Slots) -> Result<bool, ReadError> {
        if !self.begun {
            self.begun = true;
            if self.arrive(plan, slots)? {
                return Ok(true);
            }
        }
        while !self.open.is_empty() {
            if self.member()? {
                if self.step(plan, slots)? {
                    return Ok(true);
                }
            } else {
                self.leave(plan, slots)?;
            }
        }
        match self.stream.peek()? {
            None => Ok(false),
            Some(_) => Err(self.stream.broken("the document goes on behind its end")),
        }
    }

    /// Stands before a value on the way: opens it, or says that it is a record.
    fn arrive(&mut self, plan: &Plan, slots: &mut Slots) -> Result<bool, ReadError> {
        let depth = self.open.len();
        slots.forget(plan.anchored(depth));
        for &slot in plan.keys(depth) {
            slots.add(slot, self.open.last().map_or("", |level| &level.name), None);
        }
        if depth == plan.record.steps.len() {
            self.records += 1;
            return Ok(true);
        }
        let found = self.stream.peek()?.ok_or_else(|| self.stream.ends_early())?;
        if !matches!(found, b'{' | b'[') {
            let found = kind(Peek::new(found));
            let message = format!("{} is {found}, and the records are expected in it", self.way(depth));
            return Err(self.refused(plan, slots, message));
        }
        self.open(found == b'{')?;
        Ok(false)
    }

    /// Opens the next object or array.
    fn open(&mut self, object: bool) -> Result<(), ReadError> {
        if self.open.len() >= DEEPEST {
            return Err(self.stream.broken(format!("the document is nested more than {DEEPEST} deep")));
        }
        self.stream.take(if object { b'{' } else { b'[' })?;
        self.open.push(Level { object, since: self.records, ..Level::default() });
        Ok(())
    }

    /// Goes on to the next member of the object or array that is open; false if it has no more, and is closed.
    fn member(&mut self) -> Result<bool, ReadError> {
        let Some(level) = self.open.last_mut() else { return Ok(false) };
        let closes = if level.object { b'}' } else { b']' };
        if self.stream.take(closes)? {
            return Ok(false);
        }
        if level.members > 0 && !self.stream.take(b',')? {
            return Err(match self.stream.peek()? {
                None => self.stream.ends_early(),
                Some(_) => self.stream.broken("the JSON is broken: a comma or an end is expected"),
            });
        }
        level.name.clear();
        if level.object {
            self.stream.value(&mut self.value)?;
            let mut jiter = Jiter::new(&self.value);
            let name = jiter.next_str().map(|name| level.name.push_str(name)).and_then(|()| jiter.finish());
            name.map_err(|_no_text| self.stream.broken("the JSON is broken: a name in quotes is expected"))?;
            level.names.push(XxHash3_128::oneshot(level.name.as_bytes()));
            if !self.stream.take(b':')? {
                return Err(self.stream.broken("the JSON is broken: a colon is expected"));
            }
        } else {
            let _infallible = write!(level.name, "{}", level.members);
        }
        level.members += 1;
        Ok(true)
    }

    /// Stands before the value of a member: a record, what leads on to records, what is wanted, or neither.
    fn step(&mut self, plan: &Plan, slots: &mut Slots) -> Result<bool, ReadError> {
        let depth = self.open.len() - 1;
        let (Some(level), Some(tree)) = (self.open.last_mut(), plan.tree(depth)) else { return Ok(false) };
        let wanted = match level.name.parse() {
            Ok(place) if !level.object => tree.element(Tree::ROOT, place),
            _ => tree.member(Tree::ROOT, &level.name),
        };
        let leads_on = match plan.record.steps.get(depth) {
            Some(Step::Every) => wanted == [None, None],
            Some(Step::Name(name)) => *name == level.name,
            None => false,
        };
        if leads_on && !self.is_ignored() {
            self.open.last_mut().into_iter().for_each(|level| level.led_on = true);
            return self.arrive(plan, slots);
        }
        if wanted == [None, None] {
            self.pass()?;
        } else {
            self.take((plan, tree), wanted, slots)?;
        }
        Ok(false)
    }

    fn is_ignored(&self) -> bool {
        !self.ignore.is_empty() && self.ignore.contains(&self.way(self.open.len()))
    }

    /// Takes what stands beside the way, and keeps what is wanted of it.
    fn take(
        &mut self,
        (plan, tree): (&Plan, &Tree),
        nodes: [Option<usize>; 2],
        slots: &mut Slots,
    ) -> Result<(), ReadError> {
        let line = self.stream.line();
        let since = self.open.last().map_or(0, |level| level.since);
        self.stream.value(&mut self.value)?;
        let Ok(json) = std::str::from_utf8(&self.value) else {
            return Err(ReadError::broken(Some(line), "a byte does not decode as UTF-8"));
        };
        for node in nodes.into_iter().flatten() {
            let late = tree.below(node).filter_map(|slot| plan.slots.get(slot)).find(|wanted| !wanted.late);
            if let (Some(wanted), true) = (late, self.records > since) {
                let message = format!("{} comes after the records that it belongs to", wanted.path);
                return Err(ReadError::broken(Some(line), message));
            }
            let gathered = self.gatherer.gather(json, (plan, tree, node), slots, &mut |_, _| ());
            gathered.map_err(|fault| broken(fault, json.as_bytes(), line))?;
        }
        Ok(())
    }

    /// Passes over what nobody wants, in which nothing may be broken either.
    fn pass(&mut self) -> Result<(), ReadError> {
        let depth = self.open.len();
        loop {
            match self.stream.peek()? {
                None => return Err(self.stream.ends_early()),
                Some(found @ (b'{' | b'[')) => self.open(found == b'{')?,
                Some(_) => self.plain()?,
            }
            while self.open.len() > depth && !self.member()? {
                self.close()?;
            }
            if self.open.len() <= depth {
                return Ok(());
            }
        }
    }

    /// Passes over a text, a number or a word.
    fn plain(&mut self) -> Result<(), ReadError> {
        let line = self.stream.line();
        self.stream.value(&mut self.value)?;
        let mut jiter = Jiter::new(&self.value);
        let read = jiter.peek().and_then(|peek| match peek {
            Peek::String => jiter.known_str().map(|_text| ()),
            other => jiter.known_skip(other),
        });
        read.and_then(|()| jiter.finish()).map_err(|error| broken(error.into(), &self.value, line))
    }

    fn close(&mut self) -> Result<Level, ReadError> {
        let mut level = self.open.pop().unwrap_or_default();
        if is_any_twice(&mut level.names) {
            return Err(self.stream.broken("an object that ends here has a name twice, and only one can be meant"));
        }
        Ok(level)
    }

    /// An object or array on the way has ended.
    fn leave(&mut self, plan: &Plan, slots: &Slots) -> Result<(), ReadError> {
        let level = self.close()?;
        let depth = self.open.len();
        match plan.record.steps.get(depth) {
            Some(step @ Step::Name(_)) if !level.led_on => {
                let mut missing = plan.record.clone();
                missing.steps.truncate(depth);
                missing.steps.push(step.clone());
                Err(self.refused(plan, slots, format!("the document has no {missing}")))
            }
            _ => Ok(()),
        }
    }

    /// A document without records is a refusal, if it says why there are none.
    pub(super) fn without_refusal(&self, plan: &Plan, slots: &Slots) -> Result<(), ReadError> {
        let refusal = (self.records == 0).then(|| refusal(plan, slots)).flatten();
        refusal.map_or(Ok(()), |reason| Err(ReadError::broken(None, reason)))
    }

    /// The document is not what is expected: in the publisher's own words, if the definition knows where it says so.
    fn refused(&self, plan: &Plan, slots: &Slots, message: String) -> ReadError {
        refusal(plan, slots).map_or_else(|| self.stream.broken(message), |reason| ReadError::broken(None, reason))
    }

    /// The pointer to the value before which it stands, which is at this depth.
    fn way(&self, depth: usize) -> String {
        let names = self.open.iter().take(depth).map(|level| escaped(&level.name));
        let way = names.fold(String::new(), |way, name| way + "/" + &name);
        if way.is_empty() { "the document".to_owned() } else { way }
    }
}

/// What the publisher says in place of data, if it says anything.
fn refusal(plan: &Plan, slots: &Slots) -> Option<String> {
    let reason = plan.slots.iter().position(|wanted| wanted.refusal).and_then(|slot| slots.text(slot))?;
    let says_nothing = matches!(reason, "\"\"" | "[]" | "{}" | "false" | "0");
    let reason = own_words(reason.trim_matches('"'));
    (!says_nothing).then(|| format!("the publisher sent no data but says: {reason}"))
}
