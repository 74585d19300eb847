//! From wide to long: columns of a file become rows, by declaration.

mod rows;

use encoding_rs::Encoding;

use crate::{
    format::bind::{By, bind_by, broken_paths},
    read::ReadError,
    record::{Filled, Record, Records},
    schema::{Layout, Schema},
    section::Section,
};
use rows::Rows;

/// Which columns become rows, and how their names and values are called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpivot {
    /// How columns call what tells the rows of a record apart: what the name's `*` or `#` stands for.
    pub label: String,
    /// How columns call the values of a row, and in which columns of the file they stand.
    pub values: Vec<(String, String)>,
    /// A row is passed over if its values are all among these.
    pub skip: Vec<String>,
}

/// A file whose records have fields at known places, and can be taken apart into rows.
pub(crate) trait Wide: Records {
    /// Why the record cannot be read.
    fn fault(&mut self) -> Option<String>;

    /// One field's bytes, once the record is known to be without fault.
    fn field(&self, at: usize) -> Option<&[u8]>;

    /// Appends one field's text, or says why it is none.
    fn push(&self, at: usize, into: &mut Record) -> Result<(), String>;

    /// Decodes fields as this encoding from now on, if it is another.
    fn decode_as(&mut self, charset: Option<&'static Encoding>);
}

impl Unpivot {
    pub(crate) fn define(table: &Section<'_>) -> Option<Self> {
        let label = table.required("label");
        let values = table.table("values");
        let values = values.map(|values| {
            let value = |name: &str| Some((name.to_owned(), values.required::<String>(name)?));
            values.keys().into_iter().filter_map(value).collect::<Vec<_>>()
        });
        if values.as_ref().is_some_and(Vec::is_empty) {
            table.mistake("values", "nobody says which columns become rows", None);
        }
        let skip = table.optional("skip").unwrap_or_else(|| vec![String::new()]);
        Some(Self { label: label?, values: values?, skip })
    }

    /// Whether its rows have something of this name.
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.label == name || self.values.iter().any(|(value, _)| value == name)
    }

    /// Notes a mistake about values that no name of a column can match.
    pub(crate) fn check_patterns(&self, table: &Section<'_>) {
        for (name, _) in self.values.iter().filter(|(_, columns)| !columns.contains(['*', '#'])) {
            let help = "`*` stands for any text and `#` for a number: \"HE#\"".to_owned();
            table.mistake("values", format!("`{name}` names one column, and rows come of several"), Some(help));
        }
    }
}

/// One row of each record.
#[derive(Debug)]
pub(crate) struct Group {
    /// What tells it from the others.
    pub(crate) label: String,
    /// Where each of its values stands, if the file has it.
    pub(crate) values: Vec<Option<usize>>,
}

/// Where a column's text comes from.
#[derive(Debug, Clone)]
enum Cell {
    /// The record's field at this place.
    Field(usize),
    /// The head of the file.
    Said(String),
    /// What tells the rows of a record apart.
    Label,
    /// One of the row's values.
    Value(usize),
}

/// How the records of one file are taken apart.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    unpivot: Option<&'a Unpivot>,
    groups: Vec<Group>,
    /// What columns may ask for, by its name.
    cells: Vec<(String, Cell)>,
}

impl<'a> Plan<'a> {
    /// For a file with this header, whose head says what holds for every record.
    pub(crate) fn new(
        unpivot: Option<&'a Unpivot>,
        header: &[String],
        said: Vec<(String, String)>,
        schema: &Schema,
    ) -> Result<Self, ReadError> {
        let layouts = schema.layouts();
        let own = |name: &String| layouts.iter().flat_map(Layout::names).any(|own| own == name);
        let (groups, missing) = unpivot.map(|unpivot| groups(unpivot, header, own)).unwrap_or_default();
        if !missing.is_empty() {
            return Err(broken_paths(missing, Vec::new()));
        }
        let taken = |at: usize| groups.iter().any(|group| group.values.contains(&Some(at)));
        let fields = header.iter().enumerate().filter(|(at, _)| !taken(*at));
        let mut cells: Vec<_> = fields.map(|(at, name)| (name.clone(), Cell::Field(at))).collect();
        cells.extend(said.into_iter().map(|(name, text)| (name, Cell::Said(text))));
        Ok(Self::with(unpivot, groups, cells))
    }

    /// For fields that are known by their places.
    pub(crate) fn of_places(unpivot: &'a Unpivot, header: &[String], groups: Vec<Group>) -> Self {
        let fields = header.iter().enumerate().map(|(at, name)| (name.clone(), Cell::Field(at))).collect();
        Self::with(Some(unpivot), groups, fields)
    }

    fn with(unpivot: Option<&'a Unpivot>, mut groups: Vec<Group>, mut cells: Vec<(String, Cell)>) -> Self {
        match unpivot {
            None => groups.push(Group { label: String::new(), values: Vec::new() }),
            Some(unpivot) => {
                cells.push((unpivot.label.clone(), Cell::Label));
                let values = unpivot.values.iter().enumerate();
                cells.extend(values.map(|(at, (name, _))| (name.clone(), Cell::Value(at))));
            }
        }
        Self { unpivot, groups, cells }
    }

    /// The rows of a file.
    pub(crate) fn open(
        self,
        mut wide: Box<dyn Wide + 'a>,
        schema: &'a Schema,
        by: By,
        ignore: &[String],
    ) -> Result<Box<dyn Records + 'a>, ReadError> {
        let (names, cells): (Vec<_>, Vec<_>) = self.cells.into_iter().unzip();
        let binding = bind_by(by, &names, schema, ignore)?;
        wide.decode_as(binding.charset);
        let columns = binding.fields.iter().map(|field| cells.get((*field)?).cloned()).collect();
        Ok(Box::new(Filled::new(Rows::new(wide, columns, self.groups, self.unpivot, (cells, binding.news)))))
    }
}

/// The groups that a header's names come to, and values that stand in none of its columns.
fn groups(unpivot: &Unpivot, header: &[String], own: impl Fn(&String) -> bool) -> (Vec<Group>, Vec<String>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut missing: Vec<_> = unpivot.values.iter().map(|(_, columns)| columns.clone()).collect();
    for (at, name) in header.iter().enumerate().filter(|(_, name)| !own(name)) {
        let found = unpivot.values.iter().position(|(_, columns)| label(columns, name).is_some());
        let found = found.and_then(|value| Some((value, unpivot.values.get(value)?)));
        let Some((value, (_, columns))) = found else { continue };
        missing.retain(|pattern| pattern != columns);
        let label = label(columns, name).unwrap_or_default();
        let known = groups.iter().position(|group| group.label == label);
        let place = known.unwrap_or(groups.len());
        if known.is_none() {
            groups.push(Group { label: label.to_owned(), values: vec![None; unpivot.values.len()] });
        }
        if let Some(cell) = groups.get_mut(place).and_then(|group| group.values.get_mut(value)) {
            *cell = Some(at);
        }
    }
    (groups, missing)
}

/// What the `*` or the `#` of a pattern stands for in a name.
fn label<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    let (before, behind) = pattern.split_once('*').or_else(|| pattern.split_once('#'))?;
    let found = name.strip_prefix(before)?.strip_suffix(behind)?;
    let number = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit());
    (number || pattern.contains('*')).then_some(found)
}

#[cfg(test)]
mod tests;
