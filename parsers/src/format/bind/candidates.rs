//! Which layouts a document may still be of. It has no header: each path that appears rules out the layouts that do not
//! have it, and at its end those are out whose paths did not all appear. Until one is left, records are read by all that
//! are, and must come to the same.

use super::{rename::Renames, suggest::version};
use crate::{
    read::{Contract, ReadError, Stranger},
    schema::{Layout, Origin, Schema},
};

/// The layouts of a schema, for a document whose wanted paths have numbers.
pub(crate) struct Candidates<'a> {
    schema: &'a Schema,
    layouts: Vec<Candidate<'a>>,
    /// The first that is left.
    chosen: usize,
}

struct Candidate<'a> {
    layout: Layout<'a>,
    /// For each of the schema's sources the number of its path.
    from: Vec<Option<usize>>,
    /// The path that ruled it out, and its line.
    ruled_out: Option<(usize, u64)>,
}

/// What a document has that nobody asked for.
#[derive(Debug, Default)]
pub(crate) struct Unasked {
    /// Members of records.
    pub(crate) columns: Vec<String>,
    /// What stands elsewhere, as the definition would write its path.
    pub(crate) others: Vec<String>,
}

impl<'a> Candidates<'a> {
    /// All layouts of a schema; `number` knows the number of a source's path in a layout.
    pub(crate) fn new(schema: &'a Schema, number: impl Fn(usize, &Origin) -> Option<usize>) -> Self {
        let candidate = |layout: Layout<'a>| {
            let from = layout.origins.iter().enumerate().map(|(at, origin)| number(at, origin)).collect();
            Candidate { layout, from, ruled_out: None }
        };
        Self { schema, layouts: schema.layouts().into_iter().map(candidate).collect(), chosen: 0 }
    }

    /// For each of the schema's sources the number of the path that it comes from.
    pub(crate) fn from(&self) -> &[Option<usize>] {
        self.layouts.get(self.chosen).map_or(&[], |candidate| &candidate.from)
    }

    /// Columns that are known and not wanted in such a document, beside those of the format.
    pub(crate) fn ignore(&self) -> &'a [String] {
        self.layouts.get(self.chosen).map_or(&[], |candidate| candidate.layout.ignore)
    }

    /// Whether there is more than one layout at all.
    pub(crate) fn is_choice(&self) -> bool {
        self.layouts.len() > 1
    }

    /// A path has appeared: rules out the layouts that do not have it. `is_known` tells whether a layout, by its own
    /// paths and by what it ignores, does.
    pub(crate) fn meet(&mut self, path: usize, line: u64, is_known: impl Fn(&[Option<usize>], &[String]) -> bool) {
        for candidate in self.layouts.iter_mut().filter(|candidate| candidate.ruled_out.is_none()) {
            let is_own = candidate.from.contains(&Some(path));
            if !is_own && !is_known(&candidate.from, candidate.layout.ignore) {
                candidate.ruled_out = Some((path, line));
            }
        }
        let first = self.left().next();
        self.chosen = first.unwrap_or(self.chosen);
    }

    /// Whether any layout is left.
    pub(crate) fn is_any_left(&self) -> bool {
        self.left().next().is_some()
    }

    /// Whether a record comes to the same by all layouts that are left.
    pub(crate) fn agree<'t>(&self, text: impl Fn(usize) -> Option<&'t str>) -> bool {
        let mut left = self.left().filter_map(|at| self.layouts.get(at));
        let Some(first) = left.next() else { return false };
        left.all(|other| {
            self.schema.sources().zip(first.from.iter().zip(&other.from)).all(|(column, (one, other))| {
                let said = |from: &Option<usize>| from.and_then(&text).filter(|text| !column.rule.is_null(text));
                one == other || said(one) == said(other)
            })
        })
    }

    /// The error for a record that does not.
    pub(crate) fn ambiguous(&self, line: u64) -> ReadError {
        let names: Vec<&str> =
            self.left().filter_map(|at| Some(self.layouts.get(at)?.layout.name.unwrap_or("of [columns]"))).collect();
        let message = format!(
            "the record on line {line} reads otherwise by each of several versions: {}. Say in [[version]] what tells them \
             apart: a path in `from` that the others do not have",
            names.join(", ")
        );
        ReadError::broken(Some(line), message)
    }

    /// At the document's end: whether a layout is left all of whose paths have appeared.
    pub(crate) fn complete(
        &mut self,
        appeared: impl Fn(usize) -> bool,
        unasked: impl Fn() -> Unasked,
    ) -> Result<(), ReadError> {
        let lacks = |candidate: &Candidate<'_>| {
            let origins = candidate.layout.origins.iter().zip(&candidate.from);
            let missing = origins.filter_map(|(origin, from)| match origin {
                Origin::File(name) if from.is_none_or(|from| !appeared(from)) => Some(name.clone()),
                _ => None,
            });
            missing.collect::<Vec<_>>()
        };
        let left = self.left().filter_map(|at| Some((at, lacks(self.layouts.get(at)?))));
        let nearest = left.min_by_key(|(_, missing)| missing.len());
        match nearest {
            Some((at, missing)) if missing.is_empty() => self.chosen = at,
            Some((at, missing)) => return Err(self.lacking(at, missing, unasked())),
            None => (),
        }
        Ok(())
    }

    /// The error for a document that lacks paths of the layout that it is nearest to.
    fn lacking(&self, at: usize, missing: Vec<String>, unasked: Unasked) -> ReadError {
        let Some(Candidate { layout, .. }) = self.layouts.get(at) else {
            return ReadError::broken(None, "the definition has no columns");
        };
        let is_ignored = |name: &String| layout.ignore.contains(name);
        let Unasked { columns, others } = unasked;
        let columns: Vec<String> = columns.into_iter().filter(|name| !is_ignored(name)).collect();
        let all: Vec<String> = columns.iter().chain(&others).cloned().collect();
        let renames = Renames::guess(&missing, &all);
        let suggestion = Some(version(self.schema, layout, &missing, &columns, &renames));
        let is_rename = |name: &&String| renames.likely.iter().any(|(_, found)| found == *name);
        let unexpected = columns.iter().chain(others.iter().filter(is_rename)).cloned().collect();
        ReadError::Contract(Box::new(Contract {
            version: layout.name.map(str::to_owned),
            missing,
            unexpected,
            suggestion,
            renamed: renames.likely,
            ..Contract::default()
        }))
    }

    /// The error for a document of which no layout is left: which path is foreign to which, and what to declare if the
    /// document is of a layout of its own, in which no column has two paths. `path` is how the definition calls a path.
    pub(crate) fn none_left(&self, met: impl Fn(usize) -> Option<u64>) -> ReadError {
        let called = |path: usize| {
            let from = |candidate: &'_ Candidate<'a>| {
                let at = candidate.from.iter().position(|from| *from == Some(path))?;
                candidate.layout.origins.get(at)?.name().map(str::to_owned)
            };
            self.layouts.iter().find_map(from).unwrap_or_default()
        };
        let strangers = self.layouts.iter().filter_map(|candidate| {
            let (path, line) = candidate.ruled_out?;
            Some(Stranger { path: called(path), line, to: candidate.layout.name.map(str::to_owned) })
        });
        let strangers = strangers.collect();
        let contract = match self.own(|path| met(path).is_some()) {
            Some(likely) => {
                let (missing, unexpected): (Vec<String>, Vec<String>) = likely.iter().cloned().unzip();
                let renames = Renames { likely, unclear: Vec::new() };
                let layout = self.layouts.first().map(|candidate| &candidate.layout);
                let suggestion = layout.map(|layout| version(self.schema, layout, &missing, &unexpected, &renames));
                Contract { unexpected, suggestion, renamed: renames.likely, ..Contract::default() }
            }
            None => Contract::default(),
        };
        ReadError::Contract(Box::new(Contract { strangers, ..contract }))
    }

    /// What [columns] says and what the document says in its place, out of what its versions say; none if it calls a
    /// column in two ways.
    fn own(&self, met: impl Fn(usize) -> bool) -> Option<Vec<(String, String)>> {
        let mut otherwise = Vec::new();
        for at in 0..self.schema.sources().count() {
            let name = |candidate: &Candidate<'_>| {
                let path = candidate.from.get(at).copied().flatten().filter(|path| met(*path))?;
                Some((path, candidate.layout.origins.get(at)?.name()?.to_owned()))
            };
            let mut found: Vec<(usize, String)> = self.layouts.iter().filter_map(name).collect();
            found.dedup();
            let own = self.layouts.first()?.layout.origins.get(at)?.name();
            match (found.as_slice(), own) {
                ([], _) => (),
                ([(_, found)], Some(own)) if found == own => (),
                ([(_, found)], Some(own)) => otherwise.push((own.to_owned(), found.clone())),
                _ => return None,
            }
        }
        Some(otherwise)
    }

    fn left(&self) -> impl Iterator<Item = usize> {
        let layouts = self.layouts.iter().enumerate();
        layouts.filter(|(_, candidate)| candidate.ruled_out.is_none()).map(|(at, _)| at)
    }
}
