//! Which elements of a document matter: the wanted paths, folded into one tree.

use super::path::{Name, Path};

/// The wanted paths as a tree of elements; its first node is the document's root.
#[derive(Debug)]
pub(super) struct Plan {
    nodes: Vec<Node>,
    /// The wanted paths; a slot is a place in this list.
    pub(super) slots: Vec<Slot>,
    /// How deep the record's element is; the root's depth is 1.
    pub(super) depth: usize,
    /// Whether records stand in records.
    pub(super) recursive: bool,
    /// Where they do: slots of what is around a record, each with the slot of the same in a record.
    pub(super) around: Vec<(usize, usize)>,
}

/// A value that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) path: Path,
    /// What stands between the values, where there are several.
    pub(super) join: Option<String>,
    /// Whether it may come after the records that it belongs to.
    pub(super) late: bool,
    /// Whether it is of what is around a record, be that another record.
    pub(super) around: bool,
}

impl From<Path> for Wanted {
    /// One value, before the records that it belongs to.
    fn from(path: Path) -> Self {
        Self { path, join: None, late: false, around: false }
    }
}

/// A wanted path.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) wanted: Wanted,
    /// How deep the element is, on the way to the record, that the value belongs to.
    pub(super) anchor: usize,
}

/// An element that matters.
#[derive(Debug)]
pub(super) struct Node {
    name: Name,
    parent: Option<usize>,
    children: Vec<usize>,
    /// Where its own text goes.
    pub(super) text: Vec<usize>,
    /// Where its attributes go.
    pub(super) attributes: Vec<(Name, usize)>,
    /// Off the way to the record: all that is wanted of it and of what is in it, and must come out of one element.
    pub(super) whole: Vec<usize>,
    /// Whether it is the record's element.
    pub(super) record: bool,
    /// Whether it lies on the way to the record, or is the record's element.
    pub(super) anchor: bool,
}

impl Plan {
    pub(super) fn new(record: &Path, wanted: Vec<Wanted>) -> Self {
        let (depth, around) = (record.elements.len(), Vec::new());
        let mut plan = Self { nodes: Vec::new(), slots: Vec::new(), depth, recursive: false, around };
        let node = plan.grow(record, true);
        if let Some(node) = plan.nodes.get_mut(node) {
            node.record = true;
        }
        for wanted in wanted {
            plan.want(record, wanted);
        }
        plan
    }

    /// The same where records stand in records: what is around such a record is the record around it.
    pub(super) fn recursive(record: &Path, wanted: Vec<Wanted>) -> Self {
        let mut plan = Self { recursive: true, ..Self::new(record, wanted) };
        let outside = record.elements.split_last().map_or(&[][..], |(_, outside)| outside);
        for around in 0..plan.slots.len() {
            let Some(slot) = plan.slots.get(around).filter(|slot| slot.wanted.around) else { continue };
            let Some(below) = slot.wanted.path.below(outside) else { continue };
            let elements = record.elements.iter().chain(below).cloned().collect();
            let path = Path { elements, attribute: slot.wanted.path.attribute.clone() };
            let own = plan.want(record, Wanted { path, around: false, ..slot.wanted.clone() });
            plan.around.push((around, own));
        }
        let itself = plan.nodes.iter().position(|node| node.record);
        if let Some((itself, node)) = itself.and_then(|itself| Some((itself, plan.nodes.get_mut(itself)?))) {
            node.children.push(itself);
        }
        plan
    }

    /// The slot of a wanted value.
    pub(super) fn slot(&self, wanted: &Wanted) -> Option<usize> {
        self.slots.iter().position(|slot| slot.wanted == *wanted)
    }

    /// The node of an element within that of its parent, or of the root.
    pub(super) fn child(&self, parent: Option<usize>, namespace: Option<&str>, local: &str) -> Option<usize> {
        let is = |at: &usize| {
            let name = self.nodes.get(*at).map(|node| &node.name);
            name.is_some_and(|name| name.local == local && name.namespace.as_deref() == namespace)
        };
        match parent {
            None => Some(0).filter(is),
            Some(parent) => self.nodes.get(parent)?.children.iter().copied().find(is),
        }
    }

    /// The node itself.
    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// The path of a node's element, from the root on.
    pub(super) fn path(&self, at: usize) -> Path {
        let up = |at: &usize| self.nodes.get(*at).and_then(|node| node.parent);
        let nodes = std::iter::successors(Some(at), up).filter_map(|at| self.nodes.get(at));
        let mut elements: Vec<Name> = nodes.map(|node| node.name.clone()).collect();
        elements.reverse();
        Path { elements, attribute: None }
    }

    /// The root's name.
    pub(super) fn root(&self) -> Option<&Name> {
        self.nodes.first().map(|node| &node.name)
    }

    fn want(&mut self, record: &Path, wanted: Wanted) -> usize {
        if let Some(known) = self.slot(&wanted) {
            return known;
        }
        let (path, slot) = (&wanted.path, self.slots.len());
        let node = self.grow(path, false);
        if let Some(node) = self.nodes.get_mut(node) {
            match &path.attribute {
                Some(attribute) => node.attributes.push((attribute.clone(), slot)),
                None => node.text.push(slot),
            }
        }
        if wanted.join.is_none() && !wanted.late {
            self.keep_whole(node, slot);
        }
        let shared = record.elements.iter().zip(&path.elements).take_while(|(one, other)| one == other);
        self.slots.push(Slot { anchor: shared.count(), wanted });
        slot
    }

    /// Notes a value at all elements around it that are not on the way to the record.
    fn keep_whole(&mut self, node: usize, slot: usize) {
        let mut around = Some(node);
        while let Some(node) = around.and_then(|at| self.nodes.get_mut(at)).filter(|node| !node.anchor) {
            node.whole.push(slot);
            around = node.parent;
        }
    }

    /// The node of a path's element, made if need be.
    fn grow(&mut self, path: &Path, anchor: bool) -> usize {
        let mut at = None;
        for name in &path.elements {
            let found = self.child(at, name.namespace.as_deref(), &name.local).filter(|_| !self.nodes.is_empty());
            at = Some(found.unwrap_or_else(|| self.add(at, name, anchor)));
        }
        at.unwrap_or(0)
    }

    fn add(&mut self, parent: Option<usize>, name: &Name, anchor: bool) -> usize {
        let at = self.nodes.len();
        let (name, record) = (name.clone(), false);
        let (children, text, attributes, whole) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        self.nodes.push(Node { name, parent, children, text, attributes, whole, record, anchor });
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(at);
        }
        at
    }
}

impl Node {
    /// Where its text goes, if that is all that can be wanted of it: as with most elements of most documents.
    #[inline]
    pub(super) fn only(&self) -> Option<usize> {
        let is_leaf = self.attributes.is_empty() && self.whole.len() < 2 && !self.anchor;
        if let (true, [slot]) = (is_leaf, self.text.as_slice()) { Some(*slot) } else { None }
    }
}
