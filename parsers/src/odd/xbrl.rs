//! XBRL 2.1 instances, in which companies and utilities report: each fact is a record, with what its context and its unit
//! say. These may stand anywhere in the document, so a fact waits for those that have not come yet. Footnotes and links
//! to taxonomies are passed over; what a concept means is not looked up.

mod context;
mod element;
mod fact;
mod instance;
mod period;
mod unit;

use crate::{
    decode::{Content, Part},
    format::bind,
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
};
use fact::Fact;
use instance::Instance;

pub(super) const VERSION: i32 = 1;
pub(super) const CONTENT: Content = Content::Xml;

/// What a definition may ask for, in the order of [`texts`]. Names are local; where two namespaces are to be told apart,
/// there are names as `{namespace}local`.
const COLUMNS: [&str; 22] = [
    // The document: the file in the archive, if there are several.
    "Member",
    // The fact: its concept, its `id`, the tuples around it.
    "Concept",
    "Namespace",
    "Id",
    "Tuple",
    // Its context: whom it is about and when. Days are as in OIM: one that ends something ends at the next midnight.
    "Entity",
    "EntityScheme",
    "Period",
    "Instant",
    "Start",
    "End",
    // Its dimensions, as JSON with sorted names: by local names, and by full names those of each kind.
    "Dimensions",
    "ExplicitDimensions",
    "TypedDimensions",
    // Its unit, such as MW or USD/MWh; and by full names.
    "Unit",
    "Measures",
    // What it says. A number is the value of a fact that has a unit.
    "Value",
    "Number",
    "Decimals",
    "Precision",
    "Nil",
    "Language",
];

/// The place of the file's name among them.
const MEMBER: usize = 0;

pub(super) fn open<'a>(part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
    let names = COLUMNS.map(str::to_owned);
    let columns = bind(&names, schema, &names)?.fields;
    let member = part.name.clone();
    if columns.contains(&Some(MEMBER)) && member.as_ref().is_some_and(|name| name.contains(char::REPLACEMENT_CHARACTER))
    {
        return Err(ReadError::broken(
            None,
            "the member's name, which is a value of its rows, does not decode as UTF-8",
        ));
    }
    let (instance, fact) = (Instance::open(part.text()?)?, Fact::default());
    Ok(Box::new(Filled::new(Xbrl { instance, member, columns, fact, number: 0 })))
}

struct Xbrl<'a> {
    instance: Instance<'a>,
    /// The document's name in the archive.
    member: Option<String>,
    /// For each column of the schema its place in [`COLUMNS`].
    columns: Vec<Option<usize>>,
    /// The fact that it stands on.
    fact: Fact,
    number: u64,
}

impl Filling for Xbrl<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        let Some(fact) = self.instance.next()? else { return Ok(Found::End) };
        self.fact = fact;
        self.number += 1;
        into.clear();
        (into.number, into.line) = (self.number, Some(self.fact.line));
        match texts(&self.instance, &self.fact, self.member.as_deref()) {
            Err(reason) => Ok(Found::Bad(reason)),
            Ok(texts) => {
                for column in &self.columns {
                    into.push(column.and_then(|at| texts.get(at).copied().flatten()));
                }
                Ok(Found::Record)
            }
        }
    }

    fn original(&self) -> &[u8] {
        &self.fact.original
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        Vec::new()
    }
}

/// What a fact says, in the order of [`COLUMNS`]; or why it cannot be understood.
fn texts<'f>(
    instance: &'f Instance<'_>,
    fact: &'f Fact,
    member: Option<&'f str>,
) -> Result<[Option<&'f str>; COLUMNS.len()], String> {
    if let Some(fault) = &fact.fault {
        return Err(fault.clone());
    }
    let (context, unit) = (instance.context(fact)?, instance.unit(fact)?);
    let period = &context.period;
    let is_number = unit.is_some() && !fact.nil && !fact.is_fraction;
    Ok([
        member,
        Some(&fact.concept.local),
        Some(&fact.concept.namespace),
        fact.id.as_deref(),
        fact.tuple.as_deref(),
        Some(&context.entity),
        Some(&context.scheme),
        Some(&period.text),
        period.instant.as_deref(),
        period.start.as_deref(),
        period.end.as_deref(),
        Some(&context.dimensions),
        Some(&context.explicit),
        Some(&context.typed),
        unit.map(|unit| unit.short.as_str()),
        unit.map(|unit| unit.full.as_str()),
        (!fact.nil).then_some(fact.value.as_str()),
        is_number.then(|| fact.value.trim()),
        fact.decimals.as_deref(),
        fact.precision.as_deref(),
        Some(if fact.nil { "true" } else { "false" }),
        fact.language.as_deref(),
    ])
}

#[cfg(test)]
mod tests;
