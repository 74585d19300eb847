//! The XML of `OpenDocument`: elements and attributes by the namespaces that they are of, under their usual prefixes.

use std::io::BufRead;

use quick_xml::{
    XmlVersion,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use crate::{format::workbook::book::unreadable, read::ReadError};

const PREFIXES: [(&str, &str); 4] = [
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office"),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", "table"),
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text"),
    ("urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", "calcext"),
];

/// The deepest nesting that is believed.
const DEEPEST: usize = 128;

/// An element that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// What stands around sheets.
    Around,
    /// A sheet.
    Table,
    /// What stands around rows: those of a header, or of a group.
    Rows,
    Row,
    /// A cell, or one that a merged one covers.
    Cell,
    Paragraph,
    /// Blanks, a tab, a line's end.
    Space,
    Tab,
    Break,
    /// A stretch of text: a link, or one of another look.
    Span,
    Other,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Node {
    Start(Tag, Attributes),
    End,
    Text(String),
    Eof,
}

/// Attributes, by prefix and name.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number, one that is too large as the largest.
    pub(super) fn number(&self, name: &str) -> Result<Option<u32>, ReadError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(unreadable(format!("{name} is {text:?}, which is no number")));
        }
        Ok(Some(text.parse().unwrap_or(u32::MAX)))
    }

    /// How often something stands there: once, if nothing is said. What is said to be there no time is there all the same.
    pub(super) fn times(&self, name: &str) -> Result<u32, ReadError> {
        match self.number(name)? {
            Some(0) => Err(unreadable(format!("{name} is 0, and what is there is there once at least"))),
            times => Ok(times.unwrap_or(1)),
        }
    }
}

/// A document that is read.
pub(super) struct Xml<R> {
    reader: NsReader<R>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(bytes: R) -> Self {
        let mut reader = NsReader::from_reader(bytes);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Node, ReadError> {
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(unreadable)? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(unreadable(format!("elements are nested more than {DEEPEST} deep")));
                    }
                    let tag = tag(&self.reader, &start);
                    return Ok(Node::Start(tag, attributes(&self.reader, tag, &start)?));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Node::End);
                }
                Event::Text(text) => return Ok(Node::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Node::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => return character(&reference).map(Node::Text),
                Event::Eof if self.depth > 0 => return Err(unreadable("its content ends early")),
                Event::Eof => return Ok(Node::Eof),
                Event::DocType(_) => return Err(unreadable("its content brings a DOCTYPE")),
                _ => (),
            }
        }
    }

    /// Goes to the end of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let around = self.depth;
        while self.depth >= around {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(unreadable)? {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                Event::Eof => return Err(unreadable("its content ends early")),
                _ => (),
            }
        }
        Ok(())
    }
}

fn tag<R>(reader: &NsReader<R>, start: &BytesStart<'_>) -> Tag {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    match (prefix(&namespace), local.into_inner()) {
        (Some("office"), "document-content" | "body" | "spreadsheet") => Tag::Around,
        (Some("table"), "table") => Tag::Table,
        (Some("table"), "table-header-rows" | "table-row-group" | "table-rows") => Tag::Rows,
        (Some("table"), "table-row") => Tag::Row,
        (Some("table"), "table-cell" | "covered-table-cell") => Tag::Cell,
        (Some("text"), "p" | "h") => Tag::Paragraph,
        (Some("text"), "s") => Tag::Space,
        (Some("text"), "tab") => Tag::Tab,
        (Some("text"), "line-break") => Tag::Break,
        (Some("text"), _) => Tag::Span,
        _ => Tag::Other,
    }
}

fn prefix(namespace: &ResolveResult<'_>) -> Option<&'static str> {
    let ResolveResult::Bound(namespace) = namespace else { return None };
    PREFIXES.iter().find(|(known, _)| *known == namespace.0).map(|(_, prefix)| *prefix)
}

fn attributes<R>(reader: &NsReader<R>, tag: Tag, start: &BytesStart<'_>) -> Result<Attributes, ReadError> {
    let mut found = Attributes::default();
    if !matches!(tag, Tag::Table | Tag::Row | Tag::Cell | Tag::Space) {
        return Ok(found);
    }
    for attribute in start.attributes() {
        let attribute = attribute.map_err(unreadable)?;
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        if let Some(prefix) = prefix(&namespace) {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(unreadable)?;
            found.0.push((format!("{prefix}:{}", local.into_inner()), value.into_owned()));
        }
    }
    Ok(found)
}

fn character(reference: &BytesRef<'_>) -> Result<String, ReadError> {
    let known = match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character.to_string()),
        Ok(None) => resolve_xml_entity(reference).map(str::to_owned),
        Err(_) => None,
    };
    known.ok_or_else(|| unreadable(format!("the entity &{}; is none of XML's own", &**reference)))
}
