//! How long we wait for what.

use std::time::Duration;

/// How long we wait for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a connection.
    pub(super) connect: Duration,
    /// For an answer's head, once connected.
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
