//! A small file with the quirks of a large one: its beginning, its end, packed as it is.

use std::{
    collections::VecDeque,
    io::{self, Read, Write},
};

use flate2::{Compression, write::GzEncoder};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    InferError, Open, Packed,
    draft::{Draft, Kind},
    packed,
};
use crate::decode::Packing;

/// Records that are kept of the beginning, and of the end.
const FIRST: u64 = 25;
const LAST: usize = 3;
/// Files up to this size are kept whole; longer lines than this are not cut into.
const SMALL: usize = 60_000;

/// A file for `parsers/fixtures/<name>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixture {
    /// Its name: `first.csv`, `first.zip`, …
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where the first records of a file end and its last ones begin.
#[derive(Debug, Default)]
pub(super) struct Ends {
    records: u64,
    /// The line of the first record that is left out.
    until: Option<u64>,
    /// The lines of the last records so far.
    last: VecDeque<Option<u64>>,
}

impl Ends {
    /// Takes the next record's line in.
    pub(super) fn pass(&mut self, line: Option<u64>) {
        // Rows of one line stand or fall together.
        if line.is_some() && self.last.back() == Some(&line) {
            return;
        }
        self.records += 1;
        if self.records == FIRST + 1 {
            self.until = line;
        }
        self.last.push_back(line);
        if self.last.len() > LAST {
            self.last.pop_front();
        }
    }

    /// The first line that is left out, and the first that is kept again.
    fn between(&self) -> Option<(u64, u64)> {
        let from = self.last.front().copied().flatten();
        self.until.zip(from).filter(|(until, from)| until < from)
    }
}

/// Cuts one, if the format's records stand on lines of their own and all in one file.
pub(super) fn cut(ends: &Ends, draft: &Draft, packed: &Packed, open: Open<'_>) -> Result<Option<Fixture>, InferError> {
    let mut all = packed::unpacked(&packed.decoding, open)?;
    let mut kept = Vec::new();
    all.by_ref().take(SMALL as u64 + 1).read_to_end(&mut kept)?;
    if kept.len() > SMALL {
        let one = !matches!(packed.decoding.packing, Packing::Zip { several: true, .. });
        if !draft.kind.is_lines() || !one {
            return Ok(None);
        }
        let Some((until, from)) = ends.between() else { return Ok(None) };
        kept = without(&mut io::Cursor::new(kept).chain(all), until, from)?;
    }
    let old = draft.kind == Kind::Workbook && !kept.starts_with(b"PK");
    pack(&packed.decoding.packing, if old { "xls" } else { draft.kind.extension() }, &kept).map(Some)
}

/// All lines but those from `until` on and before `from`.
fn without(bytes: &mut dyn Read, until: u64, from: u64) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let (mut line, mut buffer) = (1, vec![0; 1 << 16]);
    loop {
        let read = bytes.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(kept) };
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line < until || line >= from {
                kept.extend_from_slice(part);
            }
            line += u64::from(part.ends_with(b"\n"));
        }
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
