//! Releases that come page by page, until all that was declared has come.

use serde_json::Value;
use url::Url;

use super::{Answer, Request, Step, Trail, WalkError};
use crate::headers::next_link;

/// How a source turns its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// Where the next page is told.
    pub turn: Turn,
    /// JSON pointer to the array of a page's records; without one, pages are CSV with a header.
    pub records: Option<String>,
    /// JSON pointer to the number of all records, if the publisher declares it.
    pub total: Option<String>,
    /// Records of a full page, if a page with fewer is the last.
    pub size: Option<u64>,
    /// Most pages.
    pub most: usize,
}

/// Where the next page is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// The header `Link` with `rel="next"`.
    Header,
    /// A URL in the body, at this JSON pointer.
    Next {
        /// Where.
        at: String,
    },
    /// A text in the body that the next request gives back.
    Cursor {
        /// Where it stands: a JSON pointer.
        at: String,
        /// The query's parameter that takes it.
        parameter: String,
    },
    /// The number of records that came so far.
    Offset {
        /// The query's parameter that takes it.
        parameter: String,
    },
    /// The page's number.
    Number {
        /// The query's parameter that takes it.
        parameter: String,
        /// The number of the first page.
        first: u64,
    },
}

/// How far the pages have come.
#[derive(Debug, Default)]
pub(super) struct Paging {
    /// Hashes of the pages so far.
    pages: Vec<String>,
    /// Requests so far.
    asked: Vec<String>,
    records: u64,
    total: Option<u64>,
}

/// What a page holds.
struct Page {
    body: Option<Value>,
    records: u64,
    total: Option<u64>,
}

impl Pages {
    /// The URL of the first page.
    pub(super) fn first(&self, home: &str) -> Result<String, WalkError> {
        match &self.turn {
            Turn::Header | Turn::Next { .. } | Turn::Cursor { .. } => Ok(home.to_owned()),
            Turn::Offset { parameter } => with_parameter(home, parameter, "0"),
            Turn::Number { parameter, first } => with_parameter(home, parameter, &first.to_string()),
        }
    }

    /// The request for a page. Where its head says which one is next, it always comes as a whole: that it has not changed is
    /// said without that.
    pub(super) fn request(&self, url: String) -> Request {
        Request { url, is_read: true, may_stand: self.turn != Turn::Header }
    }

    /// What a page means.
    pub(super) fn next(&self, so_far: &mut Paging, answer: &Answer<'_>, trail: Trail<'_>) -> Result<Step, WalkError> {
        let page = self.read(answer)?;
        let number = so_far.pages.len() + 1;
        if let (Some(before), Some(now)) = (so_far.total, page.total)
            && before != now
        {
            return Err(WalkError::Moved { page: number, before, now });
        }
        so_far.total = page.total;
        let is_empty = page.records == 0 && self.counts();
        let earlier = so_far.pages.iter().position(|hash| hash == answer.sha256);
        if let (Some(earlier), false) = (earlier, is_empty) {
            return Err(WalkError::Repeated { page: number, earlier: earlier + 1, url: answer.url.to_owned() });
        }
        so_far.pages.push(answer.sha256.to_owned());
        so_far.records += page.records;
        let next = self.turned(so_far, &page, answer, trail)?;
        match &next {
            Some(_) if number >= self.most => return Err(WalkError::Endless { most: self.most }),
            Some(url) if so_far.asked.contains(url) => {
                return Err(WalkError::Repeated { page: number + 1, earlier: 1, url: url.clone() });
            }
            Some(url) => so_far.asked.push(url.clone()),
            None => so_far.is_whole()?,
        }
        // An empty page after others only says that there are no more.
        Ok(Step { is_part: number == 1 || !is_empty, next: next.map(|url| self.request(url)), note: None })
    }

    /// Whether records can be counted.
    fn counts(&self) -> bool {
        self.records.is_some() || self.is_told_by_count()
    }

    fn is_told_by_count(&self) -> bool {
        matches!(self.turn, Turn::Offset { .. } | Turn::Number { .. })
    }

    fn read(&self, answer: &Answer<'_>) -> Result<Page, WalkError> {
        let body_tells = matches!(self.turn, Turn::Next { .. } | Turn::Cursor { .. });
        if self.records.is_none() && self.total.is_none() && !body_tells {
            let records = if self.is_told_by_count() { rows_of_csv(answer.content) } else { 0 };
            return Ok(Page { body: None, records, total: None });
        }
        let unreadable = |reason: String| WalkError::Unreadable { url: answer.url.to_owned(), reason };
        let body: Value = serde_json::from_slice(answer.content)
            .map_err(|error| unreadable(format!("a page is not JSON, or is cut: {error}")))?;
        let records = match &self.records {
            None => 0,
            Some(at) => body.pointer(at).and_then(Value::as_array).map(|all| all.len() as u64).ok_or_else(|| {
                unreadable(format!("there is no array of records at {at:?}: the page may be an error's"))
            })?,
        };
        let total = self.total.as_ref().map(|at| {
            body.pointer(at)
                .and_then(number)
                .ok_or_else(|| unreadable(format!("there is no number of all records at {at:?}")))
        });
        let total = total.transpose()?;
        Ok(Page { body: Some(body), records, total })
    }

    /// The URL of the page after this one, if there is one.
    fn turned(
        &self,
        so_far: &Paging,
        page: &Page,
        answer: &Answer<'_>,
        trail: Trail<'_>,
    ) -> Result<Option<String>, WalkError> {
        let told = |at: &str| page.body.as_ref().and_then(|body| body.pointer(at)).and_then(text);
        let is_last = page.records == 0
            || so_far.total.is_some_and(|total| so_far.records >= total)
            || self.size.is_some_and(|size| page.records < size);
        match &self.turn {
            Turn::Header => answer.link.and_then(next_link).map(|href| trail.follow(answer.url, href)).transpose(),
            Turn::Next { at } => told(at).map(|href| trail.follow(answer.url, &href)).transpose(),
            Turn::Cursor { at, parameter } => {
                told(at).map(|cursor| with_parameter(trail.home, parameter, &cursor)).transpose()
            }
            Turn::Offset { .. } | Turn::Number { .. } if is_last => Ok(None),
            Turn::Offset { parameter } => with_parameter(trail.home, parameter, &so_far.records.to_string()).map(Some),
            Turn::Number { parameter, first } => {
                let number = first.saturating_add(so_far.pages.len() as u64);
                with_parameter(trail.home, parameter, &number.to_string()).map(Some)
            }
        }
    }
}

impl Paging {
    fn is_whole(&self) -> Result<(), WalkError> {
        match self.total {
            Some(declared) if declared != self.records => {
                Err(WalkError::Total { declared, sent: self.records, pages: self.pages.len() })
            }
            _ => Ok(()),
        }
    }
}

/// A number, also where a publisher writes it as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A text that says something, also where it is written as a number.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The URL with this parameter, in place of one of its name.
fn with_parameter(url: &str, name: &str, value: &str) -> Result<String, WalkError> {
    let parsed = Url::parse(url);
    let mut to = parsed.map_err(|_spelling| WalkError::NoUrl { url: url.to_owned(), href: url.to_owned() })?;
    let others: Vec<(String, String)> =
        to.query_pairs().filter(|(known, _)| known != name).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    to.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    Ok(to.into())
}

/// Lines after the first, not counting line breaks within quotes.
fn rows_of_csv(content: &[u8]) -> u64 {
    let (mut lines, mut quoted, mut is_open) = (0_u64, false, false);
    for byte in content {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && is_open => (lines, is_open) = (lines + 1, false),
            b'\n' | b'\r' if !quoted => {}
            _ => is_open = true,
        }
    }
    (lines + u64::from(is_open)).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_csv_page_are_counted_by_their_lines() {
        for (csv, rows) in [("", 0), ("a,b\n", 0), ("a,b\r\n1,2", 1), ("a\n\"1\n2\"\n\n3\n", 2)] {
            assert_eq!(rows_of_csv(csv.as_bytes()), rows, "{csv:?}");
        }
    }

    #[test]
    fn a_parameter_takes_the_place_of_its_like() {
        let url = with_parameter("https://x.example/a?offset=7&q=a%20b", "offset", "9").unwrap();
        assert_eq!(url, "https://x.example/a?q=a+b&offset=9");
    }
}
