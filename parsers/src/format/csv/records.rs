//! The records of a CSV file under its header.

use super::{Csv, Line, Lines, Shape};
use crate::{
    read::{NewColumn, ReadError},
    record::{Canon, Place, Record, Records, Span, Texts},
};

/// A CSV file behind its header.
pub(super) struct CsvRecords<'a> {
    csv: &'a Csv,
    lines: Lines<'a>,
    shape: Shape,
    /// Whether each field of the file is a column, in the same order.
    same_order: bool,
    number: u64,
    /// Why the record's fields cannot be told apart.
    malformed: Option<String>,
    /// The texts' places; and the texts, if they cannot stay where they are.
    spans: Vec<Option<Span>>,
    decoded: Record,
}

impl<'a> CsvRecords<'a> {
    pub(super) fn new(csv: &'a Csv, lines: Lines<'a>, shape: Shape) -> Self {
        let same_order = shape.fields.iter().copied().eq((0..shape.header.len()).map(Some));
        let (spans, decoded) = (Vec::new(), Record::default());
        Self { csv, lines, shape, same_order, number: 0, malformed: None, spans, decoded }
    }
}

impl Records for CsvRecords<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.malformed = match self.lines.skim()? {
            Line::End if self.csv.footer.is_some() => return Err(self.without_footer()),
            Line::End => return Ok(false),
            Line::Fields if self.at_footer() => return self.behind_footer(),
            Line::Fields => None,
            Line::Malformed(reason) => Some(reason),
        };
        if self.malformed.is_none() && self.lines.unterminated() && !self.is_whole() {
            return Err(self.cut());
        }
        self.number += 1;
        if self.malformed.is_none() && self.shape.news.wants(self.number) {
            self.lines.split();
            self.shape.news.look(|at| self.lines.field(at));
        }
        Ok(true)
    }

    fn place(&self) -> Place {
        Place { number: self.number, line: Some(self.lines.line()) }
    }

    fn write(&mut self, into: &mut Canon) {
        self.lines.split();
        if self.fault().is_some() {
            return into.bad(&[self.lines.original()]);
        }
        into.delimit(self.csv.delimiter);
        // The same bytes in another encoding are another text.
        let other = self.shape.charset.filter(|_| !self.lines.bytes().is_ascii());
        if let Some(charset) = other {
            into.field(Some(charset.name().as_bytes()));
        }
        let (bytes, spans) = (self.lines.bytes(), self.lines.spans());
        let columns = spans
            .get(..self.shape.fields.len())
            .filter(|_| self.same_order && other.is_none() && !self.lines.is_quoted());
        if let Some((columns, last)) = columns.and_then(|columns| Some((columns, columns.last()?))) {
            return into.line(bytes.get(..last.end).unwrap_or_default(), columns);
        }
        for &field in &self.shape.fields {
            into.field(field.and_then(|at| spans.get(at)).map(|span| span.of(bytes)));
        }
    }

    fn texts(&mut self) -> Result<Texts<'_>, String> {
        self.lines.split();
        if let Some(fault) = self.fault() {
            return Err(fault);
        }
        let Some(text) = self.lines.text() else { return decode(&self.lines, &self.shape, &mut self.decoded) };
        let spans = self.lines.spans();
        self.spans.clear();
        self.spans.extend(self.shape.fields.iter().map(|field| spans.get((*field)?).copied()));
        Ok(Texts { text, spans: &self.spans })
    }

    fn original(&self) -> &[u8] {
        self.lines.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.shape.news.columns()
    }
}

impl CsvRecords<'_> {
    /// Why the record cannot be read, once its fields have been told apart.
    fn fault(&self) -> Option<String> {
        if self.malformed.is_some() {
            return self.malformed.clone();
        }
        let (spans, width) = (self.lines.spans(), self.shape.width);
        if spans.len() != width {
            return Some(format!("has {} fields, and the header has {width}", spans.len()));
        }
        let behind = self.shape.trailing && spans.last().is_some_and(|last| last.start != last.end);
        behind.then(|| "has text behind the last column".to_owned())
    }

    /// Whether the last record, which has no line end, shows that it is whole.
    fn is_whole(&mut self) -> bool {
        self.lines.split();
        let proven = self.shape.trailing || self.csv.final_newline_optional;
        proven && self.lines.spans().len() == self.shape.width
    }

    fn at_footer(&mut self) -> bool {
        let Some(footer) = &self.csv.footer else { return false };
        self.lines.split();
        self.lines.field(0) == Some(footer.as_bytes())
    }

    fn behind_footer(&mut self) -> Result<bool, ReadError> {
        match self.lines.skim()? {
            Line::End => Ok(false),
            _ => Err(ReadError::broken(Some(self.lines.line()), "the file goes on behind its last line")),
        }
    }

    fn without_footer(&self) -> ReadError {
        let footer = self.csv.footer.as_deref().unwrap_or_default();
        ReadError::broken(
            Some(self.lines.line()),
            format!("the file ends without its last line {footer:?}: it was cut"),
        )
    }

    fn cut(&self) -> ReadError {
        let line = self.lines.line();
        let help = "if the publisher writes it so, say `final_newline = \"optional\"` in [format]";
        ReadError::broken(Some(line), format!("line {line}, the last, has no line end: the file was cut; {help}"))
    }
}

/// Reads the texts field by field: they are in another encoding, or one of them is not as it should be.
fn decode<'r>(lines: &Lines<'_>, shape: &Shape, into: &'r mut Record) -> Result<Texts<'r>, String> {
    into.clear();
    for &field in &shape.fields {
        if let Err(error) = lines.push(field, into) {
            let name = field.and_then(|at| shape.header.get(at)).map_or("", String::as_str);
            return Err(format!("the field {name:?} {error}"));
        }
    }
    Ok(into.texts())
}
