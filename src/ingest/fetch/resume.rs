//! Taking a broken transfer up again where it broke: `Range`, and `If-Range` so that the rest is of the same file.

use parsers::headers::content_range;
use reqwest::{RequestBuilder, Response, StatusCode, header};

use super::{FetchError, Fetcher, Manner, NewFile, Stand, Taking, Validators, answer, refuse_packing, shown};

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
enum Met {
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

impl Fetcher {
    /// The rest, and with how many bytes the file then ends. Where nothing proves that it is of the same file, it is all
    /// of the file. None if neither is to be had.
    pub(super) async fn rest(
        &self,
        taking: &Taking<'_, '_>,
        range: &Range,
        announced: Option<u64>,
        stand: &mut Stand<'_>,
    ) -> Result<Option<(Response, Option<u64>)>, FetchError> {
        for range_asked in [Some(range), None] {
            let Some(next) = self.once_more(taking, range_asked, stand).await? else { break };
            match range.meets(&next, announced) {
                Met::Rest(end) => return Ok(Some((next, Some(end)))),
                Met::Whole => return Ok(Some((next, None))),
                Met::Other => {}
            }
        }
        Ok(None)
    }

    /// Asks again for a file that has come in part. None if no file is the answer.
    async fn once_more(
        &self,
        taking: &Taking<'_, '_>,
        range: Option<&Range>,
        stand: &mut Stand<'_>,
    ) -> Result<Option<Response>, FetchError> {
        let Taking { url, dataset, ask, .. } = *taking;
        match self.ask(url.clone(), &dataset.source, ask, range, stand).await {
            Ok((_, answer::Head::File(next))) => {
                refuse_packing(&next, &shown(url), dataset)?;
                Ok(Some(next))
            }
            // Who wishes for rest in the middle of a file is given it, too.
            Err(error) if error.wish().is_some() || matches!(error, FetchError::NoTurn(_)) => Err(error),
            _ => Ok(None),
        }
    }
}

impl Range {
    pub(super) fn ask(&self, request: RequestBuilder) -> RequestBuilder {
        let condition = self.validators.etag.as_ref().or(self.validators.last_modified.as_ref());
        let request = request.header(header::RANGE, format!("bytes={}-", self.from));
        condition.into_iter().fold(request, |request, proof| request.header(header::IF_RANGE, proof))
    }

    /// What an answer is, where the file was `announced` to have so many bytes. A rest of another file, or from another place,
    /// is no rest: not everybody heeds `If-Range`. Who does sends the validator along once more (RFC 9110, 15.3.7); a date
    /// may be left out then, and still proves nothing if it is.
    fn meets(&self, response: &Response, announced: Option<u64>) -> Met {
        if response.status() == StatusCode::OK {
            return Met::Whole;
        }
        let theirs = answer::validators(response.headers());
        let same_file = match &self.validators {
            Validators { etag: Some(ours), last_modified } => {
                theirs.etag.as_ref() == Some(ours)
                    && (theirs.last_modified.is_none() || theirs.last_modified == *last_modified)
            }
            dated => theirs == *dated,
        };
        let range = answer::text(response.headers(), &header::CONTENT_RANGE);
        let rest = range.as_deref().and_then(content_range).filter(|span| span.first == self.from);
        let ends = rest
            .and_then(|span| span.end())
            .filter(|end| same_file && announced.is_none_or(|announced| announced == *end));
        ends.map_or(Met::Other, Met::Rest)
    }
}
