//! JSON: where its records are, what is in them, and what the document says around them.

mod walk;

use super::{
    InferError, Open, Packed,
    draft::{Kind, Place, Shape},
    envelope,
    tree::{EVERY, Tree, Way},
};
use crate::{ColumnType, pointer::escaped, section::quoted};

/// Columns that a proposal has at most; an object with more is kept as JSON.
const WIDEST: usize = 300;
/// Elements of records that are arrays.
const ELEMENTS: usize = 200;

/// The shape of a document, or of lines of JSON.
pub(super) fn shape(packed: &Packed, open: Open<'_>) -> Result<Shape, InferError> {
    let lines = walk::is_lines(&packed.head);
    let mut tree = walk::tree(packed, lines, open)?;
    tree.fold_keys();
    let mut shape = Shape::new(if lines { Kind::Lines } else { Kind::Json });
    let way = if lines { None } else { tree.records() };
    columns(&tree, way.as_ref().map_or(Tree::ROOT, Way::record), &mut shape);
    if shape.columns.is_empty() {
        let sentence = "the JSON holds no objects with members, of which each could be a record: write its definition by \
                        hand, by the examples in parsers/datasets/README.md";
        return Err(InferError::Unknown(sentence.to_owned()));
    }
    match way {
        Some(way) => {
            let names: Vec<_> =
                way.0.iter().skip(1).filter_map(|at| tree.node(*at)).map(|node| node.name.as_str()).collect();
            if let Some(name) = names.iter().find(|name| **name != EVERY && !can_name(name)) {
                let sentence = format!("most of the JSON stands in a member called {name:?}, which no path can name");
                return Err(InferError::Unknown(sentence));
            }
            let steps: Vec<_> = names.into_iter().map(escaped).collect();
            let record = quoted(&format!("/{}", steps.join("/")));
            shape.format.push(format!("record = {record}  # GUESS: most values of the document stand there"));
            envelope::describe(&tree, &way, &mut shape);
        }
        None if lines => (),
        None => {
            let line = "record = \"/\"  # GUESS: there is no list of objects, so all is one record";
            shape.format.push(line.to_owned());
        }
    }
    Ok(shape)
}

fn columns(tree: &Tree, record: usize, shape: &mut Shape) {
    let Some(node) = tree.node(record) else { return };
    if node.arrays <= node.objects {
        node.children.iter().for_each(|&child| column(tree, (child, node.times), &mut Vec::new(), shape));
        return;
    }
    // A row without names: each element is a column.
    let element = |at: usize| Place {
        called: Some(format!("column {}", at + 1)),
        may_be_absent: true,
        ..Place::new(at.to_string())
    };
    shape.columns.extend((0..node.longest.min(ELEMENTS)).map(element));
    shape.notes.push(
        "the records are arrays: say what their elements are, and give type json to those that are no values"
            .to_owned(),
    );
}

/// The columns of a member of records, of which there are so many.
fn column(tree: &Tree, (at, records): (usize, u64), path: &mut Vec<String>, shape: &mut Shape) {
    let Some(node) = tree.node(at) else { return };
    if !can_name(&node.name) {
        shape.notes.push(format!("left out, for no path can name it: {}", quoted(&node.name)));
        return;
    }
    path.push(escaped(&node.name));
    let place = Place { may_be_absent: node.times < records, ..Place::new(path.join("/")) };
    let room = shape.columns.len() + node.children.len() <= WIDEST;
    let every = node.children.iter().filter_map(|child| tree.node(*child)).find(|child| child.name == EVERY);
    let is_object = node.objects > 0 && node.arrays + node.values == 0 && !node.children.is_empty();
    if node.is_leaf() {
        shape.columns.push(place);
    } else if is_object && every.is_none() && room {
        node.children.iter().for_each(|&child| column(tree, (child, records), path, shape));
    } else if node.arrays > 0 && every.is_some_and(|every| every.texts == every.times) {
        shape.columns.push(Place {
            called: Some(place.from.clone()),
            from: format!("{}/*", place.from),
            kind: Some(ColumnType::Text),
            join: Some(", "),
            ..place
        });
    } else {
        shape.columns.push(Place { kind: Some(ColumnType::Json), ..place });
    }
    path.pop();
}

/// Whether a path can name such a member: what stands around a path is no part of it, and no database keeps a NUL.
pub(super) fn can_name(name: &str) -> bool {
    !matches!(name, "" | "." | ".." | EVERY | "~key") && name.trim() == name && !name.contains('\0')
}
