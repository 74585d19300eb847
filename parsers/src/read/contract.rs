//! How a file's columns differ from the definition's.

use std::fmt;

use crate::{
    schema::{ColumnType, Guess},
    section::quoted as toml,
};

/// Columns of the definition that a file lacks, and columns of the file that the definition does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contract {
    /// The file in the artifact, where an artifact may hold several.
    pub member: Option<String>,
    /// The declared version that the file is nearest to; none for what `[columns]` itself says.
    pub version: Option<String>,
    /// Columns of that version that the file lacks, by their names in the file.
    pub missing: Vec<String>,
    /// Columns of the file that the version does not name.
    pub unexpected: Vec<String>,
    /// Paths of a document by which it is of none of the versions.
    pub strangers: Vec<Stranger>,
    /// Likely renames: name in the definition, name in the file.
    pub renamed: Vec<(String, String)>,
    /// Lines for the definition with which it would read the file.
    pub suggestion: Option<String>,
}

/// A path in a document that a version does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The path, as another version names it.
    pub path: String,
    /// The line on which it is there for the first time, from 1.
    pub line: u64,
    /// The version that does not have it; none for what `[columns]` itself says.
    pub to: Option<String>,
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} on line {} is not of ", self.path, self.line)?;
        match &self.to {
            Some(version) => write!(f, "the version {version:?}"),
            None => write!(f, "[columns]"),
        }
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = &self.member {
            write!(f, "in the member {member:?}: ")?;
        }
        if self.missing.is_empty() {
            write!(f, "the file is of no declared version")?;
        } else {
            write!(f, "the file lacks {}", quoted(&self.missing))?;
        }
        if let Some(version) = &self.version {
            write!(f, " (it is nearest to the version {version:?})")?;
        }
        for (at, stranger) in self.strangers.iter().enumerate() {
            write!(f, "{} {stranger}", if at == 0 { ":" } else { "," })?;
        }
        if self.strangers.is_empty() && !self.unexpected.is_empty() {
            write!(f, "; it has {}, which the definition does not name", quoted(&self.unexpected))?;
        }
        for (defined, found) in &self.renamed {
            write!(f, "; {defined:?} is perhaps called {found:?} now")?;
        }
        Ok(())
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}

/// A column of the file that the definition does not name. Shown, it is a line for the definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewColumn {
    /// Its name in the file.
    pub name: String,
    /// What `from` would say, if that can be said.
    pub(crate) from: Option<String>,
    /// What the first records say in it.
    pub(crate) values: Vec<String>,
    /// Whether some of that is an object or an array.
    pub(crate) has_parts: bool,
}

impl NewColumn {
    /// A column of which nothing but the name is known yet.
    pub fn new(name: &str) -> Self {
        Self::at(name, (!name.is_empty()).then(|| name.to_owned()))
    }

    /// The same where a definition calls it otherwise, or cannot.
    pub(crate) fn at(name: &str, from: Option<String>) -> Self {
        Self { name: name.to_owned(), from, values: Vec::new(), has_parts: false }
    }
}

impl fmt::Display for NewColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(from) = &self.from else {
            return write!(f, "# no `from` leads to {:?} by what the definition says so far", self.name);
        };
        let guess = if self.has_parts {
            Guess { kind: ColumnType::Json, pattern: None, truth: None }
        } else {
            Guess::of(self.values.iter().map(String::as_str))
        };
        write!(f, "{} = {{ from = {}, {guess}, comment = \"…\" }}", column_name(&self.name), toml(from))
    }
}

/// A name for the table: small letters and digits, a letter first.
fn column_name(header: &str) -> String {
    let spelled: String =
        header.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = spelled.split_whitespace().collect::<Vec<_>>().join("_");
    let name = if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("c_{name}") };
    name.chars().take(63).collect()
}
