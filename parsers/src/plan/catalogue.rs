//! Catalogues that say where a dataset's file is: CKAN and Socrata.

use serde_json::Value;
use url::Url;

use super::{Answer, Trail, WalkError, links::last_part};
use crate::decode::matches;

/// Which resource of a CKAN package is the file. Exactly one must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ckan {
    /// The resource's name; `*` stands for any run of characters.
    pub name: Option<String>,
    /// The last part of its URL's path as people read it, likewise.
    pub file: Option<String>,
    /// Its format, such as CSV, in capitals or not.
    pub format: Option<String>,
    /// Of several that match, the one that was made last.
    pub is_newest: bool,
}

/// A view of a Socrata site, and the format in which it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socrata {
    /// The ending of the export: csv, json or xml.
    pub format: String,
}

impl Ckan {
    /// The URL of the file.
    pub(super) fn file(&self, answer: &Answer<'_>, trail: Trail<'_>) -> Result<String, WalkError> {
        let body = json(answer)?;
        if body.get("success") != Some(&Value::Bool(true)) {
            let said = body.pointer("/error/message").and_then(Value::as_str).unwrap_or("it gives no reason");
            return Err(unreadable(answer, format!("the catalogue says that it failed: {said}")));
        }
        let resources = body.pointer("/result/resources").and_then(Value::as_array);
        let resources = resources.ok_or_else(|| unreadable(answer, "the package has no resources".into()))?;
        let found: Vec<&Value> = resources.iter().filter(|resource| self.is_it(resource, answer.url)).collect();
        let chosen = match found.as_slice() {
            [] => return Err(self.nothing(answer, resources)),
            [one] => one,
            several if self.is_newest => self.newest(answer, several)?,
            several => return Err(self.several(answer, several)),
        };
        match field(chosen, "url") {
            "" => Err(unreadable(answer, format!("the resource {:?} has no URL", field(chosen, "name")))),
            url => trail.follow(answer.url, url),
        }
    }

    fn is_it(&self, resource: &Value, from: &str) -> bool {
        let is = |wanted: &Option<String>, fits: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(fits);
        matches!(field(resource, "state"), "" | "active")
            && is(&self.name, &|pattern| matches(pattern, field(resource, "name")))
            && is(&self.file, &|pattern| matches(pattern, &file(resource, from)))
            && is(&self.format, &|format| field(resource, "format").eq_ignore_ascii_case(format))
    }

    /// The one that was made last, if it is said of each when that was.
    fn newest<'a>(&self, answer: &Answer<'_>, found: &[&'a Value]) -> Result<&'a Value, WalkError> {
        if let Some(unsaid) = found.iter().find(|resource| field(resource, "created").is_empty()) {
            let name = field(unsaid, "name");
            let reason = format!("it does not say when the resource {name:?} was made, so that none is the newest");
            return Err(unreadable(answer, reason));
        }
        let last = found.iter().map(|resource| field(resource, "created")).max().unwrap_or_default();
        let newest: Vec<&Value> = found.iter().filter(|resource| field(resource, "created") == last).copied().collect();
        if let [one] = newest.as_slice() { Ok(one) } else { Err(self.several(answer, &newest)) }
    }

    fn pattern(&self) -> String {
        let parts = [("name", &self.name), ("file", &self.file), ("format", &self.format)];
        let told = parts.iter().filter_map(|(key, value)| Some(format!("{key} {:?}", value.as_ref()?)));
        told.collect::<Vec<_>>().join(", ")
    }

    fn nothing(&self, answer: &Answer<'_>, resources: &[Value]) -> WalkError {
        let all: Vec<&Value> = resources.iter().collect();
        let there = format!("its resources are {}", names(&all, answer.url));
        WalkError::Nothing { url: answer.url.to_owned(), pattern: self.pattern(), there }
    }

    fn several(&self, answer: &Answer<'_>, found: &[&Value]) -> WalkError {
        let (url, count) = (answer.url.to_owned(), found.len());
        WalkError::Several { url, pattern: self.pattern(), count, names: names(found, answer.url) }
    }
}

impl Socrata {
    /// The URL of the export, or of the file if the view is one that was uploaded as it is.
    pub(super) fn file(&self, answer: &Answer<'_>, trail: Trail<'_>) -> Result<String, WalkError> {
        let view = json(answer)?;
        let id = field(&view, "id");
        let is_id = id.len() == 9 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let asked = Url::parse(trail.home).is_ok_and(|home| home.path().trim_end_matches(".json").ends_with(id));
        if !is_id || !asked {
            return Err(unreadable(answer, format!("it describes another view: {id:?}")));
        }
        let blob = field(&view, "blobId");
        if !blob.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=')) {
            return Err(unreadable(answer, format!("{blob:?} is no id of a file")));
        }
        let href = match (blob, field(&view, "viewType")) {
            ("", "tabular") => format!("/api/views/{id}/rows.{}?accessType=DOWNLOAD", self.format),
            ("", other) => {
                return Err(unreadable(answer, format!("the view is {other:?}, and only tables are exported")));
            }
            (blob, _) => format!("/api/views/{id}/files/{blob}"),
        };
        trail.follow(answer.url, &href)
    }
}

fn json(answer: &Answer<'_>) -> Result<Value, WalkError> {
    serde_json::from_slice(answer.content).map_err(|error| unreadable(answer, format!("it is not JSON: {error}")))
}

fn unreadable(answer: &Answer<'_>, reason: String) -> WalkError {
    WalkError::Unreadable { url: answer.url.to_owned(), reason }
}

fn field<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The file that a resource leads to, if it leads anywhere.
fn file(resource: &Value, from: &str) -> String {
    let url = Some(field(resource, "url")).filter(|url| !url.is_empty());
    url.and_then(|url| last_part(from, url)).unwrap_or_default()
}

fn names(resources: &[&Value], from: &str) -> String {
    let told = |one: &&Value| format!("{:?} ({}, {:?})", field(one, "name"), field(one, "format"), file(one, from));
    resources.iter().take(5).map(told).collect::<Vec<_>>().join(", ")
}
