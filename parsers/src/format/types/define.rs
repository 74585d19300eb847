//! `[format.types]`, as it stands in the definition.

use super::{At, Count, Said, Types};
use crate::{
    format::fixed::place,
    record::Span,
    section::{OneOrMore, Section},
};

/// The longest line of another type that is believed, in characters.
const LONGEST: usize = 1_000_000;

/// Where in a line a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) enum Within {
    /// In this field, from 0.
    Field(usize),
    /// In these characters, from 0.
    Place(Span),
}

impl Within {
    /// The field, from 0.
    pub(in crate::format) fn field(&self) -> Option<usize> {
        if let Self::Field(field) = self { Some(*field) } else { None }
    }

    /// The characters, from 0.
    pub(in crate::format) fn place(&self) -> Option<Span> {
        if let Self::Place(span) = self { Some(*span) } else { None }
    }

    /// Whether a line of so many characters has it: fields are counted where they are taken.
    pub(super) fn fits(&self, length: usize) -> bool {
        match self {
            Self::Field(_) => true,
            Self::Place(span) => span.end <= length,
        }
    }
}

impl Types {
    /// `fixed`: whether values stand at places, and not in fields.
    pub(in crate::format) fn define(table: &Section<'_>, fixed: bool) -> Option<Self> {
        let record = table.required::<String>("record");
        let ignore = table.optional("ignore").unwrap_or_default();
        let last = table.optional("last");
        let entries = table.optional_table("said").map(|said| said.sections()).unwrap_or_default();
        let said = entries.into_iter().map(|(name, said)| Some(Said { name: name.to_owned(), at: at(&said, fixed)? }));
        let said = said.collect::<Option<Vec<_>>>();
        let counts = table.tables("count").into_iter().map(|count| self::count(&count, record.as_deref(), fixed));
        let counts = counts.collect::<Option<Vec<_>>>();
        let types = Self { record: record?, ignore, last, said: said?, counts: counts? };
        types.check(table);
        Some(types)
    }

    fn check(&self, table: &Section<'_>) {
        let kinds =
            self.said.iter().map(|said| &said.at.kind).chain(&self.ignore).chain(&self.last).chain([&self.record]);
        if kinds.into_iter().any(String::is_empty) {
            table.mistake("record", "every line begins with no text: a type has at least one character", None);
        }
        for said in self.said.iter().filter(|said| said.at.kind == self.record) {
            table.mistake("said", format!("`{}` stands in the record itself: name it there", said.name), None);
        }
    }
}

fn count(table: &Section<'_>, record: Option<&str>, fixed: bool) -> Option<Count> {
    let of = table.optional::<OneOrMore<'_>>("of").map(|OneOrMore(of)| of.into_iter().map(str::to_owned).collect());
    let of = of.unwrap_or_else(|| record.into_iter().map(str::to_owned).collect());
    let since = table.optional("since");
    Some(Count { at: at(table, fixed)?, of, since })
}

fn at(table: &Section<'_>, fixed: bool) -> Option<At> {
    let kind = table.required("type");
    let within = if fixed {
        let text = table.required::<&str>("place")?;
        let found = place(text, LONGEST).map_err(|message| table.mistake("place", message, None));
        Within::Place(found.ok()?)
    } else {
        let field = table.required::<u64>("field")?;
        let found = usize::try_from(field).ok().and_then(|field| field.checked_sub(1));
        if found.is_none() {
            table.mistake("field", "fields are counted from 1", None);
        }
        Within::Field(found?)
    };
    Some(At { kind: kind?, within })
}
