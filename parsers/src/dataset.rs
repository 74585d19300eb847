//! A dataset's definition: one TOML file.

mod clock;
mod columns;
mod define;
mod expect;
mod identity;
mod moments;
mod numbers;
mod offer;
mod source;
mod versions;

use crate::{
    DatasetName, Diagnostic, Format,
    decode::{Decoding, Packing},
    schema::Schema,
    section,
};

pub use expect::{Calendar, Expectations, IntervalsPerDay, Newest, Reference};
pub use offer::{Compatibility, Offer};
pub use source::{Asking, Authority, Manner, Source};

/// One thing that a publisher publishes, as its TOML file says.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The file's stem, the table's name.
    pub name: DatasetName,
    /// A short title for pages and reports.
    pub title: String,
    /// What it is; becomes the table's `COMMENT`.
    pub description: String,
    /// Who publishes it.
    pub publisher: Publisher,
    /// Under which terms.
    pub licence: String,
    /// Where its bytes come from.
    pub source: Source,
    /// How bytes become text.
    pub decoding: Decoding,
    /// How text becomes records.
    pub format: Format,
    /// What rows look like.
    pub schema: Schema,
    /// What a release does to rows that it does not mention.
    pub mode: Mode,
    /// What must hold of a whole release before anyone may see it.
    pub expect: Expectations,
    /// The same in SQL: the files beside the definition, in a folder of its name.
    pub checks: Vec<Check>,
    /// A second, long look at a wide table.
    pub long_view: Option<LongView>,
    /// Whether every version of a row is kept, with the times from which and until which it was said.
    pub history: bool,
    /// What its table offers to those who read it.
    pub offer: Offer,
    /// SHA-256, in hex, of what rows depend on: with another one, archived bytes are read anew.
    pub hash: String,
    /// SHA-256, in hex, of the whole text: with another one, the table is looked at anew.
    pub text_hash: String,
    /// The definition as it was written: with it, archived bytes can be read again as they were read once.
    pub text: String,
}

impl Dataset {
    /// Reads a definition: `text` is the content of `file`, whose stem is `name`. All mistakes come at once.
    pub fn parse(file: &str, name: DatasetName, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let (dataset, mistakes) = section::read(file, text, |root| define::dataset(root, name, text));
        match dataset {
            Some(dataset) if mistakes.is_empty() => Ok(dataset),
            _ => Err(mistakes),
        }
    }

    /// The same dataset with conditions in SQL. Their text is part of the definition: with another one, a release is read
    /// anew.
    #[must_use]
    pub fn with_checks(mut self, checks: Vec<Check>) -> Self {
        if !checks.is_empty() {
            let texts = checks.iter().map(|check| format!("{}\0{}\0", check.file, check.sql));
            self.hash = identity::of_text(&texts.fold(self.hash, |all, text| all + &text));
        }
        Self { checks, ..self }
    }

    /// Whether a file that is cut is found out by itself, wherever that was.
    pub fn shows_its_end(&self) -> bool {
        self.decoding.packing != Packing::Plain || self.format.shows_its_end()
    }

    /// The version of the code that reads this dataset: another version reads an archived artifact anew.
    pub fn parser_version(&self) -> i32 {
        self.format.version()
    }
}

/// Who publishes a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The body's name.
    pub name: String,
    /// Its page about the dataset.
    pub page: String,
}

/// What a release does to rows that it does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each release is the whole truth: what it lacks is removed.
    Replace,
    /// Rows are added and changed, never removed.
    Upsert,
    /// Rows are only added; an existing key with other values is a conflict.
    Append,
}

impl Mode {
    /// The word in the definition.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Upsert => "upsert",
            Self::Append => "append",
        }
    }
}

/// A condition in SQL: a SELECT whose rows are violations. It may read the views `release`, the release as it would be,
/// and `published`, what is published now, and any dataset's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The file's stem.
    pub name: String,
    /// The file, as people find it.
    pub file: String,
    /// The statement.
    pub sql: String,
    /// Whether a violation holds the release. A file `<name>.warn.sql` only reports.
    pub holds: bool,
}

/// A view `data.<name>` with one row for each value column of the wide table that is not null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongView {
    /// The view's name.
    pub name: DatasetName,
    /// Columns repeated on each row.
    pub keep: Vec<String>,
    /// The column that takes the value columns' names, upper-cased if `upper`.
    pub name_column: String,
    /// The column that takes the values.
    pub value_column: String,
    /// Whether names are upper-cased, as codes are written.
    pub upper: bool,
    /// The view's `COMMENT`.
    pub comment: String,
}

#[cfg(test)]
mod tests;
