//! How a dataset's table is offered to those who read it. Nothing here changes a row.

use crate::{
    Schema,
    section::{Section, nearest},
};

/// PostgreSQL cuts names behind this many bytes.
const LONGEST_NAME: usize = 63;

/// Schemas in which no compatibility view may stand: the program's own, and PostgreSQL's.
const TAKEN_SCHEMAS: [&str; 4] = ["data", "stage", "bluebook", "information_schema"];

/// What the table offers beside its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Columns of each further index; the key has its own.
    pub indexes: Vec<Vec<String>>,
    /// Roles of the database that may read the table and its views.
    pub readers: Vec<String>,
    /// A view under the name that older programs know.
    pub compatibility: Option<Compatibility>,
}

/// A view under an old table's name, so that what an older pipeline fed goes on working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compatibility {
    /// The view's schema.
    pub schema: String,
    /// Its name there.
    pub view: String,
    /// Its columns in order: the old name, and the dataset's column.
    pub columns: Vec<(String, String)>,
}

pub(super) fn offer(root: &Section<'_>, schema: Option<&Schema>) -> Option<Offer> {
    let indexes = root.optional::<Vec<Vec<String>>>("indexes").unwrap_or_default();
    let readers = root.optional::<Vec<String>>("readers").unwrap_or_default();
    let compatibility = root.optional_table("compatibility").map(|table| compatibility(&table, schema));
    check_readers(root, &readers);
    if let Some(schema) = schema {
        check_indexes(root, &indexes, schema);
    }
    Some(Offer { indexes, readers, compatibility: compatibility.map_or(Some(None), |view| view.map(Some))? })
}

fn check_indexes(root: &Section<'_>, indexes: &[Vec<String>], schema: &Schema) {
    for (at, index) in indexes.iter().enumerate() {
        for column in index {
            must_exist(root, "indexes", column, schema);
        }
        let twice = index.iter().enumerate().find(|(at, column)| index.iter().take(*at).any(|other| other == *column));
        if let Some((_, column)) = twice {
            root.mistake("indexes", format!("an index names `{column}` twice"), None);
        }
        if index.is_empty() {
            root.mistake("indexes", "an index needs a column", None);
        } else if indexes.iter().take(at).any(|other| other == index) {
            root.mistake("indexes", format!("there are two indexes on {}", index.join(", ")), None);
        } else if schema.key_columns().map(|column| &column.name).eq(index) {
            root.mistake("indexes", "the key has its index already", Some("take this one away".into()));
        }
    }
}

fn check_readers(root: &Section<'_>, readers: &[String]) {
    for (at, reader) in readers.iter().enumerate() {
        if reader == "public" || reader == "none" {
            let help = "a dataset names its readers one by one";
            root.mistake(
                "readers",
                format!("{reader:?} is no role, but PostgreSQL's word for all or nobody"),
                Some(help.into()),
            );
        } else if !is_name(reader) {
            root.mistake("readers", format!("{reader:?} cannot be a role's name"), None);
        } else if readers.iter().take(at).any(|other| other == reader) {
            root.mistake("readers", format!("{reader:?} stands here twice"), None);
        }
    }
}

fn compatibility(table: &Section<'_>, schema: Option<&Schema>) -> Option<Compatibility> {
    let name = table.required::<&str>("view").and_then(|name| view_name(table, name));
    let columns = match table.optional_table("columns") {
        Some(columns) => named(&columns, schema),
        None => {
            schema.into_iter().flat_map(|schema| &schema.columns).map(|c| (c.name.clone(), c.name.clone())).collect()
        }
    };
    let (schema, view) = name?;
    Some(Compatibility { schema, view, columns })
}

fn view_name(table: &Section<'_>, name: &str) -> Option<(String, String)> {
    let (schema, view) = name.split_once('.').unwrap_or(("public", name));
    if !is_name(schema) || !is_name(view) || view.contains('.') {
        let help = "write \"old_name\" or \"old_schema.old_name\", letter by letter as the catalogue has it";
        table.mistake("view", format!("{name:?} cannot be a view's name"), Some(help.into()));
        return None;
    }
    if TAKEN_SCHEMAS.contains(&schema) || schema.starts_with("pg_") {
        let help = "leave the schema out for `public`, or name the old table's";
        table.mistake("view", format!("no view of yours can stand in schema {schema}"), Some(help.into()));
        return None;
    }
    Some((schema.to_owned(), view.to_owned()))
}

fn named(columns: &Section<'_>, schema: Option<&Schema>) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for old in columns.keys() {
        if !is_name(old) {
            columns.mistake(old, format!("{old:?} cannot be a column's name"), None);
        }
        let Some(new) = columns.required::<String>(old) else { continue };
        if let Some(schema) = schema {
            must_exist(columns, old, &new, schema);
        }
        named.push((old.to_owned(), new));
    }
    if columns.keys().is_empty() {
        columns.mistake("", "a view needs a column", Some("leave `columns` out to show them all".into()));
    }
    named
}

fn must_exist(section: &Section<'_>, key: &str, column: &str, schema: &Schema) {
    if !schema.columns.iter().any(|known| known.name == column) {
        let near = nearest(column, schema.columns.iter().map(|known| known.name.as_str()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        section.mistake(key, format!("there is no column `{column}`"), help);
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains('\0')
}
