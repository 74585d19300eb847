//! What makes a definition another one: two hashes, of what rows depend on and of every letter.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

/// What says how rows are fetched, shown and offered, and not what they are.
const BESIDE_THE_ROWS: [&str; 10] = [
    "title",
    "description",
    "licence",
    "publisher",
    "source",
    "indexes",
    "readers",
    "compatibility",
    "history",
    "long_view",
];

/// SHA-256 in hex over what rows depend on: neither comments nor the order of keys, but every key that is not known
/// to stand beside the rows.
pub(super) fn of_rows(text: &str) -> String {
    let Ok(document) = DeTable::parse(text) else { return of_text(text) };
    let mut plain = String::new();
    for (key, value) in sorted(document.get_ref()) {
        match key {
            key if BESIDE_THE_ROWS.contains(&key) => {}
            "columns" => columns(value, &mut plain),
            key => entry(key, value, &mut plain),
        }
    }
    of_text(&plain)
}

/// SHA-256 in hex over the whole text.
pub(super) fn of_text(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Columns in their order, which is the table's, and without their comments.
fn columns(value: &DeValue<'_>, into: &mut String) {
    let Some(columns) = value.as_table() else { return entry("columns", value, into) };
    let mut columns: Vec<_> = columns.iter().collect();
    columns.sort_by_key(|(name, _)| name.span().start);
    into.push_str("columns={");
    for (name, column) in columns {
        let Some(said) = column.get_ref().as_table() else { continue };
        let _infallible = write!(into, "{:?}={{", name.get_ref());
        for (key, value) in sorted(said).filter(|(key, _)| *key != "comment") {
            entry(key, value, into);
        }
        into.push('}');
    }
    into.push('}');
}

fn entry(key: &str, value: &DeValue<'_>, into: &mut String) {
    let _infallible = write!(into, "{key:?}=");
    plain(value, into);
    into.push(';');
}

fn plain(value: &DeValue<'_>, into: &mut String) {
    let _infallible = match value {
        DeValue::String(text) => write!(into, "{text:?}"),
        DeValue::Integer(number) => write!(into, "{}:{}", number.radix(), number.as_str()),
        DeValue::Float(number) => write!(into, "{}", number.as_str()),
        DeValue::Boolean(truth) => write!(into, "{truth}"),
        DeValue::Datetime(moment) => write!(into, "{moment}"),
        DeValue::Array(items) => {
            into.push('[');
            for item in items {
                plain(item.get_ref(), into);
                into.push(',');
            }
            write!(into, "]")
        }
        DeValue::Table(table) => {
            into.push('{');
            for (key, value) in sorted(table) {
                entry(key, value, into);
            }
            write!(into, "}}")
        }
    };
}

fn sorted<'a>(table: &'a DeTable<'_>) -> impl Iterator<Item = (&'a str, &'a DeValue<'a>)> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref())).collect();
    entries.sort_by_key(|(key, _)| *key);
    entries.into_iter()
}
