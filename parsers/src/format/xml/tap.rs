//! Keeps the bytes that the XML reader takes, so that a rejected record can be shown as it was written.

use std::io::{self, BufRead, Read};

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::decode::{Text, encoding};

/// The longest record, or stretch between two, that is believed, in bytes.
const LONGEST: usize = 1 << 20;

/// Bytes to read ahead: few enough to be still at hand for the processor when the XML reader comes to them.
const PIECE: usize = 1 << 13;

/// The document's bytes on their way to the XML reader. What is kept is not copied: it stays where it was read to.
pub(super) struct Tap<'a> {
    text: Text<'a>,
    /// Bytes from the first that is kept up to the last that has been read ahead.
    buffer: Vec<u8>,
    /// Where in the buffer what is kept begins, and where it ends: the next byte to take.
    kept: usize,
    next: usize,
    /// Up to where may be taken without another look: what is read ahead ends there, or a record is too long.
    stop: usize,
    /// Line ends before what is kept.
    lines: u64,
    /// Whether any line so far ends with a carriage return.
    returns: bool,
}

impl<'a> Tap<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        Self { text, buffer: Vec::new(), kept: 0, next: 0, stop: 0, lines: 0, returns: false }
    }

    /// What was taken since this was last forgotten.
    pub(super) fn kept(&self) -> &[u8] {
        self.buffer.get(self.kept..self.next).unwrap_or_default()
    }

    /// How many bytes that is.
    pub(super) fn taken(&self) -> usize {
        self.next - self.kept
    }

    /// Keeps these many bytes less, from the first on.
    pub(super) fn forget(&mut self, bytes: usize) {
        self.lines += count(self.kept().get(..bytes).unwrap_or_default());
        self.kept = self.next.min(self.kept + bytes);
        self.stop = self.buffer.len().min(self.kept + LONGEST + 1);
    }

    /// Whether carriage returns have been read.
    pub(super) fn has_returns(&self) -> bool {
        self.returns
    }

    /// Whether the document may call its encoding so.
    pub(super) fn is_declared(&self, label: &str) -> bool {
        // WHATWG takes it for windows-1252, and what is ASCII is the same in each of these.
        if label.eq_ignore_ascii_case("us-ascii") && self.text.origin.is_ascii_compatible() {
            return true;
        }
        let wide = [UTF_16LE, UTF_16BE];
        let named = encoding(label);
        named == Some(self.text.origin) || named.is_some_and(|n| wide.contains(&n) && wide.contains(&self.text.origin))
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line_of(self.taken())
    }

    /// The line of a kept byte, from 1.
    pub(super) fn line_of(&self, at: usize) -> u64 {
        self.lines + 1 + count(self.kept().get(..at).unwrap_or_default())
    }

    /// Reads on if need be, into the room of what is not kept any more.
    fn look(&mut self) -> io::Result<()> {
        if self.taken() > LONGEST {
            let message =
                format!("what stands before line {} is longer than 1 MiB, and no record ends in it", self.line());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        if self.next < self.buffer.len() {
            return Ok(());
        }
        self.buffer.drain(..self.kept);
        (self.kept, self.next) = (0, self.next - self.kept);
        let more = self.text.bytes.fill_buf()?;
        let more = more.get(..PIECE).unwrap_or(more);
        let read = more.len();
        self.returns |= memchr::memchr(b'\r', more).is_some();
        self.buffer.extend_from_slice(more);
        self.text.bytes.consume(read);
        self.stop = self.buffer.len().min(LONGEST + 1);
        Ok(())
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

impl BufRead for Tap<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.next >= self.stop {
            self.look()?;
        }
        Ok(self.buffer.get(self.next..).unwrap_or_default())
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.next = self.buffer.len().min(self.next + amount);
    }
}

impl Read for Tap<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
