//! What a held release's difference is not any more: what it was made against has moved, or it is gone.

use std::fmt;

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Text},
};
use parsers::Dataset;
use serde::{Serialize, Serializer};

use crate::{
    db::{
        AsyncPgConnection, DbResult, RunQueryDsl, ident,
        releases::{self, ReleaseRow},
    },
    job::{DatasetName, ReleaseId},
};

/// Why a difference as it was staged is not what publishing would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// Its rows are not there any more.
    Gone,
    /// The definition has changed since: its rows are of another shape perhaps.
    Redefined(DatasetName),
    /// It was made against another release than the published one.
    Moved {
        /// What was published then.
        then: Option<ReleaseId>,
        /// What is published now.
        now: Option<ReleaseId>,
    },
}

impl Caution {
    /// Whether the staged rows can still be shown beside those of the table.
    pub(super) fn leaves_rows(&self) -> bool {
        matches!(self, Self::Moved { .. })
    }
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const AGAIN: &str = "the counts are from then, and publishing makes the difference again from the archive";
        let name = |release: &Option<ReleaseId>| {
            release.map_or_else(|| "an empty table".to_owned(), |release| format!("release {release}"))
        };
        match self {
            Self::Gone => {
                write!(f, "the rows of this difference are gone since the database server was restarted: {AGAIN}")
            }
            Self::Redefined(dataset) => write!(
                f,
                "the definition has changed since this release was held: the counts are from then, and `bluebook replay \
                 {dataset}` reads it again"
            ),
            Self::Moved { then, now } => write!(
                f,
                "this is the difference to {} (published now: {}): {AGAIN}; rows are shown beside those of today",
                name(then),
                name(now)
            ),
        }
    }
}

impl Serialize for Caution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What keeps a held release's difference from being what publishing would do.
pub(super) async fn about(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    release: &ReleaseRow,
    stage: &str,
) -> DbResult<Option<Caution>> {
    if release.definition != dataset.hash {
        return Ok(Some(Caution::Redefined(dataset.name.clone())));
    }
    if count(conn, dataset, stage).await? != release.staged_rows {
        return Ok(Some(Caution::Gone));
    }
    let now = releases::published(conn, &dataset.name).await?.map(|release| release.id);
    Ok((release.base != now).then_some(Caution::Moved { then: release.base, now }))
}

/// Rows of a stage; none if it, or the table, is not there.
async fn count(conn: &mut AsyncPgConnection, dataset: &Dataset, stage: &str) -> DbResult<Option<i64>> {
    #[derive(QueryableByName)]
    struct There {
        #[diesel(sql_type = Bool)]
        there: bool,
    }
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let (table, stage) = (ident::qualified("data", dataset.name.as_str()), ident::qualified("stage", stage));
    let asked = diesel::sql_query("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS there");
    let found: There = asked.bind::<Text, _>(&table).bind::<Text, _>(&stage).get_result(conn).await?;
    if !found.there {
        return Ok(None);
    }
    let counted: Counted = diesel::sql_query(format!("SELECT count(*) AS rows FROM {stage}")).get_result(conn).await?;
    Ok(Some(counted.rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caution_names_both_releases() {
        let moved = Caution::Moved { then: None, now: Some(ReleaseId(7)) }.to_string();
        assert!(moved.starts_with("this is the difference to an empty table (published now: release 7): "), "{moved}");
    }
}
