//! Finds the row that names the columns, or the rows: they need not be the first, but must have all names of one layout.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Workbook,
    sheet::{Cell, Sheet},
};
use crate::{
    format::{Binding, bind},
    read::ReadError,
    schema::{Layout, Schema},
};

/// How many rows are looked at.
const ROWS: usize = 100;

/// Columns that a merged name may stand over.
const WIDEST: u32 = 1 << 14;

/// Where the table begins, and where its columns stand.
#[derive(Debug)]
pub(super) struct Header {
    /// The first row below the names, among those that are not blank.
    pub(super) next: usize,
    /// For each field of the binding the first and the last column of the sheet that it may stand in; behind them come the
    /// fields that stand above.
    pub(super) columns: Vec<(u32, u32)>,
    /// The names of all fields.
    pub(super) names: Vec<String>,
    /// Where the schema's columns stand among these fields.
    pub(super) binding: Binding,
}

pub(super) fn find(workbook: &Workbook, sheet: &Sheet, schema: &Schema) -> Result<Header, ReadError> {
    let layouts = schema.layouts();
    let rows = (0..sheet.len().min(ROWS)).map(|at| {
        let named = named(workbook, sheet, at).into_iter().map(|(_, _, name)| name);
        (at, named.chain(workbook.above.iter().cloned()).collect::<Vec<_>>())
    });
    let rows: Vec<_> = rows.collect();
    let fits = |names: &[String]| layouts.iter().any(|layout| layout.missing(names).is_empty());
    let known = |names: &[String]| layouts.iter().map(|layout| shared(layout, names)).max().unwrap_or(0);
    // The row with most names is told against the definition; among equals the first, as in a table without a title.
    let nearest = || rows.iter().rev().max_by_key(|(_, names)| known(names));
    let found = rows.iter().find(|(_, names)| fits(names)).or_else(nearest);
    let found = found.filter(|(_, names)| known(names) > known(&workbook.above));
    let Some((at, _)) = found else { return Err(no_header(sheet, &layouts)) };
    let (columns, mut names) = columns(workbook, sheet, *at);
    names.extend(workbook.above.iter().cloned());
    let binding = bind(&names, schema, &workbook.ignore)?;
    Ok(Header { next: behind(workbook, sheet, *at), columns, names, binding })
}

/// A column's name as the program that made the sheet shows it: A to Z, then AA.
pub(super) fn letters(column: u32) -> String {
    let last = char::from(u8::try_from(column % 26).unwrap_or(0) + b'A');
    if column < 26 { last.to_string() } else { letters(column / 26 - 1) + &last.to_string() }
}

/// The columns that the rows of a header name: first and last of them, and the name.
fn named(workbook: &Workbook, sheet: &Sheet, at: usize) -> Vec<(u32, u32, String)> {
    let mut rows = (at..behind(workbook, sheet, at)).map(|at| names(sheet, at));
    if workbook.header_rows == 1 {
        let one = |(first, last, name)| (first, if workbook.merged { last } else { first }, name);
        return rows.next().unwrap_or_default().into_iter().map(one).collect();
    }
    let mut columns: BTreeMap<u32, String> = BTreeMap::new();
    for (first, last, name) in rows.flatten() {
        for column in first..=last.min(first.saturating_add(WIDEST)) {
            let said = columns.entry(column).or_default();
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(&name);
        }
    }
    columns.into_iter().map(|(column, name)| (column, column, name)).collect()
}

/// The names in a row, each with the first and the last of the columns that it stands over.
fn names(sheet: &Sheet, at: usize) -> Vec<(u32, u32, String)> {
    let (number, cells) = sheet.row(at).unwrap_or_default();
    let areas: Vec<_> = sheet.merged.iter().filter(|(row, ..)| u64::from(*row) + 1 == number).collect();
    let column = |cell: &Cell| {
        // Names are broken into lines, to be narrow.
        let name = sheet.text(cell).split_whitespace().collect::<Vec<_>>().join(" ");
        let area = areas.iter().find(|(_, first, _)| *first == cell.column);
        (cell.column, area.map_or(cell.column, |(_, _, last)| *last), name)
    };
    cells.iter().map(column).filter(|(_, _, name)| !name.is_empty()).collect()
}

/// The first row behind a header that begins with this one, among those that are not blank.
fn behind(workbook: &Workbook, sheet: &Sheet, at: usize) -> usize {
    let number = |at: usize| sheet.row(at).map(|(number, _)| number);
    let Some(end) = number(at).map(|first| first + u64::from(workbook.header_rows)) else { return at };
    (at + 1..sheet.len()).find(|at| number(*at).is_some_and(|number| number >= end)).unwrap_or(sheet.len())
}

/// The columns of the table under a row. One that the row does not name is there if anything stands in it.
fn columns(workbook: &Workbook, sheet: &Sheet, at: usize) -> (Vec<(u32, u32)>, Vec<String>) {
    let mut columns = named(workbook, sheet, at);
    for column in filled_below(workbook, sheet, behind(workbook, sheet, at)) {
        if !columns.iter().any(|(first, last, _)| (*first..=*last).contains(&column)) {
            columns.push((column, column, format!("(column {} without a name)", letters(column))));
        }
    }
    columns.sort_by_key(|(first, ..)| *first);
    columns.into_iter().map(|(first, last, name)| ((first, last), name)).unzip()
}

/// The columns in which a record from a row on has anything.
fn filled_below(workbook: &Workbook, sheet: &Sheet, at: usize) -> BTreeSet<u32> {
    let is_record = |cells: &[Cell]| cells.first().is_some_and(|first| workbook.is_record(sheet.text(first).trim()));
    let rows = (at..sheet.len()).filter_map(|at| sheet.row(at)).filter(|(_, cells)| is_record(cells));
    rows.flat_map(|(_, cells)| cells.iter().map(|cell| cell.column)).collect()
}

/// How many names of a layout a row has.
fn shared(layout: &Layout<'_>, names: &[String]) -> usize {
    layout.names().filter(|name| names.iter().any(|found| found == name)).count()
}

fn no_header(sheet: &Sheet, layouts: &[Layout<'_>]) -> ReadError {
    let wanted: Vec<_> = layouts.iter().flat_map(Layout::names).take(3).map(|name| format!("{name:?}")).collect();
    let (name, wanted) = (&sheet.name, wanted.join(", "));
    let message = format!("no row of the sheet {name:?} names the columns: {wanted}, …");
    ReadError::broken(None, message)
}
