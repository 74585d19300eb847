//! Keeps the bytes that the XML reader takes, so that a rejected record can be shown as it was written.

use std::io::{self, BufRead, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::decode::Text;

/// The longest record, or stretch between two, that is believed, in bytes.
const LONGEST: usize = 1 << 20;

/// The document's bytes on their way to the XML reader.
pub(super) struct Tap<'a> {
    text: Text<'a>,
    /// What was taken since this was last cleared.
    pub(super) kept: Vec<u8>,
    lines: u64,
}

impl<'a> Tap<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        Self { text, kept: Vec::new(), lines: 0 }
    }

    /// Whether the document may call its encoding so.
    pub(super) fn is_declared(&self, label: &str) -> bool {
        // WHATWG takes it for windows-1252, and what is ASCII is the same in each of these.
        if label.eq_ignore_ascii_case("us-ascii") && self.text.origin.is_ascii_compatible() {
            return true;
        }
        let wide = [UTF_16LE, UTF_16BE];
        let named = Encoding::for_label(label.as_bytes());
        named == Some(self.text.origin) || named.is_some_and(|n| wide.contains(&n) && wide.contains(&self.text.origin))
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines + 1
    }

    /// The line of a kept byte, from 1.
    pub(super) fn line_of(&self, at: usize) -> u64 {
        self.line() - count(self.kept.get(at..).unwrap_or_default())
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

impl BufRead for Tap<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.kept.len() > LONGEST {
            let message = format!("the record before line {} is longer than 1 MiB", self.line());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.text.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(taken) = self.text.bytes.fill_buf().ok().and_then(|bytes| bytes.get(..amount)) {
            self.lines += count(taken);
            self.kept.extend_from_slice(taken);
        }
        self.text.bytes.consume(amount);
    }
}

impl Read for Tap<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}
