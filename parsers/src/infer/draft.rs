//! A definition that is still being made.

mod text;

use super::{InferError, Packed, delimited, names, profile::Said, tree};

/// What is known of the file by now.
#[derive(Debug)]
pub(super) struct Draft {
    /// The lines of `[decode]`.
    pub(super) decode: Vec<String>,
    /// The lines of `[format]`.
    pub(super) format: Vec<String>,
    /// In the order of the file.
    pub(super) columns: Vec<Guessed>,
    /// What stands several times in one record.
    several: Vec<String>,
    /// Whether values have white space around them.
    pub(super) trim: bool,
    /// Positions of the columns that name a row, each proposal for itself, the best first.
    pub(super) key: Vec<Vec<usize>>,
}

/// A column of the file.
#[derive(Debug, Clone)]
pub(super) struct Guessed {
    pub(super) name: String,
    /// As the file calls it.
    pub(super) from: String,
    /// Whether records may lack it altogether.
    pub(super) may_be_absent: bool,
    pub(super) said: Said,
}

/// How the records of a file are found, and what is in them.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) format: Vec<String>,
    /// The columns' names in the file, and whether records may lack them.
    pub(super) columns: Vec<(String, bool)>,
    /// What stands several times in one record, and so cannot be a column.
    pub(super) several: Vec<String>,
}

impl Draft {
    /// Finds the records' shape, and takes every column for text.
    pub(super) fn new(packed: &Packed) -> Result<Self, InferError> {
        let shape = match packed.head.trim_start_matches('\u{feff}').trim_start().chars().next() {
            None => return Err(InferError::Unknown("the file is empty".to_owned())),
            Some('<') => tree::xml(packed)?,
            Some(_) => delimited::shape(packed)?,
        };
        let named = names::columns(shape.columns.iter().map(|(from, _)| from.as_str()));
        let columns = named.into_iter().zip(shape.columns);
        let columns = columns.map(|(name, (from, may_be_absent))| {
            let said = Said::text();
            Guessed { name, from, may_be_absent, said }
        });
        let (columns, key) = (columns.collect(), Vec::new());
        Ok(Self { decode: packed.lines(), format: shape.format, columns, several: shape.several, trim: false, key })
    }

    /// Whether each record begins on a line of its own, under a header or none.
    pub(super) fn is_lines(&self) -> bool {
        self.format.iter().any(|line| line == "kind = \"csv\"")
    }

    /// What such a file's name ends in.
    pub(super) fn extension(&self) -> &'static str {
        if self.is_lines() { "csv" } else { "xml" }
    }
}
