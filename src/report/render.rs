//! From a snapshot to documents: HTML by the report's templates, CSV by its columns.

use std::io;

use super::{
    ReportError,
    define::{Content, Report},
    query::{Answer, Snapshot},
};

mod csv;
mod drawing;
mod limit;
mod page;

/// A document of an edition, before it has its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The document's place in the report's definition.
    pub document: usize,
    /// What it is.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes all documents of a report. Takes a thread's time, not the network's: call it where blocking is allowed.
pub fn render(report: &Report, snapshot: &Snapshot) -> Result<Vec<Rendered>, ReportError> {
    let page = page::page(report, snapshot)?;
    let documents = report.documents.iter().enumerate();
    let rendered = documents.map(|(document, made)| {
        let bytes = match &made.content {
            Content::Html(template) => html(report, template, &page)?,
            Content::Csv(query) => rows(report, snapshot, query.as_str())?,
        };
        Ok(Rendered { document, media_type: made.content.media_type(), bytes })
    });
    rendered.collect()
}

fn html(report: &Report, template: &str, page: &page::Page) -> Result<Vec<u8>, ReportError> {
    let mut out = limit::Limited::new();
    let refused = |source| ReportError::Template { template: template.to_owned(), source: Box::new(source) };
    report.templates.render_to_write(template, page, &mut out).map_err(refused)?;
    Ok(out.into_bytes())
}

/// The rows of a query that was not asked are a file with its heading alone.
fn rows(report: &Report, snapshot: &Snapshot, name: &str) -> Result<Vec<u8>, ReportError> {
    let mut asked = report.queries.iter().zip(&snapshot.answers);
    let (query, answer) =
        asked.find(|(query, _)| query.name.as_str() == name).ok_or_else(|| ReportError::NoFile(name.to_owned()))?;
    let rows = if let Answer::Rows(rows) = answer { rows.as_slice() } else { &[] };
    let refused = |error: io::Error| ReportError::Document { name: name.to_owned(), reason: error.to_string() };
    csv::write(query, rows, &report.zone).map_err(refused)
}
