//! The content of one member.

use std::io::{self, BufReader, ErrorKind, Read, SeekFrom};

use flate2::{Crc, read::DeflateDecoder};
use zip::CompressionMethod;

use super::{Entry, Shared};
use crate::read::ReadError;

/// A member's content, checked against its size and checksum when it ends.
pub(in crate::decode) struct Member<'a> {
    content: Box<dyn Read + Send + 'a>,
    name: String,
    size: u64,
    crc: u32,
    seen: u64,
    sum: Crc,
}

impl<'a> Member<'a> {
    pub(super) fn open(packed: Window<'a>, entry: &Entry) -> Result<Self, ReadError> {
        let packed = BufReader::with_capacity(1 << 16, packed);
        let content: Box<dyn Read + Send + 'a> = match entry.method {
            CompressionMethod::Stored => Box::new(packed),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
            other => {
                let message = format!("the zip member {:?} is packed by {other}", entry.name);
                return Err(ReadError::broken(None, message));
            }
        };
        let (name, size, crc) = (entry.name.clone(), entry.size, entry.crc);
        Ok(Self { content, name, size, crc, seen: 0, sum: Crc::new() })
    }

    fn damaged(&self, what: &str) -> io::Error {
        let message = format!("the zip member {:?} was damaged on its way: {what}; fetch the archive again", self.name);
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(into).map_err(|error| match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                self.damaged(&error.to_string())
            }
            _ => error,
        })?;
        self.sum.update(into.get(..read).unwrap_or_default());
        self.seen = self.seen.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let whole = self.seen == self.size && self.sum.sum() == self.crc;
        let ended = read == 0 && !into.is_empty();
        if (ended && !whole) || self.seen > self.size {
            return Err(self.damaged("its content is not what the archive says of it"));
        }
        Ok(read)
    }
}

/// The stretch of an archive in which a member lies.
pub(super) struct Window<'a> {
    archive: Shared<'a>,
    at: u64,
    left: u64,
}

impl<'a> Window<'a> {
    pub(super) fn new(archive: Shared<'a>, at: u64, left: u64) -> Self {
        Self { archive, at, left }
    }
}

impl Read for Window<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let Some(into) = into.get_mut(..most).filter(|into| !into.is_empty()) else { return Ok(0) };
        let archive = self.archive.lock();
        let mut archive = archive.map_err(|_poisoned| io::Error::other("a reader of the archive panicked"))?;
        archive.seek(SeekFrom::Start(self.at))?;
        let read = archive.read(into)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.at = self.at.saturating_add(bytes);
        self.left = self.left.saturating_sub(bytes);
        Ok(read)
    }
}
