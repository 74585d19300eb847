//! Which statements bring a table to its definition. Pure: the catalogue's answer goes in, SQL comes out.

use parsers::{Column, ColumnType, Dataset};

use super::view;
use crate::db::ident::{list, literal, qualified, quote};

/// Columns that every dataset's table has beside its own, with their comments.
pub(crate) const OWN: [(&str, &str, &str); 3] = [
    ("_release", "bigint", "The release that last changed this row: bluebook.releases.id"),
    ("_part", "integer", "Which file of that release the row stood in, from 0"),
    ("_record", "bigint", "Number of its record in that file, from 1"),
];

/// How a table is stored: most releases change few rows, and a changed row that finds room on its own page needs neither
/// another page nor new entries in the indexes.
pub(crate) const STORAGE: &str = "fillfactor=95";

/// A table as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Existing {
    pub(super) columns: Vec<ExistingColumn>,
    pub(super) key: Vec<String>,
    /// Statements that take our own views out of the way of a new type.
    pub(super) in_the_way: Vec<String>,
}

/// One of its columns.
#[derive(Debug, Clone)]
pub(super) struct ExistingColumn {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) required: bool,
}

/// The statements, in order; or, in words, why a person must act first.
pub(super) fn statements(dataset: &Dataset, existing: Option<&Existing>) -> Result<Vec<String>, String> {
    let mut statements = match existing {
        None => vec![create(dataset)],
        Some(existing) => change(dataset, existing)?,
    };
    statements.extend(dress(dataset));
    Ok(statements)
}

/// What belongs to the table beside its columns and key: comments, and the long view.
pub(super) fn dress(dataset: &Dataset) -> Vec<String> {
    let mut statements = comments(dataset);
    if let Some(long) = &dataset.long_view {
        statements.extend(view::create(dataset, long));
    }
    statements
}

fn create(dataset: &Dataset) -> String {
    let own = OWN.iter().map(|(name, kind, _)| format!("{} {kind} NOT NULL", quote(name)));
    let mut lines: Vec<String> = dataset.schema.columns.iter().map(defined).chain(own).collect();
    if !dataset.schema.key.is_empty() {
        lines.push(format!("PRIMARY KEY ({})", list(key(dataset))));
    }
    format!("CREATE TABLE {} (\n    {}\n) WITH ({STORAGE})", table(dataset), lines.join(",\n    "))
}

fn defined(column: &Column) -> String {
    let required = if column.required { " NOT NULL" } else { "" };
    format!("{} {}{required}", quote(&column.name), column.kind.sql())
}

/// What can be changed without losing or guessing anything: new columns, wider types, fewer requirements. A column
/// that is required only from now on stays open: older rows may lack it, and reading proves the new ones.
fn change(dataset: &Dataset, existing: &Existing) -> Result<Vec<String>, String> {
    let away = || {
        let name = dataset.name.as_str();
        format!("move the old table away (ALTER TABLE data.{name} RENAME TO …) and run `bluebook replay {name}`")
    };
    if existing.key.iter().map(String::as_str).ne(key(dataset)) {
        let (old, new) = (existing.key.join(", "), key(dataset).collect::<Vec<_>>().join(", "));
        return Err(format!("its key was ({old}) and is now ({new}): {}", away()));
    }
    let is_own = |name: &str| OWN.iter().any(|(own, ..)| *own == name);
    let is_defined = |name: &str| dataset.schema.columns.iter().any(|column| column.name == name);
    if let Some(gone) = existing.columns.iter().find(|column| !is_own(&column.name) && !is_defined(&column.name)) {
        let name = &gone.name;
        return Err(format!(
            "the definition no longer names column {name}: name it again, drop it by hand, or {}",
            away()
        ));
    }
    let mut changes = Vec::new();
    let mut retyped = false;
    for column in &dataset.schema.columns {
        let name = quote(&column.name);
        match existing.columns.iter().find(|old| old.name == column.name) {
            None => changes.push(format!("ADD COLUMN {name} {}", column.kind.sql())),
            Some(old) => {
                if old.kind != spelled(column.kind) {
                    if !widens(&old.kind, column.kind) {
                        let new = column.kind.sql();
                        return Err(format!("column {} was {} and is now {new}: {}", column.name, old.kind, away()));
                    }
                    retyped = true;
                    changes.push(format!("ALTER COLUMN {name} TYPE {}", column.kind.sql()));
                }
                if old.required && !column.required {
                    changes.push(format!("ALTER COLUMN {name} DROP NOT NULL"));
                }
            }
        }
    }
    // A column's type cannot change under a view, and these are ours to make again.
    let mut statements = Vec::new();
    if retyped {
        statements.extend(dataset.long_view.iter().map(|long| view::drop(&long.name)));
        statements.extend(existing.in_the_way.iter().cloned());
    }
    if !changes.is_empty() {
        statements.push(format!("ALTER TABLE {} {}", table(dataset), changes.join(", ")));
    }
    Ok(statements)
}

/// A type as `format_type` spells it.
pub(super) fn spelled(kind: ColumnType) -> String {
    match kind {
        ColumnType::Timestamp => "timestamp with time zone".to_owned(),
        ColumnType::Time => "time without time zone".to_owned(),
        kind => kind.sql(),
    }
}

/// Whether every value of the old type is one of the new, written the same.
pub(super) fn widens(old: &str, new: ColumnType) -> bool {
    let ColumnType::Decimal { precision, scale } = new else { return false };
    let whole = precision.saturating_sub(scale);
    if old == "bigint" {
        return whole >= 19;
    }
    let digits = old.strip_prefix("numeric(").and_then(|rest| rest.strip_suffix(')'));
    let Some((old_precision, old_scale)) = digits.and_then(|digits| digits.split_once(',')) else { return false };
    match (old_precision.parse::<u16>(), old_scale.parse::<u16>()) {
        (Ok(old_precision), Ok(old_scale)) => scale >= old_scale && whole >= old_precision.saturating_sub(old_scale),
        _ => false,
    }
}

fn comments(dataset: &Dataset) -> Vec<String> {
    let table = table(dataset);
    let of_column = |name: &str, text: &str| format!("COMMENT ON COLUMN {table}.{} IS {}", quote(name), literal(text));
    let mut comments = vec![format!("COMMENT ON TABLE {table} IS {}", literal(&dataset.description))];
    comments.extend(dataset.schema.columns.iter().map(|column| of_column(&column.name, &column.comment)));
    comments.extend(OWN.iter().map(|(name, _, text)| of_column(name, text)));
    comments
}

fn table(dataset: &Dataset) -> String {
    qualified("data", dataset.name.as_str())
}

fn key(dataset: &Dataset) -> impl Iterator<Item = &str> {
    dataset.schema.key_columns().map(|column| column.name.as_str())
}

#[cfg(test)]
mod tests;
