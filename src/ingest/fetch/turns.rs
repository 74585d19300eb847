//! One connection at a time to each host, whichever datasets ask.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Who may ask which host now. Cheap to clone; all clones know of each other.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Arc<Semaphore>>>>);

/// The turn; over when it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
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
