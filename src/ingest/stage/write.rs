//! Writing a stage: the reader's pieces go through a bounded channel into binary COPYs, rejects beside them.

use std::{pin::Pin, time::Duration};

use bytes::Bytes;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use futures_util::SinkExt;
use parsers::Reject;
use tokio_postgres::{Client, CopyInSink};

use super::{ReadingThread, Stopped, Summary, read::Piece};
use crate::{
    db::{
        AsyncPgConnection, PgSession,
        rejects::{self, LONGEST_ORIGINAL, LONGEST_TEXT, MOST_ORIGINALS, NewReject, SHORT_ORIGINAL},
        run_log::RunLog,
        runs::{self, Claim, RunError},
    },
    ingest::statement::Names,
    job::{Failure, ReleaseId, last_words, shortened},
};

/// The release's rows, or those of them that differ.
const ROWS: &str = "COPY {stage} ({columns}, _part, _record) FROM STDIN (FORMAT binary)";

/// Keys of what goes, and of what stays in spite of a reject.
const KEYS: &str = "COPY {stage} ({key}, _part, _record, _kind) FROM STDIN (FORMAT binary)";

/// How often it is told how far a load is.
const TELL: Duration = Duration::from_millis(200);

/// Rejects that are written at once.
const REJECTS_AT_ONCE: usize = 200;

/// What was written.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Written {
    /// What reading came to. If it was given up, the stage is empty.
    pub(in crate::ingest) summary: Summary,
    /// Keys of rejected records whose old rows PostgreSQL has to look for, as text.
    pub(in crate::ingest) kept_keys: Vec<Vec<String>>,
}

/// Why a stage was not written.
#[derive(Debug)]
pub(in crate::ingest) enum WriteError {
    /// The file is to blame.
    Stopped(Stopped),
    /// Something else is.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for WriteError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Stages a release that is being read, in what `create` makes. Without a run's log somebody only looks: then no reject is
/// kept.
pub(in crate::ingest) async fn write(
    session: &mut PgSession,
    create: &str,
    names: &Names,
    release: ReleaseId,
    mut reading: ReadingThread,
    log: Option<&RunLog>,
) -> Result<Written, WriteError> {
    session.batch_execute(create).await?;
    let pending = match log {
        Some(log) => begin(session, release, reading.first_part(), log).await?,
        None => false,
    };
    let (conn, twin) = session.both().await?;
    twin.batch_execute("SET statement_timeout = '2h'").await.map_err(lost)?;
    let mut copying = Copying::begin(twin, names, ROWS).await?;
    let claim = log.map(RunLog::claim);
    let mut writing = Writing { conn, claim, release, pending, kept: 0, waiting: Vec::new(), kept_keys: Vec::new() };
    let mut tells = tokio::time::interval(TELL);
    loop {
        let piece = tokio::select! {
            piece = reading.next() => piece,
            _ = tells.tick() => {
                tell(log, &reading);
                continue;
            }
            halted = halted(log) => return Err(halted.into()),
        };
        match piece {
            Some(Piece::Rows(bytes)) => copying.send(bytes).await?,
            Some(Piece::Keys(bytes)) => {
                if copying.what == ROWS {
                    copying.finish().await?;
                    copying = Copying::begin(twin, names, KEYS).await?;
                }
                copying.send(bytes).await?;
            }
            Some(Piece::Reject(part, reject)) => writing.reject(part, *reject).await?,
            None => break,
        }
    }
    tell(log, &reading);
    let summary = reading.end().await.map_err(panicked)?.map_err(WriteError::Stopped)?;
    writing.flush().await?;
    let kept_keys = writing.kept_keys;
    if !summary.gave_up && summary.whole_instead.is_none() {
        copying.finish().await?;
    }
    let (rows, rejected) = (summary.rows, summary.rejected);
    tracing::debug!(%release, rows, rejected, "read");
    Ok(Written { summary, kept_keys })
}

/// Says how far it is.
fn tell(log: Option<&RunLog>, reading: &ReadingThread) {
    if let Some(log) = log {
        log.progress(reading.progress());
    }
}

/// An earlier attempt may have kept rejects. Parts of a release that is read in several steps keep theirs together.
/// Says whether what is written now is pending.
async fn begin(session: &mut PgSession, release: ReleaseId, first_part: u32, log: &RunLog) -> Result<bool, RunError> {
    let begun = session.transaction(async |conn| {
        runs::still_held(conn, log.claim()).await?;
        Ok(rejects::begin(conn, release, first_part == 0).await?)
    });
    begun.await
}

/// Nobody halts who only looks.
async fn halted(log: Option<&RunLog>) -> Failure {
    match log {
        Some(log) => log.halted().await,
        None => std::future::pending().await,
    }
}

/// A copy into the stage; dropped before its end, it has no effect.
struct Copying {
    what: &'static str,
    sink: Pin<Box<CopyInSink<Bytes>>>,
}

impl Copying {
    async fn begin(twin: &Client, names: &Names, what: &'static str) -> Result<Self, Failure> {
        Ok(Self { what, sink: Box::pin(twin.copy_in(&names.fill(what)).await.map_err(lost)?) })
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), Failure> {
        if bytes.is_empty() { Ok(()) } else { self.sink.send(bytes).await.map_err(lost) }
    }

    async fn finish(&mut self) -> Result<(), Failure> {
        self.sink.as_mut().finish().await.map(|_rows| ()).map_err(lost)
    }
}

/// Rejects on their way into their table.
struct Writing<'a> {
    conn: &'a mut AsyncPgConnection,
    /// None if nothing is to be kept.
    claim: Option<&'a Claim>,
    release: ReleaseId,
    pending: bool,
    /// Bytes of their originals so far.
    kept: usize,
    waiting: Vec<NewReject>,
    kept_keys: Vec<Vec<String>>,
}

impl Writing<'_> {
    async fn reject(&mut self, part: i32, mut reject: Reject) -> Result<(), Failure> {
        self.kept_keys.extend(reject.key.take());
        reject.original.truncate(if self.kept < MOST_ORIGINALS { LONGEST_ORIGINAL } else { SHORT_ORIGINAL });
        self.kept += reject.original.len();
        self.waiting.push(NewReject {
            release: self.release.0,
            part,
            record: reject.record.cast_signed(),
            line: reject.line.map(u64::cast_signed),
            column_name: reject.column,
            value: reject.value.map(|value| without_nul(shortened(value, LONGEST_TEXT))),
            reason: shortened(reject.reason, LONGEST_TEXT),
            original: reject.original,
            pending: self.pending,
        });
        if self.waiting.len() >= REJECTS_AT_ONCE { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if let Some(claim) = self.claim {
            let kept = self.conn.transaction::<_, RunError, _>(async |conn| {
                runs::still_held(conn, claim).await?;
                Ok(rejects::keep(conn, &self.waiting).await?)
            });
            kept.await?;
        }
        self.waiting.clear();
        Ok(())
    }
}

/// PostgreSQL's text has no NUL; what the source wrote stands in `original`, byte for byte.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{2400}") } else { text }
}

/// The COPY session failed. A value that PostgreSQL refuses, or that is too long for it, would be refused again.
fn lost(error: tokio_postgres::Error) -> Failure {
    let refused = error.code().is_some_and(|code| ["22", "54"].iter().any(|class| code.code().starts_with(class)));
    let told = anyhow::Error::from(error).context("PostgreSQL did not take the rows into the stage");
    if refused { Failure::Final(told) } else { Failure::retry(told) }
}

fn panicked(error: tokio::task::JoinError) -> Failure {
    let Ok(panic) = error.try_into_panic() else { return Failure::Stopping };
    let what = last_words(&*panic).unwrap_or_default();
    Failure::fatal(anyhow::anyhow!("the dataset's parser panicked: {what}"))
}
