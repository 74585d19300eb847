//! What is expected of the rows themselves: asked in SQL, of the release as it would be, in a transaction that is taken
//! back and may not write.

use diesel::{
    QueryableByName,
    result::Error,
    sql_types::{Jsonb, Nullable},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::Dataset;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Finding, calendar, days, newest, nulls, own, references};
use crate::{
    db::{AsyncPgConnection, DbError, DbResult, RunQueryDsl, gaps::Range, reading},
    ingest::{LONG, statement::Names},
};

/// What was found in the rows.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Looked {
    /// What does not hold.
    pub(in crate::ingest) findings: Vec<Finding>,
    /// What the calendar misses; none if the dataset has no calendar.
    pub(in crate::ingest) gaps: Option<Vec<Range>>,
}

/// Looks at the rows of a staged release, if anything is expected of them. A fresh one is to be the whole table.
pub(in crate::ingest) async fn look(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    names: &Names,
    fresh: bool,
) -> DbResult<Looked> {
    let mut looked = Looked::default();
    if !dataset.expect.looks_at_rows() && dataset.checks.is_empty() {
        return Ok(looked);
    }
    let taken_back: DbResult<()> = conn
        .transaction(async |conn| {
            conn.batch_execute(LONG).await?;
            conn.batch_execute(&views(names, fresh)).await?;
            conn.batch_execute("SET LOCAL TimeZone = 'UTC'").await?;
            reading::only(conn).await?;
            ask(conn, dataset, &mut looked).await?;
            Err(Error::RollbackTransaction)
        })
        .await;
    match taken_back {
        Ok(()) | Err(Error::RollbackTransaction) => Ok(looked),
        Err(error) => Err(error),
    }
}

/// The views that questions are asked of: `release`, the table less what goes and what changes, plus what the stage
/// has; and `published`.
fn views(names: &Names, fresh: bool) -> String {
    let release = match (fresh, names.keyed) {
        (true, _) => "CREATE TEMPORARY VIEW release AS SELECT {s_columns} FROM {stage} s",
        (false, true) => include_str!("look/release.sql"),
        (false, false) => include_str!("look/release_multiset.sql"),
    };
    names.fill(&format!("{release};\n{}", include_str!("look/published.sql")))
}

async fn ask(conn: &mut AsyncPgConnection, dataset: &Dataset, looked: &mut Looked) -> DbResult<()> {
    let expect = &dataset.expect;
    looked.findings.extend(nulls::look(conn, expect).await?);
    if let Some(newest) = &expect.newest {
        looked.findings.extend(newest::look(conn, expect, newest).await?);
    }
    if let Some(calendar) = &expect.calendar {
        let (finding, gaps) = calendar::look(conn, dataset, calendar).await?;
        looked.findings.extend(finding);
        looked.gaps = gaps;
    }
    if let Some(per_day) = &expect.intervals_per_day {
        looked.findings.extend(days::look(conn, dataset, per_day).await?);
    }
    for reference in &expect.references {
        looked.findings.extend(references::look(conn, dataset, reference).await?);
    }
    for check in &dataset.checks {
        looked.findings.extend(own::look(conn, check).await?);
    }
    Ok(())
}

/// The answer to a question that has one row of one JSON value, called `answer`.
#[derive(QueryableByName)]
pub(super) struct Answer {
    #[diesel(sql_type = Nullable<Jsonb>)]
    answer: Option<Value>,
}

impl Answer {
    /// The value as one of our own types.
    pub(super) fn read<T: DeserializeOwned>(self) -> DbResult<T> {
        let value = self.answer.unwrap_or_default();
        serde_json::from_value(value).map_err(|error| DbError::DeserializationError(error.into()))
    }
}

/// Whether a dataset's table is there: nothing can be compared with one that was never made.
pub(super) async fn there(conn: &mut AsyncPgConnection, table: &str) -> DbResult<bool> {
    let asked = diesel::sql_query("SELECT to_jsonb(to_regclass($1) IS NOT NULL) AS answer");
    let answer: Answer = asked.bind::<diesel::sql_types::Text, _>(table).get_result(conn).await?;
    answer.read()
}
