//! Names of datasets, reports and schedules: one spelling for file, table, URL and page.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A dataset's name: the stem of its TOML file, its table in schema `data`, its page in the admin.
pub type DatasetName = Name;

/// Lower-case letters, digits and underscores, starting with a letter, at most [`Name::LONGEST`] bytes.
///
/// Made only by parsing, so whoever holds one may put it into a path or a page; SQL still quotes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// PostgreSQL cuts identifiers at 63 bytes; what is left is room for a stage's run and epoch.
    pub const LONGEST: usize = 40;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that cannot be a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be a name: use lower-case letters, digits and underscores, a letter first, at most {max} characters",
    max = Name::LONGEST
)]
pub struct NameError(pub String);

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fits = !text.is_empty() && text.len() <= Self::LONGEST;
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        let spelled = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if fits && starts && spelled { Ok(Self(text.to_owned())) } else { Err(NameError(text.to_owned())) }
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
