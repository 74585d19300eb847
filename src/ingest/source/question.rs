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
        let slot = log.claim().slot.unwrap_or_else(Timestamp::now);
        let period = dataset.source.dated.as_ref().map(|dated| dated.newest(slot));
        Ok(Self::Newest(period.transpose().map_err(Failure::fatal)?))
    }

    /// The period that the answer is the file of.
    pub(super) fn period(self) -> Option<Timestamp> {
        match self {
            Self::Newest(period) => period,
            Self::Period(period) => Some(period),
        }
    }
}

/// The URL to ask.
pub(super) fn url(dataset: &Dataset, question: Question) -> Result<String, Failure> {
    match (&dataset.source.dated, question.period()) {
        (Some(dated), Some(period)) => dated.url(period).map_err(Failure::fatal),
        (None, None) => Ok(dataset.source.url.clone()),
        _ => {
            let name = &dataset.name;
            Err(super::refuse(format!("the URL of {name} has no date: there are no periods to fetch")))
        }
    }
}
