//! Reading a publisher's answer: its status, its headers, its wish to be asked later.

use jiff::Timestamp;
use parsers::headers::retry_after;
use reqwest::{
    Response, StatusCode,
    header::{self, HeaderMap, HeaderName},
};
use url::Url;

use super::{FetchError, Validators, shown};

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
            let wish = text(response.headers(), &header::RETRY_AFTER);
            let after = wish.and_then(|wish| retry_after(&wish, Timestamp::now()));
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

/// Whether its head says how long the body is, or that it comes in chunks, of which the last is told: else the body ends
/// where the line does.
pub(super) fn tells_its_end(response: &Response) -> bool {
    response.content_length().is_some() || response.headers().contains_key(header::TRANSFER_ENCODING)
}

/// A header as text.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// A header that is a list, which may stand on several lines. What is not UTF-8 in it spoils nothing else.
pub(super) fn list(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
