//! What publishers say in the headers of their answers. Text in, meaning out; what makes no sense is not said.

use std::time::Duration;

use jiff::{Timestamp, civil::DateTime, fmt::rfc2822::DateTimeParser, tz::TimeZone};

/// The longest wait that a publisher is granted.
pub const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date: how long to wait from now on.
pub fn retry_after(wish: &str, now: Timestamp) -> Option<Duration> {
    let wish = wish.trim();
    let wait = if !wish.is_empty() && wish.bytes().all(|digit| digit.is_ascii_digit()) {
        wish.parse().map_or(LONGEST_WAIT, Duration::from_secs)
    } else {
        // The other side of now is no wait at all.
        Duration::try_from(date(wish)?.duration_since(now)).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

/// A date as HTTP writes it, or has written it: servers of all ages are about.
fn date(text: &str) -> Option<Timestamp> {
    const OBSOLETE: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let usual = DateTimeParser::new().parse_timestamp(text).ok();
    usual.or_else(|| {
        let read = |pattern| DateTime::strptime(pattern, text).ok();
        OBSOLETE.into_iter().find_map(read)?.to_zoned(TimeZone::UTC).ok().map(|date| date.timestamp())
    })
}

/// Which bytes of a file an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first, counted from 0.
    pub first: u64,
    /// The last.
    pub last: u64,
    /// How many the file has; none if the publisher does not know.
    pub all: Option<u64>,
}

impl Span {
    /// How many bytes the file has, if this goes up to its end, as far as anyone knows.
    pub fn end(&self) -> Option<u64> {
        self.last.checked_add(1).filter(|end| self.all.is_none_or(|all| all == *end))
    }
}

/// `Content-Range` (RFC 9110, 14.4): `bytes FIRST-LAST/ALL`, where ALL may be unknown.
pub fn content_range(range: &str) -> Option<Span> {
    let (span, all) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = span.split_once('-')?;
    let all = if all == "*" { None } else { Some(all.parse().ok()?) };
    Some(Span { first: first.parse().ok()?, last: last.parse().ok()?, all })
}

/// The target of `Link` whose relation is `next` (RFC 8288), as far as publishers go.
pub fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, behind) = after.split_once('>')?;
        let (parameters, others) = behind.split_at(next_begins(behind));
        let is_next = parameters.split(';').filter_map(|one| one.split_once('=')).any(|(name, value)| {
            let value = value.trim().trim_end_matches(',').trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && value.split(' ').any(|rel| rel.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target);
        }
        rest = others;
    }
    None
}

/// Where the next link begins: at a `<` that does not stand in quotes.
fn next_begins(text: &str) -> usize {
    let mut quoted = false;
    let begins = |byte| {
        quoted ^= byte == b'"';
        byte == b'<' && !quoted
    };
    text.bytes().position(begins).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publishers_wish_is_read_in_both_spellings_and_capped() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 22 Nov 2026 10:05:00 GMT", Some(300)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("Mon, 22 Nov 2027 10:00:00 GMT", Some(6 * 3600)),
            ("31536000", Some(6 * 3600)),
            ("99999999999999999999999", Some(6 * 3600)),
            ("Sunday, 22-Nov-26 10:05:00 GMT", Some(300)),
            ("Sun Nov 22 10:05:00 2026", Some(300)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (wish, expected) in cases {
            assert_eq!(retry_after(wish, now), expected.map(Duration::from_secs), "{wish:?}");
        }
    }

    #[test]
    fn a_span_is_read_as_it_is_written() {
        let cases = [
            ("bytes 5-9/10", Some((5, 9, Some(10), Some(10)))),
            ("bytes 5-9/11", Some((5, 9, Some(11), None))),
            ("bytes 5-9/*", Some((5, 9, None, Some(10)))),
            ("bytes 0-18446744073709551615/1", Some((0, u64::MAX, Some(1), None))),
            ("bytes */10", None),
            ("lines 5-9/10", None),
            ("bytes 5-9", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let read = content_range(text).map(|span| (span.first, span.last, span.all, span.end()));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn the_next_page_is_found_however_it_is_written() {
        for (header, next) in [
            ("<https://x.example/?p=2>; rel=\"next\"", Some("https://x.example/?p=2")),
            ("</a>; rel=prev, </b>; rel=next", Some("/b")),
            ("</a>; rel=\"prev\",</b>; title=\"x\"; REL=\"last next\"", Some("/b")),
            ("</a>; rel=\"prev\"", None),
            ("</next>; rel=nextish", None),
            ("</a>; title=\"a, <b>; c\"; rel=prev , </c>; title=\"\"; rel=next", Some("/c")),
            ("<unclosed; rel=next", None),
            ("", None),
        ] {
            assert_eq!(next_link(header), next, "{header}");
        }
    }
}
