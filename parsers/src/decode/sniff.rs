//! Whether the first bytes can be what is expected: publishers answer 200 with web pages, too.

use crate::read::ReadError;

/// How many bytes are looked at.
pub(super) const HEAD: u64 = 1024;

/// What a file's text should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Lines of separated values.
    Csv,
    /// Lines of fixed width.
    Fixed,
    /// An XML document.
    Xml,
    /// A JSON document, or lines of JSON.
    Json,
    /// A workbook: an XLSX or an ODS, which are zip archives, or an XLS, which is a compound file.
    Workbook,
    /// A dBase table.
    Dbf,
    /// A Parquet file.
    Parquet,
}

impl Content {
    /// Refuses what begins as something else.
    pub(super) fn check(self, head: &[u8]) -> Result<(), ReadError> {
        let text = head.trim_ascii_start().to_ascii_lowercase();
        let holds = |what: &[u8]| memchr::memmem::find(&text, what).is_some();
        let found = match text.first() {
            None => return Err(ReadError::broken(None, "the file is empty")),
            Some(b'<') if holds(b"<html") || holds(b"<!doctype html") => "a web page",
            Some(b'{' | b'[') if self != Self::Json => "JSON",
            Some(b'p') if self == Self::Workbook && text.starts_with(b"pk\x03\x04") => return Ok(()),
            Some(0xd0) if self == Self::Workbook && text.starts_with(b"\xd0\xcf\x11\xe0") => return Ok(()),
            Some(0x03 | 0x30..=0x32 | 0x83 | 0x8b | 0xf5) if self == Self::Dbf => return Ok(()),
            Some(b'p') if self == Self::Parquet && head.starts_with(b"PAR1") => return Ok(()),
            Some(b'<') if self != Self::Xml => "XML",
            Some(0x1f) if text.starts_with(&[0x1f, 0x8b]) => "a gzip file",
            Some(b'p') if text.starts_with(b"pk\x03\x04") => "a zip archive",
            Some(b'{' | b'[') => return Ok(()),
            Some(_) if self == Self::Json => "text that is not JSON",
            Some(_) if self == Self::Xml && !text.starts_with(b"<") => "text that is not XML",
            Some(_) if self == Self::Workbook => "a file that is neither XLSX nor XLS nor ODS",
            Some(_) if matches!(self, Self::Dbf | Self::Parquet) => "something else",
            Some(_) => return Ok(()),
        };
        Err(ReadError::broken(None, format!("the publisher sent {found}, and {} is expected", self.name())))
    }

    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Fixed => "text of fixed width",
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Workbook => "a workbook",
            Self::Dbf => "a dBase table",
            Self::Parquet => "a Parquet file",
        }
    }
}
