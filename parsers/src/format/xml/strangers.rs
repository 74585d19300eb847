//! What a document has that nobody asked for: elements of records, which are new columns, and what stands deeper or
//! around, which is looked at if something is missing.

use super::{
    path::{Name, Namespaces, Path},
    plan::Plan,
};

/// Records in which is looked for what is deeper, and the most of each kind that is told of.
const SAMPLED: u64 = 1000;
const MOST: usize = 500;

/// What nobody asked for.
pub(super) struct Strangers<'a> {
    /// Elements of records that are known and not wanted.
    ignore: &'a [String],
    /// Elements of records, by their local names.
    columns: Vec<String>,
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
        let known = self.columns.iter().chain(self.ignore).any(|known| known == local);
        if !known && self.columns.len() < MOST && !local.contains('\0') {
            self.columns.push(local.to_owned());
        }
    }

    /// An attribute of an element that matters.
    pub(super) fn attribute(&mut self, parent: usize, namespace: Option<&str>, local: &str, record: u64) {
        if local != "xmlns" {
            self.other(parent, true, namespace, local, record);
        }
    }

    /// Elements of records.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The others, as the definition would write their paths.
    pub(super) fn others(&self, plan: &Plan, record: &Path, namespaces: &Namespaces) -> Vec<String> {
        let path = |stranger: &Stranger| {
            let mut path = plan.path(stranger.parent);
            if stranger.is_attribute {
                path.attribute = Some(stranger.name.clone());
            } else {
                path.elements.push(stranger.name.clone());
            }
            path.written(record, namespaces)
        };
        self.others.iter().filter_map(path).collect()
    }

    fn other(&mut self, parent: usize, is_attribute: bool, namespace: Option<&str>, local: &str, record: u64) {
        if record > SAMPLED || self.others.len() >= MOST || local.contains('\0') {
            return;
        }
        let is_it = |known: &Stranger| {
            let Stranger { name, .. } = known;
            known.parent == parent
                && known.is_attribute == is_attribute
                && name.local == local
                && name.namespace.as_deref() == namespace
        };
        if !self.others.iter().any(is_it) {
            let name = Name { namespace: namespace.map(str::to_owned), local: local.to_owned() };
            self.others.push(Stranger { parent, is_attribute, name });
        }
    }
}
