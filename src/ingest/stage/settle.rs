//! Settling a stage: no key twice, a mark for each key whose record was rejected, and then nothing but the difference.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Jsonb},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use serde_json::{Map, Value};

use super::{Difference, Written};
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    ingest::{LONG, statement::Names},
    job::ReleaseId,
};

/// Settles a stage in one transaction.
pub(in crate::ingest) async fn settle(
    conn: &mut AsyncPgConnection,
    names: &Names,
    release: ReleaseId,
    written: &Written,
    key: &[&str],
) -> DbResult<Difference> {
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        let mut settled = Difference::default();
        // Rows without keys are a multiset: copies are rows like any other.
        if names.keyed {
            settled.duplicates = run(conn, names, include_str!("duplicates.sql")).await?;
            settled.conflicting = run_for(conn, names, include_str!("conflicts.sql"), release).await?;
            mark(conn, names, written, key).await?;
        }
        conn.batch_execute(&names.fill("ANALYZE {stage}")).await?;
        if names.keyed && names.frozen && names.has_values() {
            settled.frozen = run_for(conn, names, include_str!("frozen.sql"), release).await?;
        }
        reduce(conn, names, &mut settled).await?;
        Ok(settled)
    })
    .await
}

/// The rows of a stage: fewer than there were means that a crash has emptied it.
pub(in crate::ingest) async fn count(conn: &mut AsyncPgConnection, names: &Names) -> DbResult<i64> {
    #[derive(QueryableByName)]
    struct Rows {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let counted: Rows = diesel::sql_query(names.fill("SELECT count(*) AS rows FROM {stage}")).get_result(conn).await?;
    Ok(counted.rows)
}

/// Leaves nothing in the stage but what differs from the table, and counts it.
async fn reduce(conn: &mut AsyncPgConnection, names: &Names, settled: &mut Difference) -> DbResult<()> {
    let (gone, unchanged, counts) = if names.keyed {
        (include_str!("gone.sql"), include_str!("unchanged.sql"), include_str!("counts.sql"))
    } else {
        (include_str!("gone_multiset.sql"), include_str!("unchanged_multiset.sql"), include_str!("counts_multiset.sql"))
    };
    if names.removes {
        run(conn, names, gone).await?;
    }
    settled.unchanged = run(conn, names, unchanged).await?;
    if names.keyed {
        run(conn, names, include_str!("useless_marks.sql")).await?;
    }
    let counted: Counted = diesel::sql_query(names.fill(counts)).get_result(conn).await?;
    settled.inserted = counted.inserted.cast_unsigned();
    settled.changed = counted.changed.cast_unsigned();
    settled.removed = counted.removed.cast_unsigned();
    settled.kept = counted.kept.cast_unsigned();
    settled.staged = counted.staged;
    Ok(())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    inserted: i64,
    #[diesel(sql_type = BigInt)]
    changed: i64,
    #[diesel(sql_type = BigInt)]
    removed: i64,
    #[diesel(sql_type = BigInt)]
    kept: i64,
    #[diesel(sql_type = BigInt)]
    staged: i64,
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
