//! What the publisher is asked for, and under which URL.

use jiff::Timestamp;
use parsers::Dataset;

use crate::{db::run_log::RunLog, job::Failure};

/// What the publisher is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Question {
    /// The newest that there is.
    Newest,
    /// The file of one period, long ago perhaps: what is remembered of the newest stays as it is.
    Period(Timestamp),
}

/// The URL to ask. A slot means the period that it fell due for, however late it is worked off.
pub(super) fn url(dataset: &Dataset, question: Question, log: &RunLog) -> Result<String, Failure> {
    let url = match (&dataset.source.dated, question) {
        (None, Question::Newest) => Ok(dataset.source.url.clone()),
        (None, Question::Period(_)) => {
            return Err(super::refuse(format!(
                "the URL of {} has no date: there are no periods to fetch",
                dataset.name
            )));
        }
        (Some(dated), Question::Period(period)) => dated.url(period),
        (Some(dated), Question::Newest) => {
            dated.newest(log.claim().slot.unwrap_or_else(Timestamp::now)).and_then(|period| dated.url(period))
        }
    };
    url.map_err(Failure::fatal)
}
