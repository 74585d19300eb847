//! Reading a release: synchronous, on a thread of its own, one row buffer for all rows.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use parsers::{Contract, Dataset, NewColumn, ReadError, Reject, Row, Step};
use tokio::sync::mpsc::Sender;

use crate::ingest::copy::Encoder;

/// Rows after which the thread looks whether anyone still wants them.
const LOOK_UP: u64 = 1000;

/// What there is to read.
#[derive(Debug)]
pub(in crate::ingest) struct Material {
    /// The definition to read by.
    pub(in crate::ingest) dataset: Arc<Dataset>,
    /// The artifacts, in order of the release's parts.
    pub(in crate::ingest) files: Vec<File>,
    /// Bytes of all of them.
    pub(in crate::ingest) bytes: u64,
    /// Rejected records after which reading on is pointless; none if a person wants the release anyway.
    pub(in crate::ingest) most_rejects: Option<u64>,
}

/// What the thread sends.
#[derive(Debug)]
pub(super) enum Piece {
    /// Encoded rows, and how many have been read by now.
    Rows(Bytes, u64),
    /// Rejected records of one part.
    Rejects(i32, Vec<Reject>),
}

/// What the thread has to say at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Summary {
    /// Records that became rows.
    pub(super) rows: u64,
    /// Records that did not.
    pub(super) rejected: u64,
    /// Whether it gave up because of them.
    pub(super) gave_up: bool,
    /// Columns that the definition does not name.
    pub(super) new_columns: Vec<NewColumn>,
}

/// Why the file could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub(in crate::ingest) enum Stopped {
    /// Its columns are not those of the definition.
    #[error("{0}")]
    Contract(Box<Contract>),
    /// Its bytes are not what the definition says.
    #[error("{0}")]
    Broken(String),
    /// The archive could not be read.
    #[error("cannot read the artifact from the archive")]
    Io(#[source] io::Error),
}

/// Reads all parts. Ends early, without an error, once nobody receives any more: the receiver knows why.
pub(super) fn read(material: Material, seen: &Arc<AtomicU64>, to: &Sender<Piece>) -> Result<Summary, Stopped> {
    let mut reader = Reader { summary: Summary::default(), encoder: Encoder::new(), row: Row::default(), to };
    for (part, file) in (0_i32..).zip(material.files) {
        let file = Counted { file, seen: Arc::clone(seen) };
        if !reader.part(&material.dataset, part, file, material.most_rejects)? {
            return Ok(reader.summary);
        }
    }
    let last = reader.encoder.finish();
    let _nobody_left = to.blocking_send(Piece::Rows(last, reader.summary.rows));
    Ok(reader.summary)
}

struct Reader<'a> {
    summary: Summary,
    encoder: Encoder,
    row: Row,
    to: &'a Sender<Piece>,
}

impl Reader<'_> {
    /// Reads one file; false if reading on is pointless.
    fn part(&mut self, dataset: &Dataset, part: i32, file: Counted, most: Option<u64>) -> Result<bool, Stopped> {
        let mut reading = dataset.open(Box::new(file)).map_err(stopped)?;
        loop {
            match reading.next(&mut self.row).map_err(stopped)? {
                Step::Row => {
                    self.encoder.row(&self.row, part).map_err(|error| Stopped::Broken(error.to_string()))?;
                    self.summary.rows += 1;
                    if !self.goes_on() {
                        return Ok(false);
                    }
                }
                Step::Rejected(reject) => {
                    self.summary.rejected += 1;
                    self.summary.gave_up = most.is_some_and(|most| self.summary.rejected > most);
                    if !self.send(Piece::Rejects(part, vec![*reject])) || self.summary.gave_up {
                        return Ok(false);
                    }
                }
                Step::End => {
                    let known = |new: &NewColumn| self.summary.new_columns.iter().any(|known| known.name == new.name);
                    let new: Vec<_> = reading.new_columns().into_iter().filter(|new| !known(new)).collect();
                    self.summary.new_columns.extend(new);
                    return Ok(true);
                }
            }
        }
    }

    /// Sends what is worth sending, and looks whether anyone is there.
    fn goes_on(&mut self) -> bool {
        if self.encoder.is_full() {
            let piece = Piece::Rows(self.encoder.take(), self.summary.rows);
            return self.send(piece);
        }
        !self.summary.rows.is_multiple_of(LOOK_UP) || !self.to.is_closed()
    }

    fn send(&self, piece: Piece) -> bool {
        self.to.blocking_send(piece).is_ok()
    }
}

fn stopped(error: ReadError) -> Stopped {
    match error {
        ReadError::Contract(contract) => Stopped::Contract(contract),
        ReadError::Io(error) => Stopped::Io(error),
        broken @ ReadError::Broken { .. } => Stopped::Broken(broken.to_string()),
    }
}

/// A file that says how far it has been read.
struct Counted {
    file: File,
    seen: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.seen.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
