//! Reading a publisher's answer: its status, its headers, its wish to be asked later.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use reqwest::{
    Response, StatusCode,
    header::{self, HeaderMap, HeaderName},
};
use url::Url;

use super::{FetchError, Validators, shown};

/// The longest wish that is granted.
const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// What an answer's head says.
#[derive(Debug)]
pub(super) enum Head {
    /// The file follows.
    File(Response),
    /// Nothing has changed since we last had the file.
    NotModified,
    /// The file is elsewhere.
    Elsewhere {
        /// Where.
        location: String,
        /// Whether a POST is made there once more; else the answer lies there to be had.
        keeps_method: bool,
    },
}

/// Understands an answer. `conditional`: whether we asked for changes only; `partial`: whether for a part.
pub(super) fn read(response: Response, url: &Url, conditional: bool, partial: bool) -> Result<Head, FetchError> {
    let status = response.status();
    match (status, text(response.headers(), &header::LOCATION)) {
        (StatusCode::OK, _) => Ok(Head::File(response)),
        (StatusCode::PARTIAL_CONTENT, _) if partial => Ok(Head::File(response)),
        (StatusCode::NOT_MODIFIED, _) if conditional => Ok(Head::NotModified),
        (_, Some(location)) if status.is_redirection() => {
            let keeps_method = matches!(status.as_u16(), 307 | 308);
            Ok(Head::Elsewhere { location, keeps_method })
        }
        _ => {
            let after = retry_after(response.headers(), Timestamp::now());
            Err(FetchError::Status { url: shown(url), status, after })
        }
    }
}

/// What to ask with the next time.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    // One that is empty is none: asked with it, a publisher may find that nothing has changed ever since.
    let told = |name| text(headers, name).filter(|told| !told.trim().is_empty());
    Validators { etag: told(&header::ETAG), last_modified: told(&header::LAST_MODIFIED) }
}

/// A header as text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `Retry-After`, in seconds or as a date; what cannot be read is no wish.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let wish = text(headers, &header::RETRY_AFTER)?;
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
    let usual = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    usual.or_else(|| {
        let read = |pattern| jiff::civil::DateTime::strptime(pattern, text).ok();
        OBSOLETE.into_iter().find_map(read)?.to_zoned(TimeZone::UTC).ok().map(|date| date.timestamp())
    })
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
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, wish.parse().unwrap())]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{wish:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
