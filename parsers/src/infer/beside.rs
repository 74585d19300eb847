//! What a description beside a file says of it: a Frictionless Data Package, or CSV on the Web metadata.
//!
//! <https://datapackage.org/standard/data-package/>, <https://www.w3.org/TR/tabular-metadata/>

use std::collections::BTreeMap;

use serde_json::Value;

use super::InferError;

/// What is said of a file beside it. Empty if there is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// Its title.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Under which terms it may be used.
    pub licence: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Its page.
    pub page: Option<String>,
    /// What its columns mean, by the names that the file has for them.
    pub columns: BTreeMap<String, String>,
}

impl Beside {
    /// Reads a description; `file` is the name of the file that it is wanted for, since a package may describe several.
    pub fn parse(json: &[u8], file: &str) -> Result<Self, InferError> {
        let described: Value = serde_json::from_slice(json)
            .map_err(|error| InferError::Unknown(format!("the description beside the file is no JSON: {error}")))?;
        Ok(if described.get("resources").is_some() { package(&described, file) } else { on_the_web(&described) })
    }
}

fn package(described: &Value, file: &str) -> Beside {
    let resources = described.get("resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_meant = |resource: &&Value| text(resource, &["path"]).is_some_and(|path| path.ends_with(file));
    let resource = resources.iter().find(is_meant).or(resources.first()).unwrap_or(&Value::Null);
    let either = |key: &str| text(resource, &[key]).or_else(|| text(described, &[key]));
    let first = |list: &str, keys: &[&str]| {
        let listed = resource.get(list).or_else(|| described.get(list))?.get(0)?;
        keys.iter().find_map(|key| text(listed, &[key]))
    };
    let fields = resource.get("schema").and_then(|schema| schema.get("fields"));
    Beside {
        title: either("title"),
        description: either("description"),
        licence: first("licenses", &["title", "name"]),
        publisher: first("sources", &["title"]).or_else(|| first("contributors", &["title"])),
        page: either("homepage").or_else(|| first("sources", &["path"])),
        columns: meanings(fields, &["name"], &["description", "title"]),
    }
}

fn on_the_web(described: &Value) -> Beside {
    let table = described.get("tables").and_then(|tables| tables.get(0)).unwrap_or(described);
    let said = |keys: &[&str]| keys.iter().find_map(|key| text(table, &[key]).or_else(|| text(described, &[key])));
    let columns = table.get("tableSchema").and_then(|schema| schema.get("columns"));
    Beside {
        title: said(&["dc:title", "dct:title"]),
        description: said(&["dc:description", "dct:description"]),
        licence: said(&["dc:license", "dct:license"]),
        publisher: said(&["dc:publisher", "dct:publisher"]),
        page: said(&["dcat:landingPage"]),
        columns: meanings(columns, &["titles", "name"], &["dc:description", "dct:description"]),
    }
}

/// What each column of a list means, by the first name that it has.
fn meanings(columns: Option<&Value>, names: &[&str], meanings: &[&str]) -> BTreeMap<String, String> {
    let columns = columns.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let said = |column: &Value, keys: &[&str]| keys.iter().find_map(|key| text(column, &[key]));
    columns.iter().filter_map(|column| Some((said(column, names)?, said(column, meanings)?))).collect()
}

/// A text, or the first of several, or the one in whatever language comes first.
fn text(of: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(of, |value, key| value.get(key))?;
    let found = match found {
        Value::Array(several) => several.first()?,
        Value::Object(by_language) => ["@value", "en", "name"].iter().find_map(|key| by_language.get(*key))?,
        found => found,
    };
    found.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
