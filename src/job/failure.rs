//! How work goes wrong.

use std::time::Duration;

/// How a step goes wrong; the step decides what should happen next.
#[derive(Debug)]
pub enum Failure {
    /// Worth another attempt, not before `after` has passed (or the worker's own back-off).
    Retry {
        /// What went wrong.
        error: anyhow::Error,
        /// The publisher's own wish (`Retry-After`).
        after: Option<Duration>,
        /// How often the same has been tried once more before this attempt gave up.
        again: u32,
    },
    /// Something else is in the way just now: back into the queue for so long. It is no attempt.
    Waits {
        /// What it waits for.
        why: String,
        /// How long.
        after: Duration,
    },
    /// Trying again would end the same way.
    Final(anyhow::Error),
    /// A person cancelled the run; it says who.
    Cancelled(String),
    /// The daemon is stopping: the run goes back to the queue.
    Stopping,
    /// Another daemon holds the run by now: whatever this one still does must not count.
    Lost,
}

impl Failure {
    /// A failure that waits for the worker's own back-off.
    pub fn retry(error: impl Into<anyhow::Error>) -> Self {
        Self::Retry { error: error.into(), after: None, again: 0 }
    }

    /// The same, where it has been tried once more so often.
    pub fn tried(self, again: u32) -> Self {
        match self {
            Self::Retry { error, after, .. } => Self::Retry { error, after, again },
            other => other,
        }
    }

    /// The same with its text as it may be shown.
    #[must_use]
    pub fn showing(self, shown: impl Fn(&str) -> String) -> Self {
        let change = |error: anyhow::Error| {
            let told = format!("{error:#}");
            let shown = shown(&told);
            if shown == told { error } else { anyhow::Error::msg(shown) }
        };
        match self {
            Self::Retry { error, after, again } => Self::Retry { error: change(error), after, again },
            Self::Final(error) => Self::Final(change(error)),
            other => other,
        }
    }

    /// A failure that another attempt would not mend.
    pub fn fatal(error: impl Into<anyhow::Error>) -> Self {
        Self::Final(error.into())
    }
}
