//! What is asked for: a row, by its key or by any of its columns.

use jiff::Timestamp;
use parsers::{Column, Dataset};

use super::TraceError;
use crate::db::ident::quote;

/// A row that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Columns and their values as text, as PostgreSQL reads them.
    pub key: Vec<(String, String)>,
    /// Only this column's versions.
    pub column: Option<String>,
    /// Only what was said at this moment.
    pub as_of: Option<Timestamp>,
}

impl Asked {
    /// Understands words: `column=value` pairs, or the key's values in its order.
    pub fn read(
        dataset: &Dataset,
        words: &[String],
        column: Option<&str>,
        as_of: Option<Timestamp>,
    ) -> Result<Self, TraceError> {
        let keys: Vec<&Column> = dataset.schema.key_columns().collect();
        let pairs = words.iter().map(|word| pair(dataset, word)).collect::<Vec<_>>();
        let key = match pairs.iter().cloned().collect::<Option<Vec<_>>>() {
            Some(pairs) if !pairs.is_empty() => pairs,
            _ if words.len() == keys.len() && !keys.is_empty() => {
                keys.iter().zip(words).map(|(column, word)| (column.name.clone(), spelled(column, word))).collect()
            }
            _ => return Err(TraceError::Asked(how(dataset, &keys))),
        };
        if let Some(name) = column.filter(|name| find(dataset, name).is_none()) {
            return Err(TraceError::Asked(format!("{} has no column {name}", dataset.name)));
        }
        Ok(Self { key, column: column.map(str::to_owned), as_of })
    }

    /// The condition that a row meets: `_t` is the table, `$1` an array of the values as text.
    pub(super) fn condition(&self, dataset: &Dataset) -> String {
        let of = |(at, (name, _)): (usize, &(String, String))| {
            let kind = find(dataset, name).map_or_else(|| "text".to_owned(), |column| column.kind.sql());
            format!("_t.{} = CAST(($1)[{}] AS {kind})", quote(name), at + 1)
        };
        self.key.iter().enumerate().map(of).collect::<Vec<_>>().join(" AND ")
    }

    /// The values, in the order of the condition.
    pub(super) fn values(&self) -> Vec<&str> {
        self.key.iter().map(|(_, value)| value.as_str()).collect()
    }

    /// The key in words.
    pub fn told(&self) -> String {
        self.key.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
    }
}

fn pair(dataset: &Dataset, word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let column = find(dataset, name)?;
    Some((name.to_owned(), spelled(column, value)))
}

/// A value as the table has it: what is lower-cased on its way in is asked for in lower case.
fn spelled(column: &Column, value: &str) -> String {
    if column.rule.lower_case { value.to_lowercase() } else { value.to_owned() }
}

fn find<'a>(dataset: &'a Dataset, name: &str) -> Option<&'a Column> {
    dataset.schema.columns.iter().find(|column| column.name == name)
}

fn how(dataset: &Dataset, keys: &[&Column]) -> String {
    let name = &dataset.name;
    if keys.is_empty() {
        return format!("{name} has no key: say which row by pairs, such as COLUMN=VALUE");
    }
    let key = keys.iter().map(|column| column.name.as_str()).collect::<Vec<_>>();
    let pairs: Vec<String> = key.iter().map(|name| format!("{name}=…")).collect();
    format!(
        "a row of {name} is known by {}: write {}, or the values alone in this order",
        key.join(", "),
        pairs.join(" ")
    )
}
