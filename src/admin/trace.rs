//! Where a figure comes from: a row's versions, each with its release, its file and its record.

use actix_web::web;
use jiff::Timestamp;
use parsers::{Column, Dataset};
use serde_json::{Value, json};

use super::{
    Site,
    page::{Answer, Page},
    problem::Problem,
    visit::SignedIn,
};
use crate::{
    job::DatasetName,
    trace::{self, Asked, TraceError, Traced, Version},
};

/// What stands in the address: a value for each key column, and perhaps a column and a moment.
type Query = Vec<(String, String)>;

/// The form, and below it what was found.
pub(super) async fn show(
    site: web::Data<Site>,
    me: SignedIn,
    name: web::Path<String>,
    query: web::Query<Query>,
) -> Answer {
    let name: DatasetName = name.parse().map_err(|_not_a_name| Problem::NotFound)?;
    let dataset = site.parts.datasets.get(&name).ok_or(Problem::NotFound)?;
    let given = |field: &str| query.iter().find(|(key, value)| key == field && !value.is_empty());
    let given = |field: &str| given(field).map(|(_, value)| value.trim().to_owned());
    let (found, complaint) = match asked(dataset, &given) {
        Some(Ok(asked)) => told(find(&site, dataset, &asked).await?),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let values = json!({
        "dataset": { "name": name, "title": dataset.title },
        "fields": fields(dataset, &given),
        "columns": dataset.schema.columns.iter().map(|column| choice(column, &given)).collect::<Vec<_>>(),
        "as_of": given("at"),
        "history": dataset.history,
        "complaint": complaint,
        "found": found,
    });
    let page = Page::new("Where it comes from").under("Overview", "/").under("Datasets", "/datasets");
    let page = page.under(dataset.title.clone(), format!("/datasets/{name}"));
    page.show(&site, &me, "admin/datasets/trace", &values)
}

/// The columns that a row is known by; all of them, if the dataset has no key.
fn known_by(dataset: &Dataset) -> Vec<&Column> {
    let key: Vec<&Column> = dataset.schema.key_columns().collect();
    if key.is_empty() { dataset.schema.columns.iter().collect() } else { key }
}

fn fields(dataset: &Dataset, given: &impl Fn(&str) -> Option<String>) -> Vec<Value> {
    let fields = known_by(dataset).into_iter();
    fields
        .map(|column| json!({ "name": column.name, "help": column.comment, "value": given(&field(column)) }))
        .collect()
}

/// A column's field in the form: no name of ours can be a column's.
fn field(column: &Column) -> String {
    format!("k.{}", column.name)
}

fn choice(column: &Column, given: &impl Fn(&str) -> Option<String>) -> Value {
    json!({ "name": column.name, "chosen": given("column").is_some_and(|name| name == column.name) })
}

/// What is asked for; nothing if the form has just been opened.
fn asked(dataset: &Dataset, given: &impl Fn(&str) -> Option<String>) -> Option<Result<Asked, String>> {
    let pair = |column: &Column| given(&field(column)).map(|value| format!("{}={value}", column.name));
    let words: Vec<String> = known_by(dataset).into_iter().filter_map(pair).collect();
    if words.is_empty() {
        return None;
    }
    let as_of = match given("at").map(|text| text.parse::<Timestamp>()) {
        Some(Err(_not_a_moment)) => return Some(Err("A moment is written like 2026-03-01T00:00:00Z.".to_owned())),
        Some(Ok(at)) => Some(at),
        None => None,
    };
    Some(Asked::read(dataset, &words, given("column").as_deref(), as_of).map_err(|error| sentence(&error)))
}

async fn find(site: &Site, dataset: &Dataset, asked: &Asked) -> Result<Result<Traced, String>, Problem> {
    let mut conn = site.conn().await?;
    match Box::pin(trace::trace(&mut conn, &site.parts.archive, dataset, asked)).await {
        Ok(traced) => Ok(Ok(traced)),
        Err(error @ (TraceError::Asked(_) | TraceError::Unknown { .. } | TraceError::Archive(_))) => {
            Ok(Err(sentence(&error)))
        }
        Err(TraceError::Db(error)) => Err(error.into()),
    }
}

fn told(found: Result<Traced, String>) -> (Option<Value>, Option<String>) {
    match found {
        Err(complaint) => (None, Some(complaint)),
        Ok(traced) => {
            let versions: Vec<Value> = traced.versions.iter().rev().map(version).collect();
            (Some(json!({ "versions": versions, "rejects": traced.rejects, "history": traced.history })), None)
        }
    }
}

fn version(version: &Version) -> Value {
    let Version { from, to, until_release, cause, release, part, record, whence, original, .. } = version;
    let values = version.values.iter().map(|(name, value)| json!({ "name": name, "value": shown(value) }));
    json!({
        "state": if to.is_some() { "ended" } else { "stands" },
        "from": from,
        "to": to,
        "until_release": until_release,
        "definition": cause.as_deref() == Some("definition"),
        "gap": cause.as_deref() == Some("gap"),
        "release": release,
        "part": part,
        "record": record,
        "whence": whence,
        "original": original,
        "values": values.collect::<Vec<_>>(),
    })
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// An error as a sentence of a page.
fn sentence(error: &TraceError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
