//! What one page says.

use jiter::JiterError;

use super::{
    Pages,
    document::{Document, Said},
    rows_of_csv,
};
use crate::plan::{Answer, WalkError};

/// What a page says.
pub(super) struct Page {
    /// How many records it holds, where they are counted.
    pub(super) records: Option<u64>,
    /// How many there are on all pages.
    pub(super) total: Option<u64>,
    /// What its body tells of the next page.
    pub(super) next: Option<String>,
}

impl Page {
    pub(super) fn read(pages: &Pages, answer: &Answer<'_>) -> Result<Self, WalkError> {
        let sheet = Sheet::new(pages, answer)?;
        let records = match &pages.records {
            Some(at) => Some(sheet.records(at)?),
            None => pages.is_told_by_count().then(|| rows_of_csv(answer.content)),
        };
        let total = pages.total.as_deref().map(|at| sheet.total(at)).transpose()?;
        let next = pages.told_at().map(|at| sheet.next(at)).transpose()?.flatten();
        Ok(Self { records, total, next })
    }

    /// Whether it is known to hold nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.records == Some(0)
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

    fn records(&self, at: &str) -> Result<u64, WalkError> {
        let elements = self.json(self.at(at)?.map(Document::elements).transpose())?;
        let no_array = || format!("there is no array of records at {at:?}: the page may be an error's");
        elements.flatten().ok_or_else(|| self.unreadable(no_array()))
    }

    /// A number, also where a publisher writes it as text.
    fn total(&self, at: &str) -> Result<u64, WalkError> {
        let number = match self.said(at)? {
            Said::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.unreadable(format!("there is no number of all records at {at:?}")))
    }

    fn next(&self, at: &str) -> Result<Option<String>, WalkError> {
        Ok(if let Said::Text(text) = self.said(at)? { Some(text) } else { None })
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
