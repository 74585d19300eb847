//! Members of a zip archive, one after the other. Nothing is ever extracted under a member's own name.

mod member;
mod pattern;

use std::{
    io::{self, Cursor, Read, SeekFrom},
    sync::{Arc, Mutex},
};

use zip::{CompressionMethod, ZipArchive, result::ZipError};

use super::unpack::{Counted, Limit};
use crate::read::{ReadError, ReadSeek};
use member::{Member, Window};
pub(super) use pattern::Pattern;
pub(crate) use pattern::matches;

/// An archive whose directory has been read.
pub(super) struct Archive<'a> {
    bytes: Shared<'a>,
    entries: Vec<Entry>,
}

/// How much of what a member holds is shown twice to those who look through it.
pub(crate) const OVERLAP: usize = 256;

/// Bytes of the end of the directory, without the comment.
const END: usize = 22;
/// What kind of file Unix says a member is: these bits, and that of a file.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// Bytes from which one member after the other is read.
type Shared<'a> = Arc<Mutex<Box<dyn ReadSeek + 'a>>>;

/// Where a member lies.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its name, which is only a name.
    pub(super) name: String,
    /// Its size inside the archive, in bytes.
    pub(super) packed: u64,
    start: u64,
    size: u64,
    crc: u32,
    method: CompressionMethod,
    encrypted: bool,
    /// Whether it is a file, and no link or device.
    regular: bool,
}

/// Unpacks every member and forgets it: is the archive whole, and no trap? For those who give it to a library that does
/// not look. `look` is shown all that comes out, piece by piece: each begins with the last [`OVERLAP`] bytes of the one
/// before it, so that nothing short is cut apart.
pub(crate) fn is_sound(
    bytes: &[u8],
    limit: &Limit,
    mut look: impl FnMut(&[u8]) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let archive = Archive::open(Box::new(Cursor::new(bytes)))?;
    let mut piece = vec![0; OVERLAP + (1 << 16)];
    for entry in &archive.entries {
        let mut member = Counted::new(archive.member(entry)?, limit.packed(entry.packed));
        let mut kept = 0;
        loop {
            let read = member.read(piece.get_mut(kept..).unwrap_or_default()).map_err(ReadError::reading)?;
            if read == 0 {
                break;
            }
            let end = kept + read;
            look(piece.get(..end).unwrap_or_default())?;
            kept = end.min(OVERLAP);
            piece.copy_within(end - kept..end, 0);
        }
    }
    Ok(())
}

/// One member, by its very name: for archives that are sound.
pub(crate) fn member<'a>(bytes: &'a [u8], name: &str) -> Result<Option<Box<dyn Read + Send + 'a>>, ReadError> {
    let archive = Archive::open(Box::new(Cursor::new(bytes)))?;
    let Some(entry) = archive.entries.iter().find(|entry| entry.name == name) else { return Ok(None) };
    Ok(Some(Box::new(archive.member(entry)?)))
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub(super) fn open(bytes: Box<dyn ReadSeek + 'a>) -> Result<Self, ReadError> {
        let mut archive = ZipArchive::new(bytes).map_err(unreadable)?;
        if archive.has_duplicate_names() {
            let message = "the zip archive has two members of one name, and only one of them can be right";
            return Err(ReadError::broken(None, message));
        }
        if archive.has_overlapping_entries().map_err(unreadable)? {
            return Err(ReadError::broken(None, "members of the zip archive overlap, as only a trap's do"));
        }
        let entries = (0..archive.len()).map(|at| entry(&mut archive, at)).collect::<Result<Vec<_>, _>>()?;
        let entries = entries.into_iter().filter(|entry| !entry.name.ends_with('/')).collect();
        let (before, comment) = (archive.offset(), archive.comment().len());
        let mut bytes = archive.into_inner();
        if before > 0 || !ends_with_directory(&mut bytes, comment)? {
            let message = "something stands before the zip archive or behind it, perhaps another archive: only one of \
                           them would be read";
            return Err(ReadError::broken(None, message));
        }
        Ok(Self { bytes: Arc::new(Mutex::new(bytes)), entries })
    }

    /// The members that match, in the order of their names: exactly one, or with `several` at least one.
    pub(super) fn choose(&self, pattern: &str, several: bool) -> Result<Vec<Entry>, ReadError> {
        let matching = self.entries.iter().filter(|entry| pattern::matches(pattern, &entry.name));
        let mut matching: Vec<_> = matching.cloned().collect();
        matching.sort_by(|one, other| one.name.cmp(&other.name));
        if matching.len() == 1 || (several && !matching.is_empty()) {
            return Ok(matching);
        }
        let (found, of) = (matching.len(), self.entries.len());
        let names = self.entries.iter().take(5).map(|entry| format!("{:?}", entry.name)).collect::<Vec<_>>().join(", ");
        let must = if several { "at least one must" } else { "exactly one must" };
        let help = if found > 1 { "; if all of them are one release, say `members` in place of `member`" } else { "" };
        let message =
            format!("{found} of the {of} members of the zip archive match {pattern:?}, and {must}: {names}{help}");
        Err(ReadError::broken(None, message))
    }

    /// A member's content, checked against its size and checksum when it ends.
    pub(super) fn member(&self, entry: &Entry) -> Result<Member<'a>, ReadError> {
        if entry.encrypted {
            return Err(ReadError::broken(None, format!("the zip member {:?} is encrypted", entry.name)));
        }
        if !entry.regular {
            let message = format!("the zip member {:?} is a link or a device, and no file", entry.name);
            return Err(ReadError::broken(None, message));
        }
        let window = Window::new(Arc::clone(&self.bytes), entry.start, entry.packed);
        Member::open(window, entry)
    }
}

fn entry<R: Read + io::Seek>(archive: &mut ZipArchive<R>, at: usize) -> Result<Entry, ReadError> {
    let file = archive.by_index_raw(at).map_err(unreadable)?;
    let start = file.data_start().ok_or_else(|| ReadError::broken(None, "a zip member has no content"))?;
    Ok(Entry {
        name: String::from_utf8_lossy(file.name_raw()).into_owned(),
        packed: file.compressed_size(),
        start,
        size: file.size(),
        crc: file.crc32(),
        method: file.compression(),
        encrypted: file.encrypted(),
        regular: file.unix_mode().is_none_or(|mode| matches!(mode & KIND, 0 | REGULAR)),
    })
}

/// Whether the last thing in the file is the end of the directory, with a comment of this length.
fn ends_with_directory(bytes: &mut dyn ReadSeek, comment: usize) -> Result<bool, ReadError> {
    let length = i64::try_from(END + comment).unwrap_or(i64::MAX);
    let mut mark = [0; 4];
    bytes.seek(SeekFrom::End(-length))?;
    bytes.read_exact(&mut mark)?;
    Ok(mark == *b"PK\x05\x06")
}

fn unreadable(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => ReadError::reading(error),
        other => ReadError::broken(None, format!("the zip archive cannot be read, it may be cut: {other}")),
    }
}

#[cfg(test)]
mod tests;
