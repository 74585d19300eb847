//! Finds a definition's columns in a file's header: by name, never by position.

mod candidates;
mod rename;
mod suggest;

use encoding_rs::Encoding;

use crate::{
    decode::matches,
    read::{Contract, NewColumn, ReadError},
    schema::{Layout, Schema},
};
pub(crate) use candidates::{Candidates, Unasked};
use rename::Renames;
use suggest::version;

/// Values of a new column that are looked at for its type, bytes of each, and bytes of all.
const SAMPLED: u64 = 1000;
const LONGEST: usize = 100;
const MOST: usize = 16 << 20;

/// Where the columns of the schema stand in the file.
#[derive(Debug)]
pub(crate) struct Binding {
    /// For each column of the schema the field of the file, if the file has it.
    pub(crate) fields: Vec<Option<usize>>,
    /// Columns of the file that the definition does not name.
    pub(crate) news: News,
    /// The encoding of files of this version, if it is another than the dataset's.
    pub(crate) charset: Option<&'static Encoding>,
}

/// Columns of a file that the definition does not name, with the fields that they stand in.
#[derive(Debug, Default)]
pub(crate) struct News {
    columns: Vec<(usize, NewColumn)>,
    /// Bytes that are kept of them.
    kept: usize,
}

impl News {
    /// Whether a record is worth a look: the first are.
    pub(crate) fn wants(&self, record: u64) -> bool {
        record <= SAMPLED && self.kept < MOST && !self.columns.is_empty()
    }

    /// Keeps what a record says in the new columns.
    pub(crate) fn look<'f>(&mut self, field: impl Fn(usize) -> Option<&'f [u8]>) {
        for (at, column) in &mut self.columns {
            let value = field(*at).unwrap_or_default();
            // What is longer is text, by its beginning already.
            let value = String::from_utf8_lossy(value.get(..LONGEST).unwrap_or(value)).into_owned();
            self.kept += size_of::<String>() + value.len();
            column.values.push(value);
        }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> Vec<NewColumn> {
        self.columns.iter().map(|(_, column)| column.clone()).collect()
    }

    /// The same columns in a file where they stand further on.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.columns.iter_mut().for_each(|(at, _)| *at += by);
        self
    }
}

/// Which of a schema's layouts a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The one whose names its header has.
    Names,
    /// That of this version, or of the columns themselves: so its first record says.
    Version(Option<usize>),
}

/// Binds the schema's columns to a header, by the one layout that fits. Names are compared without the white space
/// around them.
pub(crate) fn bind(header: &[String], schema: &Schema, ignore: &[String]) -> Result<Binding, ReadError> {
    bind_by(By::Names, header, schema, ignore)
}

/// The same, where it may be known which layout it is.
pub(crate) fn bind_by(by: By, header: &[String], schema: &Schema, ignore: &[String]) -> Result<Binding, ReadError> {
    let mut layouts = schema.layouts();
    if let By::Version(version) = by {
        let at = version.map_or(0, |version| version + 1);
        layouts = layouts.into_iter().skip(at).take(1).collect();
    }
    let twice = |name: &&str| header.iter().filter(|cell| cell == name).count() > 1;
    if let Some(twice) = layouts.iter().flat_map(Layout::names).find(twice) {
        return Err(ReadError::broken(None, format!("the file has two columns {twice:?}, and only one can be meant")));
    }
    let fits = |layout: &&Layout<'_>| layout.missing(header).is_empty() && !layout.contradicts(header, &layouts);
    let fitting: Vec<&Layout<'_>> = layouts.iter().filter(fits).collect();
    match fitting.as_slice() {
        [layout] => Ok(bound(header, layout, ignore)),
        [] => Err(broken_contract(header, schema, &layouts, ignore)),
        several => Err(ambiguous(several)),
    }
}

fn bound(header: &[String], layout: &Layout<'_>, ignore: &[String]) -> Binding {
    let field = |name: &str| header.iter().position(|cell| cell == name);
    let fields = layout.origins.iter().map(|origin| origin.name().and_then(field)).collect();
    let new = unnamed(header, layout, ignore).map(|(at, name)| (at, NewColumn::new(name)));
    Binding { fields, news: News { columns: new.collect(), kept: 0 }, charset: layout.charset }
}

/// Columns of the file that a layout does not name.
fn unnamed<'a>(
    header: &'a [String],
    layout: &'a Layout<'_>,
    ignore: &'a [String],
) -> impl Iterator<Item = (usize, &'a String)> {
    let ignored = |cell: &String| ignore.iter().chain(layout.ignore).any(|pattern| matches(pattern, cell));
    let known = move |cell: &String| layout.names().any(|name| name == cell) || ignored(cell);
    header.iter().enumerate().filter(move |(_, cell)| !known(cell))
}

/// The error for a file that is of no layout, told against the one that it is nearest to.
fn broken_contract(header: &[String], schema: &Schema, layouts: &[Layout<'_>], ignore: &[String]) -> ReadError {
    let foreign = |layout: &Layout<'_>| usize::from(layout.contradicts(header, layouts));
    let nearest = layouts.iter().min_by_key(|layout| layout.missing(header).len() + foreign(layout));
    let Some(layout) = nearest else { return ReadError::broken(None, "the definition has no columns") };
    let missing = layout.missing(header);
    let unexpected: Vec<String> = unnamed(header, layout, ignore).map(|(_, name)| name.clone()).collect();
    let renames = Renames::guess(&missing, &unexpected);
    let suggestion = Some(version(schema, layout, &missing, &unexpected, &renames));
    let version = layout.name.map(str::to_owned);
    ReadError::Contract(Box::new(Contract {
        version,
        missing,
        unexpected,
        suggestion,
        renamed: renames.likely,
        ..Contract::default()
    }))
}

fn ambiguous(several: &[&Layout<'_>]) -> ReadError {
    let names: Vec<_> = several.iter().map(|layout| layout.name.unwrap_or("of [columns]")).collect();
    let message = format!(
        "the file is of more than one version: {}. Say in [[version]] what tells them apart: a name in `from`, or a \
         column in `absent`",
        names.join(", ")
    );
    ReadError::broken(None, message)
}

/// The error for paths that are in no record of a document.
pub(crate) fn broken_paths(missing: Vec<String>, unexpected: Vec<String>) -> ReadError {
    let renamed = Renames::guess(&missing, &unexpected).likely;
    ReadError::Contract(Box::new(Contract { missing, unexpected, renamed, ..Contract::default() }))
}

#[cfg(test)]
mod tests;
