//! Living through an outage of the database: said once, waited out, said again when it is over.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait, so that work goes on soon after the database does.
const LONGEST: Duration = Duration::from_secs(5);

/// What a room that works without end remembers of an outage.
#[derive(Debug)]
pub struct Outage {
    who: &'static str,
    since: Option<Instant>,
    wait: Duration,
}

impl Outage {
    /// No outage yet, for the room called `who` in the log.
    pub fn new(who: &'static str) -> Self {
        Self { who, since: None, wait: FIRST }
    }

    /// The database refused; says how long to wait before it is asked again.
    pub fn refused(&mut self, error: &dyn Display) -> Duration {
        if self.since.is_none() {
            tracing::warn!(room = self.who, %error, "the database does not answer; it is asked again until it does");
            self.since = Some(Instant::now());
        }
        let wait = self.wait;
        self.wait = (wait * 2).min(LONGEST);
        wait
    }

    /// The database answered.
    pub fn answered(&mut self) {
        if let Some(since) = self.since.take() {
            tracing::info!(room = self.who, seconds = since.elapsed().as_secs(), "the database answers again");
        }
        self.wait = FIRST;
    }
}
