//! One file of an artifact, unpacked: as text for those who read on, as bytes for those who must seek.

use std::io::{BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_8};

use super::{Content, Decoding, Limit, Packing, charset, sniff};
use crate::read::{ReadError, ReadSeek};

/// An unpacked file.
pub(crate) struct Part<'a> {
    /// The member's name, if the artifact is an archive.
    pub(crate) name: Option<String>,
    /// Whether it is one of several.
    pub(crate) several: bool,
    bytes: Unpacked<'a>,
    decoding: &'a Decoding,
    content: Content,
}

/// Bytes without their packing.
pub(super) enum Unpacked<'a> {
    /// As they lie in the archive of artifacts.
    Plain(Box<dyn ReadSeek + 'a>),
    /// As they come out of what they are packed in.
    Stream(Box<dyn Read + Send + 'a>),
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

impl<'a> Part<'a> {
    pub(super) fn new(name: Option<String>, bytes: Unpacked<'a>, decoding: &'a Decoding, content: Content) -> Self {
        let several = matches!(decoding.packing, Packing::Zip { several: true, .. });
        Self { name, several, bytes, decoding, content }
    }

    /// The file's bytes, whatever they are.
    pub(crate) fn unpacked(self) -> Box<dyn Read + Send + 'a> {
        self.bytes.stream(self.decoding)
    }

    /// The encoding that the definition names.
    pub(crate) fn charset(&self) -> &'static Encoding {
        self.decoding.charset
    }

    /// The file as text, if it begins as what is expected.
    pub(crate) fn text(self) -> Result<Text<'a>, ReadError> {
        let Self { bytes, decoding, content, .. } = self;
        let (head, rest) = peek(bytes.stream(decoding))?;
        let marked = Encoding::for_bom(&head);
        if let Some((found, _)) = marked.filter(|(found, _)| *found != decoding.charset) {
            let (found, defined) = (found.name(), decoding.charset.name());
            let message =
                format!("the file begins with the byte order mark of {found}, and its definition says {defined}");
            return Err(ReadError::broken(Some(1), message));
        }
        let body = Cursor::new(head.get(marked.map_or(0, |(_, length)| length)..).unwrap_or_default().to_vec());
        let body: Box<dyn Read + Send + 'a> = Box::new(body.chain(rest));
        let foreign = !decoding.charset.is_ascii_compatible();
        // Lines are found in bytes and decoded one by one; places in a line are counted in characters.
        let lines = content == Content::Csv || (content == Content::Fixed && decoding.charset.is_single_byte());
        let transcode = foreign || (!lines && decoding.charset != UTF_8);
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

    /// The file's bytes, if it begins as what is expected: for formats that are no text.
    pub(crate) fn binary(self) -> Result<Box<dyn Read + Send + 'a>, ReadError> {
        let (head, rest) = peek(self.bytes.stream(self.decoding))?;
        self.content.check(&head)?;
        Ok(Box::new(Cursor::new(head).chain(rest)))
    }

    /// All of them in memory, which are no more than the definition allows: for formats that are read in any order.
    pub(crate) fn whole(self) -> Result<Vec<u8>, ReadError> {
        let mut whole = Vec::new();
        self.binary()?.read_to_end(&mut whole).map_err(ReadError::reading)?;
        Ok(whole)
    }

    /// How much may come out of it, if it is packed once more inside.
    pub(crate) fn limit(&self) -> Limit {
        Limit::of(self.decoding)
    }
}

impl<'a> Unpacked<'a> {
    fn stream(self, decoding: &Decoding) -> Box<dyn Read + Send + 'a> {
        match self {
            Self::Plain(bytes) => super::unpack::counted(bytes, decoding),
            Self::Stream(stream) => stream,
        }
    }
}

/// The first bytes, and the reader of those behind them.
fn peek<'a>(mut bytes: Box<dyn Read + Send + 'a>) -> Result<(Vec<u8>, Box<dyn Read + Send + 'a>), ReadError> {
    let mut head = Vec::new();
    bytes.by_ref().take(sniff::HEAD).read_to_end(&mut head).map_err(ReadError::reading)?;
    Ok((head, bytes))
}
