//! A place for a template's output that ends a template which never ends.

use std::{
    io,
    time::{Duration, Instant},
};

/// Most bytes of one document.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Longest that one document may take.
const LONGEST: Duration = Duration::from_secs(5);

/// Bytes, up to a size and a moment.
pub(super) struct Limited {
    bytes: Vec<u8>,
    until: Instant,
}

impl Limited {
    /// Nothing yet, and five seconds from now.
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), until: Instant::now() + LONGEST }
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::other(format!("the document grows beyond {MOST_BYTES} bytes")));
        }
        if Instant::now() > self.until {
            return Err(io::Error::other(format!("the document takes longer than {} s", LONGEST.as_secs())));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_document_cannot_grow_for_ever() {
        let mut out = Limited::new();
        out.write_all(&vec![b'x'; MOST_BYTES]).unwrap();
        assert!(out.write_all(b"x").is_err());
    }

    #[test]
    fn a_document_cannot_take_for_ever() {
        let mut out = Limited { bytes: Vec::new(), until: Instant::now().checked_sub(LONGEST).unwrap() };
        assert!(out.write_all(b"x").is_err());
    }
}
