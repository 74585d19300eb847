//! AEMO's report files: several tables in one CSV. A `C` line opens the report, an `I` line heads a table with its
//! name, version and columns, its `D` lines follow, and `C,"END OF REPORT",n` counts all lines of the file.

use crate::{
    decode::Text,
    format::{
        Binding, News, bind,
        csv::lines::{Line, Lines},
    },
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
};

pub(super) const VERSION: i32 = 1;

/// The table that is read, and the version of it that this file understands.
const TABLE: [&str; 2] = ["OPERATIONAL_DEMAND", "FORECAST"];
const TABLE_VERSION: &str = "1";
/// Kind of line, the table's two names, its version: then come the columns.
const BEFORE_COLUMNS: usize = 4;

pub(super) fn open<'a>(text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
    let mut lines = Lines::new(text, b',', Some(b'"'), false);
    match lines.next()? {
        Line::Fields if is(&lines, 0, "C") && !is(&lines, 1, "END OF REPORT") => (),
        _ => return Err(broken(&lines, "the file does not begin with a C line: it is no report of AEMO")),
    }
    let header = find_table(&mut lines)?;
    let width = header.len();
    let Binding { mut fields, news, charset } = bind(header.get(BEFORE_COLUMNS..).unwrap_or_default(), schema, &[])?;
    for field in fields.iter_mut().flatten() {
        *field += BEFORE_COLUMNS;
    }
    lines.decode_as(charset);
    let news = news.moved(BEFORE_COLUMNS);
    Ok(Box::new(Filled::new(Report { lines, fields, news, width, in_table: true, number: 0 })))
}

/// Reads on to the `I` line of the table.
fn find_table(lines: &mut Lines<'_>) -> Result<Vec<String>, ReadError> {
    loop {
        match lines.next()? {
            Line::Fields if is_table(lines) => break,
            Line::Fields if is(lines, 0, "C") => return Err(without_table(lines)),
            Line::End => return Err(without_table(lines)),
            Line::Fields | Line::Malformed(_) => (),
        }
    }
    let header = lines.texts()?;
    match header.get(3) {
        Some(version) if version == TABLE_VERSION => Ok(header),
        other => {
            let found = other.map_or("none", String::as_str);
            let message = format!("the table {TABLE:?} has version {found}, and version {TABLE_VERSION} is understood");
            Err(broken(lines, message))
        }
    }
}

struct Report<'a> {
    lines: Lines<'a>,
    fields: Vec<Option<usize>>,
    news: News,
    width: usize,
    in_table: bool,
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
                Line::Fields if is(&self.lines, 0, "D") && self.in_table => return Ok(self.record(into)),
                Line::Fields if is(&self.lines, 0, "D") => (),
                Line::Fields if is(&self.lines, 0, "I") && is_table(&self.lines) => {
                    return Err(broken(&self.lines, format!("the report has the table {TABLE:?} twice")));
                }
                Line::Fields if is(&self.lines, 0, "I") => self.in_table = false,
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
        if !names_table(&self.lines) || !is(&self.lines, 3, TABLE_VERSION) {
            return Found::Bad(format!(
                "is not of the table {TABLE:?}, version {TABLE_VERSION}, which it stands under"
            ));
        }
        if self.lines.spans().len() != self.width {
            return Found::Bad(format!("has {} fields, and its table has {}", self.lines.spans().len(), self.width));
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

fn is_table(lines: &Lines<'_>) -> bool {
    is(lines, 0, "I") && names_table(lines)
}

fn names_table(lines: &Lines<'_>) -> bool {
    TABLE.iter().enumerate().all(|(at, name)| is(lines, at + 1, name))
}

fn without_table(lines: &Lines<'_>) -> ReadError {
    broken(lines, format!("the report has no table {TABLE:?}"))
}

fn broken(lines: &Lines<'_>, message: impl Into<String>) -> ReadError {
    ReadError::broken(Some(lines.line()), message)
}
