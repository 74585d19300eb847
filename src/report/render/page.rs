//! What templates are given: every value written out, so that a template only places it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use parsers::Dataset;
use serde::Serialize;
use serde_json::Value;

use super::drawing::{self, Drawing};
use crate::{
    db::editions::Source,
    report::{
        ReportError,
        column::Cell,
        define::{Query, Report},
        query::{Answer, Row, Snapshot},
    },
};

/// Everything that a template may name.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    report: About,
    edition: Edition,
    sources: Vec<SourceLine>,
    /// Datasets without anything published, as one text; empty if there are none.
    unpublished: String,
    query: BTreeMap<String, Table>,
}

#[derive(Debug, Serialize)]
struct About {
    name: String,
    title: String,
    description: String,
    language: &'static str,
}

/// A moment as people and as machines read it.
#[derive(Debug, Default, Serialize)]
struct Moment {
    text: String,
    iso: String,
}

#[derive(Debug, Serialize)]
struct Edition {
    due: Moment,
    date: String,
    slot: bool,
    made: Moment,
    previous: Moment,
    zone: String,
}

/// One dataset, and how far its figures go.
#[derive(Debug, Serialize)]
struct SourceLine {
    dataset: String,
    title: String,
    publisher: String,
    page: String,
    licence: String,
    published: bool,
    release: String,
    fetched: Moment,
    since: Moment,
    checked: Moment,
    rows: String,
    rejected: String,
    rejects: bool,
    held: String,
}

/// One query's answer.
#[derive(Debug, Serialize)]
struct Table {
    name: String,
    title: String,
    columns: Vec<Heading>,
    rows: Vec<Line>,
    /// The first row's cells by their columns' names, for templates that show one figure.
    first: Option<BTreeMap<String, Cell>>,
    count: String,
    /// Why there are no rows, if the query was not asked.
    unpublished: String,
    chart: Option<Drawing>,
}

#[derive(Debug, Serialize)]
struct Heading {
    label: String,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<Cell>,
}

/// Writes out a whole snapshot.
pub(super) fn page(report: &Report, snapshot: &Snapshot) -> Result<Page, ReportError> {
    let answers = report.queries.iter().zip(&snapshot.answers);
    let tables = answers.map(|(query, answer)| Ok((query.name.to_string(), table(report, query, answer)?)));
    let query = tables.collect::<Result<_, ReportError>>()?;
    let never = snapshot.sources.iter().filter(|(_, source)| source.is_none());
    Ok(Page {
        report: About {
            name: report.name.to_string(),
            title: report.title.clone(),
            description: report.description.clone(),
            language: report.locale.tag(),
        },
        edition: edition(report, snapshot),
        unpublished: never.map(|(dataset, _)| dataset.title.as_str()).collect::<Vec<_>>().join(", "),
        sources: snapshot.sources.iter().map(|(dataset, source)| line(report, dataset, source.as_ref())).collect(),
        query,
    })
}

fn moment(report: &Report, at: Option<Timestamp>) -> Moment {
    at.map_or_else(Moment::default, |at| Moment { text: report.locale.moment(at, &report.zone), iso: at.to_string() })
}

fn edition(report: &Report, snapshot: &Snapshot) -> Edition {
    let due = snapshot.due;
    Edition {
        due: moment(report, Some(due.moment)),
        date: report.locale.date(due.moment.to_zoned(report.zone.clone()).date()),
        slot: due.slot,
        made: moment(report, Some(snapshot.taken_at)),
        previous: moment(report, snapshot.previous),
        zone: report.zone_name.clone(),
    }
}

fn line(report: &Report, dataset: &Dataset, source: Option<&Source>) -> SourceLine {
    let figure = |count: i64| report.locale.number(&count.to_string(), 0).unwrap_or_default();
    let count = |of: fn(&Source) -> i64| source.map_or_else(String::new, |source| figure(of(source)));
    let at = |of: fn(&Source) -> Option<Timestamp>| moment(report, source.and_then(of));
    let page = &dataset.publisher.page;
    SourceLine {
        dataset: dataset.name.to_string(),
        title: dataset.title.clone(),
        publisher: dataset.publisher.name.clone(),
        // Escaping does not stop a link that is a script.
        page: if page.starts_with("https://") || page.starts_with("http://") { page.clone() } else { String::new() },
        licence: dataset.licence.clone(),
        published: source.is_some(),
        release: source.map_or_else(String::new, |source| source.release.to_string()),
        fetched: at(|source| Some(source.fetched_at)),
        since: at(|source| source.published_at),
        checked: at(|source| source.checked_at),
        rows: count(|source| source.rows),
        rejected: count(|source| source.rejected),
        rejects: source.is_some_and(|source| source.rejected > 0),
        held: source.and_then(|source| source.held).map_or_else(String::new, |release| release.to_string()),
    }
}

fn table(report: &Report, query: &Query, answer: &Answer) -> Result<Table, ReportError> {
    let (rows, unpublished) = match answer {
        Answer::Rows(rows) => (rows.as_slice(), String::new()),
        Answer::Unpublished(names) => (&[][..], titles(report, names)),
    };
    let lines: Vec<Line> =
        rows.iter().enumerate().map(|(at, row)| cells(report, query, at + 1, row)).collect::<Result<_, _>>()?;
    let by_name = |line: &Line| line.cells.iter().map(|cell| (cell.column.clone(), cell.clone())).collect();
    let headings =
        query.columns.iter().map(|column| Heading { label: column.label.clone(), kind: column.format.word() });
    Ok(Table {
        name: query.name.to_string(),
        title: query.title.clone(),
        columns: headings.collect(),
        first: lines.first().map(by_name),
        rows: lines,
        count: report.locale.number(&rows.len().to_string(), 0).unwrap_or_default(),
        unpublished,
        chart: query.chart.as_ref().and_then(|chart| drawing::draw(report, query, chart, rows)),
    })
}

fn titles(report: &Report, names: &[crate::job::DatasetName]) -> String {
    let meant = report.datasets.iter().filter(|dataset| names.contains(&dataset.name));
    meant.map(|dataset| dataset.title.as_str()).collect::<Vec<_>>().join(", ")
}

fn cells(report: &Report, query: &Query, number: usize, row: &Row) -> Result<Line, ReportError> {
    let cells = query.columns.iter().map(|column| {
        let value = row.get(&column.name).unwrap_or(&Value::Null);
        column.cell(value, report.locale, &report.zone).map_err(|unfit| ReportError::Value {
            file: query.file.clone(),
            row: number,
            column: column.name.clone(),
            value: unfit.value,
            declared: unfit.declared,
        })
    });
    Ok(Line { cells: cells.collect::<Result<_, _>>()? })
}
