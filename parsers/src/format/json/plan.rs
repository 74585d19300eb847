//! Which members of a document matter: the wanted paths, folded into one tree for each depth on the way to a record.

use super::path::{Path, Step};

/// A value that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) path: Path,
    /// What stands between the values, where a path leads to several.
    pub(super) join: Option<String>,
    /// Whether it is wanted as JSON, be it an object, an array or a value.
    pub(super) json: bool,
    /// Whether it may come after the records.
    pub(super) late: bool,
    /// Whether it is what the publisher says in place of data.
    pub(super) refusal: bool,
}

/// The wanted paths. A slot is a place in their list.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) record: Path,
    pub(super) slots: Vec<Wanted>,
    /// For each depth from the root, which is 0, to the record: what is wanted below it, and not on the way.
    trees: Vec<Tree>,
    /// For each depth, the slots whose values begin there anew.
    anchored: Vec<Vec<usize>>,
    /// For each depth, the slots for the name under which it stands.
    keys: Vec<Vec<usize>>,
}

/// Members below a value, and members of these; the first node is the value itself.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// A value that matters, or in which something does.
#[derive(Debug, Default)]
pub(super) struct Node {
    children: Vec<(Step, usize)>,
    pub(super) slots: Vec<usize>,
    /// Its own slots, and those of what is in it.
    below: Vec<usize>,
}

impl Plan {
    pub(super) fn new(record: &Path, wanted: Vec<Wanted>) -> Self {
        let depths = record.steps.len() + 1;
        let mut plan = Self {
            record: record.clone(),
            slots: Vec::new(),
            trees: std::iter::repeat_with(Tree::new).take(depths).collect(),
            anchored: vec![Vec::new(); depths],
            keys: vec![Vec::new(); depths],
        };
        for wanted in wanted {
            if plan.slot(&wanted).is_none() {
                plan.want(wanted);
            }
        }
        plan
    }

    /// Where the text of a wanted value is kept.
    pub(super) fn slot(&self, wanted: &Wanted) -> Option<usize> {
        self.slots.iter().position(|slot| slot == wanted)
    }

    /// What is wanted below a value at this depth on the way to the record, or below the record.
    pub(super) fn tree(&self, depth: usize) -> Option<&Tree> {
        self.trees.get(depth)
    }

    /// The slots whose values begin anew with a value at this depth.
    pub(super) fn anchored(&self, depth: usize) -> &[usize] {
        self.anchored.get(depth).map_or(&[], Vec::as_slice)
    }

    /// The slots for the name of a value at this depth.
    pub(super) fn keys(&self, depth: usize) -> &[usize] {
        self.keys.get(depth).map_or(&[], Vec::as_slice)
    }

    fn want(&mut self, wanted: Wanted) {
        let (slot, path) = (self.slots.len(), &wanted.path);
        let depth = path.shared(&self.record);
        let below = path.steps.get(depth..).unwrap_or_default();
        if path.key && below.is_empty() {
            self.keys.get_mut(depth).into_iter().for_each(|keys| keys.push(slot));
        } else if let Some(tree) = self.trees.get_mut(depth) {
            tree.grow(below, slot);
        }
        self.anchored.get_mut(depth).into_iter().for_each(|slots| slots.push(slot));
        self.slots.push(wanted);
    }
}

impl Tree {
    /// The value itself.
    pub(super) const ROOT: usize = 0;

    fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// The nodes of an object's member: by its name, and as one of all.
    pub(super) fn member(&self, parent: usize, name: &str) -> [Option<usize>; 2] {
        self.children(parent, |step| matches!(step, Step::Name(wanted) if wanted == name))
    }

    /// The nodes of an array's element: by its place, and as one of all.
    pub(super) fn element(&self, parent: usize, place: usize) -> [Option<usize>; 2] {
        self.children(parent, |step| matches!(step, Step::Name(wanted) if wanted.parse() == Ok(place)))
    }

    /// Whether elements of an array are wanted here, by their places or all of them.
    pub(super) fn looks_into_arrays(&self, at: usize) -> bool {
        let children = self.nodes.get(at).map_or(&[][..], |node| &node.children);
        children.iter().any(|(step, _)| match step {
            Step::Every => true,
            Step::Name(name) => name.parse::<usize>().is_ok(),
        })
    }

    /// The slots of a value and of all that is in it.
    pub(super) fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        self.nodes.get(at).into_iter().flat_map(|node| node.below.iter().copied())
    }

    /// The slots of what all elements of an array, or members of an object, are wanted for, however deep.
    pub(super) fn every(&self, parent: usize) -> impl Iterator<Item = usize> {
        let children = self.nodes.get(parent).map_or(&[][..], |node| &node.children);
        let every = children.iter().filter(|(step, _)| *step == Step::Every).filter_map(|(_, at)| self.nodes.get(*at));
        every.flat_map(|node| node.below.iter().copied())
    }

    fn children(&self, parent: usize, is: impl Fn(&Step) -> bool) -> [Option<usize>; 2] {
        let children = self.nodes.get(parent).map_or(&[][..], |node| &node.children);
        let find = |is: &dyn Fn(&Step) -> bool| children.iter().find(|(step, _)| is(step)).map(|(_, at)| *at);
        [find(&is), find(&|step| *step == Step::Every)]
    }

    fn grow(&mut self, steps: &[Step], slot: usize) {
        let mut at = Self::ROOT;
        for step in steps {
            let known = self.nodes.get(at).and_then(|node| node.children.iter().find(|(known, _)| known == step));
            at = match known {
                Some((_, child)) => *child,
                None => self.add(at, step),
            };
            self.nodes.get_mut(at).into_iter().for_each(|node| node.below.push(slot));
        }
        self.nodes.get_mut(at).into_iter().for_each(|node| node.slots.push(slot));
    }

    fn add(&mut self, parent: usize, step: &Step) -> usize {
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes.get_mut(parent).into_iter().for_each(|node| node.children.push((step.clone(), child)));
        child
    }
}

impl Node {
    /// Whether nothing is wanted of what is in it.
    pub(super) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}
