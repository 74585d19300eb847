//! What a document has that nobody asked for: elements and attributes of records, which are new columns, and what stands
//! deeper or around, which is looked at if something is missing.

use super::{
    path::{Name, Namespaces, Path},
    plan::Plan,
};
use crate::read::NewColumn;

/// Records in which is looked for attributes and what is deeper, and the most of each kind that is told of.
pub(super) const SAMPLED: u64 = 1000;
const MOST: usize = 500;

/// Namespaces of attributes that say nothing of a record: what prefixes stand for, and which schema holds.
const OF_XML: [&str; 2] = ["http://www.w3.org/2000/xmlns/", "http://www.w3.org/2001/XMLSchema-instance"];

/// What nobody asked for.
pub(super) struct Strangers<'a> {
    /// Elements of records that are known and not wanted.
    ignore: &'a [String],
    /// Elements and attributes of records.
    columns: Vec<Stranger>,
    /// Elements and attributes of elements that matter.
    others: Vec<Stranger>,
}

struct Stranger {
    /// The node of the element that it is in.
    parent: usize,
    is_attribute: bool,
    name: Name,
}

impl<'a> Strangers<'a> {
    pub(super) fn new(ignore: &'a [String]) -> Self {
        Self { ignore, columns: Vec::new(), others: Vec::new() }
    }

    /// An element in one that matters; `of_record` if that one is the record's.
    pub(super) fn element(
        &mut self,
        parent: usize,
        of_record: bool,
        namespace: Option<&str>,
        local: &str,
        record: u64,
    ) {
        if !of_record {
            return self.other(parent, false, namespace, local, record);
        }
        if !self.ignore.iter().any(|known| known == local) {
            note(&mut self.columns, parent, false, namespace, local);
        }
    }

    /// An attribute of an element that matters; `of_record` if that is the record's.
    pub(super) fn attribute(
        &mut self,
        parent: usize,
        of_record: bool,
        namespace: Option<&str>,
        local: &str,
        record: u64,
    ) {
        if local == "xmlns" || namespace.is_some_and(|namespace| OF_XML.contains(&namespace)) {
            return;
        }
        if of_record {
            note(&mut self.columns, parent, true, namespace, local);
        } else {
            self.other(parent, true, namespace, local, record);
        }
    }

    /// Elements and attributes of records that are not ignored.
    pub(super) fn columns(
        &self,
        ignore: &[String],
        plan: &Plan,
        record: &Path,
        namespaces: &Namespaces,
    ) -> Vec<NewColumn> {
        let ignored = |name: &String| ignore.contains(name) || self.ignore.contains(name);
        let column = |stranger: &Stranger| {
            let (local, from) = (stranger.local(), stranger.path(plan).written(record, namespaces));
            let known = ignored(&local) || from.as_ref().is_some_and(ignored);
            (!known).then(|| NewColumn::at(from.as_ref().unwrap_or(&local), from.clone()))
        };
        self.columns.iter().filter_map(column).collect()
    }

    /// The others, as the definition would write their paths.
    pub(super) fn others(&self, plan: &Plan, record: &Path, namespaces: &Namespaces) -> Vec<String> {
        self.others.iter().filter_map(|stranger| stranger.path(plan).written(record, namespaces)).collect()
    }

    fn other(&mut self, parent: usize, is_attribute: bool, namespace: Option<&str>, local: &str, record: u64) {
        if record <= SAMPLED {
            note(&mut self.others, parent, is_attribute, namespace, local);
        }
    }
}

impl Stranger {
    /// Its name without its namespace.
    fn local(&self) -> String {
        let mark = if self.is_attribute { "@" } else { "" };
        format!("{mark}{}", self.name.local)
    }

    fn path(&self, plan: &Plan) -> Path {
        let mut path = plan.path(self.parent);
        if self.is_attribute {
            path.attribute = Some(self.name.clone());
        } else {
            path.elements.push(self.name.clone());
        }
        path
    }
}

/// Adds to those that are known.
fn note(known: &mut Vec<Stranger>, parent: usize, is_attribute: bool, namespace: Option<&str>, local: &str) {
    let is_it = |known: &Stranger| {
        let Stranger { name, .. } = known;
        known.parent == parent
            && known.is_attribute == is_attribute
            && name.local == local
            && name.namespace.as_deref() == namespace
    };
    if known.len() < MOST && !local.contains('\0') && !known.iter().any(is_it) {
        let name = Name { namespace: namespace.map(str::to_owned), local: local.to_owned() };
        known.push(Stranger { parent, is_attribute, name });
    }
}
