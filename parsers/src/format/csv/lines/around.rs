//! What stands around records: lines above the header, the header's names, comments, and what follows a footer.

use memchr::{memchr, memchr2};

use super::{Fields, Lines, decode};
use crate::{read::ReadError, record::Span};

impl Lines<'_> {
    /// Takes the next line off, whatever stands in it, and without its end; false if there is none. It may only be
    /// asked for before the first record.
    pub(crate) fn take_line(&mut self, into: &mut Vec<u8>) -> Result<bool, ReadError> {
        into.clear();
        while !self.block.bytes().contains(&b'\n') {
            self.believe(self.block.bytes().len())?;
            if !self.block.more()? {
                break;
            }
        }
        let bytes = self.block.bytes();
        let (end, behind) = memchr(b'\n', bytes).map_or((bytes.len(), bytes.len()), |at| (at, at + 1));
        into.extend_from_slice(bytes.get(..end).unwrap_or_default().trim_ascii_end());
        self.block.skip(behind);
        self.line = self.before + 1;
        self.before += u64::from(behind > end);
        Ok(behind > 0)
    }

    /// The error for a last line that has no end, where every line must have one.
    pub(crate) fn cut(&self) -> ReadError {
        let line = self.line;
        let help = "if the publisher writes it so, say `final_newline = \"optional\"` in [format]";
        ReadError::broken(Some(line), format!("line {line}, the last, has no line end: the file was cut; {help}"))
    }

    /// Reads to the end of the file, whatever stands there: only so is it known that it is whole.
    pub(crate) fn drain(&mut self) -> Result<(), ReadError> {
        loop {
            self.block.skip(self.block.bytes().len());
            if !self.block.more()? {
                return Ok(());
            }
        }
    }

    /// All fields as texts without the white space around them: the names of a header.
    pub(crate) fn texts(&self) -> Result<Vec<String>, ReadError> {
        self.cells(self.bytes(), self.spans())
    }

    /// The same for a line that was taken off.
    pub(crate) fn texts_of(&self, line: &[u8]) -> Result<Vec<String>, ReadError> {
        let mut fields = Fields::default();
        fields.plain();
        if self.dialect.quote.is_some_and(|quote| line.contains(&quote)) {
            fields.walk(line, self.dialect, true);
        }
        fields.split(line, self.dialect, &self.cut);
        self.cells(fields.bytes(line), fields.spans())
    }

    fn cells(&self, bytes: &[u8], spans: &[Span]) -> Result<Vec<String>, ReadError> {
        let broken = |message: String| ReadError::broken(Some(self.line), message);
        let cell = |span: &Span| match decode(span.of(bytes), self.charset) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(error) => Err(broken(format!("the header {error}"))),
        };
        let cells = spans.iter().map(cell).collect::<Result<Vec<String>, _>>()?;
        let nul = cells.iter().any(|cell| cell.contains('\0'));
        if nul { Err(broken("the header holds a NUL character".to_owned())) } else { Ok(cells) }
    }

    /// Goes to the end of a line that says nothing, however long it is.
    pub(super) fn pass_comment(&mut self) -> Result<(), ReadError> {
        loop {
            let end = memchr2(b'\n', b'\r', self.block.bytes());
            self.block.skip(end.unwrap_or(self.block.bytes().len()));
            if end.is_some() || !self.block.more()? {
                return Ok(());
            }
        }
    }
}
