//! Waiting without sleeping blindly.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Looks again and again until `look` gives something, and fails the test with `what` when it has not within `limit`.
#[track_caller]
pub(crate) fn eventually<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "after {limit:?} still not: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
