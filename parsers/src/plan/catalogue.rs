//! Catalogues that say where a dataset's file is: CKAN and Socrata.

use jiter::JiterError;
use url::Url;

use super::{Answer, Trail, WalkError, document::Document, links::last_part};
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

/// What a package says of one of its resources.
struct Resource {
    name: String,
    format: String,
    url: String,
    /// The file that it leads to, if it leads anywhere.
    file: String,
    created: String,
    state: String,
}

/// Resources that are told where none is the file, or several are.
const TOLD: usize = 5;

impl Ckan {
    /// The URL of the file.
    pub(super) fn file(&self, answer: &Answer<'_>, trail: Trail<'_>) -> Result<String, WalkError> {
        let (found, others) = self.resources(answer)?;
        let chosen = match found.as_slice() {
            [] => return Err(self.nothing(answer, &others)),
            [one] => one,
            several if self.is_newest => self.newest(answer, several)?,
            several => return Err(self.several(answer, several.iter().collect())),
        };
        match chosen.url.as_str() {
            "" => Err(unreadable(answer, format!("the resource {:?} has no URL", chosen.name))),
            url => trail.follow(answer.url, url),
        }
    }

    /// Those that match, and some of the others.
    fn resources(&self, answer: &Answer<'_>) -> Result<(Vec<Resource>, Vec<Resource>), WalkError> {
        let body = read(answer, Document::new(answer.content))?;
        let success = read(answer, body.at("/success"))?;
        if success.map(Document::bytes) != Some(b"true") {
            let said = read(answer, body.text("/error/message"))?;
            let said = if said.is_empty() { "it gives no reason".to_owned() } else { said };
            return Err(unreadable(answer, format!("the catalogue says that it failed: {said}")));
        }
        let (mut found, mut others) = (Vec::new(), Vec::new());
        let list = read(answer, body.at("/result/resources"))?;
        let each = list.map(|list| {
            list.each(|resource| {
                let resource = Resource::read(resource, answer.url)?;
                if self.is_it(&resource) {
                    found.push(resource);
                } else if others.len() < TOLD {
                    others.push(resource);
                }
                Ok(())
            })
        });
        let count = read(answer, each.transpose())?.flatten();
        count.ok_or_else(|| unreadable(answer, "the package has no resources".into()))?;
        Ok((found, others))
    }

    fn is_it(&self, resource: &Resource) -> bool {
        let is = |wanted: &Option<String>, fits: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(fits);
        matches!(resource.state.as_str(), "" | "active")
            && is(&self.name, &|pattern| matches(pattern, &resource.name))
            && is(&self.file, &|pattern| matches(pattern, &resource.file))
            && is(&self.format, &|format| resource.format.eq_ignore_ascii_case(format))
    }

    /// The one that was made last, if it is said of each when that was.
    fn newest<'a>(&self, answer: &Answer<'_>, found: &'a [Resource]) -> Result<&'a Resource, WalkError> {
        if let Some(Resource { name, .. }) = found.iter().find(|resource| resource.created.is_empty()) {
            let reason = format!("it does not say when the resource {name:?} was made, so that none is the newest");
            return Err(unreadable(answer, reason));
        }
        let last = found.iter().map(|resource| &resource.created).max();
        let newest: Vec<&Resource> = found.iter().filter(|resource| Some(&resource.created) == last).collect();
        if let [one] = newest.as_slice() { Ok(one) } else { Err(self.several(answer, newest)) }
    }

    fn pattern(&self) -> String {
        let parts = [("name", &self.name), ("file", &self.file), ("format", &self.format)];
        let told = parts.iter().filter_map(|(key, value)| Some(format!("{key} {:?}", value.as_ref()?)));
        told.collect::<Vec<_>>().join(", ")
    }

    fn nothing(&self, answer: &Answer<'_>, others: &[Resource]) -> WalkError {
        let there = format!("its resources are {}", names(others));
        WalkError::Nothing { url: answer.url.to_owned(), pattern: self.pattern(), there }
    }

    fn several(&self, answer: &Answer<'_>, found: Vec<&Resource>) -> WalkError {
        let (url, count) = (answer.url.to_owned(), found.len());
        WalkError::Several { url, pattern: self.pattern(), count, names: names(found) }
    }
}

impl Resource {
    fn read(resource: Document<'_>, from: &str) -> Result<Self, JiterError> {
        let url = resource.text("/url")?;
        let file = Some(&url).filter(|url| !url.is_empty()).and_then(|url| last_part(from, url)).unwrap_or_default();
        Ok(Self {
            name: resource.text("/name")?,
            format: resource.text("/format")?,
            url,
            file,
            created: resource.text("/created")?,
            state: resource.text("/state")?,
        })
    }
}

impl Socrata {
    /// The URL of the export, or of the file if the view is one that was uploaded as it is.
    pub(super) fn file(&self, answer: &Answer<'_>, trail: Trail<'_>) -> Result<String, WalkError> {
        let view = read(answer, Document::new(answer.content))?;
        let (id, blob) = (read(answer, view.text("/id"))?, read(answer, view.text("/blobId"))?);
        let is_id = id.len() == 9 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let asked = Url::parse(trail.home).is_ok_and(|home| home.path().trim_end_matches(".json").ends_with(&id));
        if !is_id || !asked {
            return Err(unreadable(answer, format!("it describes another view: {id:?}")));
        }
        if !blob.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=')) {
            return Err(unreadable(answer, format!("{blob:?} is no id of a file")));
        }
        let kind = read(answer, view.text("/viewType"))?;
        let href = match (blob.as_str(), kind.as_str()) {
            ("", "tabular") => format!("/api/views/{id}/rows.{}?accessType=DOWNLOAD", self.format),
            ("", other) => {
                return Err(unreadable(answer, format!("the view is {other:?}, and only tables are exported")));
            }
            (blob, _) => format!("/api/views/{id}/files/{blob}"),
        };
        trail.follow(answer.url, &href)
    }
}

fn read<T>(answer: &Answer<'_>, read: Result<T, JiterError>) -> Result<T, WalkError> {
    read.map_err(|error| unreadable(answer, format!("it is not JSON: {error}")))
}

fn unreadable(answer: &Answer<'_>, reason: String) -> WalkError {
    WalkError::Unreadable { url: answer.url.to_owned(), reason }
}

fn names<'a>(resources: impl IntoIterator<Item = &'a Resource>) -> String {
    let told = |one: &Resource| format!("{:?} ({}, {:?})", one.name, one.format, one.file);
    resources.into_iter().take(TOLD).map(told).collect::<Vec<_>>().join(", ")
}
