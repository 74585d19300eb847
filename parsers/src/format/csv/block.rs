//! A file's bytes, many at a time: what is behind the current place stays in one piece.

use std::io::{ErrorKind, Read};

use crate::read::ReadError;

/// Bytes that are asked for at a time. They stay in the processor's second cache.
const SIZE: usize = 256 * 1024;

/// A window on the bytes of a file, which moves on and grows as it must.
pub(super) struct Block<'a> {
    source: Box<dyn Read + Send + 'a>,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<'a> Block<'a> {
    pub(super) fn new(source: Box<dyn Read + Send + 'a>) -> Self {
        Self { source, buffer: vec![0; SIZE], from: 0, to: 0, ended: false }
    }

    /// The bytes from the current place on, as far as they have been read.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    /// Whether these are all.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Moves on by this many bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.from = self.to.min(self.from + bytes);
    }

    /// Reads more bytes behind those that are there; false if there are none.
    pub(super) fn more(&mut self) -> Result<bool, ReadError> {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.to == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        while !self.ended {
            match self.source.read(self.buffer.get_mut(self.to..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(read) => {
                    self.to += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(ReadError::reading(error)),
            }
        }
        Ok(false)
    }
}
