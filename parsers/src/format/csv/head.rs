//! What stands above the records: a preamble, and the names of the columns.

use super::{Line, Lines, layout};
use crate::{
    format::{By, bind::broken_paths},
    read::ReadError,
    schema::{Origin, Schema, Version},
    section::Section,
};

/// Lines of a preamble, or rows of a header, that are believed.
const MOST: u64 = 10_000;

/// Where the names of the columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Lines above it, as an editor counts them.
    pub preamble: u64,
    /// Values out of the preamble that belong to every record.
    pub said: Vec<Said>,
    /// How it is found behind the preamble.
    pub kind: HeaderKind,
}

/// How a header is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderKind {
    /// It is the next line, or so many: then a column's name is what all of them say of it.
    Rows(u64),
    /// It is the first line that has all these names.
    With(Vec<String>),
    /// There is none, and these are the columns. Those without a name are not wanted.
    Names(Vec<String>),
}

/// A value that stands in the preamble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How columns call it.
    pub name: String,
    /// The line of the file, from 1.
    pub line: u64,
    /// The field in it, from 1.
    pub field: u64,
}

/// What a file's head says.
pub(super) struct Head {
    pub(super) names: Vec<String>,
    /// Fields of each record.
    pub(super) width: usize,
    /// Names and values out of the preamble.
    pub(super) said: Vec<(String, String)>,
    /// Which layout the file has.
    pub(super) by: By,
}

impl Header {
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let preamble = limited(table, "preamble").unwrap_or(0);
        let said = table.optional_table("said").map(|table| said(&table, preamble)).unwrap_or_default();
        let (there, names) = (table.optional("header"), table.optional::<Vec<String>>("names"));
        let (has, rows) = (table.optional::<Vec<String>>("header_has"), limited(table, "header_rows"));
        let help = "`names = [...]` in the order of the file, \"\" for what is not wanted".to_owned();
        let kind = match (there.unwrap_or(true), names, has, rows) {
            (false, Some(names), None, None) => Some(HeaderKind::Names(names)),
            (false, None, ..) => {
                table.mistake("header", "the file has no header, and nobody says what its columns are", Some(help));
                None
            }
            (true, None, Some(has), None) => Some(HeaderKind::With(has)),
            (true, None, None, rows) => Some(HeaderKind::Rows(rows.unwrap_or(1).max(1))),
            _ => {
                let message = "a header is found in one way: `header_rows`, or `header_has`, or `header = false` with \
                               `names`";
                table.mistake("header", message, None);
                None
            }
        };
        for name in kind.iter().flat_map(HeaderKind::twice) {
            table.mistake("names", format!("{name:?} stands here twice"), None);
        }
        Some(Self { preamble, said, kind: kind? })
    }

    /// Whether files say themselves what their columns are.
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self.kind, HeaderKind::Names(_))
    }

    /// The same, of its names.
    pub(super) fn check_version(&self, table: &Section<'_>, version: &Version, offered: impl Fn(&str) -> bool) {
        let HeaderKind::Names(own) = &self.kind else { return };
        let names = version.names.as_ref().unwrap_or(own);
        let Some(when) = &version.when else { return };
        if when.begins.is_none() && when.fields == Some(own.len()) {
            let message = format!("files with {} fields are of what [columns] says", own.len());
            table.mistake("when", message, Some("say more of them: `begins`".into()));
        }
        if when.fields.is_some_and(|fields| fields != names.len()) {
            let message = format!("its files have other than the {} fields of their `names`", names.len());
            table.mistake("when", message, Some("say the `names` of the version".into()));
        }
        for name in twice(names) {
            table.mistake("names", format!("{name:?} stands here twice"), None);
        }
        let lacks = |name: &&String| !offered(name) && !names.contains(name);
        let needed = version.origins.iter().filter_map(|origin| match origin {
            Origin::File(name) => Some(name),
            _ => None,
        });
        for name in needed.filter(lacks) {
            let help = "say all columns of the version in its `names`, or that one is `absent`".to_owned();
            table.mistake("", format!("no column of its files is called {name:?}"), Some(help));
        }
    }

    /// Reads on to the first record.
    pub(super) fn find(&self, lines: &mut Lines<'_>, schema: &Schema) -> Result<Head, ReadError> {
        let (mut above, mut by) = (Vec::new(), By::Names);
        let said = self.preamble(lines, &mut above)?;
        let names = match &self.kind {
            HeaderKind::Names(names) if schema.are_told_apart() => {
                let version = layout::version(lines, &above, schema)?;
                by = By::Version(version);
                let own = version.and_then(|at| schema.versions.get(at)?.names.as_ref());
                own.unwrap_or(names).clone()
            }
            HeaderKind::Names(names) => names.clone(),
            HeaderKind::With(names) => with(lines, names)?,
            HeaderKind::Rows(1) => row(lines)?,
            HeaderKind::Rows(rows) => joined(lines, *rows)?,
        };
        Ok(Head { width: names.len(), names, said, by })
    }

    /// Takes the preamble off, and keeps its lines.
    fn preamble(&self, lines: &mut Lines<'_>, above: &mut Vec<Vec<u8>>) -> Result<Vec<(String, String)>, ReadError> {
        let (mut line, mut values) = (Vec::new(), Vec::new());
        for number in 1..=self.preamble {
            if !lines.take_line(&mut line)? {
                let message =
                    format!("the file has {} lines, and its preamble alone has {}", number - 1, self.preamble);
                return Err(ReadError::broken(None, message));
            }
            for said in self.said.iter().filter(|said| said.line == number) {
                values.push((said.name.clone(), said.value(&line, lines)?));
            }
            above.push(line.clone());
        }
        Ok(values)
    }
}

impl HeaderKind {
    fn twice(&self) -> Vec<&String> {
        if let Self::Names(names) = self { twice(names) } else { Vec::new() }
    }
}

/// Names that stand in a list before.
fn twice(names: &[String]) -> Vec<&String> {
    let twice = |(at, name): (usize, &&String)| !name.is_empty() && names.iter().take(at).any(|other| other == *name);
    names.iter().enumerate().filter(|(at, name)| twice((*at, name))).map(|(_, name)| name).collect()
}

impl Said {
    fn value(&self, line: &[u8], lines: &Lines<'_>) -> Result<String, ReadError> {
        let texts = lines.texts_of(line)?;
        let found = usize::try_from(self.field).ok().and_then(|field| texts.get(field - 1));
        found.cloned().ok_or_else(|| {
            let message =
                format!("`{}` is field {} of line {}, which has {}", self.name, self.field, self.line, texts.len());
            ReadError::broken(Some(self.line), message)
        })
    }
}

fn limited(table: &Section<'_>, key: &str) -> Option<u64> {
    let number = table.optional::<u64>(key)?;
    if number > MOST {
        table.mistake(key, format!("`{key}` is at most {MOST}"), None);
    }
    Some(number)
}

fn said(table: &Section<'_>, preamble: u64) -> Vec<Said> {
    let one = |(name, table): (&str, Section<'_>)| {
        let (line, field) = (table.required::<u64>("line"), table.required::<u64>("field"));
        if line.is_some_and(|line| !(1..=preamble).contains(&line)) {
            let help = "both are counted from 1; say how many lines it has with `preamble`".to_owned();
            table.mistake("line", "the line does not stand in the preamble", Some(help));
        }
        if field == Some(0) {
            table.mistake("field", "fields are counted from 1", None);
        }
        Some(Said { name: name.to_owned(), line: line?, field: field.filter(|field| *field > 0)? })
    };
    table.sections().into_iter().filter_map(one).collect()
}

/// The next line as names.
fn row(lines: &mut Lines<'_>) -> Result<Vec<String>, ReadError> {
    match lines.next()? {
        Line::Fields => lines.texts(),
        Line::Malformed(reason) => Err(ReadError::broken(Some(lines.line()), reason)),
        Line::End => Err(ReadError::broken(None, "the file has no header")),
    }
}

/// Names over several rows: what they say of a column, with a blank between.
fn joined(lines: &mut Lines<'_>, rows: u64) -> Result<Vec<String>, ReadError> {
    let mut names: Vec<String> = Vec::new();
    for _ in 0..rows {
        let cells = row(lines)?;
        names.resize(names.len().max(cells.len()), String::new());
        for (name, cell) in names.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&cell);
        }
    }
    Ok(names)
}

/// The first line that has all these names.
fn with(lines: &mut Lines<'_>, wanted: &[String]) -> Result<Vec<String>, ReadError> {
    loop {
        match lines.next()? {
            Line::Fields => match lines.texts() {
                Ok(names) if wanted.iter().all(|name| names.contains(name)) => return Ok(names),
                _ => (),
            },
            Line::Malformed(_) => (),
            Line::End => return Err(broken_paths(wanted.to_vec(), Vec::new())),
        }
    }
}
