//! Runs: queue and history in one table.
//!
//! A run is claimed under a lease and an *epoch* that rises with each claim. Whoever writes for a run names its epoch,
//! and the write must hit one row: a daemon that slept past its lease writes nothing.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::job::{Job, RunId, Trigger};

mod ending;
mod events;
mod finish;
mod lease;
mod look;
mod queue;

pub use ending::{Ending, MOST_ATTEMPTS};
pub use events::{Event, events, note};
pub use finish::{RunError, finish};
pub use lease::{Beat, Interrupted, LEASE, MOST_INTERRUPTIONS, beat, enter, interrupt_expired, still_held};
pub use look::{Filter, RunRow, last_failed, list, show};
pub use queue::{Cancelled, Started, cancel, claim, claim_this, enqueue, start};

/// A run to be put into the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// What to do.
    pub job: Job,
    /// Why.
    pub trigger: Trigger,
    /// Who asked, if it was a person: a login, or the account of a command.
    pub requested_by: Option<String>,
    /// The schedule and its due moment, for [`Trigger::Slot`] only.
    pub slot: Option<(String, Timestamp)>,
}

impl NewRun {
    /// A run that somebody asked for.
    pub fn asked(job: Job, trigger: Trigger, by: impl Into<String>) -> Self {
        Self { job, trigger, requested_by: Some(by.into()), slot: None }
    }
}

/// A run that this process holds: proof of the claim, shown with every write for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Which run.
    pub run: RunId,
    /// What to do.
    pub job: Job,
    /// Why.
    pub trigger: Trigger,
    /// The schedule's name, for a slot.
    pub schedule: Option<String>,
    /// The due moment, for a slot.
    pub slot: Option<Timestamp>,
    /// Who asked, if it was a person.
    pub requested_by: Option<String>,
    /// Which attempt this is; what an attempt before it tried once more counts as others.
    pub attempt: i32,
    /// How many of those attempts were cut off.
    pub interruptions: i32,
    /// Rises with each claim.
    pub epoch: i64,
    /// Whether it was claimed as soon as it was asked for, and has waited for nobody.
    pub at_once: bool,
    /// Whether a command works it off, and so takes no place among a daemon's runs.
    pub by_command: bool,
}

impl Claim {
    /// How many attempts have failed if this one does. Those that were cut off are not counted.
    fn failing(&self) -> i32 {
        self.attempt.saturating_sub(self.interruptions)
    }

    /// How many attempts are left after this one.
    pub fn left(&self) -> u32 {
        MOST_ATTEMPTS.saturating_sub(self.failing()).try_into().unwrap_or_default()
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for a worker.
    Queued,
    /// Held by a worker under its lease.
    Running,
    /// Its worker's lease ran out; waits to be run again.
    Interrupted,
    /// Done.
    Succeeded,
    /// Done; its release waits for a person.
    Held,
    /// Done in vain.
    Failed,
    /// A person stopped it.
    Cancelled,
    /// A slot that was not run because of the overlap policy or a pause.
    Skipped,
    /// A slot that came due while nobody was there, and that the catch-up policy leaves out.
    Missed,
}

impl State {
    /// All states, in the order of a run's life.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Running,
        Self::Interrupted,
        Self::Succeeded,
        Self::Held,
        Self::Failed,
        Self::Cancelled,
        Self::Skipped,
        Self::Missed,
    ];

    /// The word in the table and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Succeeded => "succeeded",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::Missed => "missed",
        }
    }

    /// True while the run has not ended.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Interrupted)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Text that is no state of a run.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no state of a run: write one of {all}", all = State::ALL.map(State::as_str).join(", "))]
pub struct StateError(pub String);

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| StateError(text.to_owned()))
    }
}
