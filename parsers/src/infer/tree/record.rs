//! Which of a document's places are its records: what there is most of, and no further in than it must be.

use super::{EVERY, Node, Tree};

/// So many times as much as around it must stand in a list within records, that it is the list of records.
const HEAVIER: u64 = 4;
/// Members of an object that are alike in at least so many, or that hold lists, are records under keys.
const ALIKE: usize = 5;
/// Names that tell how many records there are, and those that tell something else.
const TOTALS: &[&str] = &["count", "total", "number", "records", "hits", "rows"];
const LIMITS: &[&str] = &["limit", "size", "per", "max", "offset", "start", "page"];
/// Names of what leads to further pages.
const LEADS: &[&str] = &["next", "cursor", "continuation"];

/// The places on the way to the records, the root first and the records last.
#[derive(Debug, Clone)]
pub(in crate::infer) struct Way(pub(in crate::infer) Vec<usize>);

impl Way {
    /// The records' own place.
    pub(in crate::infer) fn record(&self) -> usize {
        self.0.last().copied().unwrap_or(Tree::ROOT)
    }
}

impl Tree {
    /// The way to the records; none if nothing stands several times.
    pub(in crate::infer) fn records(&self) -> Option<Way> {
        let mut way = self.heaviest(&[Tree::ROOT])?;
        while let Some(inner) = self.heaviest(&way.0) {
            let recursive = self.name(inner.record()) == self.name(way.record()) && self.name(way.record()) != EVERY;
            if recursive || self.held(inner.record()) <= HEAVIER * self.own(way.record()) {
                break;
            }
            way = inner;
        }
        Some(way)
    }

    /// Folds objects whose members are records under keys, such as `{"england": {…}, "wales": {…}}`.
    pub(in crate::infer) fn fold_keys(&mut self) {
        let mut at = 0;
        while at < self.nodes.len() {
            if self.has_keys(at) {
                self.fold(at);
            }
            at += 1;
        }
    }

    /// Leaves around the records, each with its path from one of the places on the way: those that are there once, and
    /// before the records that they belong to.
    pub(in crate::infer) fn around(&self, way: &Way, depth: usize) -> Vec<(Vec<String>, usize)> {
        let next = way.0.get(depth + 1).copied();
        let mut found = Vec::new();
        for &child in way.0.get(depth).and_then(|at| self.node(*at)).map_or(&[][..], |node| &node.children) {
            let late = |child: usize| self.node(child).zip(next).is_some_and(|(node, next)| node.after.contains(&next));
            if Some(child) != next && !late(child) {
                self.leaves(child, &mut Vec::new(), &mut found);
            }
        }
        found
    }

    /// The same behind them, too, for the whole document.
    pub(in crate::infer) fn once(&self, way: &Way) -> Vec<(Vec<String>, usize)> {
        let mut found = Vec::new();
        for &at in way.0.first().and_then(|root| self.node(*root)).map_or(&[][..], |root| &root.children) {
            if !self.node(at).is_some_and(|node| node.several) {
                self.leaves(at, &mut Vec::new(), &mut found);
            }
        }
        found
    }

    /// Values in a place, and below.
    pub(in crate::infer) fn held(&self, at: usize) -> u64 {
        let Some(node) = self.node(at) else { return 0 };
        node.values + node.children.iter().map(|child| self.held(*child)).sum::<u64>()
    }

    /// Values in a place, without those of lists in it.
    fn own(&self, at: usize) -> u64 {
        let Some(node) = self.node(at) else { return 0 };
        let single = node.children.iter().filter(|child| !self.is_list(**child));
        node.values + single.map(|child| self.own(*child)).sum::<u64>()
    }

    fn name(&self, at: usize) -> &str {
        self.node(at).map_or("", |node| &node.name)
    }

    /// Whether records may stand there.
    fn is_list(&self, at: usize) -> bool {
        self.node(at).is_some_and(|node| node.several && (node.arrays > 0 || !node.children.is_empty()))
    }

    /// The list with most values among those that stand in no other, below the end of a way.
    fn heaviest(&self, way: &[usize]) -> Option<Way> {
        let end = self.node(*way.last()?)?;
        let lists = end.children.iter().filter_map(|&child| {
            let way: Vec<usize> = way.iter().copied().chain([child]).collect();
            if self.is_list(child) { Some(Way(way)) } else { self.heaviest(&way) }
        });
        // Among equals the first.
        lists.collect::<Vec<_>>().into_iter().rev().max_by_key(|way| self.held(way.record()))
    }

    fn has_keys(&self, at: usize) -> bool {
        let Some(node) = self.node(at) else { return false };
        if node.arrays > 0 || node.values > 0 || node.children.len() < 2 {
            return false;
        }
        let children: Vec<&Node> = node.children.iter().filter_map(|child| self.node(*child)).collect();
        if children.iter().any(|child| child.name == EVERY) {
            return true;
        }
        let objects = children.iter().all(|child| child.objects > 0 && child.arrays + child.values == 0);
        let lists = children.iter().all(|child| self.heaviest_in(child));
        objects && (lists || children.len() >= ALIKE) && self.are_alike(&children)
    }

    fn heaviest_in(&self, node: &Node) -> bool {
        node.children
            .iter()
            .any(|&child| self.node(child).is_some_and(|child| child.children.iter().any(|&inner| self.is_list(inner))))
    }

    fn are_alike(&self, nodes: &[&Node]) -> bool {
        let names = |node: &Node| node.children.iter().map(|child| self.name(*child)).collect::<Vec<_>>();
        let Some(first) = nodes.first().map(|node| names(node)) else { return false };
        let shared = |node: &Node| names(node).iter().filter(|name| first.contains(name)).count();
        nodes.iter().all(|node| shared(node) * 2 > first.len().max(node.children.len()))
    }

    fn leaves(&self, at: usize, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, usize)>) {
        let Some(node) = self.node(at).filter(|node| !node.several && node.arrays == 0) else { return };
        path.push(node.name.clone());
        if node.is_leaf() && node.values > 0 {
            found.push((path.clone(), at));
        }
        for &child in &node.children {
            self.leaves(child, path, found);
        }
        path.pop();
    }
}

/// Whether a name says that its value is the number of records.
pub(in crate::infer) fn is_total(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TOTALS.iter().any(|word| name.contains(word)) && !LIMITS.iter().any(|word| name.contains(word))
}

/// Whether a name says that its value leads on to more records.
pub(in crate::infer) fn leads(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    LEADS.iter().any(|word| name.contains(word))
}
