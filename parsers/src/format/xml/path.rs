//! Names and paths of elements: by namespace, never by prefix.

use crate::section::Section;

/// What prefixes mean in the definition's paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Namespaces {
    default: Option<String>,
    prefixed: Vec<(String, String)>,
}

/// An element's or attribute's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: Option<String>,
    pub(super) local: String,
}

/// Elements from the root on, and perhaps an attribute of the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) elements: Vec<Name>,
    pub(super) attribute: Option<Name>,
}

impl Namespaces {
    pub(super) fn define(table: &Section<'_>) -> Self {
        let default = table.optional("namespace");
        let mut prefixed = vec![("xml".to_owned(), "http://www.w3.org/XML/1998/namespace".to_owned())];
        if let Some(named) = table.optional_table("namespaces") {
            let keys = named.keys();
            prefixed.extend(keys.into_iter().filter_map(|key| Some((key.to_owned(), named.required(key)?))));
        }
        Self { default, prefixed }
    }

    fn name(&self, text: &str, default: Option<&String>) -> Result<Name, String> {
        let (namespace, local) = match text.split_once(':') {
            None => (default.cloned(), text),
            Some((prefix, local)) => {
                let found = self.prefixed.iter().find(|(known, _)| known == prefix);
                let (_, uri) = found.ok_or_else(|| format!("the prefix `{prefix}` is not one of `namespaces`"))?;
                (Some(uri.clone()), local)
            }
        };
        if local.is_empty() || local.contains(['/', '@', ' ', '*', '[']) {
            return Err(format!("{text:?} is no name of an element or attribute"));
        }
        Ok(Name { namespace, local: local.to_owned() })
    }

    /// A name as the definition would write it; none if its namespace is not one of the definition's.
    fn written(&self, name: &Name, default: Option<&String>) -> Option<String> {
        if name.namespace.as_ref() == default {
            return Some(name.local.clone());
        }
        let prefix = self.prefixed.iter().find(|(_, uri)| Some(uri) == name.namespace.as_ref());
        prefix.map(|(prefix, _)| format!("{prefix}:{}", name.local))
    }
}

impl Path {
    /// This path as the definition would write it, from a record's element on.
    pub(super) fn written(&self, record: &Self, namespaces: &Namespaces) -> Option<String> {
        let shared = record.elements.iter().zip(&self.elements).take_while(|(one, other)| one == other).count();
        let out = record.elements.iter().skip(shared).map(|_| Some("..".to_owned()));
        let names = self.elements.iter().skip(shared);
        let within = names.map(|name| namespaces.written(name, namespaces.default.as_ref()));
        let attribute = self.attribute.as_ref().map(|name| Some(format!("@{}", namespaces.written(name, None)?)));
        let parts: Option<Vec<String>> = out.chain(within).chain(attribute).collect();
        parts.map(|parts| parts.join("/"))
    }

    /// A path of elements from the root on, such as `Document/Series/Point`, with or without a slash before it.
    pub(super) fn absolute(text: &str, namespaces: &Namespaces) -> Result<Self, String> {
        let text = text.strip_prefix('/').unwrap_or(text);
        let name = |part| namespaces.name(part, namespaces.default.as_ref());
        Ok(Self { elements: text.split('/').map(name).collect::<Result<_, _>>()?, attribute: None })
    }

    /// What it is below `around`, if it is below it.
    pub(super) fn below(&self, around: &[Name]) -> Option<&[Name]> {
        self.elements.strip_prefix(around)
    }

    /// The name at its end.
    pub(super) fn name(&self) -> &str {
        self.attribute.as_ref().or(self.elements.last()).map_or("", |name| &name.local)
    }

    /// A path from this element on: `price`, `../resolution`, `.`, `../mRID/@codingScheme`; or from the root on:
    /// `/Document/@version`.
    pub(super) fn relative(&self, text: &str, namespaces: &Namespaces) -> Result<Self, String> {
        let (mut path, rest) = match text.strip_prefix('/') {
            Some(rest) => (Self { elements: Vec::new(), attribute: None }, rest),
            None => (self.clone(), text),
        };
        let mut parts = rest.split('/').peekable();
        while let Some(part) = parts.next() {
            match (part, part.strip_prefix('@')) {
                (".", _) => (),
                ("..", _) if path.elements.len() > 1 => drop(path.elements.pop()),
                ("..", _) => return Err(format!("{text:?} leads out of the document")),
                (_, Some(attribute)) if parts.peek().is_none() => {
                    path.attribute = Some(namespaces.name(attribute, None)?);
                }
                (_, Some(_)) => return Err(format!("{text:?}: an attribute comes last")),
                _ => path.elements.push(namespaces.name(part, namespaces.default.as_ref())?),
            }
        }
        Ok(path)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.elements.iter().map(|name| name.local.as_str()).collect();
        f.write_str(&names.join("/"))?;
        self.attribute.iter().try_for_each(|attribute| write!(f, "/@{}", attribute.local))
    }
}
