//! The one member of a zip archive that is read. Nothing is ever extracted under a member's own name.

use std::io::{self, Read, SeekFrom};

use flate2::{Crc, read::DeflateDecoder};
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use crate::read::{ReadError, ReadSeek};

/// A member's content, checked against its size and checksum when it ends.
pub(super) struct Member<'a> {
    content: Box<dyn Read + Send + 'a>,
    /// Its size inside the archive, in bytes.
    pub(super) packed: u64,
    size: u64,
    crc: u32,
    seen: u64,
    sum: Crc,
}

/// Where a member lies: read from the archive's directory, before the archive gives its bytes back.
struct Entry {
    name: String,
    start: u64,
    packed: u64,
    size: u64,
    crc: u32,
    method: CompressionMethod,
    encrypted: bool,
}

/// Finds the one member that matches `pattern`.
pub(super) fn open<'a>(bytes: Box<dyn ReadSeek + 'a>, pattern: &str) -> Result<Member<'a>, ReadError> {
    let mut archive = ZipArchive::new(bytes).map_err(unreadable)?;
    if archive.has_duplicate_names() {
        return Err(ReadError::broken(
            None,
            "the zip archive has two members of one name, and only one of them can be right",
        ));
    }
    if archive.has_overlapping_entries().map_err(unreadable)? {
        return Err(ReadError::broken(None, "members of the zip archive overlap, as only a trap's do"));
    }
    let at = choose(&archive, pattern)?;
    let entry = entry(&mut archive, at)?;
    let mut bytes = archive.into_inner();
    bytes.seek(SeekFrom::Start(entry.start))?;
    let packed = bytes.take(entry.packed);
    let content: Box<dyn Read + Send + 'a> = match entry.method {
        _ if entry.encrypted => {
            return Err(ReadError::broken(None, format!("the zip member {:?} is encrypted", entry.name)));
        }
        CompressionMethod::Stored => Box::new(packed),
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
        other => return Err(ReadError::broken(None, format!("the zip member {:?} is packed by {other}", entry.name))),
    };
    let Entry { packed, size, crc, .. } = entry;
    Ok(Member { content, packed, size, crc, seen: 0, sum: Crc::new() })
}

fn choose<R: Read + io::Seek>(archive: &ZipArchive<R>, pattern: &str) -> Result<usize, ReadError> {
    let members: Vec<_> = archive.file_names().collect::<Result<_, _>>().map_err(unreadable)?;
    let mut matching = members.iter().enumerate().filter(|(_, name)| !name.ends_with('/') && matches(pattern, name));
    match (matching.next(), matching.count()) {
        (Some((at, _)), 0) => Ok(at),
        (first, more) => {
            let found = if first.is_none() { 0 } else { more + 1 };
            let names = members.iter().take(5).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            let of = members.len();
            let message = format!(
                "{found} of the {of} members of the zip archive match {pattern:?}, and exactly one must: {names}"
            );
            Err(ReadError::broken(None, message))
        }
    }
}

fn entry<R: Read + io::Seek>(archive: &mut ZipArchive<R>, at: usize) -> Result<Entry, ReadError> {
    let file = archive.by_index_raw(at).map_err(unreadable)?;
    let start = file.data_start().ok_or_else(|| ReadError::broken(None, "a zip member has no content"))?;
    Ok(Entry {
        name: String::from_utf8_lossy(file.name_raw()).into_owned(),
        start,
        packed: file.compressed_size(),
        size: file.size(),
        crc: file.crc32(),
        method: file.compression(),
        encrypted: file.encrypted(),
    })
}

fn unreadable(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => ReadError::reading(error),
        other => ReadError::broken(None, format!("the zip archive cannot be read, it may be cut: {other}")),
    }
}

/// Whether `name` is `pattern`, in which `*` stands for any run of characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, behind)) = name.split_once(part) else { return false };
        name = behind;
    }
    name.ends_with(last)
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(into)?;
        self.sum.update(into.get(..read).unwrap_or_default());
        self.seen = self.seen.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let whole = self.seen == self.size && self.sum.sum() == self.crc;
        let ended = read == 0 && !into.is_empty();
        if (ended && !whole) || self.seen > self.size {
            let message = "the zip member's content is not what the archive says of it: it was damaged on its way";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
