//! Settling a stage: no key twice, and a mark for each key whose record was rejected.

use diesel::sql_types::{BigInt, Jsonb};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use serde_json::{Map, Value};

use super::Written;
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    ingest::{LONG, statement::Names},
    job::ReleaseId,
};

/// What settling found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Settled {
    /// Identical copies, of which one stays.
    pub(in crate::ingest) duplicates: u64,
    /// Records rejected because another has the same key and other values.
    pub(in crate::ingest) conflicting: u64,
    /// Records rejected because the table may not change and has the key with other values.
    pub(in crate::ingest) frozen: u64,
    /// All rows of the stage, marks included: fewer later means that a crash has emptied it.
    pub(in crate::ingest) staged: i64,
}

/// Settles a stage in one transaction.
pub(in crate::ingest) async fn settle(
    conn: &mut AsyncPgConnection,
    names: &Names,
    release: ReleaseId,
    written: &Written,
    key: &[&str],
) -> DbResult<Settled> {
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        let mut settled = Settled::default();
        // Rows without keys are a multiset: copies are rows like any other.
        if names.keyed {
            settled.duplicates = run(conn, names, include_str!("duplicates.sql")).await?;
            settled.conflicting = run_for(conn, names, include_str!("conflicts.sql"), release).await?;
            mark(conn, names, written, key).await?;
        }
        if names.keyed && names.frozen && names.has_values() {
            settled.frozen = run_for(conn, names, include_str!("frozen.sql"), release).await?;
        }
        conn.batch_execute(&names.fill("ANALYZE {stage}")).await?;
        settled.staged = count(conn, names).await?;
        Ok(settled)
    })
    .await
}

/// The rows of a stage, marks included.
pub(in crate::ingest) async fn count(conn: &mut AsyncPgConnection, names: &Names) -> DbResult<i64> {
    #[derive(diesel::QueryableByName)]
    struct Rows {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let counted: Rows = diesel::sql_query(names.fill("SELECT count(*) AS rows FROM {stage}")).get_result(conn).await?;
    Ok(counted.rows)
}

async fn run(conn: &mut AsyncPgConnection, names: &Names, template: &str) -> DbResult<u64> {
    Ok(diesel::sql_query(names.fill(template)).execute(conn).await? as u64)
}

async fn run_for(conn: &mut AsyncPgConnection, names: &Names, template: &str, release: ReleaseId) -> DbResult<u64> {
    Ok(diesel::sql_query(names.fill(template)).bind::<BigInt, _>(release.0).execute(conn).await? as u64)
}

async fn mark(conn: &mut AsyncPgConnection, names: &Names, written: &Written, key: &[&str]) -> DbResult<()> {
    for some in written.kept_keys.chunks(10_000) {
        let keys: Vec<Value> = some.iter().map(|values| object(key, values)).collect();
        diesel::sql_query(names.fill(include_str!("mark.sql")))
            .bind::<Jsonb, _>(Value::Array(keys))
            .execute(conn)
            .await?;
    }
    Ok(())
}

fn object(key: &[&str], values: &[String]) -> Value {
    let pairs = key.iter().zip(values).map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())));
    Value::Object(pairs.collect::<Map<String, Value>>())
}
