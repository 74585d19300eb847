//! Paths into a document: JSON pointers, with a star for every member and `..` for what is around.

use crate::pointer::{escaped, unescaped};

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The member of this name, or the element at this place, from 0.
    Name(String),
    /// Every member or element.
    Every,
}

/// What names the member itself, in place of its value.
const KEY: &str = "~key";

/// What `from` says for a member of a record, if it can.
pub(super) fn from(member: &str) -> Option<String> {
    let has_meaning = matches!(member, "" | "." | ".." | "*");
    (!has_meaning).then(|| escaped(member))
}

/// Steps from the root on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    /// Whether the last member's name is meant, or its place in an array, and not its value.
    pub(super) key: bool,
}

impl Path {
    /// A path from the root on: `/response/data/*`, or `/` for the root itself.
    pub(super) fn absolute(text: &str) -> Result<Self, String> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(format!("{text:?} does not begin at the root: write \"/{text}\""));
        };
        if rest.is_empty() { Ok(Self::default()) } else { Self::default().down(text, rest) }
    }

    /// A path from this record on: `id`, `cve/id`, `names/*`, `names/0`, `../../division`, `..`'s name `../~key`; one
    /// that begins with a slash begins at the root.
    pub(super) fn relative(&self, text: &str) -> Result<Self, String> {
        if text.starts_with('/') { Self::absolute(text) } else { self.clone().down(text, text) }
    }

    fn down(mut self, text: &str, rest: &str) -> Result<Self, String> {
        for part in rest.split('/') {
            if self.key {
                return Err(format!("{text:?}: {KEY} comes last"));
            }
            match part {
                ".." if self.steps.pop().is_none() => return Err(format!("{text:?} leads out of the document")),
                "." | ".." => (),
                "*" => self.steps.push(Step::Every),
                KEY if self.steps.is_empty() => return Err(format!("{text:?}: the root has no name")),
                KEY => self.key = true,
                "" => return Err(format!("{text:?} has a step without a name")),
                name => self.steps.push(Step::Name(unescaped(name))),
            }
        }
        Ok(self)
    }

    /// How many steps it has in common with another.
    pub(super) fn shared(&self, other: &Self) -> usize {
        self.steps.iter().zip(&other.steps).take_while(|(one, other)| one == other).count()
    }

    /// Whether it leads to any number of values: a star below the `record`.
    pub(super) fn is_many(&self, record: &Self) -> bool {
        self.steps.iter().skip(self.shared(record)).any(|step| *step == Step::Every)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.steps.is_empty() {
            f.write_str("/")?;
        }
        for step in &self.steps {
            match step {
                Step::Name(name) => write!(f, "/{}", escaped(name))?,
                Step::Every => f.write_str("/*")?,
            }
        }
        if self.key { write!(f, "/{KEY}") } else { Ok(()) }
    }
}
