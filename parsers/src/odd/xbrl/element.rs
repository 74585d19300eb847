//! A small element of an instance, with all that is in it: a context, a unit, a fact.

use crate::{
    format::xml::events::{Event, Events, Start, attributes},
    read::ReadError,
};

/// The namespaces of the standard itself.
pub(super) const INSTANCE: &str = "http://www.xbrl.org/2003/instance";
pub(super) const DIMENSIONS: &str = "http://xbrl.org/2006/xbrldi";
pub(super) const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A name with its namespace, which is empty if it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) namespace: String,
    pub(super) local: String,
}

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: Name,
    pub(super) attributes: Vec<(Name, String)>,
    /// Its text; what is in the elements in it is not among it.
    pub(super) text: String,
    /// That text as a name, if it can be one where it stands.
    pub(super) said: Option<Name>,
    /// Its attribute `dimension` as a name, if it can be one where it stands.
    pub(super) dimension: Option<Name>,
    pub(super) children: Vec<Self>,
}

impl Name {
    pub(super) fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }

    /// As `{namespace}local`.
    pub(super) fn full(&self) -> String {
        if self.namespace.is_empty() { self.local.clone() } else { format!("{{{}}}{}", self.namespace, self.local) }
    }
}

impl From<(Option<&str>, &str)> for Name {
    fn from((namespace, local): (Option<&str>, &str)) -> Self {
        Self { namespace: namespace.unwrap_or_default().to_owned(), local: local.to_owned() }
    }
}

impl Element {
    /// An element that begins.
    pub(super) fn begin(events: &Events<'_>, start: &Start<'_>) -> Result<Self, ReadError> {
        let name = Name::from(events.name(start)?);
        let (mut all, mut dimension) = (Vec::new(), None);
        for attribute in attributes(start) {
            let attribute = attribute.map_err(|reason| events.broken(reason))?;
            let (name, value) = (Name::from(events.attribute(&attribute)), events.value(&attribute)?);
            if name.is("", "dimension") {
                dimension = events.resolve(value.trim()).map(Name::from);
            }
            all.push((name, value.into_owned()));
        }
        Ok(Self { name, attributes: all, dimension, ..Self::default() })
    }

    /// Reads on to its end.
    pub(super) fn fill(&mut self, events: &mut Events<'_>, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        loop {
            match events.next(buffer)? {
                Event::Start(start) => {
                    let mut child = Self::begin(events, &start)?;
                    drop(start);
                    child.fill(events, buffer)?;
                    self.children.push(child);
                }
                Event::Text(text) => self.text.push_str(&text),
                Event::End | Event::Over => {
                    self.said = events.resolve(self.text.trim()).map(Name::from);
                    return Ok(());
                }
                Event::Nothing => (),
            }
        }
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name.is(namespace, local)).map(|(_, value)| value.as_str())
    }

    /// The one element of the standard in it that is called so.
    pub(super) fn child(&self, local: &str) -> Result<&Self, String> {
        let mut found = self.children.iter().filter(|child| child.name.is(INSTANCE, local));
        match (found.next(), found.next()) {
            (Some(child), None) => Ok(child),
            (None, _) => Err(format!("has no {local}")),
            (Some(_), Some(_)) => Err(format!("has more than one {local}")),
        }
    }

    /// Its text without the white space around it, of which there must be some.
    pub(super) fn token(&self) -> Result<&str, String> {
        let text = self.text.trim();
        match (text.is_empty(), self.children.is_empty()) {
            (false, true) => Ok(text),
            (true, true) => Err(format!("has an empty {}", self.name.local)),
            (_, false) => Err(format!("has elements in its {}", self.name.local)),
        }
    }
}
