//! One connection at a time to each host, whichever datasets ask.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::BoxFuture;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};
use url::Url;

use super::FetchError;

/// Who may ask which host now. Cheap to clone; all clones know of each other.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Arc<Semaphore>>>>);

/// The turn; over when it is dropped. One by default is nobody's.
#[derive(Debug, Default)]
pub struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

/// How the turn at a host is waited for, before each request; by whom it is held already, it is only renewed.
pub type InTurn<'a> = &'a (dyn Fn(String, Option<Turn>) -> BoxFuture<'a, Result<Turn, FetchError>> + Sync);

/// Where a fetch stands: at one host at a time, wherever it is sent.
pub(super) struct Stand<'a> {
    in_turn: InTurn<'a>,
    at: Option<(String, Turn)>,
    /// When all of it must have ended. The time in which it waited for its turns is not counted.
    pub(super) deadline: Instant,
}

impl<'a> Stand<'a> {
    pub(super) fn new(in_turn: InTurn<'a>, deadline: Instant) -> Self {
        Self { in_turn, at: None, deadline }
    }

    /// Goes to the host of this URL for one request: leaves the last one, if it is another, and waits. No one waits at one
    /// host while another is theirs.
    pub(super) async fn go(&mut self, url: &Url) -> Result<(), FetchError> {
        let host = host(url);
        let held = self.at.take().filter(|(at, _)| *at == host).map(|(_, turn)| turn);
        let begun = Instant::now();
        let turn = (self.in_turn)(host.clone(), held).await?;
        self.deadline += begun.elapsed();
        self.at = Some((host, turn));
        Ok(())
    }
}

/// The host that is asked, by the one name under which its turns are kept: a dot behind it names no other.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_end_matches('.').to_owned()
}

impl Turns {
    /// Waits until nobody else of this program asks that host.
    pub async fn at(&self, host: &str) -> Turn {
        let place = {
            let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Hosts at which nobody is are forgotten.
            hosts.retain(|known, place| known == host || Arc::strong_count(place) > 1);
            Arc::clone(hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        // It is never closed.
        Turn { _permit: place.acquire_owned().await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[test]
    fn a_host_has_one_name() {
        for spelled in ["http://Localhost/x", "https://localhost.:8443/", "http://me@localhost."] {
            assert_eq!(host(&spelled.parse().unwrap()), "localhost", "{spelled}");
        }
    }

    #[tokio::test]
    async fn a_host_is_asked_by_one_at_a_time_and_others_beside_it() {
        let turns = Turns::default();
        let first = turns.at("a.example").await;
        let mut second = std::pin::pin!(turns.at("a.example"));
        assert!(poll!(&mut second).is_pending());
        drop(turns.at("b.example").await);
        assert!(poll!(&mut second).is_pending());
        drop(first);
        assert!(poll!(&mut second).is_ready());
    }
}
