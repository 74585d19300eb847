//! Finds a definition's columns in a file's header: by name, never by position.

use crate::{
    read::{Contract, ReadError},
    schema::{Origin, Schema},
    section::nearest,
};

/// Where the columns of the schema stand in the file.
#[derive(Debug)]
pub(crate) struct Binding {
    /// For each column of the schema the field of the file, if the file has it.
    pub(crate) fields: Vec<Option<usize>>,
    /// Columns of the file that the definition does not name.
    pub(crate) new_columns: Vec<String>,
}

/// Binds the schema's columns to a header. Names are compared without the white space around them.
pub(crate) fn bind(header: &[String], schema: &Schema, ignore: &[String]) -> Result<Binding, ReadError> {
    let wanted: Vec<_> = schema.columns.iter().filter_map(|column| column.origin.name()).collect();
    if let Some(twice) = wanted.iter().find(|name| header.iter().filter(|cell| cell == *name).count() > 1) {
        return Err(ReadError::broken(None, format!("the file has two columns {twice:?}, and only one can be meant")));
    }
    let field = |name: &str| header.iter().position(|cell| cell == name);
    let fields = schema.columns.iter().map(|column| column.origin.name().and_then(field)).collect();
    let known = |cell: &&String| !wanted.contains(&cell.as_str()) && !ignore.contains(cell);
    let new_columns: Vec<String> = header.iter().filter(known).cloned().collect();
    let needed = schema.columns.iter().filter_map(|column| match &column.origin {
        Origin::File(name) => Some(name),
        Origin::Sometimes(_) | Origin::Series(_) => None,
    });
    let missing: Vec<String> = needed.filter(|name| field(name).is_none()).cloned().collect();
    if missing.is_empty() { Ok(Binding { fields, new_columns }) } else { Err(broken_contract(missing, new_columns)) }
}

/// The error for columns that are missing, with what they may have been renamed to.
pub(crate) fn broken_contract(missing: Vec<String>, unexpected: Vec<String>) -> ReadError {
    let renamed = renamed(&missing, &unexpected);
    ReadError::Contract(Box::new(Contract { missing, unexpected, renamed }))
}

/// Likely renames, each new name used once: first those that differ in case and marks alone, then those that are near.
fn renamed(missing: &[String], unexpected: &[String]) -> Vec<(String, String)> {
    let mut left: Vec<_> = unexpected.iter().map(|found| (normal(found), found)).collect();
    let mut open: Vec<_> = missing.iter().collect();
    let mut renamed = Vec::new();
    for exact in [true, false] {
        open.retain(|name| {
            let plain = normal(name);
            let near = nearest(&plain, left.iter().map(|(found, _)| found.as_str()));
            let near = near.filter(|near| !exact || *near == plain);
            let at = near.and_then(|near| left.iter().position(|(found, _)| found == near));
            renamed.extend(at.map(|at| ((*name).clone(), left.remove(at).1.clone())));
            at.is_none()
        });
    }
    renamed
}

fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
