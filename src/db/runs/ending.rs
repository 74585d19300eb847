//! How an attempt ends, and what that makes of its run.

use std::time::Duration;

use crate::job::{Failure, Outcome, harmless, shortened};

use super::{Claim, finish::LONGEST_ERROR};

/// A run that failed this often is given up. Attempts that were cut off or handed back are not counted.
pub const MOST_ATTEMPTS: i32 = 5;

/// The first back-off; each further attempt may wait twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// The longest back-off of our own. A publisher may ask for more.
const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// How an attempt ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Well; a held release makes a held run.
    Done(Outcome),
    /// For good.
    Failed {
        /// What happened, where, and what would help.
        error: String,
    },
    /// Because a person wished so.
    Cancelled {
        /// Who.
        by: String,
    },
    /// With another attempt to come.
    Retry {
        /// What happened.
        error: String,
        /// How long to wait.
        after: Duration,
        /// How often the attempt has tried once more: each time counts as an attempt.
        again: u32,
    },
    /// Unfinished, as something else is in the way: back into the queue.
    Waits {
        /// What it waits for.
        why: String,
        /// How long.
        after: Duration,
    },
    /// Unfinished, as the daemon stops: back into the queue.
    HandedBack,
}

impl Ending {
    /// What an attempt's result means for its run; none if the run belongs to another daemon by now.
    pub fn of(result: Result<Outcome, Failure>, claim: &Claim) -> Option<Self> {
        Some(match result {
            Ok(outcome) => Self::Done(outcome),
            Err(Failure::Final(error)) => Self::Failed { error: sentence(&error) },
            Err(Failure::Cancelled(by)) => Self::Cancelled { by },
            Err(Failure::Waits { why, after }) => Self::Waits { why, after },
            Err(Failure::Stopping) => Self::HandedBack,
            Err(Failure::Lost) => return None,
            Err(Failure::Retry { error, after, again }) => Self::again(&sentence(&error), after, again, claim),
        })
    }

    fn again(error: &str, after: Option<Duration>, again: u32, claim: &Claim) -> Self {
        let failed = claim.failing().saturating_add_unsigned(again);
        if failed >= MOST_ATTEMPTS {
            return Self::Failed { error: format!("{error} (given up after {failed} attempts)") };
        }
        // A publisher's own wish is the least; the jitter keeps many from coming back at the same moment.
        let after = after.unwrap_or_default() + back_off(failed, rand::random());
        Self::Retry { error: error.to_owned(), after, again }
    }
}

/// Full jitter: a `share` from 0 to 1 of a wait that doubles with each attempt.
fn back_off(attempt: i32, share: f64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or_default();
    let most = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT);
    most.mul_f64(share.clamp(0.0, 1.0))
}

/// An error and its causes, as it can be kept and shown: some quote what a publisher has written, however long that is.
fn sentence(error: &anyhow::Error) -> String {
    harmless(&shortened(format!("{error:#}"), LONGEST_ERROR))
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;
    use crate::job::{Job, RunId, Trigger};

    fn claim(attempt: i32, interruptions: i32) -> Claim {
        Claim {
            run: RunId(1),
            job: Job::Upkeep,
            trigger: Trigger::Command,
            schedule: None,
            slot: None,
            requested_by: None,
            attempt,
            interruptions,
            epoch: i64::from(attempt),
            at_once: true,
            by_command: false,
        }
    }

    #[test]
    fn the_fifth_failure_is_the_last() {
        let failed = |claim| Ending::of(Err(Failure::retry(anyhow!("no answer"))), &claim);
        assert!(matches!(failed(claim(4, 0)), Some(Ending::Retry { .. })));
        assert_eq!(failed(claim(5, 0)), Some(Ending::Failed { error: "no answer (given up after 5 attempts)".into() }));
        assert!(matches!(failed(claim(6, 2)), Some(Ending::Retry { .. })), "two of six were cut off, not failed");
    }

    #[test]
    fn what_was_tried_once_more_within_an_attempt_counts() {
        let failed = |again| Failure::Retry { error: anyhow!("503"), after: None, again };
        assert!(matches!(Ending::of(Err(failed(1)), &claim(3, 0)), Some(Ending::Retry { again: 1, .. })));
        assert!(matches!(Ending::of(Err(failed(1)), &claim(4, 0)), Some(Ending::Failed { .. })));
        assert_eq!((claim(4, 0).left(), claim(6, 2).left(), claim(9, 0).left()), (1, 1, 0));
    }

    #[test]
    fn a_publishers_wish_is_the_least_wait() {
        let wish = Duration::from_mins(10);
        let asked = Failure::Retry { error: anyhow!("429"), after: Some(wish), again: 0 };
        let Some(Ending::Retry { after, .. }) = Ending::of(Err(asked), &claim(1, 0)) else { panic!("no retry") };
        assert!(after >= wish && after <= wish + FIRST_WAIT);
    }

    #[test]
    fn waits_double_up_to_half_an_hour() {
        let longest: Vec<u64> = (1..=8).map(|attempt| back_off(attempt, 1.0).as_secs()).collect();
        assert_eq!(longest, [30, 60, 120, 240, 480, 960, 1800, 1800]);
        assert_eq!(back_off(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn a_lost_run_has_no_ending_here() {
        assert_eq!(Ending::of(Err(Failure::Lost), &claim(1, 0)), None);
    }
}
