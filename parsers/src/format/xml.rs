//! XML documents, read as a stream: one record an element, with values from the elements around it.

mod path;
mod plan;
mod refusal;
mod series;
mod tap;
mod values;
mod walk;

use crate::{
    decode::Text,
    format::bind,
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::{Origin, Schema},
    section::Section,
};
use path::{Namespaces, Path};
use plan::Plan;
use series::SeriesRecords;
use walk::{Seen, Walk};

/// Raise it when the same XML comes to other records.
pub(super) const VERSION: i32 = 1;

/// How an XML document holds its records.
#[derive(Debug, Clone)]
pub struct Xml {
    namespaces: Namespaces,
    record: Path,
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
        Some(Self { namespaces, record: record?, series: series?, refusal: refusal?, ignore })
    }

    pub(super) fn check_origin(&self, column: &Section<'_>, origin: &Origin) {
        if let Some(Err(reason)) = origin.name().map(|name| self.record.relative(name, &self.namespaces)) {
            column.mistake("from", reason, None);
        }
        if matches!(origin, Origin::Series(_)) && self.series.is_none() {
            column.mistake("series", "the format has no [format.series]", None);
        }
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let plan = Plan::new(&self.record, self.paths(schema));
        let walk = Walk::open(text, plan, self.refusal.as_ref(), &self.ignore)?;
        let from = self.slots(schema, &walk);
        let Some(series) = &self.series else {
            return Ok(Box::new(Filled::new(XmlRecords { walk, schema, from })));
        };
        Ok(Box::new(Filled::new(SeriesRecords::new(walk, series, schema, from))))
    }

    /// All paths of the document that anybody wants.
    fn paths(&self, schema: &Schema) -> Vec<Path> {
        let columns = schema.sources().filter_map(|column| self.path(&column.origin));
        let series = self.series.iter().flat_map(Series::paths).cloned();
        columns.chain(series).collect()
    }

    fn path(&self, origin: &Origin) -> Option<Path> {
        self.record.relative(origin.name()?, &self.namespaces).ok()
    }

    /// For each column the place where the walk keeps its text.
    fn slots(&self, schema: &Schema, walk: &Walk<'_>) -> Vec<Option<usize>> {
        schema.sources().map(|column| walk.slot(&self.path(&column.origin)?)).collect()
    }
}

/// Records without a series: each is what its element says.
struct XmlRecords<'a> {
    walk: Walk<'a>,
    schema: &'a Schema,
    from: Vec<Option<usize>>,
}

impl Filling for XmlRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            match self.walk.next()? {
                Seen::Record => break,
                Seen::GroupEnd => (),
                Seen::End => {
                    complete(&self.walk, self.schema, &self.from)?;
                    return Ok(Found::End);
                }
            }
        }
        let values = &self.walk.values;
        into.clear();
        (into.number, into.line) = (values.number, Some(values.line));
        if let Some(reason) = &values.fault {
            return Ok(Found::Bad(reason.clone()));
        }
        for from in &self.from {
            into.push(from.and_then(|slot| values.text(slot)));
        }
        Ok(Found::Record)
    }

    fn original(&self) -> &[u8] {
        &self.walk.values.original
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.walk.new_columns().iter().map(|name| NewColumn::new(name)).collect()
    }
}

/// At the end of the document: a column that was in no record at all is missing, as it would be in a header.
fn complete(walk: &Walk<'_>, schema: &Schema, from: &[Option<usize>]) -> Result<(), ReadError> {
    let columns = schema.sources().zip(from);
    let missing = columns.filter_map(|(column, from)| match (&column.origin, from) {
        (Origin::File(name), Some(slot)) if !walk.ever(*slot) => Some(name.clone()),
        _ => None,
    });
    let missing: Vec<String> = missing.collect();
    if missing.is_empty() || walk.values.number == 0 {
        return Ok(());
    }
    Err(bind::broken_paths(missing, walk.new_columns().to_vec()))
}

#[cfg(test)]
mod tests;
