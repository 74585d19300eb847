//! A run's own session: heartbeats, and what the log writes between them.

use std::{sync::Arc, time::Duration};

use diesel::result::DatabaseErrorKind;
use tokio::sync::mpsc;
use tokio::time::{self, MissedTickBehavior};

use super::{Shared, What, Write};
use crate::db::runs::{self, Beat, Claim, RunError};
use crate::db::{Connector, DbError, DbResult, PgSession};

/// How often the lease is extended: four times before it runs out.
const EVERY: Duration = Duration::from_secs(2);

/// One statement that takes longer than this goes with its session: the next one may do better in time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Beats and writes until the run is lost or the log is dropped. A lost session is opened anew with the next beat.
pub(super) async fn keep(connector: Connector, claim: Claim, shared: Arc<Shared>, mut writes: mpsc::Receiver<Write>) {
    let mut line = Line { connector, claim, session: None };
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while shared.lost.get().is_none() {
        tokio::select! {
            _ = ticks.tick() => line.beat(&shared).await,
            write = writes.recv() => match write {
                Some(write) => line.write(write, &shared).await,
                None => return,
            },
        }
    }
}

struct Line {
    connector: Connector,
    claim: Claim,
    session: Option<PgSession>,
}

impl Line {
    async fn beat(&mut self, shared: &Shared) {
        let progress = shared.position.lock().ok().and_then(|position| position.progress);
        let progress = progress.and_then(|progress| serde_json::to_value(progress).ok());
        match self.ask(async |session, claim| runs::beat(session, claim, progress.as_ref()).await).await {
            Ok(beat) => shared.learn(&beat),
            // The lease lasts for three more.
            Err(error) => tracing::debug!(run = self.claim.run.0, %error, "a heartbeat failed"),
        }
    }

    /// Writes, and answers whoever asked for it once the log knows what the row said.
    async fn write(&mut self, Write(what, reply): Write, shared: &Shared) {
        let written = self
            .ask(async |session, claim| match what {
                What::Step(step) => runs::enter(session, claim, step).await,
                What::Note(message) => held(runs::note(session, claim, &message).await),
                What::End(ending) => held(runs::finish(session, claim, &ending).await),
            })
            .await;
        if let Ok(beat) = &written {
            shared.learn(beat);
        }
        let _log_gone = reply.send(written);
    }

    async fn ask(&mut self, statement: impl AsyncFnOnce(&mut PgSession, &Claim) -> DbResult<Beat>) -> DbResult<Beat> {
        let mut session = match self.session.take() {
            Some(session) => session,
            None => PgSession::open(&self.connector).await.map_err(no_answer)?,
        };
        // One statement, not a transaction: whether it went through or not, the next beat asks again.
        let beat = time::timeout(PATIENCE, statement(&mut session, &self.claim)).await.map_err(no_answer)??;
        self.session = Some(session);
        Ok(beat)
    }
}

/// A write that found no row of ours says that the run is lost.
fn held(written: Result<(), RunError>) -> DbResult<Beat> {
    match written {
        Ok(()) => Ok(Beat::Held),
        Err(RunError::Lost) => Ok(Beat::Lost),
        Err(RunError::Db(error)) => Err(error),
    }
}

/// No session, or no answer in time: worth another attempt.
fn no_answer(error: impl std::fmt::Display) -> DbError {
    DbError::DatabaseError(DatabaseErrorKind::UnableToSendCommand, Box::new(error.to_string()))
}
