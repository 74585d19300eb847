//! How long we wait for what.

use std::time::Duration;

/// How long we wait for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a connection.
    pub(super) connect: Duration,
    /// For an answer's head, once connected. Both are one wait: a quick connection leaves the head all of it.
    pub(super) head: Duration,
    /// In each of these …
    pub(super) window: Duration,
    /// … so many bytes must come.
    pub(super) window_bytes: u64,
}

impl Patience {
    pub(super) const USUAL: Self = Self {
        connect: Duration::from_secs(10),
        head: Duration::from_secs(30),
        window: Duration::from_mins(1),
        window_bytes: 60 * 1024,
    };
}

/// The first wait before a request is made once more within a run; each further one may be twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Full jitter: a `share` from 0 to 1 of a wait that doubles. `again` counts from 0.
pub(in crate::ingest) fn before(again: u32, share: f64) -> Duration {
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(again.min(6))).mul_f64(share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_waited_for_longer_than_was_promised() {
        let Patience { connect, head, window, window_bytes } = Patience::USUAL;
        assert_eq!((connect.as_secs(), head.as_secs()), (10, 30));
        assert_eq!((window.as_secs(), window_bytes), (60, 60 << 10), "a kibibyte a second");
    }

    #[test]
    fn waits_within_a_run_double_up_to_32_s_and_differ() {
        let longest: Vec<u64> = (0..9).map(|again| before(again, 1.0).as_millis().try_into().unwrap()).collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 16000, 32000, 32000, 32000]);
        assert_eq!((before(3, 0.0), before(3, 0.5)), (Duration::ZERO, Duration::from_secs(2)));
        let waits: std::collections::HashSet<_> = (0..50).map(|_| before(1, rand::random())).collect();
        assert!(waits.len() > 40, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(1)), "{waits:?}");
    }
}
