//! Record after record of separated values, with what `csv-core` alone would let pass: an open quote at the end of the
//! file, text behind a closing quote, a record without end, a last line that was cut.

use std::{
    io::{BufRead, Read},
    str,
};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8};

use super::quotes::well_quoted;
use crate::{decode::Text, read::ReadError, record::Record};

/// The longest record that is believed, in bytes.
const LONGEST: usize = 1 << 20;

/// What a call of [`Lines::next`] came to.
#[derive(Debug)]
pub(crate) enum Line {
    /// The fields can be looked at.
    Fields,
    /// There is a record, but its fields cannot be told apart.
    Malformed(String),
    /// There is no further record.
    End,
}

/// Reads one record at a time, within its own buffers.
pub(crate) struct Lines<'a> {
    text: Text<'a>,
    core: Reader,
    delimiter: u8,
    quote: Option<u8>,
    multiline: bool,
    /// The record's lines, perhaps the beginning of the next record, and how far both were read.
    buffer: Vec<u8>,
    start: usize,
    at: usize,
    /// Its fields, unquoted, and where each of them ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// How many lines were taken from the text; on which of them the record began.
    taken: u64,
    line: u64,
    unterminated: bool,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: Text<'a>, delimiter: u8, quote: Option<u8>, multiline: bool) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(delimiter).quoting(quote.is_some()).quote(quote.unwrap_or(b'"'));
        let (fields, ends) = (vec![0; 1024], vec![0; 64]);
        let (core, buffer) = (builder.build(), Vec::new());
        let (start, at, count, taken, line, unterminated) = (0, 0, 0, 0, 0, false);
        Self {
            text,
            core,
            delimiter,
            quote,
            multiline,
            buffer,
            start,
            at,
            fields,
            ends,
            count,
            taken,
            line,
            unterminated,
        }
    }

    /// Reads the next record.
    pub(crate) fn next(&mut self) -> Result<Line, ReadError> {
        (self.start, self.count) = (self.at, 0);
        let mut written = 0;
        loop {
            if self.at == self.buffer.len() && !self.refill()? {
                return self.last(written);
            }
            let input = self.buffer.get(self.at..).unwrap_or_default();
            let (result, read) =
                step(&mut self.core, input, &mut self.fields, &mut self.ends, &mut written, &mut self.count);
            self.begin(read);
            match result {
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(self.whole()),
                ReadRecordResult::InputEmpty if self.is_blank() => self.start = self.at,
                ReadRecordResult::InputEmpty if !self.buffer.ends_with(b"\n") => (),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    if let Some(line) = self.open_quote()? {
                        return Ok(line);
                    }
                }
            }
        }
    }

    /// How many fields the record has.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// One field's bytes, unquoted.
    pub(crate) fn field(&self, at: usize) -> Option<&[u8]> {
        let end = *self.ends.get(at).filter(|_| at < self.count)?;
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.fields.get(start..end)
    }

    /// Appends one field to a record, decoded; nothing if the file has no such field.
    pub(crate) fn push(&self, at: Option<usize>, into: &mut Record) -> Result<(), Undecodable> {
        let Some(bytes) = at.and_then(|at| self.field(at)) else {
            into.push(None);
            return Ok(());
        };
        if self.text.charset == UTF_8 {
            into.push(Some(str::from_utf8(bytes).ok().ok_or(Undecodable(UTF_8))?));
        } else {
            let text = self.text.charset.decode_without_bom_handling_and_without_replacement(bytes);
            into.push(Some(&text.ok_or(Undecodable(self.text.charset))?));
        }
        Ok(())
    }

    /// All fields as texts without the white space around them: the names of a header.
    pub(crate) fn texts(&self) -> Result<Vec<String>, ReadError> {
        let mut record = Record::default();
        for at in 0..self.count {
            let broken = |error| ReadError::broken(Some(self.line), format!("the header {error}"));
            self.push(Some(at), &mut record).map_err(broken)?;
        }
        let cells = (0..self.count).map(|at| record.field(at).unwrap_or_default().trim().to_owned());
        let cells: Vec<String> = cells.collect();
        let nul = cells.iter().any(|cell| cell.contains('\0'));
        if nul { Err(ReadError::broken(Some(self.line), "the header holds a NUL character")) } else { Ok(cells) }
    }

    /// The record's bytes, without its line end.
    pub(crate) fn original(&self) -> &[u8] {
        let record = self.buffer.get(self.start..self.at).unwrap_or_default();
        let end = record.iter().rposition(|byte| !is_line_end(*byte)).map_or(0, |at| at + 1);
        let start = record.iter().position(|byte| !is_line_end(*byte)).unwrap_or(end);
        record.get(start..end).unwrap_or_default()
    }

    /// The line on which the record began, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// How many lines have been read.
    pub(crate) fn lines(&self) -> u64 {
        self.taken
    }

    /// Whether the record is the last and has no line end.
    pub(crate) fn unterminated(&self) -> bool {
        self.unterminated
    }

    /// Takes one more line from the text; false at its end.
    fn refill(&mut self) -> Result<bool, ReadError> {
        self.buffer.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        let room = u64::try_from(LONGEST + 1 - self.buffer.len().min(LONGEST)).unwrap_or(u64::MAX);
        let read =
            self.text.bytes.by_ref().take(room).read_until(b'\n', &mut self.buffer).map_err(ReadError::reading)?;
        if self.buffer.len() > LONGEST {
            let line = self.taken + 1;
            let message = format!("the record on line {line} is longer than 1 MiB: a quote is open, or this is no CSV");
            return Err(ReadError::broken(Some(line), message));
        }
        self.taken += u64::from(read > 0);
        Ok(read > 0)
    }

    /// Notes that bytes were read, and on which line the record began if these were its first.
    fn begin(&mut self, read: usize) {
        let blank = self.is_blank();
        self.at += read;
        if blank && !self.is_blank() {
            self.line = self.taken;
        }
    }

    fn is_blank(&self) -> bool {
        self.buffer.get(self.start..self.at).is_none_or(|read| read.iter().copied().all(is_line_end))
    }

    fn whole(&self) -> Line {
        match self.quote {
            Some(quote) if !well_quoted(self.original(), self.delimiter, quote) => {
                Line::Malformed("has text behind a closing quote: a quote is missing or one too many".to_owned())
            }
            _ => Line::Fields,
        }
    }

    /// At the end of the text: is there a record without a line end, or a quote that nobody closed?
    fn last(&mut self, mut written: usize) -> Result<Line, ReadError> {
        if self.is_blank() {
            return Ok(Line::End);
        }
        self.unterminated = true;
        loop {
            let (fields, ends) = (&mut self.fields, &mut self.ends);
            match step(&mut self.core, b"\n", fields, ends, &mut written, &mut self.count).0 {
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(self.whole()),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Err(self.never_closed()),
            }
        }
    }

    /// A line has ended within quotes: the record goes on, or this line alone is bad, or the file was cut.
    fn open_quote(&mut self) -> Result<Option<Line>, ReadError> {
        let ends = self.text.bytes.fill_buf().map_err(ReadError::reading)?.is_empty();
        match (ends, self.multiline) {
            (true, _) => Err(self.never_closed()),
            (false, true) => Ok(None),
            (false, false) => {
                self.core.reset();
                let help = "if fields may hold line breaks, say `multiline = true` in [format]";
                Ok(Some(Line::Malformed(format!("has a quote that is not closed on its line; {help}"))))
            }
        }
    }

    fn never_closed(&self) -> ReadError {
        let line = self.line;
        let message =
            format!("a quote that is opened on line {line} is never closed: the file was cut, or is not what it was");
        ReadError::broken(Some(line), message)
    }
}

/// A field whose bytes are not of the file's encoding.
#[derive(Debug)]
pub(crate) struct Undecodable(&'static Encoding);

impl std::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "does not decode as {}", self.0.name())
    }
}

fn step(
    core: &mut Reader,
    input: &[u8],
    fields: &mut [u8],
    ends: &mut [usize],
    written: &mut usize,
    count: &mut usize,
) -> (ReadRecordResult, usize) {
    let (fields, ends) = (fields.get_mut(*written..), ends.get_mut(*count..));
    let (result, read, more, ended) = core.read_record(input, fields.unwrap_or_default(), ends.unwrap_or_default());
    *written += more;
    *count += ended;
    (result, read)
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}
