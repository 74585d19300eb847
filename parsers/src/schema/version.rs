//! Versions of a file: the layouts that a publisher has used, told apart by the names of their columns.

use encoding_rs::Encoding;

use super::{Origin, Schema, When};

/// A layout of the file beside the one that the columns themselves name.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What people call it.
    pub name: String,
    /// Where each of [`Schema::sources`] comes from in such a file.
    pub origins: Vec<Origin>,
    /// Columns of such a file that are known and not wanted.
    pub ignore: Vec<String>,
    /// The encoding of such a file, if it is another than the dataset's.
    pub charset: Option<&'static Encoding>,
    /// What its files are like, where they do not name their columns.
    pub when: Option<When>,
    /// The columns of such a file, in their order, where it does not name them itself and they are others.
    pub names: Option<Vec<String>>,
}

/// One of the layouts that a file may have.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The version's name; none for the layout that the columns themselves name.
    pub name: Option<&'a str>,
    /// Where each of [`Schema::sources`] comes from.
    pub origins: Vec<&'a Origin>,
    /// Columns of the file that are known and not wanted, beside those of the format.
    pub ignore: &'a [String],
    /// The encoding, if it is another than the dataset's.
    pub charset: Option<&'static Encoding>,
}

impl Schema {
    /// Whether layouts are told apart by what files are like, and not by what they call their columns.
    pub(crate) fn are_told_apart(&self) -> bool {
        self.versions.iter().any(|version| version.when.is_some())
    }

    /// All layouts that a file may have: that of the columns themselves, then the declared versions.
    pub fn layouts(&self) -> Vec<Layout<'_>> {
        let origins = self.sources().map(|column| &column.origin).collect();
        let own = Layout { name: None, origins, ignore: &[], charset: None };
        let versions = self.versions.iter().map(|version| Layout {
            name: Some(&version.name),
            origins: version.origins.iter().collect(),
            ignore: &version.ignore,
            charset: version.charset,
        });
        std::iter::once(own).chain(versions).collect()
    }
}

impl Layout<'_> {
    /// Columns that a file must have to be of this layout, and lacks.
    pub(crate) fn missing(&self, header: &[String]) -> Vec<String> {
        let needed = self.origins.iter().filter_map(|origin| match origin {
            Origin::File(name) => Some(name),
            Origin::Sometimes(_) | Origin::Name(_) | Origin::Series(_) | Origin::Nowhere => None,
        });
        needed.filter(|name| !header.contains(name)).cloned().collect()
    }

    /// Names in the file, in the order of the schema's columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.origins.iter().filter_map(|origin| origin.name())
    }

    /// Whether the file has a column that this layout says it lacks, under a name that another layout gives it.
    pub(crate) fn contradicts(&self, header: &[String], others: &[Layout<'_>]) -> bool {
        let absent = self.origins.iter().enumerate().filter(|(_, origin)| ***origin == Origin::Nowhere);
        let elsewhere = absent.flat_map(|(at, _)| others.iter().filter_map(move |other| other.origins.get(at)?.name()));
        elsewhere.into_iter().any(|name| !self.names().any(|own| own == name) && header.iter().any(|cell| cell == name))
    }
}
