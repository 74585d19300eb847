//! When a walk may ask a host.

use std::time::Duration;

use tokio::time::sleep;

use super::{SHORT, Walk};
use crate::{
    db::hosts::{self, Place},
    ingest::fetch::Turn,
    job::Failure,
};

/// How often a host that another program asks is looked at.
const GLANCE: Duration = Duration::from_millis(250);

impl Walk<'_> {
    /// Waits for our turn: no other run asks that host, of this program or of another, and all keep their distance, as does
    /// the next request of who holds the turn.
    pub(super) async fn turn(&self, host: &str, held: Option<Turn>) -> Result<Turn, Failure> {
        let turn = match held {
            Some(turn) => turn,
            None => self.alone_at(host).await?,
        };
        let (claim, distance) = (self.log.claim(), self.ingest.fetcher.distance());
        loop {
            let place = hosts::place(&mut *self.ingest.pool.get().await?, host, claim, distance, SHORT).await?;
            match place {
                Place::After(wait) => {
                    sleep(wait).await;
                    return Ok(turn);
                }
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
    async fn alone_at(&self, host: &str) -> Result<Turn, Failure> {
        // Who waits for one host keeps nobody waiting at another.
        self.leave().await?;
        Ok(self.ingest.fetcher.turns.at(host).await)
    }

    pub(super) async fn leave(&self) -> Result<(), Failure> {
        Ok(hosts::leave(&mut *self.ingest.pool.get().await?, self.log.claim()).await?)
    }
}
