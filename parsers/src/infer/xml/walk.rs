//! A walk through XML that keeps nothing of it but what stands where.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
};

use quick_xml::{
    XmlVersion,
    errors::Error,
    events::{BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use super::super::{
    InferError, Open, Packed,
    draft::Shape,
    tree::{Held, Tree},
};
use crate::{ReadError, decode::Content, section::quoted};

/// The deepest nesting that is believed.
const DEEPEST: usize = 128;
/// What says something to programs that check documents, and nothing to people.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What stands where in a document.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) tree: Tree,
    /// Places in which the same element stands once more.
    pub(super) recursive: BTreeSet<usize>,
    /// The root's namespace.
    namespace: Option<String>,
    /// Prefixes of the others.
    prefixes: BTreeMap<String, String>,
}

/// An element that is open.
#[derive(Debug, Default)]
struct Element {
    at: usize,
    held: Held,
    holds: bool,
    text: String,
}

/// Reads the first document of the artifact.
pub(super) fn document(packed: &Packed, open: Open<'_>) -> Result<Document, InferError> {
    let text = packed.part(Content::Xml, open)?.text().map_err(InferError::Unreadable)?;
    let mut document = Document::default();
    document.walk(NsReader::from_reader(text.bytes))?;
    Ok(document)
}

impl Document {
    /// Says which namespaces there are.
    pub(super) fn names(&self, shape: &mut Shape) {
        shape.format.extend(self.namespace.iter().map(|namespace| format!("namespace = {}", quoted(namespace))));
        let others: Vec<_> =
            self.prefixes.iter().map(|(uri, prefix)| format!("{} = {}", quoted(prefix), quoted(uri))).collect();
        if !others.is_empty() {
            shape.format.push(format!("namespaces = {{ {} }}", others.join(", ")));
        }
    }

    fn walk(&mut self, mut reader: NsReader<impl BufRead>) -> Result<(), InferError> {
        reader.config_mut().expand_empty_elements = true;
        let (mut open, mut buffer) = (vec![Element::default()], Vec::new());
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(unreadable)?;
            match event {
                Event::Start(start) if open.len() <= DEEPEST => self.enter(&reader, &start, &mut open),
                Event::Start(_) => {
                    let sentence = format!("elements of the XML document are nested more than {DEEPEST} deep");
                    return Err(InferError::Unknown(sentence));
                }
                Event::End(_) => self.leave(&mut open),
                Event::Text(text) => say(&mut open, &text.xml10_content()),
                Event::CData(text) => say(&mut open, &text.xml10_content()),
                Event::GeneralRef(_) => say(&mut open, "?"),
                Event::Eof => return Ok(()),
                _ => (),
            }
        }
    }

    fn enter(&mut self, reader: &NsReader<impl BufRead>, start: &BytesStart<'_>, open: &mut Vec<Element>) {
        let (namespace, local) = reader.resolver().resolve_element(start.name());
        let uri = if let ResolveResult::Bound(namespace) = namespace { Some(namespace.0.to_owned()) } else { None };
        if open.len() == 1 {
            self.namespace.clone_from(&uri);
        }
        let prefix = start.name().prefix().map(|prefix| prefix.as_ref().to_owned());
        let name = self.name(uri, prefix, local.as_ref());
        let Some(parent) = open.last_mut() else { return };
        parent.holds = true;
        let nested = self.tree.node(parent.at).is_some_and(|node| node.name == name);
        let at = if nested { parent.at } else { self.tree.member(parent.at, &name, &mut parent.held) };
        if nested {
            self.recursive.insert(at);
            self.tree.repeat(at);
        }
        let mut element = Element { at, ..Element::default() };
        for attribute in start.attributes().flatten() {
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            let uri = if let ResolveResult::Bound(namespace) = namespace { Some(namespace.0.to_owned()) } else { None };
            let key: &str = attribute.key.as_ref();
            if key == "xmlns" || key.starts_with("xmlns:") || uri.as_deref() == Some(INSTANCE) {
                continue;
            }
            let prefix = attribute.key.prefix().map(|prefix| prefix.as_ref().to_owned());
            let name = match uri {
                Some(uri) => self.prefixed(&uri, prefix, local.as_ref()),
                None => local.as_ref().to_owned(),
            };
            let at = self.tree.member(at, &format!("@{name}"), &mut element.held);
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default();
            self.tree.value(at, &value, true);
        }
        open.push(element);
    }

    fn leave(&mut self, open: &mut Vec<Element>) {
        let Some(Element { at, holds, text, .. }) = open.pop() else { return };
        let text = text.trim();
        if text.is_empty() || holds {
            self.tree.count(at, |node| node.objects += u64::from(holds));
        } else {
            self.tree.value(at, text, true);
        }
        let wide = self.tree.node(at).is_some_and(|node| !node.children.is_empty());
        if let Some(parent) = open.last_mut().filter(|_| wide) {
            parent.held.is_wide(at);
        }
    }

    /// An element as paths name it: without a prefix in the root's namespace, `_` before one that is in none.
    fn name(&mut self, uri: Option<String>, prefix: Option<String>, local: &str) -> String {
        match uri {
            _ if uri == self.namespace => local.to_owned(),
            None => format!("_:{local}"),
            Some(uri) => self.prefixed(&uri, prefix, local),
        }
    }

    fn prefixed(&mut self, uri: &str, prefix: Option<String>, local: &str) -> String {
        if uri == XML {
            return format!("xml:{local}");
        }
        if !self.prefixes.contains_key(uri) {
            let wished = prefix.unwrap_or_else(|| "n".to_owned());
            let taken = |prefix: &String| prefix == "_" || self.prefixes.values().any(|known| known == prefix);
            let numbered = (2_u32..).map(|number| format!("{wished}{number}"));
            let free = std::iter::once(wished.clone()).chain(numbered).find(|prefix| !taken(prefix));
            self.prefixes.insert(uri.to_owned(), free.unwrap_or_default());
        }
        format!("{}:{local}", self.prefixes.get(uri).map_or("", String::as_str))
    }
}

/// Takes up some of an element's text: whether there is any is what counts.
fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut().filter(|element| element.text.len() < 200) {
        element.text.push_str(if element.text.is_empty() { text.trim_start() } else { text });
    }
}

fn unreadable(error: Error) -> InferError {
    match error {
        Error::Io(error) => InferError::Io(std::io::Error::new(error.kind(), error.to_string())),
        other => InferError::Unreadable(ReadError::broken(None, format!("the XML is broken: {other}"))),
    }
}
