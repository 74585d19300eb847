//! How a dataset stands, in the one word that matters most.

use std::fmt;

use serde::Serialize;

use super::Overview;

/// How a dataset stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A release waits for a person.
    Held,
    /// Somebody has paused it.
    Paused,
    /// Its last run failed for good.
    Failing,
    /// Nothing is published yet.
    Empty,
    /// A slot has come due since the publisher was last understood.
    Late,
    /// All is well.
    Fresh,
}

impl State {
    /// The state that matters most; a dataset that has not been tried yet has no row.
    pub fn of(row: Option<&Overview>, late: bool) -> Self {
        match row {
            Some(row) if row.held_release.is_some() => Self::Held,
            Some(row) if row.paused_at.is_some() => Self::Paused,
            Some(row) if row.failing_since.is_some() => Self::Failing,
            Some(row) if row.published_release.is_none() => Self::Empty,
            Some(_) if late => Self::Late,
            Some(_) => Self::Fresh,
            None => Self::Empty,
        }
    }

    /// The word on pages and in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Paused => "paused",
            Self::Failing => "failing",
            Self::Empty => "empty",
            Self::Late => "late",
            Self::Fresh => "fresh",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
