//! Moments as people read them. Always UTC, and it says so.

use jiff::Timestamp;

use super::figures::duration;

/// A `<time>` to the minute; the seconds stand in its title.
pub(super) fn moment(text: &str) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return String::new() };
    element(at, &at.strftime("%Y-%m-%d %H:%M UTC").to_string(), "")
}

/// The time of the day, to the second.
pub(super) fn clock(text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_not_a_time| String::new(), |at| at.strftime("%H:%M:%S").to_string())
}

/// A `<time>` that says how long ago it was; the page's script keeps it true.
pub(super) fn ago(text: &str, now: Timestamp) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return String::new() };
    element(at, &distance(at, now), " data-ago")
}

/// A `<time>` that says in how long it will be; the page's script keeps it true.
pub(super) fn due(text: &str, now: Timestamp) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return String::new() };
    element(at, &until(at, now), " data-due")
}

fn element(at: Timestamp, words: &str, mark: &str) -> String {
    let title = at.strftime("%A, %-d %B %Y, %H:%M:%S UTC");
    let exact = at.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!("<time datetime=\"{exact}\" title=\"{title}\"{mark}>{words}</time>")
}

/// What has happened: "just now", "5 min ago", and beyond a week the day. Another machine's clock may be a little ahead
/// of ours.
pub fn distance(at: Timestamp, now: Timestamp) -> String {
    match now.as_second() - at.as_second() {
        -5..=5 => "just now".to_owned(),
        seconds @ 6..604_800 => format!("{} ago", duration(coarse(seconds))),
        604_800.. => day(at),
        _ => until(at, now),
    }
}

/// What will happen: "in 4 s", "in 2 h", and beyond a week the day. What should have happened by now is "due now".
pub fn until(at: Timestamp, now: Timestamp) -> String {
    match at.as_second() - now.as_second() {
        ..=0 => "due now".to_owned(),
        seconds @ 1..604_800 => format!("in {}", duration(coarse(seconds))),
        _ => day(at),
    }
}

/// Seconds, of which only the greatest unit counts.
fn coarse(seconds: i64) -> i64 {
    match seconds {
        ..60 => seconds,
        60..3_600 => seconds - seconds % 60,
        3_600..86_400 => seconds - seconds % 3_600,
        _ => seconds - seconds % 86_400,
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    #[test]
    fn distances_are_told_in_one_unit() {
        let cases = [
            (0, "just now"),
            (-30, "30 s ago"),
            (-200, "3 min ago"),
            (-7_300, "2 h ago"),
            (-200_000, "2 d ago"),
            (3, "just now"),
            (90, "in 1 min"),
            (-700_000, "2026-11-10"),
        ];
        for (seconds, words) in cases {
            assert_eq!(distance(at(seconds), at(0)), words);
        }
    }

    #[test]
    fn what_is_to_come_is_never_just_now() {
        let cases = [
            (1, "in 1 s"),
            (5, "in 5 s"),
            (7_300, "in 2 h"),
            (700_000, "2026-11-26"),
            (0, "due now"),
            (-90, "due now"),
        ];
        for (seconds, words) in cases {
            assert_eq!(until(at(seconds), at(0)), words);
        }
    }

    #[test]
    fn a_moment_carries_its_exact_time() {
        let html = moment("2026-11-22T13:19:05.5Z");
        assert_eq!(
            html,
            "<time datetime=\"2026-11-22T13:19:05Z\" \
             title=\"Sunday, 22 November 2026, 13:19:05 UTC\">2026-11-22 13:19 UTC</time>"
        );
    }
}
