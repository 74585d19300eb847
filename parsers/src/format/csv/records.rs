//! The records of a file of lines, behind its head.

use encoding_rs::Encoding;

use super::{Line, LineRules, Lines};
use crate::{
    format::{News, unpivot::Wide},
    read::{NewColumn, ReadError},
    record::{Canon, Place, Record, Records, Span, Texts},
};

/// What a file's head says of its records.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Names of the columns.
    pub(crate) header: Vec<String>,
    /// Who says so: the header, or the definition.
    pub(crate) named_by: &'static str,
    /// How much a record must have.
    pub(crate) extent: Extent,
    /// For each column of the schema the field of the file, if the file has it.
    pub(crate) fields: Vec<Option<usize>>,
    /// Columns of the file that the definition does not name.
    pub(crate) news: News,
    /// The encoding of files of this version, if it is another than the dataset's.
    pub(crate) charset: Option<&'static Encoding>,
}

/// How much a record must have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// So many fields; the last of them is empty if it is `trailing`.
    Fields { width: usize, trailing: bool },
    /// So many characters, or more if it is `open`.
    Length { length: usize, open: bool },
}

impl Shape {
    /// For records whose fields are asked for by their places alone.
    pub(crate) fn wide(header: Vec<String>, named_by: &'static str, extent: Extent) -> Self {
        Self { header, named_by, extent, fields: Vec::new(), news: News::default(), charset: None }
    }
}

/// A file of lines behind its head.
pub(crate) struct LineRecords<'a> {
    rules: &'a LineRules,
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

impl<'a> LineRecords<'a> {
    pub(crate) fn new(rules: &'a LineRules, lines: Lines<'a>, shape: Shape) -> Self {
        let delimited = lines.delimiter().is_some() && !shape.fields.is_empty();
        let same_order = delimited && shape.fields.iter().copied().eq((0..shape.header.len()).map(Some));
        let (spans, decoded) = (Vec::new(), Record::default());
        Self { rules, lines, shape, same_order, number: 0, malformed: None, spans, decoded }
    }
}

impl Records for LineRecords<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        let line = self.lines.skim()?;
        if matches!(line, Line::End) {
            return self.without_footer();
        }
        if self.footer_begins() {
            return self.lines.drain().map(|()| false);
        }
        self.malformed = match line {
            Line::Malformed(reason) => Some(reason),
            _ if self.at_footer() => return self.behind_footer(),
            _ => None,
        };
        if self.malformed.is_none() && self.lines.unterminated() && !self.is_whole() {
            return Err(self.lines.cut());
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
        into.delimit(self.lines.delimiter().unwrap_or_default());
        if self.is_line() {
            return into.line(self.lines.original());
        }
        self.lines.split();
        if self.fault().is_some() {
            return into.bad(&[self.lines.original()]);
        }
        // The same bytes in another encoding are another text.
        let other = self.shape.charset.filter(|_| !self.lines.bytes().is_ascii());
        if let Some(charset) = other {
            into.field(Some(charset.name().as_bytes()));
        }
        let (bytes, spans) = (self.lines.bytes(), self.lines.spans());
        for &field in &self.shape.fields {
            into.field(field.and_then(|at| spans.get(at)).map(|span| span.of(bytes)));
        }
        if other.is_none() && self.lines.delimiter().is_some() {
            into.as_line(self.shape.fields.len(), self.lines.quote());
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

impl Wide for LineRecords<'_> {
    fn fault(&mut self) -> Option<String> {
        self.lines.split();
        LineRecords::fault(self)
    }

    fn field(&self, at: usize) -> Option<&[u8]> {
        self.lines.field(at)
    }

    fn push(&self, at: usize, into: &mut Record) -> Result<(), String> {
        push(&self.lines, &self.shape, Some(at), into)
    }

    fn decode_as(&mut self, charset: Option<&'static Encoding>) {
        self.lines.decode_as(charset);
    }
}

impl LineRecords<'_> {
    /// Whether the record's line, as it stands, is all that its row depends on, or its failing.
    fn is_line(&self) -> bool {
        let open = matches!(self.shape.extent, Extent::Fields { trailing: true, .. });
        let plain = self.malformed.is_none() && !self.lines.is_quoted();
        plain && self.same_order && !open && (self.shape.charset.is_none() || self.lines.original().is_ascii())
    }

    /// Why the record cannot be read, once its fields have been told apart.
    fn fault(&self) -> Option<String> {
        if self.malformed.is_some() {
            return self.malformed.clone();
        }
        let (spans, padded) = (self.lines.spans(), self.rules.padded);
        match self.shape.extent {
            Extent::Fields { width, .. } if spans.len() > width || (spans.len() < width && !padded) => {
                Some(format!("has {} fields, and {} has {width}", spans.len(), self.shape.named_by))
            }
            Extent::Fields { width, trailing } => {
                let last = width.checked_sub(1).and_then(|last| spans.get(last));
                let behind = last.is_some_and(|last| trailing && last.start != last.end);
                behind.then(|| "has text behind the last column".to_owned())
            }
            Extent::Length { length, open } => {
                let found = self.lines.length();
                let wrong = (found > length && !open) || (found < length && !padded);
                wrong.then(|| format!("is {found} characters long, and its definition says {length}"))
            }
        }
    }

    /// Whether the last record, which has no line end, shows that it is whole.
    fn is_whole(&mut self) -> bool {
        self.lines.split();
        match self.shape.extent {
            Extent::Fields { width, trailing } => {
                let found = self.lines.spans().len();
                let whole = found == width || (self.rules.padded && found < width);
                (trailing && found == width) || (self.rules.final_newline_optional && whole)
            }
            Extent::Length { length, open } => {
                (!open && self.lines.length() == length) || self.rules.final_newline_optional
            }
        }
    }

    fn at_footer(&mut self) -> bool {
        let Some(footer) = &self.rules.footer else { return false };
        self.lines.split();
        self.lines.field(0) == Some(footer.as_bytes())
    }

    fn footer_begins(&self) -> bool {
        let begins = |text: &String| self.lines.original().starts_with(text.as_bytes());
        self.rules.footer_begins.as_ref().is_some_and(begins)
    }

    fn behind_footer(&mut self) -> Result<bool, ReadError> {
        match self.lines.skim()? {
            Line::End => Ok(false),
            _ => Err(ReadError::broken(Some(self.lines.line()), "the file goes on behind its last line")),
        }
    }

    /// The file's end, where its last line should have been.
    fn without_footer(&self) -> Result<bool, ReadError> {
        let Some(footer) = self.rules.footer.as_ref().or(self.rules.footer_begins.as_ref()) else { return Ok(false) };
        let message = format!("the file ends without its last line {footer:?}: it was cut");
        Err(ReadError::broken(Some(self.lines.line()), message))
    }
}

/// Reads the texts field by field: they are in another encoding, or one of them is not as it should be.
fn decode<'r>(lines: &Lines<'_>, shape: &Shape, into: &'r mut Record) -> Result<Texts<'r>, String> {
    into.clear();
    for &field in &shape.fields {
        push(lines, shape, field, into)?;
    }
    Ok(into.texts())
}

fn push(lines: &Lines<'_>, shape: &Shape, field: Option<usize>, into: &mut Record) -> Result<(), String> {
    lines.push(field, into).map_err(|error| {
        let name = field.and_then(|at| shape.header.get(at)).map_or("", String::as_str);
        format!("the field {name:?} {error}")
    })
}
