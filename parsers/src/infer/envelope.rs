//! What a document says around its records: of groups of them, and of all of them.

use std::collections::BTreeSet;

use super::{
    draft::{Kind, Place, Shape},
    json,
    tree::{EVERY, Tree, Way, is_total, leads},
};
use crate::{pointer::escaped, section::quoted};

/// Values of the whole document that are shown.
const SHOWN: usize = 15;
/// Values around records that are columns, of one element around them.
const AROUND: usize = 30;
/// Names of what an API repeats of its question, and nobody else should read.
const SECRETS: &[&str] = &["key", "token", "secret", "password"];

/// A value that stands once in the document.
struct Once {
    path: String,
    name: String,
    value: String,
}

/// Adds columns for what stands around records and is not the same for all of them, and says what else there is.
pub(super) fn describe(tree: &Tree, way: &Way, shape: &mut Shape) {
    let is_list = |depth: &usize| way.0.get(*depth).and_then(|at| tree.node(*at)).is_some_and(|node| node.several);
    let last = way.0.len() - 1;
    // What surrounds a list in XML is about that list, however often it stands there.
    let outermost = if shape.kind == Kind::Xml { 2 } else { (1..last).find(is_list).unwrap_or(last) };
    let (mut around, mut taken) = (Vec::new(), BTreeSet::new());
    for depth in outermost..=last {
        let up = "../".repeat(last - depth);
        around.extend(
            key(tree, way, depth).map(|called| Place { called: Some(called), ..Place::new(format!("{up}~key")) }),
        );
        if depth == last {
            break;
        }
        let is_good = |path: &[String]| path.len() <= 2 && path.iter().all(|name| can_name(name, shape.kind));
        let leaves = tree.around(way, depth).into_iter().filter(|(path, _)| is_good(path)).collect::<Vec<_>>();
        if leaves.len() > AROUND {
            continue;
        }
        let of = way.0.get(depth).and_then(|at| tree.node(*at)).map_or("", |node| &node.name).trim_matches('*');
        for (path, at) in leaves {
            taken.insert(at);
            let from = format!("{up}{}", joined(&path, shape.kind));
            let called = Some(format!("{of} {}", path.join(" ")).trim().to_owned());
            around.push(Place { called, may_be_absent: true, ..Place::new(from) });
        }
    }
    around.append(&mut shape.columns);
    shape.columns = around;
    once(tree, way, &taken, shape);
}

/// What a key that names records may be called; none if they stand in no object.
fn key(tree: &Tree, way: &Way, depth: usize) -> Option<String> {
    let at = |depth: usize| way.0.get(depth).and_then(|at| tree.node(*at));
    let (holder, here) = (at(depth.checked_sub(1)?)?, at(depth)?);
    (here.name == EVERY && holder.arrays == 0).then(|| format!("{} key", holder.name).trim().to_owned())
}

/// Whether a path can name a member or an element: in XML, one in no namespace where the document is in one cannot be.
fn can_name(name: &str, kind: Kind) -> bool {
    if kind == Kind::Xml { !name.starts_with("_:") && name != EVERY } else { json::can_name(name) }
}

fn joined(path: &[String], kind: Kind) -> String {
    let steps: Vec<_> = path.iter().map(|name| if kind == Kind::Xml { name.clone() } else { escaped(name) }).collect();
    steps.join("/")
}

/// What the document says once: how many records it has, where more of them are, and the rest.
fn once(tree: &Tree, way: &Way, taken: &BTreeSet<usize>, shape: &mut Shape) {
    let found = tree.once(way).into_iter().filter(|(_, at)| !taken.contains(at)).filter_map(|(path, at)| {
        let value = tree.node(at)?.sample.clone()?;
        Some(Once { path: format!("/{}", joined(&path, shape.kind)), name: path.last()?.clone(), value })
    });
    let found: Vec<Once> = found.collect();
    let records = tree.node(way.record()).map_or(0, |node| node.times);
    let counts = |once: &&Once| is_total(&once.name) && once.value.parse() == Ok(records);
    let total = found.iter().find(counts).map(|once| once.path.clone());
    if let Some(total) = &total {
        shape.format.push(format!("total = {}  # GUESS: it is the number of records", quoted(total)));
    }
    let rest: Vec<&Once> = found.iter().filter(|once| Some(&once.path) != total.as_ref()).collect();
    shape.notes.extend(rest.iter().filter_map(|once| once.pages(records, shape.kind)));
    if !rest.is_empty() {
        shape.notes.push(
            "said once, of the whole document; such a line makes a column of one that stands before the records:"
                .to_owned(),
        );
        shape.notes.extend(rest.iter().take(SHOWN).map(|once| once.line()));
        if rest.len() > SHOWN {
            shape.notes.push(format!("  and {} more", rest.len() - SHOWN));
        }
    }
}

impl Once {
    fn line(&self) -> String {
        let name = self.name.to_ascii_lowercase();
        let secret = SECRETS.iter().any(|word| name.contains(word));
        let value = if secret { "what is hidden here".to_owned() } else { quoted(&self.value) };
        format!("  {{ from = {}, … }} says {value}", quoted(&self.path))
    }

    /// What it may say of further pages.
    fn pages(&self, records: u64, kind: Kind) -> Option<String> {
        let (path, value) = (quoted(&self.path), quoted(&self.value));
        if leads(&self.name) {
            let pages = format!("pages = {{ by = \"next\", next = {path}, records = … }}");
            return Some(format!("GUESS: {path} leads to a further page, {value}: in [source], {pages}"));
        }
        let more = is_total(&self.name) && self.value.parse().is_ok_and(|total: u64| total > records);
        (more && kind == Kind::Json).then(|| {
            format!("GUESS: by {path} there are {value} records, and {records} are here: is this a page of more? See `pages` in parsers/datasets/README.md")
        })
    }
}
