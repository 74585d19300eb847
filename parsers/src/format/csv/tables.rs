//! Several tables in one file, as AEMO writes them: a `C` line opens the report, an `I` line heads a table with its
//! name, version and columns, its `D` lines follow, and `C,"END OF REPORT",n` counts all lines of the file.

use super::{Line, Lines};
use crate::{
    format::{Binding, News, bind},
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
    section::Section,
};

/// Kind of line, the table's two names, its version: then come the columns.
const BEFORE_COLUMNS: usize = 4;

/// The table that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its two names.
    pub name: [String; 2],
    /// The versions of it that the definition understands; any, if it does not say.
    pub versions: Option<Vec<String>>,
}

impl Table {
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let name = table.required::<Vec<String>>("name").and_then(|name| {
            let two = <[String; 2]>::try_from(name).ok();
            if two.is_none() {
                let help = "as in its I line: [\"DISPATCH\", \"REGIONSUM\"]".to_owned();
                table.mistake("name", "a table has two names", Some(help));
            }
            two
        });
        let versions = table.optional("versions");
        Some(Self { name: name?, versions })
    }

    pub(super) fn open<'a>(
        &'a self,
        mut lines: Lines<'a>,
        schema: &'a Schema,
        ignore: &[String],
    ) -> Result<Box<dyn Records + 'a>, ReadError> {
        match lines.next()? {
            Line::Fields if is(&lines, 0, "C") && !is(&lines, 1, "END OF REPORT") => (),
            _ => return Err(broken(&lines, "the file does not begin with a C line: it is no report of AEMO")),
        }
        let header = self.find(&mut lines)?;
        let columns = header.get(BEFORE_COLUMNS..).unwrap_or_default();
        let Binding { mut fields, news, charset } = bind(columns, schema, ignore)?;
        fields.iter_mut().flatten().for_each(|field| *field += BEFORE_COLUMNS);
        lines.decode_as(charset);
        let version = header.get(BEFORE_COLUMNS - 1).cloned().unwrap_or_default();
        let (news, width) = (news.moved(BEFORE_COLUMNS), header.len());
        Ok(Box::new(Filled::new(Report { table: self, version, lines, fields, news, width, within: true, number: 0 })))
    }

    /// Reads on to the `I` line of the table.
    fn find(&self, lines: &mut Lines<'_>) -> Result<Vec<String>, ReadError> {
        loop {
            match lines.next()? {
                Line::Fields if self.begins(lines) => break,
                Line::Fields if is(lines, 0, "C") => return Err(self.missing(lines)),
                Line::End => return Err(self.missing(lines)),
                Line::Fields | Line::Malformed(_) => (),
            }
        }
        let header = lines.texts()?;
        let found = header.get(BEFORE_COLUMNS - 1).map_or("none", String::as_str);
        match &self.versions {
            Some(known) if !known.iter().any(|version| version == found) => {
                let known = known.join(", ");
                let message =
                    format!("the table {:?} has version {found}, and version {known} is understood", self.name);
                Err(broken(lines, message))
            }
            _ => Ok(header),
        }
    }

    fn begins(&self, lines: &Lines<'_>) -> bool {
        is(lines, 0, "I") && self.is_named(lines)
    }

    fn is_named(&self, lines: &Lines<'_>) -> bool {
        self.name.iter().enumerate().all(|(at, name)| is(lines, at + 1, name))
    }

    fn missing(&self, lines: &Lines<'_>) -> ReadError {
        broken(lines, format!("the report has no table {:?}", self.name))
    }
}

struct Report<'a> {
    table: &'a Table,
    version: String,
    lines: Lines<'a>,
    fields: Vec<Option<usize>>,
    news: News,
    width: usize,
    /// Whether it stands in the table.
    within: bool,
    number: u64,
}

impl Filling for Report<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            let line = self.lines.next()?;
            (into.number, into.line) = (self.number + 1, Some(self.lines.line()));
            match line {
                Line::End => return Err(broken(&self.lines, "the report ends without END OF REPORT: it was cut")),
                Line::Malformed(reason) => {
                    self.number += 1;
                    return Ok(Found::Bad(reason));
                }
                Line::Fields if is(&self.lines, 0, "D") && self.within => return Ok(self.record(into)),
                Line::Fields if is(&self.lines, 0, "D") => (),
                Line::Fields if self.table.begins(&self.lines) => {
                    return Err(broken(&self.lines, format!("the report has the table {:?} twice", self.table.name)));
                }
                Line::Fields if is(&self.lines, 0, "I") => self.within = false,
                Line::Fields if is(&self.lines, 0, "C") => return self.end(),
                Line::Fields => return Err(broken(&self.lines, "a line is none of C, I and D")),
            }
        }
    }

    fn original(&self) -> &[u8] {
        self.lines.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.news.columns()
    }
}

impl Report<'_> {
    fn record(&mut self, into: &mut Record) -> Found {
        self.number += 1;
        if !self.table.is_named(&self.lines) || !is(&self.lines, BEFORE_COLUMNS - 1, &self.version) {
            let (name, version) = (&self.table.name, &self.version);
            return Found::Bad(format!("is not of the table {name:?}, version {version}, which it stands under"));
        }
        if self.lines.spans().len() != self.width {
            return Found::Bad(format!("has {} fields, and its table has {}", self.lines.spans().len(), self.width));
        }
        if self.news.wants(self.number) {
            self.news.look(|at| self.lines.field(at));
        }
        into.clear();
        for &field in &self.fields {
            if let Err(error) = self.lines.push(field, into) {
                return Found::Bad(format!("a field {error}"));
            }
        }
        Found::Record
    }

    /// The last line must count all lines of the file, and nothing may follow it.
    fn end(&mut self) -> Result<Found, ReadError> {
        let header = self.lines.texts()?;
        let (Some("END OF REPORT"), Some(counted)) = (header.get(1).map(String::as_str), header.get(2)) else {
            return Err(broken(&self.lines, "a C line inside of the report is not its end"));
        };
        let lines = self.lines.lines();
        if counted.parse() != Ok(lines) {
            let message =
                format!("the last line counts {counted} lines, and the file has {lines}: it was cut or changed");
            return Err(broken(&self.lines, message));
        }
        match self.lines.next()? {
            Line::End => Ok(Found::End),
            _ => Err(broken(&self.lines, "the file goes on behind END OF REPORT")),
        }
    }
}

fn is(lines: &Lines<'_>, at: usize, text: &str) -> bool {
    lines.field(at) == Some(text.as_bytes())
}

fn broken(lines: &Lines<'_>, message: impl Into<String>) -> ReadError {
    ReadError::broken(Some(lines.line()), message)
}
