//! Walks through a document and gathers the wanted texts, with what `quick-xml` alone would let pass: an early end, a
//! second root, a document type, a value that comes too late or twice.

use std::io;

use quick_xml::{
    XmlVersion,
    errors::Error,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use super::{
    Refusal,
    path::Path,
    plan::{Node, Plan},
    refusal,
    tap::Tap,
    values::Values,
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
    in_record: bool,
    /// What has been found.
    pub(super) values: Values,
    ever: Vec<bool>,
    new_columns: Vec<String>,
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
        let mut walk = Self { reader, buffer, plan, ignore, open, since, in_record: false, values, ever, new_columns };
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

    /// Where the text of a wanted path is kept.
    pub(super) fn slot(&self, path: &Path) -> Option<usize> {
        self.plan.slot(path)
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
                None => Err(self.other_root(start.local_name().into_inner(), refusal)),
            },
            Event::Eof => Err(self.broken("the document is empty")),
            other => self.outside(&other),
        }
    }

    fn other_root(&mut self, found: &str, refusal: Option<&Refusal>) -> ReadError {
        if let Some(refusal) = refusal.filter(|refusal| refusal.root == found) {
            let reason = refusal::reason(&mut self.reader, refusal);
            return self.broken(format!("the publisher sent no data but {found}: {reason}"));
        }
        let Some(expected) = self.plan.root() else { return self.broken("no root is expected") };
        let namespace = expected.namespace.as_deref().unwrap_or("none");
        let wanted = &expected.local;
        self.broken(format!("the document is a {found:?}, and a {wanted:?} of the namespace {namespace} is expected"))
    }

    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Seen>, ReadError> {
        if !self.in_record {
            self.reader.get_mut().kept.clear();
        }
        let event = self.reader.read_event_into(buffer);
        let event = event.map_err(|error| self.unreadable(error))?;
        match event {
            Event::Eof if self.open.is_empty() => return Ok(Some(Seen::End)),
            Event::Eof => return Err(self.broken("the document ends early: it was cut on its way; fetch it again")),
            other if self.open.is_empty() => self.outside(&other)?,
            Event::Start(start) => drop(self.enter(&start)?),
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
        let holder = parent.and_then(|parent| self.plan.node(parent)).and_then(|parent| parent.text);
        if let (Some(slot), None) = (holder, node) {
            let path = self.plan.slots.get(slot).map(|slot| slot.path.to_string()).unwrap_or_default();
            return Err(self.broken(format!("{path} should hold text alone, and holds an element")));
        }
        self.open.push(node);
        match node {
            Some(node) => self.begin(node, start)?,
            None if self.open.len() == self.plan.depth + 1 && self.in_record => self.note_new(local.into_inner()),
            None => (),
        }
        Ok(node)
    }

    fn note_new(&mut self, local: &str) {
        let known = self.new_columns.iter().chain(self.ignore).any(|known| known == local);
        if !known {
            self.new_columns.push(local.to_owned());
        }
    }

    /// An element that matters begins.
    fn begin(&mut self, node: usize, start: &BytesStart<'_>) -> Result<(), ReadError> {
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
            let is = |name: &super::path::Name| name.local == local && name.namespace.as_deref() == namespace;
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
                self.values.fault = Some(format!("has {} twice", wanted.path));
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
    fn leave(&mut self) -> Option<Seen> {
        let depth = self.open.len();
        let left = self.open.pop().flatten().and_then(|node| self.plan.node(node))?;
        if left.record {
            self.in_record = false;
            self.values.original.clone_from(&self.reader.get_ref().kept);
            return Some(Seen::Record);
        }
        (left.anchor && depth + 1 == self.plan.depth).then_some(Seen::GroupEnd)
    }

    fn text(&mut self, text: &str) {
        let node = self.open.last().copied().flatten().and_then(|node| self.plan.node(node));
        if let Some(slot) = node.and_then(|node| node.text) {
            self.values.add(slot, text);
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
