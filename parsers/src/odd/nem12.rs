//! NEM12, the meter data of the Australian market. Line 100 opens the file, 200 names a data stream, 300 holds a day of
//! its values, one an interval; 400 says what quality a run of them has, 500 and 550 are for meter readers, 900 ends it.

mod day;

use crate::{
    decode::{Content, Part},
    format::{
        bind,
        csv::{Cut, Dialect, Line, Lines},
    },
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
};
use day::{Day, Stream};

pub(super) const VERSION: i32 = 2;
pub(super) const CONTENT: Content = Content::Csv;

/// What a definition may ask for. The first come from line 200, the others from the day and its intervals.
const COLUMNS: [&str; 15] = [
    "NMI",
    "RegisterID",
    "NMISuffix",
    "MDMDataStreamIdentifier",
    "MeterSerialNumber",
    "UOM",
    "IntervalLength",
    "IntervalStart",
    "IntervalEnd",
    "Value",
    "QualityMethod",
    "ReasonCode",
    "ReasonDescription",
    "UpdateDateTime",
    "MSATSLoadDateTime",
];

pub(super) fn open<'a>(part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
    let dialect = Dialect { delimiter: b',', quote: Some(b'"'), multiline: false };
    let mut lines = Lines::new(part.text()?, dialect, Cut::Delimiter, None);
    match lines.next()? {
        Line::Fields if is(&lines, 0, "100") && is(&lines, 1, "NEM12") => (),
        _ => return Err(broken(&lines, "the file does not begin with 100,NEM12: it is no meter data in this format")),
    }
    let names = COLUMNS.map(str::to_owned);
    let columns = bind(&names, schema, &names)?.fields;
    let (stream, day) = (Stream::default(), Day::default());
    Ok(Box::new(Filled::new(Nem12 { lines, columns, stream, day, ahead: None, number: 0 })))
}

struct Nem12<'a> {
    lines: Lines<'a>,
    /// For each column of the schema its place in [`COLUMNS`].
    columns: Vec<Option<usize>>,
    stream: Stream,
    day: Day,
    /// The line behind the day, if it has been read.
    ahead: Option<Line>,
    number: u64,
}

impl Filling for Nem12<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        while self.day.is_over() {
            if !self.next_day()? {
                return Ok(Found::End);
            }
        }
        self.number += 1;
        (into.number, into.line) = (self.number, Some(self.day.line));
        Ok(self.day.fill(&self.stream, &self.columns, into))
    }

    fn original(&self) -> &[u8] {
        &self.day.original
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        Vec::new()
    }
}

impl Nem12<'_> {
    /// Reads on to the next day and what is said of it; false at the file's end.
    fn next_day(&mut self) -> Result<bool, ReadError> {
        loop {
            let line = match self.ahead.take() {
                Some(line) => line,
                None => self.lines.next()?,
            };
            match line {
                Line::End => return Err(broken(&self.lines, "the file ends without its line 900: it was cut")),
                Line::Malformed(reason) => {
                    // If it names a data stream, the days under it are not those of the one before.
                    if !self.lines.original().starts_with(b"3") {
                        self.stream = Stream::default();
                    }
                    self.day.refuse(&self.lines, reason);
                    return Ok(true);
                }
                Line::Fields if is(&self.lines, 0, "200") => self.stream.read(&self.lines),
                Line::Fields if is(&self.lines, 0, "300") => {
                    self.day.read(&self.lines, &self.stream);
                    self.qualities()?;
                    return Ok(true);
                }
                Line::Fields if is(&self.lines, 0, "500") || is(&self.lines, 0, "550") => (),
                Line::Fields if is(&self.lines, 0, "900") => return self.end(),
                Line::Fields => {
                    let message = "a line is none of 200, 300, 500, 550 and 900, or a line 400 is behind no line 300";
                    return Err(broken(&self.lines, message));
                }
            }
        }
    }

    /// Reads the lines that say what quality the day's values have.
    fn qualities(&mut self) -> Result<(), ReadError> {
        loop {
            match self.lines.next()? {
                Line::Fields if is(&self.lines, 0, "400") => self.day.qualify(&self.lines),
                other => {
                    self.ahead = Some(other);
                    return Ok(());
                }
            }
        }
    }

    fn end(&mut self) -> Result<bool, ReadError> {
        match self.lines.next()? {
            Line::End => Ok(false),
            _ => Err(broken(&self.lines, "the file goes on behind its line 900")),
        }
    }
}

fn is(lines: &Lines<'_>, at: usize, text: &str) -> bool {
    lines.field(at) == Some(text.as_bytes())
}

fn broken(lines: &Lines<'_>, message: &str) -> ReadError {
    ReadError::broken(Some(lines.line()), message)
}

#[cfg(test)]
mod tests;
