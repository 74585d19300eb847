//! Reading a release: synchronous, on a thread of its own, one row buffer for all rows.

use std::{
    io::{self, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use parsers::{Contract, Dataset, NewColumn, Read, ReadError, ReadSeek, Reading, Reject, Row};
use tokio::sync::mpsc::Sender;

use crate::{
    db::artifacts::Artifact,
    ingest::{
        copy::Encoder,
        fingerprint::{Draft, GaveUp, Place},
    },
};
use judge::Judge;

mod judge;
mod keys;

pub(in crate::ingest) use judge::{Compared, Prints};

/// Records after which the thread looks whether anyone still wants them.
const LOOK_UP: u64 = 1000;

/// What there is to read.
pub(in crate::ingest) struct Material {
    /// The definition to read by.
    pub(in crate::ingest) dataset: Arc<Dataset>,
    /// The artifacts, in order of the release's parts.
    pub(in crate::ingest) files: Vec<Box<dyn ReadSeek>>,
    /// Their names, if there are several to tell apart.
    pub(in crate::ingest) names: Vec<String>,
    /// The number of the first of them among the release's parts.
    pub(in crate::ingest) first_part: u32,
    /// Bytes of all of them.
    pub(in crate::ingest) bytes: u64,
    /// Rejected records after which reading on is pointless; none if a person wants the release anyway.
    pub(in crate::ingest) most_rejects: Option<u64>,
    /// What it is compared with while it is read; none for rows without keys.
    pub(in crate::ingest) prints: Option<Prints>,
}

/// The names of several files; a single one needs none.
pub(in crate::ingest) fn told_apart(files: &[Artifact]) -> Vec<String> {
    let names = files.iter().map(|file| file.name.clone());
    if files.len() > 1 { names.collect() } else { Vec::new() }
}

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Bytes of the artifacts, more than there are if a file is gone through more than once.
    pub(super) bytes: AtomicU64,
    /// Rows, in round numbers.
    pub(super) rows: AtomicU64,
}

/// What the thread sends.
#[derive(Debug)]
pub(super) enum Piece {
    /// Encoded rows.
    Rows(Bytes),
    /// Encoded keys with their kind. No rows come after them.
    Keys(Bytes),
    /// A rejected record of one part.
    Reject(i32, Box<Reject>),
}

/// What the thread has to say at the end.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Summary {
    /// Records that became rows, or were passed over because the table was loaded from just such ones.
    pub(in crate::ingest) rows: u64,
    /// Records that did not.
    pub(in crate::ingest) rejected: u64,
    /// Whether it gave up because of them.
    pub(in crate::ingest) gave_up: bool,
    /// Columns that the definition does not name.
    pub(in crate::ingest) new_columns: Vec<NewColumn>,
    /// What the comparison with the fingerprint came to, if there was one: then only the difference was sent.
    pub(in crate::ingest) compared: Option<Compared>,
    /// Why there was none in the end, although there is a fingerprint. Then the file was not read to its end.
    pub(in crate::ingest) whole_instead: Option<GaveUp>,
    /// The new fingerprint.
    pub(in crate::ingest) draft: Option<Draft>,
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

/// Why reading ends before the file does.
enum Halt {
    /// The file is to blame.
    Stopped(Stopped),
    /// The comparison is.
    GaveUp(GaveUp),
    /// Nobody wants the rest.
    Enough,
}

impl From<ReadError> for Halt {
    fn from(error: ReadError) -> Self {
        Self::Stopped(match error {
            ReadError::Contract(contract) => Stopped::Contract(contract),
            ReadError::Io(error) => Stopped::Io(error),
            broken @ ReadError::Broken { .. } => Stopped::Broken(broken.told()),
        })
    }
}

impl Halt {
    /// The same, with the file that it is about, if it is one of several.
    fn of_file(self, at: usize, names: &[String]) -> Self {
        let Some(name) = names.get(at) else { return self };
        match self {
            Self::Stopped(Stopped::Broken(message)) => {
                let place = format!("in file {} of {}, {name:?}", at + 1, names.len());
                Self::Stopped(Stopped::Broken(format!("{place}: {message}")))
            }
            Self::Stopped(Stopped::Contract(mut contract)) => {
                let member = contract.member.take().map(|member| format!("{name}/{member}"));
                contract.member = Some(member.unwrap_or_else(|| name.clone()));
                Self::Stopped(Stopped::Contract(contract))
            }
            other => other,
        }
    }
}

impl From<GaveUp> for Halt {
    fn from(reason: GaveUp) -> Self {
        Self::GaveUp(reason)
    }
}

/// Reads all parts. Ends early, without an error, once nobody receives any more: the receiver knows why.
pub(super) fn read(material: Material, seen: &Arc<Seen>, to: &Sender<Piece>) -> Result<Summary, Stopped> {
    let Material { dataset, files, names, first_part, most_rejects, prints, .. } = material;
    let judge = prints.map(|prints| Judge::new(&dataset, prints));
    let (summary, encoder, row) = (Summary::default(), Encoder::new(), Row::default());
    let mut reader = Reader { summary, encoder, row, judge, most_rejects, seen, to };
    let files = (first_part..).zip(files).map(|(part, file)| (part, Counted { file, seen: Arc::clone(seen) }));
    match reader.all(&dataset, files, &names) {
        Err(Halt::Stopped(stopped)) => return Err(stopped),
        Err(Halt::GaveUp(reason)) => reader.summary.whole_instead = Some(reason),
        Err(Halt::Enough) | Ok(()) => (),
    }
    Ok(reader.summary)
}

struct Reader<'a> {
    summary: Summary,
    encoder: Encoder,
    row: Row,
    judge: Option<Judge>,
    most_rejects: Option<u64>,
    seen: &'a Seen,
    to: &'a Sender<Piece>,
}

impl Reader<'_> {
    fn all(
        &mut self,
        dataset: &Dataset,
        files: impl Iterator<Item = (u32, Counted)>,
        names: &[String],
    ) -> Result<(), Halt> {
        for (at, (part, file)) in files.enumerate() {
            self.file(dataset, part, file).map_err(|halt| halt.of_file(at, names))?;
        }
        self.finish()
    }

    fn file(&mut self, dataset: &Dataset, part: u32, file: Counted) -> Result<(), Halt> {
        let mut reading = dataset.open(Box::new(file))?;
        while reading.advance()? {
            self.record(&mut *reading, part)?;
        }
        let known = |new: &NewColumn| self.summary.new_columns.iter().any(|known| known.name == new.name);
        let new: Vec<_> = reading.new_columns().into_iter().filter(|new| !known(new)).collect();
        self.summary.new_columns.extend(new);
        Ok(())
    }

    /// Passes the record over, or reads it and sends what must be staged of it.
    fn record(&mut self, reading: &mut dyn Reading, part: u32) -> Result<(), Halt> {
        let place = Place { part, record: reading.record() };
        let mut digest = 0;
        if let Some(judge) = &mut self.judge {
            digest = reading.digest(judge.seed())?;
            if judge.passes(digest, place)? {
                return self.counted();
            }
        }
        match reading.read(&mut self.row)? {
            Read::Row => self.row(digest, place),
            Read::Rejected(reject) => self.reject(reject, place),
        }
    }

    fn row(&mut self, digest: u128, place: Place) -> Result<(), Halt> {
        let mark = self.encoder.mark();
        let part = place.part.cast_signed();
        let encoded = self.encoder.row(&self.row, part);
        encoded.map_err(|error| Halt::Stopped(Stopped::Broken(error.to_string())))?;
        if let Some(judge) = &mut self.judge
            && !judge.row(digest, self.encoder.values(mark), place)?
        {
            self.encoder.undo(mark);
        }
        self.counted()
    }

    fn reject(&mut self, mut reject: Box<Reject>, place: Place) -> Result<(), Halt> {
        if let Some(judge) = &mut self.judge {
            reject.key = judge.rejected(reject.key.take(), place)?;
        }
        self.summary.rejected += 1;
        self.summary.gave_up = self.most_rejects.is_some_and(|most| self.summary.rejected > most);
        self.send(Piece::Reject(place.part.cast_signed(), reject))?;
        if self.summary.gave_up { Err(Halt::Enough) } else { Ok(()) }
    }

    /// Counts a row, sends what is worth sending, and looks whether anyone is there.
    fn counted(&mut self) -> Result<(), Halt> {
        self.summary.rows += 1;
        if self.encoder.is_full() {
            let piece = Piece::Rows(self.encoder.take());
            return self.send(piece);
        }
        if !self.summary.rows.is_multiple_of(LOOK_UP) {
            return Ok(());
        }
        self.seen.rows.store(self.summary.rows, Ordering::Relaxed);
        if self.to.is_closed() { Err(Halt::Enough) } else { Ok(()) }
    }

    /// Ends the rows, and the comparison with its keys.
    fn finish(&mut self) -> Result<(), Halt> {
        let rows = std::mem::replace(&mut self.encoder, Encoder::new()).finish();
        self.send(Piece::Rows(rows))?;
        let Some(judge) = self.judge.take() else { return Ok(()) };
        let mut marks = std::mem::replace(&mut self.encoder, Encoder::new());
        let (none, to) = (marks.mark(), self.to);
        let mut sent = false;
        (self.summary.compared, self.summary.draft) = judge.finish(&mut marks, |marks| {
            if marks.is_full() {
                sent = true;
                // Whoever no longer listens knows why.
                let _nobody_left = to.blocking_send(Piece::Keys(marks.take()));
            }
        })?;
        if sent || marks.mark() > none {
            self.send(Piece::Keys(marks.finish()))?;
        }
        Ok(())
    }

    fn send(&self, piece: Piece) -> Result<(), Halt> {
        self.to.blocking_send(piece).map_err(|_nobody_left| Halt::Enough)
    }
}

/// A file that says how far it has been read.
struct Counted {
    file: Box<dyn ReadSeek>,
    seen: Arc<Seen>,
}

impl io::Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.seen.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
