//! The definitions of reports: one folder each under `templates/reports`, read once at start.

use std::{collections::BTreeMap, fs, io, path::Path, sync::Arc, time::Duration};

use handlebars::Handlebars;
use jiff::tz::TimeZone;
use parsers::{Dataset, Diagnostic};

use super::{chart::Shape, column::Column, locale::Locale, path::PathPattern, templates};
use crate::{
    config::Home,
    datasets::Datasets,
    job::{DatasetName, ReportName},
};

mod read;

/// The file that makes a folder a report.
const DEFINITION: &str = "report.toml";

/// One report: what it asks, and what it makes of the answers.
#[derive(Debug)]
pub struct Report {
    /// Its folder's name.
    pub name: ReportName,
    /// Its title.
    pub title: String,
    /// What it is for, in a sentence or two.
    pub description: String,
    /// By whose clocks it writes instants and days.
    pub zone: TimeZone,
    /// That zone's name, for SQL.
    pub zone_name: String,
    /// How it writes figures and dates.
    pub locale: Locale,
    /// Longest that one query may take.
    pub query_timeout: Duration,
    /// What it asks, in the order of its file.
    pub queries: Vec<Query>,
    /// What it makes, in the order of its file.
    pub documents: Vec<Document>,
    /// The datasets that its queries read.
    pub datasets: Vec<Arc<Dataset>>,
    /// Its templates and those that all reports share.
    pub templates: Handlebars<'static>,
}

/// One SQL file and its columns.
#[derive(Debug, Clone)]
pub struct Query {
    /// How templates and documents call it.
    pub name: ReportName,
    /// The caption of its table.
    pub title: String,
    /// The file, relative to the home folder.
    pub file: String,
    /// The statement, without a semicolon at its end.
    pub sql: String,
    /// The datasets that it reads; it is asked only once all of them have published something.
    pub reads: Vec<DatasetName>,
    /// What it answers with.
    pub columns: Vec<Column>,
    /// A drawing of its rows.
    pub chart: Option<Chart>,
}

/// A line chart of a query's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The column that runs along: dates or moments.
    pub x: String,
    /// The columns that are drawn.
    pub y: Vec<String>,
    /// How points are joined.
    pub shape: Shape,
}

/// One file of each edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it goes, below the reports folder.
    pub path: PathPattern,
    /// What it is.
    pub content: Content,
}

/// What a document is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// This template, filled in with everything.
    Html(String),
    /// The rows of this query.
    Csv(ReportName),
}

impl Content {
    /// The media type of the file.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Html(_) => "text/html; charset=utf-8",
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
        }
    }
}

impl Report {
    /// A query by its name.
    pub fn query(&self, name: &ReportName) -> Option<&Query> {
        self.queries.iter().find(|query| query.name == *name)
    }
}

/// All reports of a home folder. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Reports {
    reports: Arc<BTreeMap<ReportName, Arc<Report>>>,
    broken: Arc<Vec<String>>,
}

impl Reports {
    /// Reads every report, and says all mistakes of all of them. A report with a mistake is left out.
    pub fn load(home: &Home, datasets: &Datasets) -> (Self, Vec<Diagnostic>) {
        let mut mistakes = Vec::new();
        let (mut reports, mut broken) = (BTreeMap::new(), Vec::new());
        let folders = match folders(&home.reports()) {
            Ok(folders) => folders,
            Err(mistake) => return (Self::default(), vec![mistake]),
        };
        for folder in folders {
            let (report, found) = load_one(home.path(), &folder, datasets);
            mistakes.extend(found);
            match report {
                Some(report) => drop(reports.insert(report.name.clone(), Arc::new(report))),
                None => broken.push(folder),
            }
        }
        (Self { reports: Arc::new(reports), broken: Arc::new(broken) }, mistakes)
    }

    /// A report by its name.
    pub fn get(&self, name: &ReportName) -> Option<&Arc<Report>> {
        self.reports.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Report>> {
        self.reports.values()
    }

    /// Folders of reports that have mistakes and are therefore off.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }
}

/// The folders that hold a report.toml, by name.
fn folders(reports: &Path) -> Result<Vec<String>, Diagnostic> {
    let unreadable = |error: &io::Error| Diagnostic {
        file: "templates/reports".to_owned(),
        span: None,
        message: format!("cannot read the folder of reports: {error}"),
        help: Some("check that it exists, and that this account may read it".to_owned()),
    };
    let mut folders = Vec::new();
    for entry in fs::read_dir(reports).map_err(|error| unreadable(&error))? {
        let entry = entry.map_err(|error| unreadable(&error))?;
        if entry.path().join(DEFINITION).is_file() {
            folders.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    folders.sort();
    Ok(folders)
}

fn load_one(home: &Path, folder: &str, datasets: &Datasets) -> (Option<Report>, Vec<Diagnostic>) {
    let relative = format!("templates/reports/{folder}");
    let about = |file: String, message: String| Diagnostic { file, span: None, message, help: None };
    let name = match folder.parse() {
        Ok(name) => name,
        Err(error) => return (None, vec![about(relative, format!("the folder's name is a report's: {error}"))]),
    };
    let definition = format!("{relative}/{DEFINITION}");
    let text = match fs::read_to_string(home.join(&definition)) {
        Ok(text) => text,
        Err(error) => return (None, vec![about(definition, format!("cannot be read: {error}"))]),
    };
    let (sources, mut mistakes) = sources(home, &relative);
    let (templates, found) = templates::compile(&sources);
    mistakes.extend(found);
    let names: Vec<String> = sources.into_iter().map(|source| source.name).collect();
    let around = read::Around { home, folder: &relative, datasets, templates: &names };
    let (report, found) = read::report(name, &definition, &text, &around, templates);
    mistakes.splice(0..0, found);
    (report.filter(|_| mistakes.is_empty()), mistakes)
}

/// The report's own templates, and those beside the folders, which all reports share.
fn sources(home: &Path, folder: &str) -> (Vec<templates::Source>, Vec<Diagnostic>) {
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for folder in ["templates/reports", folder] {
        let entries = fs::read_dir(home.join(folder)).into_iter().flatten().flatten();
        let mut files: Vec<String> =
            entries.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
        files.sort();
        for (name, file) in files.iter().filter_map(|file| Some((file.strip_suffix(".hbs")?, file))) {
            let file = format!("{folder}/{file}");
            match fs::read_to_string(home.join(&file)) {
                Ok(text) => sources.push(templates::Source { name: name.to_owned(), file, text }),
                Err(error) => {
                    let message = format!("cannot be read: {error}");
                    mistakes.push(Diagnostic { file, span: None, message, help: None });
                }
            }
        }
    }
    (sources, mistakes)
}

#[cfg(test)]
mod tests;
