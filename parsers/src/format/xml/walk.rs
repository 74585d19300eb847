//! Walks through a document and gathers the wanted texts, with what `quick-xml` alone would let pass: an early end, a
//! second root, a document type, a value that comes too late or twice.

mod gather;

use std::io;

use quick_xml::{
    errors::Error,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use super::{
    Refusal,
    plan::{Plan, Wanted},
    refusal,
    tap::Tap,
    values::{Kept, Values},
};
use crate::{decode::Text, read::ReadError};

/// The deepest nesting that is believed.
const DEEPEST: usize = 128;

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
    reader: NsReader<Tap<'a>>,
    buffer: Vec<u8>,
    plan: Plan,
    ignore: &'a [String],
    /// The open elements, from the root on: their nodes, where they matter.
    open: Vec<Option<usize>>,
    /// How many records there were when each element on the way to the record began.
    since: Vec<u64>,
    /// Whether it is in a record that has not been handed out yet.
    in_record: bool,
    /// The records that it is in, one in the other, each with what was around it.
    nest: Vec<Nest>,
    /// Bytes that were kept before the event that is looked at.
    before: usize,
    /// What has been found.
    pub(super) values: Values,
    /// The record to hand out, where records stand in records: the walk itself is on its way into the next.
    done: Values,
    ever: Vec<bool>,
    new_columns: Vec<String>,
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
        let mut reader = NsReader::from_reader(Tap::new(text));
        reader.config_mut().expand_empty_elements = true;
        let values = Values::new(plan.slots.len());
        let ever = vec![false; plan.slots.len()];
        let (buffer, open, since, new_columns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (in_record, nest, before, done) = (false, Vec::new(), 0, Values::default());
        let mut walk = Self {
            reader,
            buffer,
            plan,
            ignore,
            open,
            since,
            in_record,
            nest,
            before,
            values,
            done,
            ever,
            new_columns,
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
            buffer.clear();
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

    /// Whether a wanted path has been found anywhere in the document so far.
    pub(super) fn ever(&self, slot: usize) -> bool {
        self.ever.get(slot).copied().unwrap_or(false)
    }

    /// Elements in records that nobody asked for.
    pub(super) fn new_columns(&self) -> &[String] {
        &self.new_columns
    }

    /// The line that the walk has come to.
    pub(super) fn line(&self) -> u64 {
        self.reader.get_ref().line()
    }

    /// An error about the document, here.
    pub(super) fn broken(&self, message: impl Into<String>) -> ReadError {
        ReadError::broken(Some(self.line()), message)
    }

    fn root(&mut self, refusal: Option<&Refusal>) -> Result<(), ReadError> {
        let mut buffer = Vec::new();
        let event = self.reader.read_event_into(&mut buffer);
        match event.map_err(|error| self.unreadable(error))? {
            Event::Start(start) => match self.enter(&start)? {
                Some(_) => Ok(()),
                None => Err(self.other_root(&start, refusal)),
            },
            Event::Eof => Err(self.broken("the document is empty")),
            other => self.outside(&other),
        }
    }

    fn other_root(&mut self, start: &BytesStart<'_>, refusal: Option<&Refusal>) -> ReadError {
        let found = start.local_name().into_inner();
        if let Some(refusal) = refusal.filter(|refusal| refusal.root == found) {
            let reason = refusal::reason(&mut self.reader, refusal);
            return self.broken(format!("the publisher sent no data but {found}: {reason}"));
        }
        let Some(expected) = self.plan.root() else { return self.broken("no root is expected") };
        let namespace = match self.reader.resolver().resolve_element(start.name()).0 {
            ResolveResult::Bound(namespace) => namespace.0,
            ResolveResult::Unbound | ResolveResult::Unknown(_) => "none",
        };
        let (wanted, space) = (&expected.local, expected.namespace.as_deref().unwrap_or("none"));
        self.broken(format!(
            "the document is a {found:?} of namespace {namespace}, and a {wanted:?} of namespace {space} is expected"
        ))
    }

    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Seen>, ReadError> {
        if !self.in_record {
            self.reader.get_mut().kept.clear();
        }
        self.before = self.reader.get_ref().kept.len();
        let event = self.reader.read_event_into(buffer);
        let event = event.map_err(|error| self.unreadable(error))?;
        match event {
            Event::Eof if self.open.is_empty() => return Ok(Some(Seen::End)),
            Event::Eof => return Err(self.broken("the document ends early: it was cut on its way; fetch it again")),
            other if self.open.is_empty() => self.outside(&other)?,
            Event::Start(start) => {
                let is_in_record = self.in_record.then_some(self.values.number);
                self.enter(&start)?;
                // A record that stands in another ends it, as far as it goes into a row.
                if is_in_record.is_some_and(|record| record < self.values.number) {
                    return Ok(Some(Seen::Record));
                }
            }
            Event::End(_) => return Ok(self.leave()),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference)?,
            other => self.outside(&other)?,
        }
        Ok(None)
    }

    /// What may stand outside of the root, or anywhere without meaning.
    fn outside(&self, event: &Event<'_>) -> Result<(), ReadError> {
        match event {
            Event::Start(_) => Err(self.broken("the document goes on behind its end with a second root")),
            Event::DocType(_) => Err(self.broken("the document brings a DOCTYPE, and data does not need one")),
            Event::Text(text) if !text.trim().is_empty() => Err(self.broken("there is text outside of the document")),
            Event::CData(_) | Event::GeneralRef(_) => Err(self.broken("there is text outside of the document")),
            Event::Decl(declared) => match declared.encoding() {
                Some(Ok(label)) if !self.reader.get_ref().is_declared(&label) => {
                    Err(self.broken(format!("the document says that it is {label}, and its definition does not")))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// An element begins. Its node, if it matters.
    fn enter(&mut self, start: &BytesStart<'_>) -> Result<Option<usize>, ReadError> {
        if self.open.len() >= DEEPEST {
            return Err(self.broken(format!("elements are nested more than {DEEPEST} deep")));
        }
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => Some(namespace.0),
            ResolveResult::Unbound => None,
            ResolveResult::Unknown(_) => return Err(self.broken("an element's prefix has no namespace")),
        };
        let parent = self.open.last().copied().flatten();
        let node = match (self.open.is_empty(), parent) {
            (false, None) => None,
            (_, parent) => self.plan.child(parent, namespace, local.into_inner()),
        };
        let holder = parent.and_then(|parent| self.plan.node(parent)).and_then(|parent| parent.text.first());
        if let (Some(&slot), None) = (holder, node) {
            let path = self.plan.slots.get(slot).map(|slot| slot.wanted.path.to_string()).unwrap_or_default();
            return Err(self.broken(format!("{path} should hold text alone, and holds an element")));
        }
        self.open.push(node);
        match node {
            Some(node) => self.begin(node, start)?,
            None if self.in_record && self.nest.last().is_some_and(|nest| nest.depth + 1 == self.open.len()) => {
                self.note_new(local.into_inner());
            }
            None => (),
        }
        Ok(node)
    }

    fn note_new(&mut self, local: &str) {
        let known = self.new_columns.iter().chain(self.ignore).any(|known| known == local);
        if !known && !local.contains('\0') {
            self.new_columns.push(local.to_owned());
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), ReadError> {
        let unknown = || format!("the entity &{}; is none of XML's own", &**reference);
        match reference.resolve_char_ref() {
            Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
            Ok(None) => match resolve_xml_entity(reference) {
                Some(text) => self.text(text),
                None => return Err(self.broken(unknown())),
            },
            Err(_) => return Err(self.broken(unknown())),
        }
        Ok(())
    }

    fn unreadable(&self, error: Error) -> ReadError {
        match error {
            Error::Io(error) => ReadError::reading(io::Error::new(error.kind(), error.to_string())),
            other => self.broken(format!("the XML is broken on line {}: {other}", self.line())),
        }
    }
}
