//! What a description beside a file says of it: a Frictionless Data Package, or CSV on the Web metadata.
//!
//! <https://datapackage.org/standard/data-package/>, <https://www.w3.org/TR/tabular-metadata/>

use std::collections::{BTreeMap, BTreeSet};

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
    /// Columns that are text, however much their values look like numbers.
    pub texts: BTreeSet<String>,
    /// Columns that name a row.
    pub key: Vec<String>,
    /// Texts that stand for no value.
    pub nulls: Vec<String>,
}

impl Beside {
    /// Reads a description; `file` is the name of the file that it is wanted for. None if it describes others.
    pub fn parse(json: &[u8], file: &str) -> Result<Option<Self>, InferError> {
        let described: Value = serde_json::from_slice(json)
            .map_err(|error| InferError::Unknown(format!("the description beside the file is no JSON: {error}")))?;
        Ok(package(&described, file).or_else(|| on_the_web(&described, file)))
    }
}

fn package(described: &Value, file: &str) -> Option<Beside> {
    let resources = described.get("resources")?.as_array()?;
    let resource = resources.iter().find(|resource| is_of(resource, "path", file))?;
    let either = |key: &str| text(resource, &[key]).or_else(|| text(described, &[key]));
    let first = |list: &str, keys: &[&str]| {
        let listed = resource.get(list).or_else(|| described.get(list))?.get(0)?;
        keys.iter().find_map(|key| text(listed, &[key]))
    };
    let schema = resource.get("schema").unwrap_or(&Value::Null);
    let fields = listed(schema.get("fields"));
    Some(Beside {
        title: either("title"),
        description: either("description"),
        licence: first("licenses", &["title", "name"]),
        publisher: first("sources", &["title"]).or_else(|| first("contributors", &["title"])),
        page: either("homepage").or_else(|| first("sources", &["path"])),
        columns: said_of(fields, &["name"], &["description", "title"]),
        texts: texts(said_of(fields, &["name"], &["type"])),
        key: words(schema.get("primaryKey")),
        nulls: words(schema.get("missingValues")),
    })
}

fn on_the_web(described: &Value, file: &str) -> Option<Beside> {
    let mut tables = listed(described.get("tables")).iter().chain([described]);
    let table = tables.find(|table| is_of(table, "url", file))?;
    let said = |keys: &[&str]| keys.iter().find_map(|key| text(table, &[key]).or_else(|| text(described, &[key])));
    let schema = table.get("tableSchema").unwrap_or(&Value::Null);
    let columns = listed(schema.get("columns"));
    // The key is said by names, and the file has titles.
    let titles = said_of(columns, &["name"], &["titles"]);
    let in_file = |name: String| titles.get(&name).cloned().unwrap_or(name);
    Some(Beside {
        title: said(&["dc:title", "dct:title"]),
        description: said(&["dc:description", "dct:description"]),
        licence: said(&["dc:license", "dct:license"]),
        publisher: said(&["dc:publisher", "dct:publisher"]),
        page: said(&["dcat:landingPage"]),
        columns: said_of(columns, &["titles", "name"], &["dc:description", "dct:description"]),
        texts: texts(said_of(columns, &["titles", "name"], &["datatype"])),
        key: words(schema.get("primaryKey")).into_iter().map(in_file).collect(),
        nulls: words(table.get("null").or_else(|| schema.get("null"))),
    })
}

/// Whether the place that is said there is that of the file, packed or not.
fn is_of(described: &Value, place: &str, file: &str) -> bool {
    let named = text(described, &[place]).and_then(|path| path.rsplit('/').next().map(str::to_owned));
    named.is_some_and(|named| {
        file == named || file.strip_prefix(&named).is_some_and(|end| end == ".gz" || end == ".zip")
    })
}

/// What is said of each column of a list, by the first name that it has.
fn said_of(columns: &[Value], names: &[&str], keys: &[&str]) -> BTreeMap<String, String> {
    let said = |column: &Value, keys: &[&str]| keys.iter().find_map(|key| text(column, &[key]));
    columns.iter().filter_map(|column| Some((said(column, names)?, said(column, keys)?))).collect()
}

/// Those whose type is text.
fn texts(types: BTreeMap<String, String>) -> BTreeSet<String> {
    types.into_iter().filter(|(_, kind)| kind == "string").map(|(name, _)| name).collect()
}

fn listed(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text, or several.
fn words(said: Option<&Value>) -> Vec<String> {
    let one = said.filter(|said| said.is_string());
    one.into_iter().chain(listed(said)).filter_map(Value::as_str).map(str::to_owned).collect()
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
