//! The files of an artifact, one after the other.

use std::{
    collections::VecDeque,
    io::{Cursor, Read},
    sync::Arc,
};

use super::{
    Content, Decoding, Part,
    part::Unpacked,
    unpack::{Counted, Limit},
    zip::{Archive, Entry, Pattern},
};
use crate::read::ReadError;

/// What is left to be read.
pub(crate) struct Parts<'a> {
    queue: VecDeque<Packed<'a>>,
    limit: Limit,
    several: bool,
    decoding: &'a Decoding,
    content: Content,
}

/// A file that has not been opened.
enum Packed<'a> {
    /// The whole artifact.
    Whole(Unpacked<'a>),
    /// A member of an archive, and what is meant inside of it.
    Member { archive: Arc<Archive<'a>>, entry: Entry, outside: String, inside: Vec<String> },
}

impl<'a> Parts<'a> {
    pub(super) fn one(bytes: Unpacked<'a>, decoding: &'a Decoding, content: Content) -> Self {
        let limit = Limit::of(decoding);
        Self { queue: VecDeque::from([Packed::Whole(bytes)]), limit, several: false, decoding, content }
    }

    pub(super) fn zipped(
        archive: Archive<'a>,
        path: &str,
        several: bool,
        decoding: &'a Decoding,
        content: Content,
    ) -> Result<Self, ReadError> {
        let limit = Limit::of(decoding);
        let mut parts = Self { queue: VecDeque::new(), limit, several, decoding, content };
        parts.enter(archive, "", &Pattern::new(path).0)?;
        Ok(parts)
    }

    /// Opens the next file; none behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<Part<'a>>, ReadError> {
        loop {
            match self.queue.pop_front() {
                None => return Ok(None),
                Some(Packed::Whole(bytes)) => return Ok(Some(Part::new(None, bytes, self.decoding, self.content))),
                Some(Packed::Member { archive, entry, outside, inside }) => {
                    let member = archive.member(&entry)?;
                    let mut member = Counted::new(member, self.limit.packed(entry.packed));
                    let name = format!("{outside}{}", entry.name);
                    if inside.is_empty() {
                        let bytes = Unpacked::Stream(Box::new(member));
                        return Ok(Some(Part::new(Some(name), bytes, self.decoding, self.content)));
                    }
                    let mut inner = Vec::new();
                    member.read_to_end(&mut inner).map_err(ReadError::reading)?;
                    self.enter(Archive::open(Box::new(Cursor::new(inner)))?, &format!("{name}/"), &inside)?;
                }
            }
        }
    }

    /// Puts the members of an archive that are meant before all that is left.
    fn enter(&mut self, archive: Archive<'a>, outside: &str, path: &[String]) -> Result<(), ReadError> {
        let Some((pattern, inside)) = path.split_first() else { return Ok(()) };
        let (entries, archive) = (archive.choose(pattern, self.several)?, Arc::new(archive));
        for entry in entries.into_iter().rev() {
            let (archive, outside, inside) = (Arc::clone(&archive), outside.to_owned(), inside.to_vec());
            self.queue.push_front(Packed::Member { archive, entry, outside, inside });
        }
        Ok(())
    }
}
