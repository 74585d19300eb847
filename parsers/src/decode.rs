//! From the bytes of an artifact to those of its files: unpacked, and for the formats that are text decoded strictly.

mod charset;
mod gzip;
mod part;
mod parts;
mod sniff;
mod strict;
mod unpack;
mod zip;

use std::io::Read as _;

use encoding_rs::{Encoding, UTF_8};

pub(crate) use part::{Part, Text};
pub(crate) use parts::Parts;
pub(crate) use sniff::Content;
pub(crate) use strict::{encoding, text as strict_text};
pub(crate) use unpack::Limit;
pub(crate) use zip::{OVERLAP, is_sound as zip_is_sound, matches, member as zip_member};

use crate::{
    read::{ReadError, ReadSeek},
    section::{Section, Size},
};

/// How an artifact's bytes become text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// What the file is packed in.
    pub packing: Packing,
    /// The encoding; a byte that does not decode is an error, never a replacement character.
    pub charset: &'static Encoding,
    /// Most bytes that the file may unpack to.
    pub max_bytes: u64,
}

/// What a file is packed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packing {
    /// Nothing.
    Plain,
    /// gzip, of any number of members.
    Gzip,
    /// A zip archive, of which one or several members are read.
    Zip {
        /// The member's name; `*` stands for any run of characters, `.zip/` leads into an archive in the archive.
        member: String,
        /// Whether all members that match are read, in the order of their names; else exactly one must match.
        several: bool,
    },
}

impl Default for Decoding {
    fn default() -> Self {
        Self { packing: Packing::Plain, charset: UTF_8, max_bytes: 1 << 30 }
    }
}

impl Decoding {
    /// Reads `[decode]`.
    pub(crate) fn define(table: &Section<'_>) -> Option<Self> {
        let plain = Self::default();
        let words = [("plain", 0), ("gzip", 1), ("zip", 2)];
        let packing = match table.optional_word("packing", &words) {
            Some(1) => Some(Packing::Gzip),
            Some(2) => zip(table),
            _ => Some(Packing::Plain),
        };
        let label = table.optional::<&str>("charset").unwrap_or("utf-8");
        let charset = encoding(label);
        if charset.is_none() {
            let help = "use a WHATWG label such as utf-8, windows-1252, iso-8859-2 or shift_jis";
            table.mistake("charset", format!("{label:?} is no encoding that is read"), Some(help.into()));
        }
        let Size(max_bytes) = table.optional("max_size").unwrap_or(Size(plain.max_bytes));
        Some(Self { packing: packing?, charset: charset?, max_bytes })
    }
}

fn zip(table: &Section<'_>) -> Option<Packing> {
    let several = table.optional("members").map(|member| Packing::Zip { member, several: true });
    if table.has("members") && table.optional::<&str>("member").is_some() {
        table.mistake("members", "`member` is one member, `members` are all that match: say one of them", None);
    }
    if table.has("members") {
        return several;
    }
    table.required("member").map(|member| Packing::Zip { member, several: false })
}

/// Unpacks an artifact, and makes sure that it can be what is expected: its files, one after the other.
pub(crate) fn open<'a>(
    decoding: &'a Decoding,
    content: Content,
    bytes: Box<dyn ReadSeek + 'a>,
) -> Result<Parts<'a>, ReadError> {
    unpack::open(decoding, content, bytes)
}

/// Whether nothing comes out of an artifact but white space.
pub(crate) fn is_blank(
    decoding: &Decoding,
    content: Content,
    bytes: Box<dyn ReadSeek + '_>,
) -> Result<bool, ReadError> {
    let Some(part) = open(decoding, content, bytes)?.next()? else { return Ok(true) };
    let mut head = Vec::new();
    part.unpacked().take(sniff::HEAD).read_to_end(&mut head).map_err(ReadError::reading)?;
    Ok(head.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests;
