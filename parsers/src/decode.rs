//! From the bytes of an artifact to text: unpack, then decode strictly.

mod charset;
mod sniff;
mod unpack;
mod zip_member;

use std::io::{BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

pub(crate) use sniff::Content;

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
    /// A zip archive, of which one member is read.
    Zip {
        /// The member's name; `*` stands for any run of characters. Exactly one member must match.
        member: String,
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
        let words = [("plain", Packing::Plain), ("gzip", Packing::Gzip), ("zip", Packing::Zip { member: "*".into() })];
        let packing = table.optional_word("packing", &words).unwrap_or(Packing::Plain);
        let packing = match packing {
            Packing::Zip { .. } => table.required("member").map(|member| Packing::Zip { member }),
            other => Some(other),
        };
        let label = table.optional::<&str>("charset").unwrap_or("utf-8");
        let charset = Encoding::for_label(label.as_bytes());
        if charset.is_none() {
            let help = "use a WHATWG label such as utf-8, windows-1252, iso-8859-2 or shift_jis";
            table.mistake("charset", format!("{label:?} is no encoding"), Some(help.into()));
        }
        let Size(max_bytes) = table.optional("max_size").unwrap_or(Size(plain.max_bytes));
        Some(Self { packing: packing?, charset: charset?, max_bytes })
    }
}

/// Unpacked bytes whose encoding is known and whose byte order mark is gone.
pub(crate) struct Text<'a> {
    /// The bytes, to be read once.
    pub(crate) bytes: Box<dyn BufRead + Send + 'a>,
    /// Their encoding: a superset of ASCII for CSV, UTF-8 for XML.
    pub(crate) charset: &'static Encoding,
    /// The encoding in which they came.
    pub(crate) origin: &'static Encoding,
}

/// Unpacks and decodes an artifact, and makes sure that it can be what is expected.
pub(crate) fn open<'a>(
    decoding: &Decoding,
    content: Content,
    bytes: Box<dyn ReadSeek + 'a>,
) -> Result<Text<'a>, ReadError> {
    let unpacked = unpack::open(decoding, content, bytes)?;
    let (head, rest) = peek(unpacked)?;
    let marked = Encoding::for_bom(&head);
    if let Some((found, _)) = marked.filter(|(found, _)| *found != decoding.charset) {
        let (found, defined) = (found.name(), decoding.charset.name());
        let message = format!("the file begins with the byte order mark of {found}, and its definition says {defined}");
        return Err(ReadError::broken(Some(1), message));
    }
    let body = Cursor::new(head.get(marked.map_or(0, |(_, length)| length)..).unwrap_or_default().to_vec());
    let body: Box<dyn Read + Send + 'a> = Box::new(body.chain(rest));
    let wide = [UTF_16LE, UTF_16BE].contains(&decoding.charset);
    let transcode = wide || (content == Content::Xml && decoding.charset != UTF_8);
    let (body, charset): (Box<dyn Read + Send + 'a>, _) = if transcode {
        (Box::new(charset::Utf8::new(body, decoding.charset)), UTF_8)
    } else {
        (body, decoding.charset)
    };
    let (head, rest) = peek(body)?;
    content.check(&head)?;
    let bytes = Box::new(BufReader::with_capacity(1 << 16, Cursor::new(head).chain(rest)));
    Ok(Text { bytes, charset, origin: decoding.charset })
}

/// The first bytes, and the reader of those behind them.
fn peek<'a>(mut bytes: Box<dyn Read + Send + 'a>) -> Result<(Vec<u8>, Box<dyn Read + Send + 'a>), ReadError> {
    let mut head = Vec::new();
    bytes.by_ref().take(sniff::HEAD).read_to_end(&mut head).map_err(ReadError::reading)?;
    Ok((head, bytes))
}

#[cfg(test)]
mod tests;
