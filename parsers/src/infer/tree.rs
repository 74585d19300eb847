//! The records of a tree: the element that comes again and again, and what is in it.

use std::collections::BTreeMap;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{InferError, Packed, draft::Shape};
use crate::section::quoted;

/// An element as it stands in the document's beginning.
#[derive(Debug, Default)]
struct Element {
    times: u64,
    /// How often there is a child that holds text and nothing else, at whatever depth, or an attribute with `@` before it.
    leaves: BTreeMap<String, u64>,
}

/// The elements, by their paths, as far as they have the root's namespace.
#[derive(Debug, Default)]
struct Elements {
    found: BTreeMap<Vec<String>, Element>,
    prefix: Option<String>,
    namespace: Option<String>,
}

/// Shape of an XML document.
pub(super) fn xml(packed: &Packed) -> Result<Shape, InferError> {
    let text = packed.head.trim_start_matches('\u{feff}').trim_start();
    if text.get(..200).unwrap_or(text).to_ascii_lowercase().contains("<html") {
        return Err(InferError::Unknown("the file is a web page".to_owned()));
    }
    let mut elements = Elements::default();
    elements.walk(text);
    let worth = |element: &Element| element.times * element.leaves.len() as u64;
    let repeated = elements.found.iter().filter(|(_, element)| element.times > 1 && !element.leaves.is_empty());
    let best = repeated.max_by_key(|(path, element)| (worth(element), std::cmp::Reverse(path.len())));
    let Some((path, element)) = best else {
        return Err(InferError::Unknown("no element comes again and again in the XML document".to_owned()));
    };
    let mut format = vec!["kind = \"xml\"".to_owned()];
    format.extend(elements.namespace.iter().map(|namespace| format!("namespace = {}", quoted(namespace))));
    format.push(format!("record = {}  # GUESS: the element that is one row", quoted(&path.join("/"))));
    let (once, several): (Vec<_>, Vec<_>) = element.leaves.iter().partition(|(_, times)| **times <= element.times);
    let columns = once.into_iter().map(|(name, times)| (name.clone(), *times < element.times)).collect();
    Ok(Shape { format, columns, several: several.into_iter().map(|(name, _)| name.clone()).collect() })
}

impl Elements {
    /// Looks at each element as far as the text goes; it may end within one.
    fn walk(&mut self, text: &str) {
        let mut reader = Reader::from_str(text);
        let (mut path, mut is_leaf) = (Vec::new(), false);
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(start) => {
                    self.enter(&start, &mut path);
                    is_leaf = true;
                }
                Event::Empty(start) => {
                    self.enter(&start, &mut path);
                    self.leave(&mut path, true);
                    is_leaf = false;
                }
                Event::End(_) => {
                    self.leave(&mut path, is_leaf);
                    is_leaf = false;
                }
                Event::Eof => return,
                _ => (),
            }
        }
    }

    fn enter(&mut self, start: &BytesStart<'_>, path: &mut Vec<String>) {
        let name = start.name();
        let prefix = name.prefix().map(|prefix| prefix.as_ref().to_owned());
        if path.is_empty() {
            let declaration = prefix.as_ref().map_or("xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
            let declared = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == declaration);
            self.namespace = declared.map(|attribute| attribute.value.into_owned());
            self.prefix.clone_from(&prefix);
        }
        // Elements of another namespace are known by their prefix here, and passed over.
        let foreign = prefix.filter(|prefix| Some(prefix) != self.prefix.as_ref());
        path.push(foreign.map_or_else(|| start.local_name().as_ref().to_owned(), |prefix| format!("{prefix}:")));
        if path.iter().all(|name| !name.ends_with(':')) {
            let element = self.found.entry(path.clone()).or_default();
            element.times += 1;
            let attributes = start.attributes().flatten().map(|attribute| attribute.key.as_ref().to_owned());
            let named = attributes.filter(|name| !name.contains(':') && name != "xmlns");
            named.for_each(|name| *element.leaves.entry(format!("@{name}")).or_default() += 1);
        }
    }

    /// Leaves an element; if it holds nothing but text, those around it know.
    fn leave(&mut self, path: &mut Vec<String>, is_leaf: bool) {
        let native = path.iter().all(|name| !name.ends_with(':'));
        for around in (1..path.len()).filter(|_| is_leaf && native) {
            let (outer, inner) = path.split_at(around);
            if let Some(element) = self.found.get_mut(outer) {
                *element.leaves.entry(inner.join("/")).or_default() += 1;
            }
        }
        path.pop();
    }
}
