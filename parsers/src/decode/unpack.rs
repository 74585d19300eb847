//! Takes the packing off, and counts what really comes out of it.

use std::io::{self, Read, SeekFrom};

use flate2::read::MultiGzDecoder;

use super::{Content, Decoding, Packing, sniff, zip_member};
use crate::read::{ReadError, ReadSeek};

/// No honest table packs better than this.
const RATIO: u64 = 200;
/// Below this size a ratio says nothing.
const SMALL: u64 = 1 << 20;

pub(super) fn open<'a>(
    decoding: &Decoding,
    content: Content,
    mut bytes: Box<dyn ReadSeek + 'a>,
) -> Result<Box<dyn Read + Send + 'a>, ReadError> {
    let length = bytes.seek(SeekFrom::End(0))?;
    bytes.rewind()?;
    let plain = Limit { bytes: decoding.max_bytes, packed: None };
    let magic: &[u8] = match decoding.packing {
        Packing::Plain => return Ok(Box::new(Counted::new(bytes, plain))),
        Packing::Gzip => &[0x1f, 0x8b],
        Packing::Zip { .. } => b"PK",
    };
    let mut head = Vec::new();
    bytes.by_ref().take(sniff::HEAD).read_to_end(&mut head)?;
    bytes.rewind()?;
    if !head.starts_with(magic) {
        content.check(&head)?;
        let what = if magic == b"PK" { "a zip archive" } else { "a gzip file" };
        return Err(ReadError::broken(None, format!("the file is not {what}, and its definition says that it is")));
    }
    match &decoding.packing {
        Packing::Zip { member } => {
            let member = zip_member::open(bytes, member)?;
            let limit = Limit { packed: Some(member.packed), ..plain };
            Ok(Box::new(Counted::new(member, limit)))
        }
        Packing::Plain | Packing::Gzip => {
            let limit = Limit { packed: Some(length), ..plain };
            Ok(Box::new(Counted::new(MultiGzDecoder::new(bytes), limit)))
        }
    }
}

/// How much may come out of a file.
struct Limit {
    bytes: u64,
    packed: Option<u64>,
}

impl Limit {
    fn most(&self) -> u64 {
        let packed = self.packed.map_or(u64::MAX, |packed| packed.saturating_mul(RATIO).max(SMALL));
        self.bytes.min(packed)
    }

    fn passed(&self) -> io::Error {
        let message = if self.most() == self.bytes {
            format!(
                "the file unpacks to more than {} MiB: if that is right, raise `max_size` in [decode]",
                self.bytes >> 20
            )
        } else {
            format!("the file unpacks to more than {RATIO} times its size, as only a trap does")
        };
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

/// Counts the bytes that come out, whatever the packing says of itself.
struct Counted<R> {
    inner: R,
    limit: Limit,
    read: u64,
}

impl<R> Counted<R> {
    fn new(inner: R, limit: Limit) -> Self {
        Self { inner, limit, read: 0 }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.read = self.read.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if self.read > self.limit.most() { Err(self.limit.passed()) } else { Ok(read) }
    }
}
