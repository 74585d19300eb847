//! What stands where in a document of JSON or XML, all of its records folded into one: bounded, however long it is.

mod record;

use std::collections::{BTreeMap, BTreeSet};

use super::types::shown;

pub(super) use record::{Way, is_total, leads};

/// The step to every one of many.
pub(super) const EVERY: &str = "*";

/// Places that are told apart; what comes after them is counted nowhere.
const MOST: usize = 20_000;
/// Members that an object has by names; one with more of them is a list under keys.
const NAMES: usize = 300;

/// Where a document begins, and where is put what there is no room for.
const ROOT: usize = 0;
const WASTE: usize = 1;

/// The places of a document.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// A place: what stands there in all records together.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its name: a member's, an element's, an attribute's behind `@`, or [`EVERY`].
    pub(super) name: String,
    /// How often something stands there.
    pub(super) times: u64,
    /// How often that is an object, or an element with something in it.
    pub(super) objects: u64,
    /// How often it is an array.
    pub(super) arrays: u64,
    /// How often it is a value.
    pub(super) values: u64,
    /// How often that value is a text.
    pub(super) texts: u64,
    /// The longest array.
    pub(super) longest: usize,
    /// Whether it stands several times in one that it is in.
    pub(super) several: bool,
    /// The first value.
    pub(super) sample: Option<String>,
    /// What is in it, in the order in which it was first seen.
    pub(super) children: Vec<usize>,
    by_name: BTreeMap<String, usize>,
    /// What has been before it in the one that they are in, as far as that holds anything.
    pub(super) after: BTreeSet<usize>,
}

/// What one object or element has held so far.
#[derive(Debug, Default)]
pub(super) struct Held {
    all: BTreeSet<usize>,
    /// Those that hold anything themselves.
    wide: BTreeSet<usize>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node::default(), Node::default()] }
    }
}

impl Tree {
    pub(super) const ROOT: usize = ROOT;

    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// Counts something at a place.
    pub(super) fn count(&mut self, at: usize, count: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.times += 1;
            count(node);
        }
    }

    /// Counts a value at a place.
    pub(super) fn value(&mut self, at: usize, value: &str, is_text: bool) {
        self.count(at, |node| {
            node.values += 1;
            node.texts += u64::from(is_text);
            node.sample.get_or_insert_with(|| shown(value));
        });
    }

    /// The place of a member or an element in one that has held something before.
    pub(super) fn member(&mut self, parent: usize, name: &str, held: &mut Held) -> usize {
        let crowded = self.nodes.get(parent).is_some_and(|node| node.by_name.len() >= NAMES);
        let known = self.nodes.get(parent).is_some_and(|node| node.by_name.contains_key(name));
        let at = self.child(parent, if crowded && !known { EVERY } else { name });
        let again = !held.all.insert(at);
        if let Some(node) = self.nodes.get_mut(at) {
            node.several |= again;
            node.after.extend(held.wide.iter().filter(|before| **before != at));
        }
        at
    }

    /// Notes that a place stands in itself.
    pub(super) fn repeat(&mut self, at: usize) {
        self.nodes.get_mut(at).into_iter().for_each(|node| node.several = true);
    }

    /// The place of all elements of an array.
    pub(super) fn element(&mut self, parent: usize) -> usize {
        let at = self.child(parent, EVERY);
        self.repeat(at);
        at
    }

    /// Takes every member of an object for one of many.
    pub(super) fn fold(&mut self, parent: usize) {
        let children = self.nodes.get_mut(parent).map(|node| {
            node.by_name.clear();
            std::mem::take(&mut node.children)
        });
        let every = self.element(parent);
        for child in children.into_iter().flatten().filter(|child| *child != every) {
            self.absorb(every, child);
        }
    }

    fn child(&mut self, parent: usize, name: &str) -> usize {
        if parent == WASTE || self.nodes.len() >= MOST {
            let known = self.nodes.get(parent).and_then(|node| node.by_name.get(name));
            return known.copied().unwrap_or(WASTE);
        }
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(parent) else { return WASTE };
        if let Some(&known) = node.by_name.get(name) {
            return known;
        }
        node.by_name.insert(name.to_owned(), next);
        node.children.push(next);
        self.nodes.push(Node { name: name.to_owned(), ..Node::default() });
        next
    }

    /// Counts what stood at one place as if it had stood at another.
    fn absorb(&mut self, into: usize, from: usize) {
        let Some(node) = self.nodes.get_mut(from).map(std::mem::take) else { return };
        for &child in &node.children {
            let name = self.nodes.get(child).map(|child| child.name.clone()).unwrap_or_default();
            let under = self.child(into, &name);
            self.absorb(under, child);
        }
        let Some(whole) = self.nodes.get_mut(into) else { return };
        whole.times += node.times;
        whole.objects += node.objects;
        whole.arrays += node.arrays;
        whole.values += node.values;
        whole.texts += node.texts;
        whole.longest = whole.longest.max(node.longest);
        whole.several |= node.several;
        whole.sample = whole.sample.take().or(node.sample);
    }
}

impl Held {
    /// What stands at this place holds something itself.
    pub(super) fn is_wide(&mut self, at: usize) {
        self.wide.insert(at);
    }
}

impl Node {
    /// Whether it is a value, and nothing else ever.
    pub(super) fn is_leaf(&self) -> bool {
        self.objects == 0 && self.arrays == 0
    }
}
