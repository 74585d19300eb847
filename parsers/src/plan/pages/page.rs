//! What one page says.

use jiter::JiterError;
use twox_hash::XxHash3_128;

use super::{Pages, Tally, Tallying};
use crate::plan::{
    Answer, WalkError,
    document::{Document, Said},
};

/// What a page says.
pub(super) struct Page {
    /// Its records, where they are counted.
    pub(super) tally: Option<Tally>,
    /// A hash of them, or of all of it: what else is on a page may be another each time.
    pub(super) print: u128,
    /// How many there are on all pages.
    pub(super) total: Option<u64>,
    /// What its body tells of the next page.
    pub(super) next: Option<String>,
    /// What people should know.
    pub(super) note: Option<String>,
}

impl Page {
    /// The page of this number, from 1.
    pub(super) fn read(
        pages: &Pages,
        number: usize,
        answer: &Answer<'_>,
        tally: Tallying<'_>,
    ) -> Result<Self, WalkError> {
        let sheet = Sheet::new(pages, answer)?;
        let by_format = || {
            tally(answer.content).map_err(|error| sheet.unreadable(format!("page {number} is none: {}", error.told())))
        };
        let tally = match &pages.records {
            Some(at) => Some(sheet.tally(at)?),
            None => pages.is_told_by_count().then(by_format).transpose()?,
        };
        let next = sheet.next(pages)?;
        let note = if number == 1 && next.is_none() { sheet.doubt(pages)? } else { None };
        let print = tally.as_ref().map_or_else(|| XxHash3_128::oneshot(answer.content), |tally| tally.print);
        let page = Self { tally, print, total: sheet.total(pages)?, next, note };
        // A page that becomes no part is read by nobody else.
        if number > 1 && page.is_empty() && pages.records.is_some() {
            by_format()?;
        }
        Ok(page)
    }

    /// How many records it holds, as far as they are counted.
    pub(super) fn records(&self) -> u64 {
        self.tally.as_ref().map_or(0, |tally| tally.records)
    }

    /// Whether it is known to hold nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.tally.as_ref().is_some_and(|tally| tally.records == 0)
    }
}

/// A page as it came, and as JSON where something is looked up in it.
struct Sheet<'a> {
    url: &'a str,
    document: Option<Document<'a>>,
}

impl<'a> Sheet<'a> {
    fn new(pages: &Pages, answer: &Answer<'a>) -> Result<Self, WalkError> {
        let mut sheet = Self { url: answer.url, document: None };
        if pages.records.is_some() || pages.total.is_some() || pages.told_at().is_some() {
            sheet.document = Some(sheet.json(Document::new(answer.content))?);
        }
        Ok(sheet)
    }

    fn tally(&self, at: &str) -> Result<Tally, WalkError> {
        let no_array =
            || self.unreadable(format!("there is no array of records at {at:?}: the page may be an error's"));
        let array = self.at(at)?.ok_or_else(no_array)?;
        let records = self.json(array.each(|_record| Ok(())))?.ok_or_else(no_array)?;
        Ok(Tally { records, print: XxHash3_128::oneshot(array.bytes()), strange: None })
    }

    /// A number, also where a publisher writes it as text.
    fn total(&self, pages: &Pages) -> Result<Option<u64>, WalkError> {
        let Some(at) = &pages.total else { return Ok(None) };
        let number = if let Said::Text(text) = self.said(at)? { text.trim().parse().ok() } else { None };
        let no_number = || format!("there is no number of all records at {at:?}");
        number.map(Some).ok_or_else(|| self.unreadable(no_number()))
    }

    /// What is told of the next page; what cannot be that is not taken for the end.
    fn next(&self, pages: &Pages) -> Result<Option<String>, WalkError> {
        let Some(at) = pages.told_at() else { return Ok(None) };
        match self.said(at)? {
            Said::Nothing => Ok(None),
            Said::Text(text) => Ok(Some(text)),
            Said::Other(kind) => {
                let reason = format!("there is {kind} at {at:?}, and the next page is told by a text or a number");
                Err(self.unreadable(reason))
            }
        }
    }

    /// A page on which nothing tells of others may be the only one, or is looked into at the wrong place.
    fn doubt(&self, pages: &Pages) -> Result<Option<String>, WalkError> {
        let Some((around, _)) = pages.told_at().and_then(|at| at.rsplit_once('/')) else { return Ok(None) };
        let is_there = self.at(around)?.is_some_and(Document::is_object);
        let told =
            || format!("there is no object at {around:?} to tell the next page: the first is taken for the only one");
        Ok((!is_there).then(told))
    }

    /// What stands at a pointer: where there is nothing, nothing is said.
    fn said(&self, at: &str) -> Result<Said, WalkError> {
        let said = self.json(self.at(at)?.map(Document::said).transpose())?;
        Ok(said.unwrap_or(Said::Nothing))
    }

    fn at(&self, pointer: &str) -> Result<Option<Document<'a>>, WalkError> {
        self.json(self.document.map_or(Ok(None), |document| document.at(pointer)))
    }

    fn json<T>(&self, read: Result<T, JiterError>) -> Result<T, WalkError> {
        read.map_err(|error| self.unreadable(format!("a page is not JSON, or is cut: {error}")))
    }

    fn unreadable(&self, reason: String) -> WalkError {
        WalkError::Unreadable { url: self.url.to_owned(), reason }
    }
}
