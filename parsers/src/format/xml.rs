//! XML documents, read as a stream: one record an element, with values from the elements around it.

pub(crate) mod events;
mod layouts;
mod path;
mod plan;
mod refusal;
mod series;
mod strangers;
mod tap;
mod values;
mod walk;

use jiff::tz::TimeZone;

use crate::{
    decode::Text,
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::{Column, Origin, Schema},
    section::Section,
};
use layouts::Layouts;
use path::{Namespaces, Path};
use plan::{Plan, Wanted};
use series::SeriesRecords;
use walk::{Seen, Walk};

/// Raise it when the same XML comes to other records.
pub(super) const VERSION: i32 = 3;

/// How an XML document holds its records.
#[derive(Debug, Clone)]
pub struct Xml {
    namespaces: Namespaces,
    record: Path,
    /// Whether records stand in records.
    recursive: bool,
    /// Where the document says how many records it has.
    total: Option<Path>,
    series: Option<Series>,
    refusal: Option<Refusal>,
    ignore: Vec<String>,
}

/// How points stand for instants: a period's start and resolution, and each point's position in it.
#[derive(Debug, Clone)]
pub(super) struct Series {
    start: Path,
    end: Path,
    resolution: Path,
    position: Path,
    curve: Path,
    /// Whose days, months and years the longer steps are, if there may be such.
    zone: Option<TimeZone>,
}

/// What the reader of a series works out for each of its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesValue {
    /// When the point's interval begins.
    Start,
    /// When it ends.
    End,
    /// How many minutes it lasts.
    Minutes,
    /// Whether the point is absent from the document and repeats the one before it.
    Repeated,
}

/// The document that a publisher sends in place of data, to say that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    /// The root element's local name.
    root: String,
    /// Local names of the elements, from the root's child on, that hold the reason.
    reason: Vec<String>,
}

impl Xml {
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let namespaces = Namespaces::define(table);
        let record = table.required::<&str>("record").and_then(|text| {
            let path = Path::absolute(text, &namespaces);
            path.map_err(|reason| table.mistake("record", reason, None)).ok()
        });
        let series = match (table.optional_table("series"), &record) {
            (Some(series), Some(record)) => Series::define(&series, record, &namespaces).map(Some),
            (None, _) => Some(None),
            (Some(series), None) => {
                series.keys();
                None
            }
        };
        let refusal = table.optional_table("refusal").map(|table| refusal::define(&table));
        let refusal = refusal.map_or(Some(None), |refusal| refusal.map(Some));
        let ignore = table.optional("ignore").unwrap_or_default();
        let recursive = table.optional("recursive").unwrap_or(false);
        if recursive && matches!(series, Some(Some(_))) {
            table.mistake("recursive", "points of a series do not stand in one another", None);
        }
        let total = table.optional::<&str>("total").map(|text| {
            let path = Path::default().relative(text, &namespaces);
            path.map_err(|reason| table.mistake("total", reason, None)).ok()
        });
        let total = total.map_or(Some(None), |total| total.map(Some));
        if matches!((&total, &series), (Some(Some(_)), Some(Some(_)))) {
            let reason = "a series has no total: its points are counted by each period's start, end and resolution";
            table.mistake("total", reason, None);
        }
        Some(Self { namespaces, record: record?, recursive, total: total?, series: series?, refusal: refusal?, ignore })
    }

    /// Whether its records are the points of series.
    pub(super) fn has_series(&self) -> bool {
        self.series.is_some()
    }

    pub(super) fn check_origin(&self, column: &Section<'_>, origin: &Origin) {
        if let Some(name) = origin.name() {
            self.check_path(name, |reason, help| column.mistake("from", reason, help));
        }
        if matches!(origin, Origin::Series(_)) && self.series.is_none() {
            column.mistake("series", "the format has no [format.series]", None);
        }
    }

    /// Notes what is wrong with a path from the record.
    pub(super) fn check_path(&self, name: &str, note: impl Fn(String, Option<String>)) {
        match self.record.relative(name, &self.namespaces) {
            Err(reason) => note(reason, None),
            Ok(path) if self.recursive => {
                let itself = self.record.elements.last();
                if path.below(&self.record.elements).is_some_and(|below| below.first() == itself) {
                    note("records in a record are records, and no values of it".to_owned(), None);
                }
                if name.starts_with("../..") {
                    let help = Some("begin at the root: \"/…\"".to_owned());
                    note("where records stand in records, only one step out can be meant".to_owned(), help);
                }
            }
            Ok(_) => (),
        }
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let (wanted, record) = (self.all_wanted(schema), &self.record);
        let plan = if self.recursive { Plan::recursive(record, wanted) } else { Plan::new(record, wanted) };
        let walk = Walk::open(text, plan, self.refusal.as_ref(), &self.ignore)?;
        let layouts = Layouts::new(self, schema, &walk);
        let Some(series) = &self.series else {
            let total = self.total.clone().and_then(|total| walk.slot(&Wanted::total(total)));
            return Ok(Box::new(Filled::new(XmlRecords { walk, layouts, total })));
        };
        Ok(Box::new(Filled::new(SeriesRecords::new(walk, series, schema, layouts))))
    }

    /// All that anybody wants of the document.
    fn all_wanted(&self, schema: &Schema) -> Vec<Wanted> {
        let layouts = schema.layouts();
        let columns = layouts.iter().flat_map(|layout| schema.sources().zip(&layout.origins));
        let columns = columns.filter_map(|(column, origin)| self.wanted(column, origin));
        let series = self.series.iter().flat_map(Series::paths).cloned().map(Wanted::from);
        columns.chain(series).chain(self.total.clone().map(Wanted::total)).collect()
    }

    fn wanted(&self, column: &Column, origin: &Origin) -> Option<Wanted> {
        let name = origin.name()?;
        let path = self.record.relative(name, &self.namespaces).ok()?;
        let around = self.recursive && name.starts_with("../");
        Some(Wanted { join: column.rule.join.clone(), around, ..path.into() })
    }
}

/// Records without a series: each is what its element says.
struct XmlRecords<'a> {
    walk: Walk<'a>,
    layouts: Layouts<'a>,
    /// The slot of the document's own total.
    total: Option<usize>,
}

impl Wanted {
    /// The document's own total may stand anywhere.
    fn total(path: Path) -> Self {
        Self { late: true, ..path.into() }
    }
}

impl XmlRecords<'_> {
    /// The document's own total must be the number of records.
    fn count(&self) -> Result<(), ReadError> {
        let Some(total) = self.total else { return Ok(()) };
        let (said, records) = (self.walk.values.text(total), self.walk.values.number);
        if said.and_then(|said| said.trim().parse().ok()) == Some(records) {
            return Ok(());
        }
        let said = said.unwrap_or("no number of");
        Err(self.walk.broken(format!("the document says that it has {said} records, and it has {records}")))
    }
}

impl Filling for XmlRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            match self.walk.next()? {
                Seen::Record => break,
                Seen::GroupEnd => (),
                Seen::End => {
                    self.count()?;
                    self.layouts.complete(&mut self.walk)?;
                    return Ok(Found::End);
                }
            }
        }
        self.layouts.settle(&mut self.walk)?;
        let values = self.walk.record();
        into.clear();
        (into.number, into.line) = (values.number, Some(values.line));
        if let Some(reason) = self.layouts.doubled(&self.walk, values) {
            return Ok(Found::Bad(reason));
        }
        for from in self.layouts.from() {
            into.push(from.and_then(|slot| values.text(slot)));
        }
        Ok(Found::Record)
    }

    fn original(&self) -> &[u8] {
        &self.walk.record().original
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.layouts.new_columns(&self.walk)
    }
}

#[cfg(test)]
mod tests;
