//! Workbooks: the sheet, the row that names the columns, and rows that are no records.

mod rows;

use std::collections::BTreeSet;

use super::{
    InferError, Open, Packed,
    draft::{Kind, Place, Shape},
    packed::undated,
};
use crate::{
    decode::{Content, matches},
    format::workbook::look::{Looked, unnamed},
    section::quoted,
};
use rows::Table;

/// Sheets that are looked at.
const SHEETS: usize = 30;
/// Rows above the names that are shown.
const SHOWN: usize = 5;

pub(super) fn shape(packed: &Packed, open: Open<'_>) -> Result<Shape, InferError> {
    let part = || packed.part(Content::Workbook, open);
    let names = part().and_then(|part| Looked::names(part).map_err(InferError::Unreadable))?;
    let mut best: Option<(usize, String, Looked)> = None;
    for name in names.iter().take(SHEETS) {
        // A sheet of charts has no cells, and is none that is meant.
        let Ok(sheet) = Looked::open(part()?, name) else { continue };
        let cells = (0..sheet.len()).map(|at| sheet.row(at).len()).sum();
        if best.as_ref().is_none_or(|(most, ..)| cells > *most) {
            best = Some((cells, name.clone(), sheet));
        }
    }
    let Some((1.., name, sheet)) = best else {
        return Err(InferError::Unknown("no sheet of the workbook can be read and holds anything".to_owned()));
    };
    let Some(table) = Table::find(&sheet) else {
        let sentence = format!(
            "no row of the sheet {name:?}, the largest of {}, names columns under which values stand: save the sheet \
             with one row of names, or write its definition by hand, by the examples in parsers/datasets/README.md",
            names.len()
        );
        return Err(InferError::Unknown(sentence));
    };
    let mut shape = Shape::new(Kind::Workbook);
    if names.len() > 1 {
        shape.format.push(meant(&name, &names));
    }
    describe(&table, &mut shape);
    Ok(shape)
}

/// The sheet, by a name that its successors will have, too.
fn meant(name: &str, names: &[String]) -> String {
    let pattern = undated(name.trim());
    let one = names.iter().filter(|name| matches(&pattern, name.trim())).count() == 1;
    let pattern = if one { pattern } else { name.trim().to_owned() };
    let others: Vec<_> = names.iter().filter(|other| *other != name).map(|other| quoted(other.trim())).collect();
    format!("sheet = {}  # GUESS: it holds most; the others are {}", quoted(&pattern), others.join(", "))
}

fn describe(table: &Table, shape: &mut Shape) {
    let listed = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    if !table.skip.is_empty() {
        shape.format.push(format!("skip = [{}]  # GUESS: rows that begin so are no records", listed(&table.skip)));
    }
    if let Some(footer) = &table.footer {
        shape.format.push(format!("footer = {}  # GUESS: the table ends with the row that begins so", quoted(footer)));
    }
    if !table.labels.is_empty() {
        let labels: Vec<String> = table.labels.iter().cloned().collect();
        shape
            .format
            .push(format!("above = [{}]  # GUESS: what stands beside holds for the rows below", listed(&labels)));
        shape.columns.extend(labels.into_iter().map(|label| Place { may_be_absent: true, ..Place::new(label) }));
    }
    let twice = |name: &str| table.names.iter().filter(|(_, other)| other == name).count() > 1;
    let named: BTreeSet<u32> = table.names.iter().map(|(column, _)| *column).collect();
    let mut ignored: Vec<String> = table.filled.difference(&named).map(|column| unnamed(*column)).collect();
    for (_, name) in &table.names {
        if !twice(name) {
            shape.columns.push(Place::new(name.clone()));
        } else if !ignored.contains(name) {
            ignored.push(name.clone());
            shape.notes.push(format!("left out, for two columns are called so: {}", quoted(name)));
        }
    }
    if !ignored.is_empty() {
        shape.format.push(format!("ignore = [{}]", listed(&ignored)));
    }
    if !table.above.is_empty() {
        shape.notes.push("above the names of the columns stands:".to_owned());
        shape.notes.extend(table.above.iter().take(SHOWN).map(|row| format!("  {row}")));
    }
}
