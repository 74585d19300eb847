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

/// A `<time>` that says how long ago it was or in how long it will be; the page's script keeps it true.
pub(super) fn relative(text: &str, now: Timestamp) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return String::new() };
    element(at, &distance(at, now), " data-ago")
}

fn element(at: Timestamp, words: &str, mark: &str) -> String {
    let title = at.strftime("%A, %-d %B %Y, %H:%M:%S UTC");
    let exact = at.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!("<time datetime=\"{exact}\" title=\"{title}\"{mark}>{words}</time>")
}

/// "just now", "5 min ago", "in 2 h", and beyond a week the day.
fn distance(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    let coarse = |seconds: i64| match seconds {
        ..60 => seconds,
        60..3_600 => seconds - seconds % 60,
        3_600..86_400 => seconds - seconds % 3_600,
        _ => seconds - seconds % 86_400,
    };
    match seconds {
        -5..=5 => "just now".to_owned(),
        6..604_800 => format!("{} ago", duration(coarse(seconds))),
        -604_800..=-6 => format!("in {}", duration(coarse(-seconds))),
        _ => at.strftime("%Y-%m-%d").to_string(),
    }
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
            (90, "in 1 min"),
            (-700_000, "2026-11-10"),
        ];
        for (seconds, words) in cases {
            assert_eq!(distance(at(seconds), at(0)), words);
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
