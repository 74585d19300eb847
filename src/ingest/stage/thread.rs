//! The thread that a release is read on, and what it sends.

use std::sync::{Arc, atomic::Ordering};

use tokio::{
    sync::mpsc::{self, Receiver},
    task::{JoinError, JoinHandle, spawn_blocking},
};

use super::read::{self, Material, Piece, Seen, Stopped, Summary};
use crate::db::run_log::Progress;

/// Pieces on their way at once: enough that neither side waits for the other's every move.
const ON_THE_WAY: usize = 8;

/// A release that is being read. Dropped, reading ends.
pub(in crate::ingest) struct ReadingThread {
    pieces: Receiver<Piece>,
    end: JoinHandle<Result<Summary, Stopped>>,
    seen: Arc<Seen>,
    total: u64,
    first_part: u32,
}

impl ReadingThread {
    /// Begins to read.
    pub(in crate::ingest) fn begin(material: Material) -> Self {
        let (total, first_part, seen) = (material.bytes, material.first_part, Arc::<Seen>::default());
        let (to, pieces) = mpsc::channel(ON_THE_WAY);
        let counted = Arc::clone(&seen);
        let end = spawn_blocking(move || read::read(material, &counted, &to));
        Self { pieces, end, seen, total, first_part }
    }

    /// The number of its first file among the release's parts.
    pub(super) fn first_part(&self) -> u32 {
        self.first_part
    }

    /// What comes next; none once all of it has been read, or no more will be.
    pub(super) async fn next(&mut self) -> Option<Piece> {
        self.pieces.recv().await
    }

    /// How far it is.
    pub(super) fn progress(&self) -> Progress {
        let (bytes, rows) = (self.seen.bytes.load(Ordering::Relaxed), self.seen.rows.load(Ordering::Relaxed));
        Progress { bytes: bytes.min(self.total), total_bytes: Some(self.total), rows }
    }

    /// What reading came to.
    pub(super) async fn end(self) -> Result<Result<Summary, Stopped>, JoinError> {
        drop(self.pieces);
        self.end.await
    }
}
