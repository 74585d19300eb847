//! The notifier: empties the outbox, several notices at a time, as long as the daemon runs.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::{JoinError, JoinSet},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{Channels, Desk, SendError, outbox::Outbox};
use crate::db::{
    Connector,
    listener::ListenError,
    notices::{Attempt, Claimed},
    outage::Outage,
};

/// How often the outbox is looked at when nobody says that there is news.
const POLL: Duration = Duration::from_secs(5);
/// How many notices are sent at the same time.
const PARALLEL: usize = 8;
/// The wait after the first failure; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_mins(1);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// How long notices on their way are waited for when the daemon stops. What is cut off is sent again.
const GOODBYE: Duration = Duration::from_secs(10);

type Done = (Claimed, Attempt);

/// Sends what the outbox has.
pub struct Notifier {
    connector: Connector,
    channels: Channels,
    desk: Arc<Desk>,
}

impl Notifier {
    /// Through these channels.
    pub fn new(connector: Connector, channels: Channels, desk: Desk) -> Self {
        Self { connector, channels, desk: Arc::new(desk) }
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let labels = self.channels.iter().map(|channel| channel.label().to_owned()).collect();
        let mut outbox = Outbox::new(self.connector.clone(), labels);
        let (mut sending, mut done) = (JoinSet::new(), Vec::new());
        let mut outage = Outage::new("notifier");
        while !stop.is_cancelled() {
            let wait = match self.round(&mut outbox, &mut sending, &mut done).await {
                Ok(()) => {
                    outage.answered();
                    POLL
                }
                Err(error) => outage.refused(&error),
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = outbox.told(wait) => (),
                Some(ended) = sending.join_next() => keep(&mut done, ended),
            }
        }
        let _late = timeout(GOODBYE, async {
            while let Some(ended) = sending.join_next().await {
                keep(&mut done, ended);
            }
        })
        .await;
        if let Err(error) = record(&mut outbox, &mut done).await {
            tracing::warn!(%error, notices = done.len(), "what came of notices could not be recorded; they are sent again");
        }
    }

    /// Records what has ended, and begins what is due.
    async fn round(
        &self,
        outbox: &mut Outbox,
        sending: &mut JoinSet<Done>,
        done: &mut Vec<Done>,
    ) -> Result<(), ListenError> {
        record(outbox, done).await?;
        for notice in outbox.take(PARALLEL.saturating_sub(sending.len())).await? {
            let Some(channel) = self.channels.get(&notice.channel).cloned() else { continue };
            let desk = Arc::clone(&self.desk);
            sending.spawn(async move {
                let sent = match desk.write(notice.id, &notice.change) {
                    Ok(news) => channel.send(&news).await,
                    Err(error) => Err(SendError::ForGood(error.to_string())),
                };
                tell(&notice, channel.kind(), &sent);
                let attempt = attempt(&notice, sent);
                (notice, attempt)
            });
        }
        Ok(())
    }
}

/// A notice stays in `done` until its end is in the database.
async fn record(outbox: &mut Outbox, done: &mut Vec<Done>) -> Result<(), ListenError> {
    while let Some((notice, attempt)) = done.last() {
        outbox.record(notice, attempt).await?;
        done.pop();
    }
    Ok(())
}

fn keep(done: &mut Vec<Done>, ended: Result<Done, JoinError>) {
    match ended {
        Ok(sent) => done.push(sent),
        Err(error) => tracing::error!(%error, "sending a notice ended by itself; it is sent again"),
    }
}

fn attempt(notice: &Claimed, sent: Result<(), SendError>) -> Attempt {
    match sent {
        Ok(()) => Attempt::Sent,
        Err(SendError::ForGood(error)) => Attempt::Refused { error },
        Err(SendError::ForNow(error)) => Attempt::Failed { error, again_in: back_off(notice.attempts) },
    }
}

fn back_off(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default();
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT)
}

/// The one place where a notice's end is logged. What the other side said may name people; it stands with the notice.
fn tell(notice: &Claimed, kind: &str, sent: &Result<(), SendError>) {
    let (job, condition) = (&notice.change.job, notice.change.after);
    match sent {
        Ok(()) => tracing::info!(notice = notice.id, kind, job, %condition, "people were told"),
        Err(SendError::ForNow(_)) => {
            let attempt = notice.attempts;
            tracing::warn!(
                notice = notice.id,
                kind,
                job,
                attempt,
                "a notice could not be sent and will be tried again"
            );
        }
        Err(SendError::ForGood(_)) => tracing::error!(notice = notice.id, kind, job, "a notice was refused for good"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        let minutes: Vec<u64> = (1..=8).map(|attempts| back_off(attempts).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
