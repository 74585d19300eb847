//! Taking a body in: capped, timed, and counted against what was announced.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use super::{FetchError, Patience, broken};
use crate::archive::Incoming;

/// What is told while bytes come in: how many, and of how many if that is known.
pub type Watch<'a> = &'a (dyn Fn(u64, Option<u64>) + Sync);

/// The transfer's limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) patience: Patience,
    /// When the whole transfer must have ended.
    pub(super) deadline: Instant,
    /// The dataset's longest time for it, for the message.
    pub(super) timeout: Duration,
    /// Most bytes of this file.
    pub(super) bytes: u64,
    /// How many bytes the file was announced to have, if that was said.
    pub(super) announced: Option<u64>,
    /// Most bytes of all of the release, for the message.
    pub(super) most_bytes: u64,
}

/// Writes the body down. The length is checked where it was announced; where it was not, the format's own end (a
/// footer, the root's closing tag, the archive's directory) must show that nothing is missing.
pub(super) async fn take(
    response: Response,
    url: &str,
    into: &mut Incoming,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<(), FetchError> {
    let large = || Err(FetchError::Large { url: url.to_owned(), limit: limits.most_bytes });
    // What came before the line broke is there already.
    let (before, announced) = (into.bytes(), limits.announced);
    if announced.is_some_and(|length| length > limits.bytes) {
        return large();
    }
    let mut pace = Pace::new(limits, before);
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = pace.wait(chunks.next(), url, into.bytes()).await? {
        let chunk = chunk.map_err(|error| broken(url, error))?;
        if into.bytes() + chunk.len() as u64 > limits.bytes {
            return large();
        }
        into.write(&chunk).await?;
        watch(into.bytes(), announced);
    }
    match announced {
        Some(announced) if announced != into.bytes() => {
            Err(FetchError::Length { url: url.to_owned(), announced, sent: into.bytes() })
        }
        _ => Ok(()),
    }
}

/// Watches the clock: the whole transfer has a deadline, and each window of it must bring some bytes. Time-outs
/// between two bytes would let a publisher drip for ever.
struct Pace<'a> {
    limits: &'a Limits,
    window_ends: Instant,
    bytes_before: u64,
}

impl<'a> Pace<'a> {
    fn new(limits: &'a Limits, bytes_before: u64) -> Self {
        Self { limits, window_ends: Instant::now() + limits.patience.window, bytes_before }
    }

    /// Waits for the next chunk as long as the pace allows.
    async fn wait<T>(&mut self, next: impl Future<Output = T>, url: &str, bytes: u64) -> Result<T, FetchError> {
        let mut next = std::pin::pin!(next);
        loop {
            let until = self.window_ends.min(self.limits.deadline);
            // The clock is read first: a steady drip never lets a wait run out.
            if Instant::now() >= until {
                self.turn(url, bytes)?;
            } else if let Ok(chunk) = timeout_at(until, &mut next).await {
                return Ok(chunk);
            }
        }
    }

    /// Begins the next window, if the last one brought enough and there is time left.
    fn turn(&mut self, url: &str, bytes: u64) -> Result<(), FetchError> {
        let slow = |what| Err(FetchError::Slow { url: url.to_owned(), what });
        let now = Instant::now();
        if now >= self.limits.deadline {
            return slow(format!("the transfer did not end within {:?} (source.timeout)", self.limits.timeout));
        }
        let patience = self.limits.patience;
        if bytes - self.bytes_before < patience.window_bytes {
            return slow(format!(
                "{} bytes in {:?}, and {} are the least",
                bytes - self.bytes_before,
                patience.window,
                patience.window_bytes
            ));
        }
        self.window_ends = now + patience.window;
        self.bytes_before = bytes;
        Ok(())
    }
}
