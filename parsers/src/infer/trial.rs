//! The whole file, read by a draft.

use std::collections::BTreeMap;

use super::{Asked, InferError, Open, draft::Draft};
use crate::{Dataset, ReadError, ReadSeek, Reading, Reject, Row, Step};

/// Misfits after which reading on teaches nothing.
const ENOUGH: usize = 2000;

/// A draft that can be read by.
pub(super) struct Trial {
    dataset: Dataset,
}

/// How the file fared.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) rows: u64,
    pub(super) rejected: u64,
    /// The first reject.
    pub(super) first: Option<Box<Reject>>,
    /// For each column, by its name, values that it cannot read.
    pub(super) misfits: BTreeMap<String, Vec<String>>,
}

impl Trial {
    pub(super) fn new(asked: &Asked, draft: &Draft) -> Result<Self, InferError> {
        let text = draft.definition(asked, None);
        let file = format!("parsers/datasets/{}.toml", asked.name);
        let dataset = Dataset::parse(&file, asked.name.clone(), &text).map_err(InferError::Refused)?;
        Ok(Self { dataset })
    }

    /// Reads the file to its end, or, unless the `whole` of it is wanted, until more than enough does not fit.
    pub(super) fn run(&self, open: Open<'_>, whole: bool) -> Result<Verdict, InferError> {
        let mut verdict = Verdict::default();
        let mut misfits = 0;
        self.each(open, |step| {
            match step {
                Ok(_row) => verdict.rows += 1,
                Err(reject) => misfits += usize::from(verdict.reject(reject, misfits < ENOUGH)),
            }
            whole || misfits < ENOUGH
        })?;
        Ok(verdict)
    }

    /// Opens a file, whichever it is.
    pub(super) fn open<'a>(&'a self, bytes: Box<dyn ReadSeek + 'a>) -> Result<Box<dyn Reading + 'a>, InferError> {
        self.dataset.open(bytes).map_err(InferError::Unreadable)
    }

    /// Shows every row and every reject, as long as somebody wants to see more.
    pub(super) fn each(
        &self,
        open: Open<'_>,
        mut look: impl FnMut(Result<&Row, Box<Reject>>) -> bool,
    ) -> Result<(), InferError> {
        let mut reading = self.open(open()?)?;
        let mut row = Row::default();
        loop {
            let more = match reading.next(&mut row).map_err(unreadable)? {
                Step::Row => look(Ok(&row)),
                Step::Rejected(reject) => look(Err(reject)),
                Step::End => false,
            };
            if !more {
                return Ok(());
            }
        }
    }
}

impl Verdict {
    /// Counts a reject, and keeps its value if that would teach something; true if a value is to blame.
    fn reject(&mut self, reject: Box<Reject>, teaches: bool) -> bool {
        self.rejected += 1;
        let blamed = match (&reject.column, &reject.value) {
            (Some(column), Some(value)) => {
                if teaches {
                    self.misfits.entry(column.clone()).or_default().push(value.clone());
                }
                true
            }
            _ => false,
        };
        self.first.get_or_insert(reject);
        blamed
    }
}

/// What a failed read means.
pub(super) fn unreadable(error: ReadError) -> InferError {
    match error {
        ReadError::Io(error) => InferError::Io(error),
        error => InferError::Unreadable(error),
    }
}
