//! From the text of a report.toml to a [`Report`].

use std::{fs, path::Path, sync::Arc, time::Duration};

use handlebars::Template;
use jiff::tz::TimeZone;
use parsers::{
    Dataset, Diagnostic,
    section::{self, Section, nearest},
};

use super::{Chart, Content, Document, Query, Report};
use crate::{
    datasets::Datasets,
    job::{DatasetName, ReportName},
    report::{
        chart::Shape,
        column::{Column, Format},
        locale::Locale,
        templates,
    },
};

/// What one query may take if the report.toml does not say.
const QUERY_TIMEOUT: Duration = Duration::from_secs(30);

/// What a definition is read beside.
pub(super) struct Around<'a> {
    /// The home folder.
    pub home: &'a Path,
    /// The report's folder, relative to it.
    pub folder: &'a str,
    /// The datasets that there are.
    pub datasets: &'a Datasets,
    /// The names of the templates that there are.
    pub templates: &'a [String],
}

pub(super) fn report(
    name: ReportName,
    file: &str,
    text: &str,
    around: &Around<'_>,
    compiled: Vec<(String, Template)>,
) -> (Option<Report>, Vec<Diagnostic>) {
    section::read(file, text, |file| {
        let title = file.required("title");
        let description = file.required("description");
        let zone_name: Option<String> = file.required("time_zone");
        let zone = zone_name.as_deref().and_then(|name| zone(file, name));
        let locale = file.word("language", &Locale::WORDS);
        let query_timeout = file.optional("query_timeout").unwrap_or(QUERY_TIMEOUT);
        let queries: Vec<Query> = file.tables("query").iter().filter_map(|section| query(section, around)).collect();
        let documents: Vec<Document> =
            file.tables("document").iter().filter_map(|section| document(section, around, &queries)).collect();
        tell_apart(file, &queries, &documents);
        Some(Report {
            name,
            title: title?,
            description: description?,
            zone: zone?,
            zone_name: zone_name?,
            locale: locale?,
            query_timeout,
            datasets: read_by(&queries, around.datasets),
            queries,
            documents,
            templates: templates::engine(compiled),
        })
    })
}

fn zone(file: &Section<'_>, name: &str) -> Option<TimeZone> {
    let help = "write a name of the time zone database, such as Europe/Berlin or UTC";
    let unknown = |_| file.mistake("time_zone", format!("there is no time zone {name:?}"), Some(help.to_owned()));
    TimeZone::get(name).map_err(unknown).ok()
}

fn query(section: &Section<'_>, around: &Around<'_>) -> Option<Query> {
    let name = section.parsed("name");
    let title = section.required("title");
    let sql = section.required("sql").and_then(|file: &str| statement(section, file, around));
    let reads = reads(section, around.datasets);
    let sections = section.tables("columns");
    let columns: Vec<Column> = sections.iter().filter_map(column).collect();
    if sections.is_empty() {
        let help = "add columns = [{ name = \"…\", label = \"…\", format = \"text\" }, …] in the order of the SQL";
        section.mistake("columns", "the query declares no columns", Some(help.to_owned()));
    }
    let chart = section.optional_table("chart").and_then(|section| chart(&section, &columns));
    let (file, sql) = sql?;
    Some(Query { name: name?, title: title?, file, sql, reads, columns, chart })
}

/// Reads the SQL file: its name relative to the home folder, and its text.
fn statement(section: &Section<'_>, name: &str, around: &Around<'_>) -> Option<(String, String)> {
    let plain = name.strip_suffix(".sql").is_some_and(|stem| stem.parse::<ReportName>().is_ok());
    if !plain {
        section.mistake("sql", format!("{name:?} is no SQL file of the report's own folder"), None);
        return None;
    }
    let file = format!("{}/{name}", around.folder);
    let missing = |error| section.mistake("sql", format!("{file} cannot be read: {error}"), None);
    let text = fs::read_to_string(around.home.join(&file)).map_err(missing).ok()?;
    let sql = text.trim_end().trim_end_matches(';').to_owned();
    if sql.lines().any(|line| line.split("--").next().is_some_and(|code| code.contains(';'))) {
        let help = "one file holds one SELECT; write a semicolon in a text as chr(59)".to_owned();
        section.mistake("sql", format!("{file} holds a semicolon before its end"), Some(help));
        return None;
    }
    Some((file, sql))
}

fn reads(section: &Section<'_>, datasets: &Datasets) -> Vec<DatasetName> {
    let names: Vec<&str> = section.optional("reads").unwrap_or_default();
    // A dataset whose own file has a mistake is there all the same: one mistake is told once.
    let defined =
        |name: &DatasetName| datasets.get(name).is_some() || datasets.broken().iter().any(|stem| stem == name.as_str());
    let known = |name: &&str| name.parse().ok().filter(defined);
    for name in names.iter().filter(|name| known(name).is_none()) {
        let all: Vec<String> = datasets.iter().map(|dataset| dataset.name.to_string()).collect();
        let near = nearest(name, all.iter().map(String::as_str)).map(|near| format!("did you mean {near:?}?"));
        section.mistake("reads", format!("there is no dataset {name:?}"), near);
    }
    names.iter().filter_map(known).collect()
}

fn column(section: &Section<'_>) -> Option<Column> {
    let name = section.required("name");
    let label = section.required("label");
    let format = format(section);
    Some(Column { name: name?, label: label?, format: format? })
}

fn format(section: &Section<'_>) -> Option<Format> {
    let words = ["text", "number", "change", "date", "moment", "flag", "bar", "sparkline"].map(|word| (word, word));
    let word = section.word("format", &words)?;
    let figure = matches!(word, "number" | "change" | "sparkline");
    let decimals = if figure { decimals(section) } else { None };
    let suffix = || section.optional("suffix").unwrap_or_default();
    Some(match word {
        "number" => Format::Number { decimals, suffix: suffix() },
        "change" => Format::Change { decimals: decimals.unwrap_or(0), suffix: suffix() },
        "sparkline" => Format::Sparkline { decimals: decimals.unwrap_or(0) },
        "bar" => Format::Bar,
        "date" => Format::Date,
        "moment" => Format::Moment,
        "flag" => Format::Flag(section.required("words")?),
        _ => Format::Text,
    })
}

fn decimals(section: &Section<'_>) -> Option<usize> {
    let given: u64 = section.optional("decimals")?;
    if given > 10 {
        section.mistake("decimals", "`decimals` is at most 10", None);
    }
    usize::try_from(given).ok()
}

fn chart(section: &Section<'_>, columns: &[Column]) -> Option<Chart> {
    let x: Option<String> = section.required("x");
    let y: Option<Vec<String>> = section.required("y");
    let shape = section.optional_word("shape", &[("line", Shape::Line), ("steps", Shape::Steps)]);
    let format = |name: &str| columns.iter().find(|column| column.name == name).map(|column| &column.format);
    let (x, y) = (x?, y?);
    if !matches!(format(&x), Some(Format::Date | Format::Moment)) {
        section.mistake("x", format!("`x` must name a column of format date or moment, and {x:?} is none"), None);
    }
    for name in y.iter().filter(|name| !matches!(format(name), Some(Format::Number { .. }))) {
        section.mistake("y", format!("`y` must name columns of format number, and {name:?} is none"), None);
    }
    Some(Chart { x, y, shape: shape.unwrap_or(Shape::Line) })
}

fn document(section: &Section<'_>, around: &Around<'_>, queries: &[Query]) -> Option<Document> {
    let path = section.parsed("path");
    let content = match section.word("format", &["html", "csv"].map(|word| (word, word)))? {
        "csv" => rows(section, queries).map(Content::Csv),
        _ => template(section, around).map(Content::Html),
    };
    Some(Document { path: path?, content: content? })
}

fn template(section: &Section<'_>, around: &Around<'_>) -> Option<String> {
    let file: &str = section.required("template")?;
    let name = file.strip_suffix(".hbs").filter(|name| around.templates.iter().any(|known| known == name));
    if name.is_none() {
        section.mistake("template", format!("there is no {file:?} in {}", around.folder), None);
    }
    name.map(str::to_owned)
}

fn rows(section: &Section<'_>, queries: &[Query]) -> Option<ReportName> {
    let name: ReportName = section.parsed("query")?;
    if !queries.iter().any(|query| query.name == name) {
        let near = nearest(name.as_str(), queries.iter().map(|query| query.name.as_str()));
        section.mistake(
            "query",
            format!("there is no query `{name}`"),
            near.map(|near| format!("did you mean {near:?}?")),
        );
        return None;
    }
    Some(name)
}

/// Names that stand for one thing each.
fn tell_apart(file: &Section<'_>, queries: &[Query], documents: &[Document]) {
    for (at, query) in queries.iter().enumerate() {
        if queries.iter().take(at).any(|earlier| earlier.name == query.name) {
            file.mistake("query", format!("two queries are called `{}`", query.name), None);
        }
    }
    for (at, document) in documents.iter().enumerate() {
        let name = document.path.file_name();
        if documents.iter().take(at).any(|earlier| earlier.path.file_name() == name) {
            file.mistake("document", format!("two documents are called {name:?}"), None);
        }
    }
    if documents.is_empty() && !file.has("document") {
        let help = "add a [[document]] with path, format and template".to_owned();
        file.mistake("document", "the report makes no document", Some(help));
    }
}

/// The datasets that the queries read, each once.
fn read_by(queries: &[Query], datasets: &Datasets) -> Vec<Arc<Dataset>> {
    let mut names: Vec<&DatasetName> = Vec::new();
    for name in queries.iter().flat_map(|query| &query.reads) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().filter_map(|name| datasets.get(name).cloned()).collect()
}
