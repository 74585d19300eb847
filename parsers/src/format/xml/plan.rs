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
}

/// A wanted path.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) path: Path,
    /// How deep the element is, on the way to the record, that the value belongs to.
    pub(super) anchor: usize,
}

/// An element that matters.
#[derive(Debug)]
pub(super) struct Node {
    name: Name,
    children: Vec<usize>,
    /// Where its own text goes.
    pub(super) text: Option<usize>,
    /// Where its attributes go.
    pub(super) attributes: Vec<(Name, usize)>,
    /// Whether it is the record's element.
    pub(super) record: bool,
    /// Whether it lies on the way to the record, or is the record's element.
    pub(super) anchor: bool,
}

impl Plan {
    pub(super) fn new(record: &Path, wanted: Vec<Path>) -> Self {
        let mut plan = Self { nodes: Vec::new(), slots: Vec::new(), depth: record.elements.len() };
        let node = plan.grow(record, true);
        if let Some(node) = plan.nodes.get_mut(node) {
            node.record = true;
        }
        for path in wanted {
            if plan.slot(&path).is_none() {
                plan.want(record, path);
            }
        }
        plan
    }

    /// The slot of a wanted path.
    pub(super) fn slot(&self, path: &Path) -> Option<usize> {
        self.slots.iter().position(|slot| slot.path == *path)
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

    /// The root's name.
    pub(super) fn root(&self) -> Option<&Name> {
        self.nodes.first().map(|node| &node.name)
    }

    fn want(&mut self, record: &Path, path: Path) {
        let node = self.grow(&path, false);
        let slot = self.slots.len();
        if let Some(node) = self.nodes.get_mut(node) {
            match &path.attribute {
                Some(attribute) => node.attributes.push((attribute.clone(), slot)),
                None => node.text = Some(slot),
            }
        }
        let shared = record.elements.iter().zip(&path.elements).take_while(|(one, other)| one == other);
        self.slots.push(Slot { anchor: shared.count(), path });
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
        let (children, attributes) = (Vec::new(), Vec::new());
        self.nodes.push(Node { name: name.clone(), children, text: None, attributes, record: false, anchor });
        if let Some(parent) = parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(at);
        }
        at
    }
}
