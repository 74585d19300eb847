//! A document's events, with what `quick-xml` alone would let pass: an early end, a second root, a document type, text
//! outside of the root, entities of the document's own, nesting and attributes without end.

mod reference;
mod tag;

use std::{borrow::Cow, io};

use quick_xml::{
    XmlVersion,
    errors::Error,
    events::{
        BytesStart, Event as Read,
        attributes::{Attribute, Attributes},
    },
    name::{NamespaceResolver, QName, ResolveResult},
    reader::Reader,
};

use super::tap::Tap;
use crate::{decode::Text, read::ReadError};

/// The deepest nesting that is believed.
const DEEPEST: usize = 128;

/// The most attributes of one element that are believed.
const MOST_ATTRIBUTES: usize = 1000;

/// An element as it begins, with its attributes.
pub(crate) type Start<'e> = BytesStart<'e>;

/// An element's attributes, those that declare namespaces among them, or why there are no more to be read. That none is
/// there twice has been looked at when the element began.
pub(crate) fn attributes<'e>(start: &'e Start<'_>) -> impl Iterator<Item = Result<Attribute<'e>, String>> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    readable(attributes)
}

/// No more of them than are believed.
fn readable(attributes: Attributes<'_>) -> impl Iterator<Item = Result<Attribute<'_>, String>> {
    attributes.enumerate().map(|(at, attribute)| match attribute {
        _ if at == MOST_ATTRIBUTES => Err(format!("an element has more than {MOST_ATTRIBUTES} attributes")),
        attribute => attribute.map_err(|error| unreadable(&error)),
    })
}

fn unreadable(error: &dyn std::error::Error) -> String {
    format!("an attribute cannot be read: {error}")
}

/// What comes next in a document.
pub(crate) enum Event<'e> {
    /// An element begins.
    Start(Start<'e>),
    /// The innermost open element ends.
    End,
    /// A stretch of its text.
    Text(Cow<'e, str>),
    /// What says nothing: a comment, an instruction.
    Nothing,
    /// The document has come to its proper end.
    Over,
}

/// A document on its way to events, with the bytes that it has read since they were last forgotten.
pub(crate) struct Events<'a> {
    reader: Reader<Tap<'a>>,
    names: NamespaceResolver,
    /// How deep the open elements are that declare namespaces, and how often such elements have begun or ended.
    declaring: Vec<usize>,
    scope: u64,
    /// Whether the element that has just ended is one of them: what it says can still be resolved.
    ending: bool,
    /// How many elements are open.
    depth: usize,
    /// Whether the root has begun.
    begun: bool,
    /// Bytes that were kept before the event that is looked at.
    before: usize,
}

impl<'a> Events<'a> {
    pub(crate) fn new(text: Text<'a>) -> Self {
        let mut reader = Reader::from_reader(Tap::new(text));
        reader.config_mut().expand_empty_elements = true;
        // A comment whose end is damaged would go on to that of the next.
        reader.config_mut().check_comments = true;
        let (names, declaring) = (NamespaceResolver::default(), Vec::new());
        Self { reader, names, declaring, scope: 0, ending: false, depth: 0, begun: false, before: 0 }
    }

    /// Reads the next event into a buffer of the caller's.
    #[expect(
        clippy::inline_always,
        reason = "there are so many that a call and a result that is moved are a twentieth of all work"
    )]
    #[inline(always)]
    pub(crate) fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, ReadError> {
        buffer.clear();
        if std::mem::take(&mut self.ending) {
            self.names.pop();
            self.scope += 1;
        }
        self.before = self.reader.get_ref().taken();
        // Taken apart where it comes: an event is large, and there are many.
        match self.reader.read_event_into(buffer) {
            Ok(Read::Start(start)) => self.start(start),
            Ok(Read::End(_)) => {
                self.end();
                Ok(Event::End)
            }
            Ok(Read::Text(text)) if self.depth > 0 && !self.reader.get_ref().has_returns() => {
                Ok(Event::Text(text.into_inner()))
            }
            Ok(Read::Text(text)) if self.depth > 0 => Ok(Event::Text(text.xml10_content())),
            Ok(Read::CData(text)) if self.depth > 0 => Ok(Event::Text(text.xml10_content())),
            Ok(Read::GeneralRef(reference)) if self.depth > 0 => self.reference(&reference),
            Ok(Read::Eof) if self.depth > 0 => {
                Err(self.broken("the document ends early: it was cut on its way; fetch it again"))
            }
            Ok(Read::Eof) if self.begun => Ok(Event::Over),
            Ok(Read::Eof) => Err(self.broken("the document is empty")),
            Ok(other) => self.outside(&other).map(|()| Event::Nothing),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// An element's name: its namespace, if it has one, and its local name.
    pub(crate) fn name<'e>(&self, start: &'e Start<'_>) -> Result<(Option<&str>, &'e str), ReadError> {
        self.check_name(start)?;
        let (namespace, local) = self.names.resolve_element(start.name());
        match namespace {
            ResolveResult::Bound(namespace) => Ok((Some(namespace.0), local.into_inner())),
            ResolveResult::Unbound => Ok((None, local.into_inner())),
            ResolveResult::Unknown(_) => Err(self.broken("an element's prefix has no namespace")),
        }
    }

    /// An attribute's name: its namespace, if it has one, and its local name.
    pub(crate) fn attribute<'e>(&self, attribute: &Attribute<'e>) -> (Option<&str>, &'e str) {
        let (namespace, local) = self.names.resolve_attribute(attribute.key);
        let namespace = if let ResolveResult::Bound(namespace) = namespace { Some(namespace.0) } else { None };
        (namespace, local.into_inner())
    }

    /// An attribute's value.
    pub(crate) fn value<'e>(&self, attribute: &Attribute<'e>) -> Result<Cow<'e, str>, ReadError> {
        attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| self.broken(unreadable(&error)))
    }

    /// A name that stands in a text or in the value of an attribute: its namespace, if it has one, and its local name. None
    /// if its prefix has no namespace here, or if it can be no name.
    pub(crate) fn resolve<'e>(&self, text: &'e str) -> Option<(Option<&str>, &'e str)> {
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c == '/') || text.split(':').count() > 2 {
            return None;
        }
        let (namespace, local) = self.names.resolve(QName(text), true);
        match namespace {
            ResolveResult::Bound(namespace) => Some((Some(namespace.0), local.into_inner())),
            ResolveResult::Unbound => Some((None, local.into_inner())),
            ResolveResult::Unknown(_) => None,
        }
    }

    /// A number that changes with the namespaces that names stand for.
    pub(super) fn scope(&self) -> u64 {
        self.scope
    }

    /// Forgets the bytes that were kept.
    pub(crate) fn forget(&mut self) {
        let tap = self.reader.get_mut();
        tap.forget(tap.taken());
    }

    /// The bytes since then.
    pub(crate) fn kept(&self) -> &[u8] {
        self.reader.get_ref().kept()
    }

    /// Takes those before the last event.
    pub(super) fn take_before(&mut self) -> Vec<u8> {
        let (tap, before) = (self.reader.get_mut(), std::mem::take(&mut self.before));
        let taken = tap.kept().get(..before).unwrap_or_default().to_vec();
        tap.forget(before);
        taken
    }

    /// The line on which the kept bytes begin, from 1.
    pub(crate) fn first_line(&self) -> u64 {
        self.reader.get_ref().line_of(0)
    }

    /// The line on which the last event begins, from 1.
    pub(crate) fn line_of_event(&self) -> u64 {
        self.reader.get_ref().line_of(self.before)
    }

    /// An error about the document, here.
    pub(crate) fn broken(&self, message: impl Into<String>) -> ReadError {
        ReadError::broken(Some(self.reader.get_ref().line()), message)
    }

    fn start<'b>(&mut self, start: Start<'b>) -> Result<Event<'b>, ReadError> {
        if self.begun && self.depth == 0 {
            return Err(self.broken("the document goes on behind its end with a second root"));
        }
        if self.depth >= DEEPEST {
            return Err(self.broken(format!("elements are nested more than {DEEPEST} deep")));
        }
        let attributes = start.attributes_raw();
        if !attributes.is_empty() && !tag::is_plain(attributes) {
            self.declare(&start)?;
            self.check_attributes(&start)?;
        }
        self.depth += 1;
        self.begun = true;
        Ok(Event::Start(start))
    }

    /// Takes the namespaces that an element declares, if it does.
    fn declare(&mut self, start: &Start<'_>) -> Result<(), ReadError> {
        if memchr::memmem::find(start.attributes_raw().as_bytes(), b"xmlns").is_some() {
            self.declaring.push(self.depth);
            self.scope += 1;
            self.names.push(start).map_err(|error| self.unreadable(error.into()))?;
        }
        Ok(())
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.ending = self.declaring.pop_if(|depth| *depth == self.depth).is_some();
    }

    /// What may stand outside of the root, or anywhere without meaning.
    fn outside(&self, event: &Read<'_>) -> Result<(), ReadError> {
        match event {
            Read::DocType(_) => Err(self.broken("the document brings a DOCTYPE, and data does not need one")),
            Read::Text(text) if !text.trim().is_empty() => Err(self.broken("there is text outside of the document")),
            Read::CData(_) | Read::GeneralRef(_) => Err(self.broken("there is text outside of the document")),
            Read::Decl(declared) => match declared.encoding() {
                Some(Ok(label)) if !self.reader.get_ref().is_declared(&label) => {
                    Err(self.broken(format!("the document says that it is {label}, and its definition does not")))
                }
                Some(Err(error)) => Err(self.broken(format!("the document's declaration cannot be read: {error}"))),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn unreadable(&self, error: Error) -> ReadError {
        match error {
            Error::Io(error) => ReadError::reading(io::Error::new(error.kind(), error.to_string())),
            other => {
                let line = self.reader.get_ref().line();
                self.broken(format!("the XML is broken on line {line}: {other}"))
            }
        }
    }
}
