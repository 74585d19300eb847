//! Headers of publishers' answers: whatever they say, a wait has an end and a link is a part of what was said.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parsers::headers::{LONGEST_WAIT, content_range, next_link, retry_after};

fuzz_target!(|text: &str| {
    let now = "2026-11-22T10:00:00Z".parse().expect("a moment");
    assert!(retry_after(text, now).is_none_or(|wait| wait <= LONGEST_WAIT), "{text}");
    assert!(next_link(text).is_none_or(|link| text.contains(link)), "{text}");
    if let Some(span) = content_range(text) {
        assert!(span.end().is_none_or(|end| end > span.last && span.all.is_none_or(|all| all == end)), "{text}");
    }
});
