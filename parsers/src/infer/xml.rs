//! XML: the element that is a record, what is in it, and what stands around it.

mod walk;

use super::{
    InferError, Open, Packed,
    draft::{Kind, Place, Shape},
    envelope,
    tree::{EVERY, Node, Tree, Way},
};
use crate::{ColumnType, section::quoted};

/// What stands between texts that a record has several of.
const BETWEEN: &str = "\n";

/// What is said of HTML.
const PAGE: &str = "the file is a web page, and holds no data: propose a definition for a file that it links to; a page that \
                    lists the files is followed by `listing` in [source], by parsers/datasets/README.md";

/// What is said of a document whose records are in no namespace, though its root is in one.
const MIXED: &str = "the root of the XML document is in a namespace, and elements that lead to its records are in none: write the \
                     definition by hand, by the examples in parsers/datasets/README.md, without `namespace`, and give that of \
                     the root a prefix in `namespaces`";

/// What is said of a document whose records are called in more ways than a proposal can name.
const CROWDED: &str = "elements that lead to the records of the XML document have hundreds of names: write the definition by \
                       hand, by the examples in parsers/datasets/README.md";

/// Shape of an XML document.
pub(super) fn shape(packed: &Packed, open: Open<'_>) -> Result<Shape, InferError> {
    let head = packed.head.trim_start_matches('\u{feff}').trim_start();
    let start: String = head.chars().take(500).collect::<String>().to_ascii_lowercase();
    if start.contains("<html") || start.contains("<!doctype html") {
        return Err(InferError::Unknown(PAGE.to_owned()));
    }
    let document = walk::document(packed, open)?;
    let Some(way) = document.tree.records() else {
        return Err(InferError::Unknown("no element comes again and again in the XML document".to_owned()));
    };
    let mut shape = Shape::new(Kind::Xml);
    document.names(&mut shape);
    let steps: Vec<_> =
        way.0.iter().skip(1).filter_map(|at| document.tree.node(*at)).map(|node| node.name.as_str()).collect();
    if steps.iter().any(|step| step.starts_with("_:")) {
        return Err(InferError::Unknown(MIXED.to_owned()));
    }
    if steps.contains(&EVERY) {
        return Err(InferError::Unknown(CROWDED.to_owned()));
    }
    let record = quoted(&steps.join("/"));
    shape.format.push(format!("record = {record}  # GUESS: the element that is one row, for it holds most values"));
    let columns = Columns { tree: &document.tree, record: way.record(), shape: &mut shape };
    columns.find(document.recursive.contains(&way.record()), &way);
    if shape.columns.is_empty() {
        let sentence = format!(
            "the element {record} comes again and again in the XML document, and holds no value that can be a column"
        );
        return Err(InferError::Unknown(sentence));
    }
    Ok(shape)
}

/// Columns that are being found.
struct Columns<'t> {
    tree: &'t Tree,
    record: usize,
    shape: &'t mut Shape,
}

impl Columns<'_> {
    fn find(mut self, recursive: bool, way: &Way) {
        let Some(record) = self.tree.node(self.record) else { return };
        let itself = self.record;
        for &child in record.children.iter().filter(|child| **child != itself) {
            self.element(child, record.times, &mut Vec::new(), false);
        }
        envelope::describe(self.tree, way, self.shape);
        if recursive {
            self.nest(way);
        }
        series(self.shape);
    }

    /// An element in a record, or an attribute; `several` if it is in one that a record has several of.
    fn element(&mut self, at: usize, records: u64, path: &mut Vec<String>, several: bool) {
        let Some(node) = self.tree.node(at) else { return };
        let several = several || node.several;
        path.push(node.name.clone());
        if node.name.starts_with("_:") {
            self.shape
                .notes
                .push(format!("left out, for it is in no namespace and the document is: {}", path.join("/")));
        } else if node.name == EVERY {
            let around = path.split_last().map_or_else(String::new, |(_, around)| around.join("/"));
            self.shape.notes.push(format!("left out, for there are too many to name them: others in {around:?}"));
        } else if node.after.contains(&self.record) {
            self.shape.notes.push(format!("left out, for it stands behind records in the record: {}", path.join("/")));
        } else if several && self.values(at) > 1 {
            let (of, name) = (path.join("/"), self.values(at));
            self.shape
                .notes
                .push(format!("several times in one record, and left out, for it holds {name} values each time: {of}"));
        } else {
            if node.is_leaf() {
                self.leaf(node, records, path, several);
            }
            for &child in &node.children {
                self.element(child, records, path, several);
            }
        }
        path.pop();
    }

    fn leaf(&mut self, node: &Node, records: u64, path: &[String], several: bool) {
        let plain = Place { may_be_absent: node.times < records || several, ..Place::new(path.join("/")) };
        let joined = Place { join: Some(BETWEEN), kind: Some(ColumnType::Text), ..plain.clone() };
        // An element that holds nothing but attributes, ever, is no value.
        if node.values > 0 || node.children.is_empty() {
            self.shape.columns.push(if several { joined } else { plain });
        }
    }

    /// How many places in it hold values.
    fn values(&self, at: usize) -> usize {
        let Some(node) = self.tree.node(at) else { return 0 };
        usize::from(node.values > 0) + node.children.iter().map(|child| self.values(*child)).sum::<usize>()
    }

    /// Records in records: what is around them is named from the root on, but for the record around.
    fn nest(&mut self, way: &Way) {
        self.shape.format.push("recursive = true  # records stand in records".to_owned());
        let names: Vec<_> =
            way.0.iter().skip(1).filter_map(|at| self.tree.node(*at)).map(|node| node.name.clone()).collect();
        for place in &mut self.shape.columns {
            let up = place.from.matches("../").count();
            if up > 0 {
                let around = names.get(..names.len().saturating_sub(up)).unwrap_or_default().join("/");
                place.from = format!("/{around}/{}", place.from.trim_start_matches("../"));
            }
        }
        let first =
            self.shape.columns.iter().find(|place| !place.from.starts_with('/')).map(|place| place.from.clone());
        self.shape.columns.extend(first.map(|first| Place {
            called: Some(format!("parent {first}")),
            may_be_absent: true,
            ..Place::new(format!("../{first}"))
        }));
    }
}

/// Says how positions become instants, if the records have some.
fn series(shape: &mut Shape) {
    let named = |name: &str| {
        let is = |place: &&Place| place.from.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
        shape.columns.iter().find(is).map(|place| quoted(&place.from))
    };
    let (start, end) = (named("start"), named("end"));
    let (Some(start), Some(end), Some(position), Some(resolution)) =
        (start, end, named("position"), named("resolution"))
    else {
        return;
    };
    let curve = named("curveType").unwrap_or_else(|| "…".to_owned());
    shape.notes.push(
        "GUESS: the position of a record says its time. To have it, put this behind [format], and a column by it:"
            .to_owned(),
    );
    shape.notes.push("  [format.series]".to_owned());
    shape.notes.push(format!("  start = {start}"));
    shape.notes.push(format!("  end = {end}"));
    shape.notes.push(format!("  resolution = {resolution}"));
    shape.notes.push(format!("  position = {position}"));
    shape.notes.push(format!("  curve = {curve}"));
    shape.notes.push(
        "  starts_at = { series = \"start\", type = \"timestamp\", comment = \"When the interval begins\" }".to_owned(),
    );
}
