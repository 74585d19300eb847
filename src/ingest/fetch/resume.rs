//! Taking a broken transfer up again where it broke: `Range`, and `If-Range` so that the rest is of the same file.

use parsers::headers::content_range;
use reqwest::{RequestBuilder, Response, StatusCode, header};

use super::{FetchError, Manner, NewFile, Validators, answer};

/// How often one file's transfer is taken up again.
const MOST: u32 = 3;

/// The rest of a file that has come in part.
#[derive(Debug)]
pub(super) struct Range {
    from: u64,
    validators: Validators,
}

/// What a request for the rest is answered with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// The rest, with which the file has so many bytes.
    Rest(u64),
    /// The whole file, once more or another one.
    Whole,
    /// Something else.
    Other,
}

/// The rest to ask for, if that is worth it: bytes have come, the line broke, and the publisher gave a validator that
/// holds for each byte.
pub(super) fn from(error: &FetchError, file: &NewFile, manner: &Manner, again: u32) -> Option<Range> {
    let broke = matches!(error, FetchError::Broken { .. } | FetchError::Length { .. });
    let (bytes, validators) = (file.incoming.bytes(), &file.validators);
    let strong = validators.etag.as_ref().is_some_and(|tag| !tag.starts_with("W/"));
    let dated = validators.etag.is_none() && validators.last_modified.is_some();
    let worth_it = broke && again < MOST && bytes > 0 && manner.is_plain() && (strong || dated);
    worth_it.then(|| Range { from: bytes, validators: validators.clone() })
}

impl Range {
    pub(super) fn ask(&self, request: RequestBuilder) -> RequestBuilder {
        let condition = self.validators.etag.as_ref().or(self.validators.last_modified.as_ref());
        let request = request.header(header::RANGE, format!("bytes={}-", self.from));
        condition.into_iter().fold(request, |request, proof| request.header(header::IF_RANGE, proof))
    }

    /// What an answer is, where the file was `announced` to have so many bytes. A rest of another file, or from another place,
    /// is no rest: not everybody heeds `If-Range`.
    pub(super) fn meets(&self, response: &Response, announced: Option<u64>) -> Met {
        if response.status() == StatusCode::OK {
            return Met::Whole;
        }
        let theirs = answer::validators(response.headers());
        let same = |ours: &Option<String>, theirs: &Option<String>| theirs.is_none() || ours == theirs;
        let Validators { etag, last_modified } = &self.validators;
        let same_file = same(etag, &theirs.etag) && same(last_modified, &theirs.last_modified);
        let range = answer::text(response.headers(), &header::CONTENT_RANGE);
        let rest = range.as_deref().and_then(content_range).filter(|span| span.first == self.from);
        let ends = rest
            .and_then(|span| span.end())
            .filter(|end| same_file && announced.is_none_or(|announced| announced == *end));
        ends.map_or(Met::Other, Met::Rest)
    }
}
