//! A definition that is still being made.

mod text;

use super::{
    InferError, Open, Packed, dbf, delimited, json, names, packed::Holds, reports, types::Said, workbook, xml,
};
use crate::{ColumnType, schema::MOST_COLUMNS};

/// What is known of the file by now.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The lines of `[decode]`.
    pub(super) decode: Vec<String>,
    /// How records are found.
    pub(super) kind: Kind,
    /// The lines of `[format]`.
    pub(super) format: Vec<String>,
    /// Lines of it that may help where records cannot be read.
    pub(super) remedies: Vec<String>,
    /// In the order of the file.
    pub(super) columns: Vec<Guessed>,
    /// What people should know beside.
    pub(super) notes: Vec<String>,
    /// Whether values have white space around them.
    pub(super) trim: bool,
    /// Positions of the columns that name a row, each proposal for itself, the best first.
    pub(super) key: Vec<Vec<usize>>,
    /// Among how many rows the key was looked for.
    pub(super) looked: u64,
}

/// A column of the file.
#[derive(Debug, Clone)]
pub(super) struct Guessed {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) said: Said,
}

/// How a file holds its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines of separated values.
    Csv,
    /// A JSON document.
    Json,
    /// Lines of JSON.
    Lines,
    /// An XML document.
    Xml,
    /// Lines in which each field has its place.
    Fixed,
    /// A sheet of a workbook.
    Workbook,
    /// A dBase table.
    Dbf,
}

/// Where a column's values stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// As the definition names it.
    pub(super) from: String,
    /// What the column's name is made of, if it is something else.
    pub(super) called: Option<String>,
    /// Whether records may lack it altogether.
    pub(super) may_be_absent: bool,
    /// What stands between its values, where a record has several.
    pub(super) join: Option<&'static str>,
    /// Its type, where the values need not be looked at.
    pub(super) kind: Option<ColumnType>,
}

/// How the records of a file are found, and what is in them.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// What `[format]` says beside the kind, and its tables.
    pub(super) format: Vec<String>,
    /// Lines of it that may help where records cannot be read.
    pub(super) remedies: Vec<String>,
    pub(super) columns: Vec<Place>,
    /// What people should know beside.
    pub(super) notes: Vec<String>,
}

impl Place {
    /// A column by its name in the file.
    pub(super) fn new(from: String) -> Self {
        Self { from, ..Self::default() }
    }
}

impl Shape {
    /// Of which only the kind is known yet.
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, format: Vec::new(), remedies: Vec::new(), columns: Vec::new(), notes: Vec::new() }
    }

    fn of(packed: &Packed, open: Open<'_>) -> Result<Self, InferError> {
        let start = packed.head.trim_start_matches('\u{feff}').trim_start().chars().next();
        match (packed.holds, start) {
            (Holds::Workbook, _) => workbook::shape(packed, open),
            (Holds::Dbf, _) => dbf::shape(packed, open),
            (Holds::Text, None) => Err(InferError::Unknown("the file is empty".to_owned())),
            (Holds::Text, Some('<')) => xml::shape(packed, open),
            (Holds::Text, Some('{' | '[')) => json::shape(packed, open),
            (Holds::Text, Some(_)) => reports::shape(packed).unwrap_or_else(|| delimited::shape(packed)),
        }
    }
}

impl Kind {
    /// As `[format]` calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Lines => "ndjson",
            Self::Xml => "xml",
            Self::Fixed => "fixed",
            Self::Workbook => "workbook",
            Self::Dbf => "dbf",
        }
    }

    /// What such a file's name ends in.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Lines => "jsonl",
            Self::Xml => "xml",
            Self::Fixed => "txt",
            Self::Workbook => "xlsx",
            Self::Dbf => "dbf",
        }
    }
}

impl Draft {
    /// Finds the records' shape, and takes every column for text.
    pub(super) fn new(packed: &Packed, open: Open<'_>) -> Result<Self, InferError> {
        let Shape { kind, format, remedies, columns, notes } = Shape::of(packed, open)?;
        if columns.len() > MOST_COLUMNS {
            let found = columns.len();
            let sentence = format!(
                "the file seems to have {found} columns, and a table has at most {MOST_COLUMNS}: write a definition for \
                 those that are wanted, or of rows that are made of them, by `unpivot` in parsers/datasets/README.md"
            );
            return Err(InferError::Unknown(sentence));
        }
        let named = names::columns(columns.iter().map(|place| place.called.as_ref().unwrap_or(&place.from).as_str()));
        let columns = named.into_iter().zip(columns).map(|(name, place)| {
            let said = place.kind.map_or_else(Said::text, Said::of_type);
            Guessed { name, place, said }
        });
        let (decode, columns) = (packed.lines(), columns.collect());
        let (trim, key, looked) = (false, Vec::new(), 0);
        Ok(Self { decode, kind, format, remedies, columns, notes, trim, key, looked })
    }
}
