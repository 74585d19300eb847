//! Takes the packing off, and counts what really comes out of it.

use std::{
    io::{self, Read, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{Content, Decoding, Packing, Parts, gzip::Gzip, part::Unpacked, sniff, zip::Archive};
use crate::read::{ReadError, ReadSeek};

/// No honest table packs better than this.
const RATIO: u64 = 200;
/// Below this size a ratio says nothing.
const SMALL: u64 = 1 << 20;

pub(super) fn open<'a>(
    decoding: &'a Decoding,
    content: Content,
    mut bytes: Box<dyn ReadSeek + 'a>,
) -> Result<Parts<'a>, ReadError> {
    match &decoding.packing {
        Packing::Plain => Ok(Parts::one(Unpacked::Plain(bytes), decoding, content)),
        Packing::Gzip => {
            begins(&mut bytes, content, &[0x1f, 0x8b], "a gzip file")?;
            let length = bytes.seek(SeekFrom::End(0))?;
            bytes.rewind()?;
            let limit = Limit::of(decoding).packed(length);
            let bytes = Box::new(Counted::new(Gzip::new(bytes), limit));
            Ok(Parts::one(Unpacked::Stream(bytes), decoding, content))
        }
        Packing::Zip { member, several } => {
            begins(&mut bytes, content, b"PK", "a zip archive")?;
            Parts::zipped(Archive::open(bytes)?, member, *several, decoding, content)
        }
    }
}

/// Bytes that are not packed, counted.
pub(super) fn counted<'a>(bytes: Box<dyn ReadSeek + 'a>, decoding: &Decoding) -> Box<dyn Read + Send + 'a> {
    Box::new(Counted::new(bytes, Limit::of(decoding)))
}

/// Whether the file is packed as its definition says.
fn begins(bytes: &mut dyn ReadSeek, content: Content, magic: &[u8], what: &str) -> Result<(), ReadError> {
    let mut head = Vec::new();
    bytes.take(sniff::HEAD).read_to_end(&mut head)?;
    bytes.rewind()?;
    if head.starts_with(magic) {
        return Ok(());
    }
    content.check(&head)?;
    Err(ReadError::broken(None, format!("the file is not {what}, and its definition says that it is")))
}

/// How much may come out of a file.
#[derive(Clone)]
pub(crate) struct Limit {
    bytes: u64,
    packed: Option<u64>,
    /// What has come out of all files of the artifact.
    total: Arc<AtomicU64>,
}

impl Limit {
    /// For all files of an artifact together.
    pub(super) fn of(decoding: &Decoding) -> Self {
        Self { bytes: decoding.max_bytes, packed: None, total: Arc::default() }
    }

    /// For one of them, which has this many bytes packed.
    pub(super) fn packed(&self, packed: u64) -> Self {
        Self { packed: Some(packed), ..self.clone() }
    }

    /// Counts bytes that are made of others, such as those of a cell that is written once and stands there many times.
    pub(crate) fn take(&self, bytes: u64) -> Result<(), ReadError> {
        self.count(bytes, 0).map_err(ReadError::reading)
    }

    /// Counts bytes that have come out, of which the file has given this many in all.
    fn count(&self, read: u64, of_file: u64) -> io::Result<()> {
        let total = self.total.fetch_add(read, Ordering::Relaxed).saturating_add(read);
        let most = self.packed.map_or(u64::MAX, |packed| packed.saturating_mul(RATIO).max(SMALL));
        let message = if total > self.bytes {
            let most = self.bytes >> 20;
            format!("the file unpacks to more than {most} MiB: if that is right, raise `max_size` in [decode]")
        } else if of_file > most {
            format!("the file unpacks to more than {RATIO} times its size, as only a trap does")
        } else {
            return Ok(());
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, message))
    }
}

/// Counts the bytes that come out, whatever the packing says of itself.
pub(super) struct Counted<R> {
    inner: R,
    limit: Limit,
    read: u64,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, limit: Limit) -> Self {
        Self { inner, limit, read: 0 }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.read = self.read.saturating_add(bytes);
        self.limit.count(bytes, self.read).map(|()| read)
    }
}
