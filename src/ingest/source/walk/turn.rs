//! When a walk may ask a host.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::{SHORT, Walk};
use crate::{
    db::hosts::{self, Place},
    ingest::fetch::Turn,
    job::Failure,
};

/// How often a host that another program asks is looked at.
const GLANCE: Duration = Duration::from_millis(250);
/// Who finds a host busy for longer than this gives way to runs that ask others …
const BUSY: Duration = Duration::from_secs(1);
/// … and comes back after this time.
const AGAIN: Duration = Duration::from_secs(5);

impl Walk<'_> {
    /// Waits for our turn: no other run asks that host, of this program or of another, and all keep their distance, as does
    /// the next request of who holds the turn.
    pub(super) async fn turn(&self, host: &str, held: Option<Turn>) -> Result<Turn, Failure> {
        let until = Instant::now() + BUSY;
        let turn = match held {
            Some(turn) => turn,
            None => self.alone_at(host, until).await?,
        };
        let (claim, distance) = (self.log.claim(), self.ingest.fetcher.distance());
        loop {
            let place = hosts::place(&mut *self.ingest.pool.get().await?, host, claim, distance, SHORT).await?;
            match place {
                Place::After(wait) => {
                    sleep(wait).await;
                    self.begun.get_or_init(|| ());
                    return Ok(turn);
                }
                Place::Taken if self.gives_way() && Instant::now() >= until => return Err(busy(host)),
                Place::Taken => sleep(GLANCE).await,
                Place::NotBefore(wait) => {
                    let error =
                        anyhow::anyhow!("{host} wishes to be left alone for {:.0} s more", wait.as_secs_f64().ceil());
                    return Err(Failure::Retry { error, after: Some(wait), again: 0 });
                }
            }
        }
    }

    /// Waits until no other run of this program asks that host.
    async fn alone_at(&self, host: &str, until: Instant) -> Result<Turn, Failure> {
        // Who waits for one host keeps nobody waiting at another.
        self.leave().await?;
        let turn = self.ingest.fetcher.turns.at(host);
        if self.gives_way() { timeout_at(until, turn).await.map_err(|_elapsed| busy(host)) } else { Ok(turn.await) }
    }

    /// Whether it may as well wait in the queue: it takes a place that others may need, and nothing is lost or asked twice.
    fn gives_way(&self) -> bool {
        !self.log.claim().by_command && self.begun.get().is_none()
    }

    pub(super) async fn leave(&self) -> Result<(), Failure> {
        Ok(hosts::leave(&mut *self.ingest.pool.get().await?, self.log.claim()).await?)
    }
}

fn busy(host: &str) -> Failure {
    Failure::Waits { why: format!("another run asks {host} just now"), after: AGAIN }
}
