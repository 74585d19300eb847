//! A small file with the quirks of a large one: its beginning, its end, packed as it is.

mod document;
mod lines;
mod sides;
mod workbook;

use std::io::{self, Cursor, Read, Write};

use flate2::{Compression, write::GzEncoder};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Asked, InferError, Open, Packed,
    draft::{Draft, Kind},
    packed,
    trial::Trial,
};
use crate::{decode::Packing, read::ReadSeek};
use document::Document;
pub(super) use lines::Ends;
use sides::Sides;

/// Records that are kept of the beginning, and of the end.
const FIRST: usize = 25;
const LAST: usize = 3;
/// Files up to this size are kept whole.
const SMALL: usize = 60_000;
/// Fixtures that were cut out of documents and workbooks are no larger, nor are records in them.
const LARGE: usize = 1 << 20;

/// A file for `parsers/fixtures/<name>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixture {
    /// Its name: `first.csv`, `first.zip`, …
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that is to be cut, and the definition that reads it.
pub(super) struct Whole<'a> {
    pub(super) asked: &'a Asked,
    pub(super) draft: &'a Draft,
    pub(super) packed: &'a Packed,
    pub(super) open: Open<'a>,
}

impl Whole<'_> {
    /// Keeps the file whole if it is small, or cuts it; none if no rule does.
    pub(super) fn cut(&self, ends: &Ends) -> Result<Option<Fixture>, InferError> {
        let mut kept = Vec::new();
        self.unpacked()?.take(SMALL as u64 + 1).read_to_end(&mut kept)?;
        let is_zip = kept.starts_with(b"PK");
        if kept.len() <= SMALL {
            return self.read(self.pack(&kept)?);
        }
        if matches!(self.packed.decoding.packing, Packing::Zip { several: true, .. }) {
            return Ok(None);
        }
        match self.draft.kind {
            Kind::Csv | Kind::Lines | Kind::Fixed => self.lines(ends),
            Kind::Json | Kind::Xml => self.document(),
            Kind::Workbook if is_zip => self.workbook(ends),
            Kind::Workbook | Kind::Dbf => Ok(None),
        }
    }

    fn lines(&self, ends: &Ends) -> Result<Option<Fixture>, InferError> {
        let Some(between) = ends.between() else { return Ok(None) };
        self.read(self.pack(&lines::without(&mut self.unpacked()?, &between)?)?)
    }

    /// The fixture, if it is read as the file was: one that counts its lines is not, once it has been cut.
    fn read(&self, fixture: Fixture) -> Result<Option<Fixture>, InferError> {
        let open = || -> io::Result<Box<dyn ReadSeek>> { Ok(Box::new(Cursor::new(fixture.bytes.clone()))) };
        let is_read = Trial::new(self.asked, self.draft)?.each(&open, |_| true).is_ok();
        Ok(Some(fixture).filter(|_| is_read))
    }

    /// The end of a document may be of another group of records than its beginning: then the beginning must do.
    fn document(&self) -> Result<Option<Fixture>, InferError> {
        let trial = Trial::new(self.asked, self.draft)?;
        let Some(sides) = Sides::read(&trial, (self.open)()?)? else { return Ok(None) };
        let document = Document::read(&mut self.unpacked()?)?;
        let has_total = self.draft.format.iter().any(|line| line.starts_with("total = "));
        for last in [LAST, 0] {
            let Some(cut) = document.cut(&sides, last) else { continue };
            let made = if has_total { cut.counted(sides.records, FIRST + last) } else { vec![cut.whole()] };
            for bytes in made {
                let fixture = self.pack(&bytes)?;
                if sides.are_in(&fixture, last, &trial) {
                    return Ok(Some(fixture));
                }
            }
        }
        Ok(None)
    }

    fn workbook(&self, ends: &Ends) -> Result<Option<Fixture>, InferError> {
        let Some(between) = ends.between() else { return Ok(None) };
        let trial = Trial::new(self.asked, self.draft)?;
        let Some(sides) = Sides::read(&trial, (self.open)()?)? else { return Ok(None) };
        let mut whole = Vec::new();
        self.unpacked()?.read_to_end(&mut whole)?;
        // It has been read already; what else is odd about its parts need not be said here.
        let Ok(cut) = workbook::without(&whole, &between) else { return Ok(None) };
        let fixture = self.pack(&cut)?;
        Ok(Some(fixture).filter(|fixture| sides.are_in(fixture, LAST, &trial)))
    }

    fn unpacked(&self) -> Result<Box<dyn Read + Send + '_>, InferError> {
        packed::unpacked(&self.packed.decoding, self.open)
    }

    fn pack(&self, bytes: &[u8]) -> Result<Fixture, InferError> {
        let extension = match self.draft.kind {
            Kind::Workbook if !bytes.starts_with(b"PK") => "xls",
            // The first part of an OpenDocument says what it is.
            Kind::Workbook if bytes.get(30..38) == Some(b"mimetype") => "ods",
            kind => kind.extension(),
        };
        pack(&self.packed.decoding.packing, extension, bytes)
    }
}

fn pack(packing: &Packing, extension: &str, bytes: &[u8]) -> Result<Fixture, InferError> {
    Ok(match packing {
        Packing::Plain => Fixture { name: format!("first.{extension}"), bytes: bytes.to_vec() },
        Packing::Gzip => {
            let mut packer = GzEncoder::new(Vec::new(), Compression::best());
            packer.write_all(bytes)?;
            Fixture { name: format!("first.{extension}.gz"), bytes: packer.finish()? }
        }
        Packing::Zip { member, .. } => {
            let mut packer = ZipWriter::new(io::Cursor::new(Vec::new()));
            let member = member.replace('*', "20000101");
            packer.start_file(member, SimpleFileOptions::default()).map_err(io::Error::other)?;
            packer.write_all(bytes)?;
            let bytes = packer.finish().map_err(io::Error::other)?.into_inner();
            Fixture { name: "first.zip".to_owned(), bytes }
        }
    })
}
