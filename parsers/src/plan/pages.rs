//! Releases that come page by page, until all that was declared has come.

mod page;

use url::Url;

use super::{Answer, LONGEST_PAGE, Request, Step, Trail, WalkError};
use crate::{headers::next_link, read::ReadError};
use page::Page;

/// How a source turns its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// Where the next page is told.
    pub turn: Turn,
    /// JSON pointer to the array of a page's records; without one, the dataset's own format tells them.
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

/// The records of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many they are.
    pub records: u64,
    /// A hash of them: the same records have the same.
    pub print: u128,
    /// How the page's columns differ from those of the dataset, if they do.
    pub strange: Option<String>,
}

/// Counts the records of a page as they will be read.
pub type Tallying<'a> = &'a dyn Fn(&[u8]) -> Result<Tally, ReadError>;

/// How far the pages have come.
#[derive(Debug, Default)]
pub(super) struct Paging {
    /// Hashes of the pages so far.
    pages: Vec<u128>,
    /// Requests so far.
    asked: Vec<String>,
    records: u64,
    total: Option<u64>,
    /// How the columns of the first page differ from the dataset's.
    strange: Option<String>,
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
        Request { url, look: Some(LONGEST_PAGE), may_stand: self.turn != Turn::Header }
    }

    /// What a page means.
    pub(super) fn next(
        &self,
        so_far: &mut Paging,
        answer: &Answer<'_>,
        tally: Tallying<'_>,
        trail: Trail<'_>,
    ) -> Result<Step, WalkError> {
        let number = so_far.pages.len() + 1;
        let page = Page::read(self, number, answer, tally)?;
        if let (Some(before), Some(now)) = (so_far.total, page.total)
            && before != now
        {
            return Err(WalkError::Moved { page: number, before, now });
        }
        so_far.total = page.total;
        so_far.fits(number, &page).map_err(|reason| WalkError::Unreadable { url: answer.url.to_owned(), reason })?;
        let earlier = so_far.pages.iter().position(|print| *print == page.print);
        if let (Some(earlier), false) = (earlier, page.is_empty()) {
            return Err(WalkError::Repeated { page: number, earlier: earlier + 1, url: answer.url.to_owned() });
        }
        so_far.pages.push(page.print);
        so_far.records += page.records();
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
        Ok(Step { is_part: number == 1 || !page.is_empty(), next: next.map(|url| self.request(url)), note: page.note })
    }

    fn is_told_by_count(&self) -> bool {
        matches!(self.turn, Turn::Offset { .. } | Turn::Number { .. })
    }

    /// Where in its body a page tells which one is next.
    fn told_at(&self) -> Option<&str> {
        match &self.turn {
            Turn::Next { at } | Turn::Cursor { at, .. } => Some(at),
            Turn::Header | Turn::Offset { .. } | Turn::Number { .. } => None,
        }
    }

    /// The URL of the page after this one, if there is one.
    fn turned(
        &self,
        so_far: &Paging,
        page: &Page,
        answer: &Answer<'_>,
        trail: Trail<'_>,
    ) -> Result<Option<String>, WalkError> {
        let is_last = page.is_empty()
            || so_far.total.is_some_and(|total| so_far.records >= total)
            || self.size.is_some_and(|size| page.records() < size);
        match &self.turn {
            Turn::Header => answer.link.and_then(next_link).map(|href| trail.follow(answer.url, href)).transpose(),
            Turn::Next { .. } => page.next.as_deref().map(|href| trail.follow(answer.url, href)).transpose(),
            Turn::Cursor { parameter, .. } => {
                page.next.as_deref().map(|cursor| with_parameter(trail.home, parameter, cursor)).transpose()
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
    /// All pages have the columns of the first, be they the dataset's or not: then the release is held with all of them.
    fn fits(&mut self, number: usize, page: &Page) -> Result<(), String> {
        let strange = page.tally.as_ref().and_then(|tally| tally.strange.clone());
        if number == 1 {
            self.strange = strange;
        } else if strange != self.strange && (strange.is_some() || !page.is_empty()) {
            let how = strange.unwrap_or_else(|| "it has other columns than the first".to_owned());
            return Err(format!("page {number} is none: {how}"));
        }
        Ok(())
    }

    fn is_whole(&self) -> Result<(), WalkError> {
        match self.total {
            Some(declared) if declared != self.records => {
                Err(WalkError::Total { declared, sent: self.records, pages: self.pages.len() })
            }
            _ => Ok(()),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_takes_the_place_of_its_like() {
        let url = with_parameter("https://x.example/a?offset=7&q=a%20b", "offset", "9").unwrap();
        assert_eq!(url, "https://x.example/a?q=a+b&offset=9");
    }
}
