//! How a dataset stands, in one line.

use jiff::Timestamp;
use parsers::Dataset;
use serde::Serialize;

use crate::{
    cli::load::grouped,
    db::dataset_rows::{Overview, State},
    job::Job,
    schedules::Schedules,
    view::{distance, until},
};

/// Stands where there is nothing.
pub(super) const NONE: &str = "-";

/// The columns of [`Line::cells`].
pub(super) const HEADINGS: [&str; 6] = ["dataset", "state", "rows", "published", "as of", "next slot"];

/// How a dataset stands, for machines. What there is not is null.
#[derive(Debug, Default, Serialize)]
pub(super) struct Line {
    pub(super) dataset: String,
    title: Option<String>,
    table: Option<String>,
    /// A [`State`], or `broken` if the definition has mistakes.
    pub(super) state: &'static str,
    pub(super) rows: Option<i64>,
    /// The published release.
    pub(super) release: Option<i64>,
    pub(super) published_at: Option<Timestamp>,
    /// The first instant of the period that it is the file of, where each is a file of its own.
    period: Option<Timestamp>,
    pub(super) checked_at: Option<Timestamp>,
    pub(super) changed_at: Option<Timestamp>,
    pub(super) paused_at: Option<Timestamp>,
    pub(super) failing_since: Option<Timestamp>,
    held_release: Option<i64>,
    next_slot: Option<Timestamp>,
    /// The period as people write it.
    #[serde(skip)]
    period_told: Option<String>,
    /// The first slot that brought no answer, once that is more than a delay.
    #[serde(skip)]
    pub(super) late_since: Option<Timestamp>,
}

impl Line {
    /// A dataset with its row, which one that was never tried has not.
    pub(super) fn of(dataset: &Dataset, row: Option<&Overview>, schedules: &Schedules, now: Timestamp) -> Self {
        let job = Job::Ingest(dataset.name.clone());
        let checked_at = row.and_then(|row| row.checked_at);
        let late_since = checked_at.and_then(|checked| schedules.late_since(&job, checked, now));
        let period = row.and_then(|row| row.period);
        Self {
            dataset: dataset.name.to_string(),
            title: Some(dataset.title.clone()),
            table: Some(format!("data.{}", dataset.name)),
            state: State::of(row, late_since.is_some()).as_str(),
            rows: row.and_then(|row| row.rows),
            release: row.and_then(|row| row.published_release),
            published_at: row.and_then(|row| row.published_at),
            period,
            checked_at,
            changed_at: row.and_then(|row| row.changed_at),
            paused_at: row.and_then(|row| row.paused_at),
            failing_since: row.and_then(|row| row.failing_since),
            held_release: row.and_then(|row| row.held_release),
            next_slot: schedules.coming(&job, now, 1).pop().map(|next| next.slot.utc),
            period_told: period.zip(dataset.source.dated.as_ref()).map(|(period, dated)| dated.told(period)),
            late_since,
        }
    }

    /// A definition with mistakes.
    pub(super) fn broken(stem: &str) -> Self {
        Self { dataset: stem.to_owned(), state: "broken", ..Self::default() }
    }

    /// The same for people. A table is as of its period, or of the last time that the publisher had nothing newer.
    pub(super) fn cells(&self, now: Timestamp) -> Vec<String> {
        let ago = |at: Option<Timestamp>| at.map(|at| distance(at, now));
        let published = self.release.and_then(|_| ago(self.published_at));
        let as_of = self.release.and_then(|_| self.period_told.clone().or_else(|| ago(self.checked_at)));
        let cells = [
            Some(self.dataset.clone()),
            Some(self.state.to_owned()),
            self.rows.map(count),
            published,
            as_of,
            self.next_slot.map(|slot| until(slot, now)),
        ];
        cells.into_iter().map(|cell| cell.unwrap_or_else(|| NONE.to_owned())).collect()
    }
}

/// A number of rows with commas.
pub(super) fn count(rows: i64) -> String {
    grouped(u64::try_from(rows).unwrap_or(0))
}
