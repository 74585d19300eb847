//! What the publisher is asked for, and under which URL.

use jiff::Timestamp;
use parsers::Dataset;

use crate::{db::run_log::RunLog, job::Failure};

/// What the publisher is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Question {
    /// The newest that there is; of this period, where each is a file of its own.
    Newest(Option<Timestamp>),
    /// The file of one period, long ago perhaps: what is remembered of the newest stays as it is.
    Period(Timestamp),
}

impl Question {
    /// What a run asks for. A slot means the period that it fell due for, however late it is worked off.
    pub(super) fn newest(dataset: &Dataset, log: &RunLog) -> Result<Self, Failure> {
        Self::at(dataset, log.claim().slot.unwrap_or_else(Timestamp::now))
    }

    /// What is the newest at a moment.
    pub(super) fn at(dataset: &Dataset, moment: Timestamp) -> Result<Self, Failure> {
        let period = dataset.source.dated.as_ref().map(|dated| dated.newest(moment));
        Ok(Self::Newest(period.transpose().map_err(Failure::fatal)?))
    }

    /// The period that the answer is the file of.
    pub(super) fn period(self) -> Option<Timestamp> {
        match self {
            Self::Newest(period) => period,
            Self::Period(period) => Some(period),
        }
    }

    /// Whether it is about a period that may be long ago.
    pub(super) fn is_past(self) -> bool {
        matches!(self, Self::Period(_))
    }

    /// The period to ask a dataset's source for.
    pub(super) fn asked_of(self, dataset: &Dataset) -> Result<Option<Timestamp>, Failure> {
        let period = self.period();
        if period.is_some() == dataset.source.dated.is_some() {
            return Ok(period);
        }
        let name = &dataset.name;
        Err(super::refuse(format!("the URL of {name} has no date: there are no periods to fetch")))
    }
}
