//! The document's bytes, cut into values: each with all that is in it, and not understood any further.

use std::io::BufRead;

use crate::{decode::Text, read::ReadError};

/// The longest record, name or value that is believed, in bytes.
pub(super) const LONGEST: usize = 16 << 20;

/// The bytes from the next value on.
pub(super) struct Stream<'a> {
    bytes: Box<dyn BufRead + Send + 'a>,
    /// The line of the next byte, from 1.
    line: u64,
}

impl<'a> Stream<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        Self { bytes: text.bytes, line: 1 }
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// An error about the document, here.
    pub(super) fn broken(&self, message: impl Into<String>) -> ReadError {
        ReadError::broken(Some(self.line), message)
    }

    /// The document ends, and should go on.
    pub(super) fn ends_early(&self) -> ReadError {
        self.broken("the document ends early: it was cut on its way; fetch it again")
    }

    /// The first byte of what comes next, behind white space; none at the end of the bytes.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let bytes = self.bytes.fill_buf().map_err(ReadError::reading)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let spaces = bytes.iter().take_while(blank);
            let (length, lines) =
                spaces.fold((0, 0), |(length, lines), byte| (length + 1, lines + u64::from(*byte == b'\n')));
            let next = bytes.get(length).copied();
            self.bytes.consume(length);
            self.line += lines;
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Takes one byte if it is the next.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, ReadError> {
        let is_next = self.peek()? == Some(byte);
        if is_next {
            self.bytes.consume(1);
        }
        Ok(is_next)
    }

    /// Takes the whole next value, or the next name.
    pub(super) fn value(&mut self, into: &mut Vec<u8>) -> Result<(), ReadError> {
        into.clear();
        if self.peek()?.is_none() {
            return Err(self.ends_early());
        }
        let mut frame = Frame::default();
        loop {
            let bytes = self.bytes.fill_buf().map_err(ReadError::reading)?;
            if bytes.is_empty() {
                // A number may be the last thing in a document.
                return if frame.is_plain(into) { Ok(()) } else { Err(self.ends_early()) };
            }
            let (length, whole) = frame.end(bytes, into.is_empty());
            into.extend_from_slice(bytes.get(..length).unwrap_or_default());
            self.bytes.consume(length);
            if whole {
                self.line += count_lines(into);
                return Ok(());
            }
            if into.len() > LONGEST {
                return Err(self.broken(format!("the record on line {} is longer than 16 MiB", self.line)));
            }
        }
    }

    /// Takes the next line without its end; false if there is none. The second answer is whether it had an end.
    pub(super) fn whole_line(&mut self, into: &mut Vec<u8>) -> Result<Option<bool>, ReadError> {
        into.clear();
        loop {
            let bytes = self.bytes.fill_buf().map_err(ReadError::reading)?;
            if bytes.is_empty() {
                return Ok((!into.is_empty()).then_some(false));
            }
            let end = memchr::memchr(b'\n', bytes);
            into.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
            let taken = end.map_or(bytes.len(), |end| end + 1);
            self.bytes.consume(taken);
            if end.is_some() {
                self.line += 1;
                return Ok(Some(true));
            }
            if into.len() > LONGEST {
                return Err(self.broken(format!("line {} is longer than 16 MiB", self.line)));
            }
        }
    }
}

/// How many lines end in these bytes.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

/// Where in a value the bytes so far have come to.
#[derive(Debug, Default)]
struct Frame {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Frame {
    /// How many of these bytes still belong to the value, and whether it is whole then.
    fn end(&mut self, bytes: &[u8], mut is_first: bool) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.in_text && !self.escaped {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(found) = memchr::memchr2(b'"', b'\\', rest) else { return (bytes.len(), false) };
                at += found + 1;
                if rest.get(found) == Some(&b'\\') {
                    self.escaped = true;
                    continue;
                }
                self.in_text = false;
                if self.depth == 0 {
                    return (at, true);
                }
                continue;
            }
            let opens = matches!(byte, b'{' | b'[');
            match byte {
                _ if self.escaped => self.escaped = false,
                b'"' if self.depth > 0 || is_first => self.in_text = true,
                _ if opens && (self.depth > 0 || is_first) => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return (at + 1, true),
                // A number or a word ends before what cannot be part of it.
                b'"' | b'{' | b'[' | b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return (at.max(usize::from(is_first)), true);
                }
                _ => (),
            }
            is_first = false;
            at += 1;
        }
        (at, false)
    }

    /// Whether the value so far is a number or a word, which nothing ends.
    fn is_plain(&self, value: &[u8]) -> bool {
        self.depth == 0 && !self.in_text && !value.is_empty()
    }
}
