//! Record after record of separated values. A record is found by its line end alone, its fields are told apart later.
//! Nothing passes in silence: an open quote at the end of the file, text behind a closing quote, a record without end,
//! a last line that was cut.

mod around;

use encoding_rs::{Encoding, UTF_8};
use memchr::{memchr_iter, memchr2, memchr3};

use super::{
    block::Block,
    fields::{Fields, Undecodable, decode},
    quoted::{Dialect, Walked},
    split::Cut,
};
use crate::{
    decode::Text,
    read::ReadError,
    record::{Record, Span},
};

/// The longest record that is believed, in bytes.
const LONGEST: usize = 1 << 20;

/// What a call of [`Lines::next`] came to.
#[derive(Debug)]
pub(crate) enum Line {
    /// There is a record.
    Fields,
    /// There is a record, but its fields cannot be told apart.
    Malformed(String),
    /// There is no further record.
    End,
}

/// Goes from record to record, within its own buffers.
pub(crate) struct Lines<'a> {
    block: Block<'a>,
    charset: &'static Encoding,
    dialect: Dialect,
    cut: Cut,
    /// The first byte of lines that say nothing.
    comment: Option<u8>,
    /// Bytes of the record, without its line end; the block begins with them.
    length: usize,
    fields: Fields,
    /// The line on which the record began, how many line ends stand before it, and how many in it.
    line: u64,
    before: u64,
    within: u64,
    unterminated: bool,
    /// What the record was, if it comes again.
    again: Option<Line>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: Text<'a>, dialect: Dialect, cut: Cut, comment: Option<u8>) -> Self {
        let Text { bytes, charset, .. } = text;
        let (block, fields) = (Block::new(Box::new(bytes)), Fields::default());
        let (length, line, before, within, unterminated) = (0, 0, 0, 0, false);
        Self { block, charset, dialect, cut, comment, length, fields, line, before, within, unterminated, again: None }
    }

    /// Goes to the next record and tells its fields apart.
    pub(crate) fn next(&mut self) -> Result<Line, ReadError> {
        let line = self.skim()?;
        self.split();
        Ok(line)
    }

    /// Goes to the next record. Before its fields can be looked at, [`Lines::split`] must tell them apart.
    pub(crate) fn skim(&mut self) -> Result<Line, ReadError> {
        if let Some(line) = self.again.take() {
            return Ok(line);
        }
        self.block.skip(self.length);
        self.before += self.within;
        (self.length, self.within) = (0, 0);
        if !self.arrive()? {
            return Ok(Line::End);
        }
        loop {
            match self.find() {
                Walked::Short => {
                    self.believe(self.block.bytes().len())?;
                    self.block.more()?;
                }
                Walked::NeverClosed => return Err(self.never_closed()),
                Walked::Whole(length) => return self.stand(length, Line::Fields),
                Walked::BehindQuote(length) => {
                    let reason = "has text behind a closing quote: a quote is missing or one too many";
                    return self.stand(length, Line::Malformed(reason.to_owned()));
                }
                Walked::OpenQuote(length) => {
                    let help = "if fields may hold line breaks, say `multiline = true` in [format]";
                    let reason = format!("has a quote that is not closed on its line; {help}");
                    return self.stand(length, Line::Malformed(reason));
                }
            }
        }
    }

    /// Tells the record's fields apart, if that has not been done.
    pub(crate) fn split(&mut self) {
        let record = self.block.bytes().get(..self.length).unwrap_or_default();
        self.fields.split(record, self.dialect, &self.cut);
    }

    /// Lets the record that was looked at come once more.
    pub(crate) fn again(&mut self, line: Line) {
        self.again = Some(line);
    }

    /// Takes records apart in this way from now on; what was told apart of the one that comes again is forgotten.
    pub(crate) fn cut_as(&mut self, cut: Cut) {
        self.cut = cut;
        self.fields.plain();
    }

    /// Where the fields lie in [`Lines::bytes`].
    pub(crate) fn spans(&self) -> &[Span] {
        self.fields.spans()
    }

    /// The bytes in which the fields lie, unquoted.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.fields.bytes(self.original())
    }

    /// The same as text, if all of it is UTF-8 or can be read as if it were.
    pub(crate) fn text(&self) -> Option<&str> {
        let bytes = self.bytes();
        let same = self.charset == UTF_8 || (self.charset.is_ascii_compatible() && bytes.is_ascii());
        same.then(|| str::from_utf8(bytes).ok()).flatten()
    }

    /// One field's bytes, unquoted.
    pub(crate) fn field(&self, at: usize) -> Option<&[u8]> {
        self.spans().get(at).map(|span| span.of(self.bytes()))
    }

    /// Appends one field to a record, decoded; nothing if the file has no such field.
    pub(crate) fn push(&self, at: Option<usize>, into: &mut Record) -> Result<(), Undecodable> {
        let field = at.and_then(|at| self.field(at)).map(|field| decode(field, self.charset)).transpose()?;
        into.push(field.as_deref());
        Ok(())
    }

    /// Decodes fields as this encoding from now on, if it is another.
    pub(crate) fn decode_as(&mut self, charset: Option<&'static Encoding>) {
        self.charset = charset.unwrap_or(self.charset);
    }

    /// The record's bytes, without its line end.
    pub(crate) fn original(&self) -> &[u8] {
        self.block.bytes().get(..self.length).unwrap_or_default()
    }

    /// What stands between two fields, where one character does.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        (self.cut == Cut::Delimiter).then_some(self.dialect.delimiter)
    }

    /// What fields may stand in.
    pub(crate) fn quote(&self) -> Option<u8> {
        self.dialect.quote
    }

    /// How long the record is, in what its places count.
    pub(crate) fn length(&self) -> usize {
        match &self.cut {
            Cut::Places(places) => places.length(self.original()),
            Cut::Delimiter | Cut::Blanks => self.length,
        }
    }

    /// Whether a quote is in the record.
    pub(crate) fn is_quoted(&self) -> bool {
        self.fields.are_quoted()
    }

    /// The line on which the record began, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// How many lines there are up to the record's end.
    pub(crate) fn lines(&self) -> u64 {
        self.line + self.within
    }

    /// Whether the record is the last and has no line end.
    pub(crate) fn unterminated(&self) -> bool {
        self.unterminated
    }

    /// Goes over line ends to the next record's first byte; false if there is none.
    fn arrive(&mut self) -> Result<bool, ReadError> {
        loop {
            let ends = self.block.bytes().iter().take_while(|byte| is_line_end(**byte));
            let (passed, lines) =
                ends.fold((0, 0), |(bytes, lines), byte| (bytes + 1, lines + u64::from(*byte == b'\n')));
            self.block.skip(passed);
            self.before += lines;
            match self.block.bytes().first().copied() {
                Some(first) if Some(first) == self.comment => self.pass_comment()?,
                Some(_) => {
                    self.line = self.before + 1;
                    return Ok(true);
                }
                None if self.block.more()? => (),
                None => return Ok(false),
            }
        }
    }

    /// Looks for the record's end: at once if no quote stands before it, else field by field.
    fn find(&mut self) -> Walked {
        let (bytes, ended) = (self.block.bytes(), self.block.ended());
        let found = match self.dialect.quote {
            Some(quote) => memchr3(b'\n', b'\r', quote, bytes),
            None => memchr2(b'\n', b'\r', bytes),
        };
        let end = match found {
            Some(at) if bytes.get(at).copied().is_some_and(is_line_end) => at,
            Some(_) => return self.fields.walk(bytes, self.dialect, ended),
            None if ended => bytes.len(),
            None => return Walked::Short,
        };
        self.fields.plain();
        Walked::Whole(end)
    }

    /// Stands on the record that was found.
    fn stand(&mut self, length: usize, line: Line) -> Result<Line, ReadError> {
        self.believe(length)?;
        self.length = length;
        self.within = if self.is_quoted() { line_ends(self.original()) } else { 0 };
        self.unterminated = length == self.block.bytes().len();
        Ok(line)
    }

    /// Refuses a record that is too long.
    fn believe(&self, length: usize) -> Result<(), ReadError> {
        let Some(long) = self.block.bytes().get(..LONGEST).filter(|_| length > LONGEST) else { return Ok(()) };
        let line = self.line + line_ends(long);
        let message = format!("the record on line {line} is longer than 1 MiB: a quote is open, or this is no CSV");
        Err(ReadError::broken(Some(line), message))
    }

    fn never_closed(&self) -> ReadError {
        let line = self.line;
        let message =
            format!("a quote that is opened on line {line} is never closed: the file was cut, or is not what it was");
        ReadError::broken(Some(line), message)
    }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

fn line_ends(bytes: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}
