//! The notifier's own session: it listens, takes notices that are due, and records what came of them.

use std::time::Duration;

use crate::db::{
    Connector,
    listener::{ListenError, Listener},
    notices::{self, Attempt, Claimed},
};

/// How long others keep off a notice that was taken: longer than any channel takes.
const HOLD: Duration = Duration::from_mins(2);

pub(super) struct Outbox {
    listener: Listener,
    labels: Vec<String>,
}

impl Outbox {
    /// For the channels of these labels.
    pub(super) fn new(connector: Connector, labels: Vec<String>) -> Self {
        Self { listener: Listener::new(connector, "bluebook_changes"), labels }
    }

    /// Makes notices of what is new, and takes at most `most` that are due.
    pub(super) async fn take(&mut self, most: usize) -> Result<Vec<Claimed>, ListenError> {
        let mut session = self.listener.take().await?;
        let labels: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        let given_up = notices::address(&mut session, &labels).await?;
        if given_up > 0 {
            tracing::error!(notices = given_up, "notices could not be sent for three days and are given up");
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let taken = if most > 0 { notices::claim(&mut session, &labels, HOLD, most).await? } else { Vec::new() };
        self.listener.put_back(session);
        Ok(taken)
    }

    /// Records how an attempt ended.
    pub(super) async fn record(&mut self, notice: &Claimed, attempt: &Attempt) -> Result<(), ListenError> {
        let mut session = self.listener.take().await?;
        notices::record(&mut session, notice, attempt).await?;
        self.listener.put_back(session);
        Ok(())
    }

    /// Waits until somebody says that there is news, but no longer than `most`.
    pub(super) async fn told(&mut self, most: Duration) {
        self.listener.told(most).await;
    }
}
