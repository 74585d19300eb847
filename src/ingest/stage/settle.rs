//! Settling a stage: no key twice, a mark for each key whose record was rejected, and then nothing but the difference.

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Integer, Jsonb},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use serde_json::{Map, Value};

use super::{Compared, Difference, Written};
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    ingest::{LONG, fingerprint::Place, statement::Names},
    job::ReleaseId,
};

/// Places that a fingerprint takes note of; with more of them, it is not worth having.
const MOST_STRUCK: i32 = 100_000;

/// What settling came to.
#[derive(Debug)]
pub(in crate::ingest) enum Settled {
    /// The stage is the difference.
    Difference(Difference, Struck),
    /// The table is not what its fingerprint says: somebody changed it by hand.
    Contradicted,
    /// A key stands there twice, where that was not to be settled.
    KeyTwice,
}

/// Records that became rows and were taken back.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Struck {
    /// Where they stand; not all of them if there are very many.
    pub(in crate::ingest) places: Vec<Place>,
    /// How many there are.
    pub(in crate::ingest) records: u64,
}

/// Settles a stage in one transaction.
pub(in crate::ingest) async fn settle(
    conn: &mut AsyncPgConnection,
    names: &Names,
    release: ReleaseId,
    written: &Written,
    key: &[&str],
) -> DbResult<Settled> {
    let compared = written.summary.compared.as_ref();
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        let (mut settled, mut struck) = (Difference::default(), Struck::default());
        // Rows without keys are a multiset: copies are rows like any other. A comparison has let no key pass twice.
        if names.keyed && compared.is_none() {
            settled.duplicates = strike(conn, names, include_str!("duplicates.sql"), None, &mut struck).await?;
            settled.conflicting =
                strike(conn, names, include_str!("conflicts.sql"), Some(release), &mut struck).await?;
            mark(conn, names, written, key).await?;
        }
        conn.batch_execute(&names.fill("ANALYZE {stage}")).await?;
        if names.keyed && names.frozen && names.has_values() {
            settled.frozen = strike(conn, names, include_str!("frozen.sql"), Some(release), &mut struck).await?;
        }
        if names.keyed && names.is_sum() && names.has_values() {
            settled.outdated = strike(conn, names, include_str!("outdated.sql"), Some(release), &mut struck).await?;
        }
        reduce(conn, names, compared.is_none(), &mut settled).await?;
        let Some(compared) = compared else { return Ok(Settled::Difference(settled, struck)) };
        if !agrees(settled, compared, names.removes) {
            return Ok(Settled::Contradicted);
        }
        settled.unchanged = compared.tally.same + settled.unchanged - compared.tally.twice;
        settled.duplicates = compared.tally.duplicates + compared.tally.twice;
        struck.records += compared.twice.len() as u64;
        struck.places.extend_from_slice(&compared.twice);
        Ok(Settled::Difference(settled, struck))
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

/// Whether PostgreSQL finds of the staged rows what the comparison has found. Where nothing is ever removed, the table
/// may have rows that no fingerprint knows, and PostgreSQL knows better which of the rows are new.
fn agrees(found: Difference, compared: &Compared, removes: bool) -> bool {
    let told = compared.tally;
    if !removes {
        let staged = found.inserted + found.changed + found.frozen + found.outdated + found.unchanged;
        return found.unchanged >= told.moved + told.twice
            && staged == told.inserted + told.changed + told.moved + told.twice;
    }
    found.inserted == told.inserted
        && found.changed == told.changed
        && found.unchanged == told.moved + told.twice
        && found.kept == told.rejected
        && found.removed == told.missing
}

/// Leaves nothing in the stage but what differs from the table, and counts it.
async fn reduce(conn: &mut AsyncPgConnection, names: &Names, wholly: bool, settled: &mut Difference) -> DbResult<()> {
    let (gone, unchanged, counts) = if names.keyed {
        (include_str!("gone.sql"), include_str!("unchanged.sql"), include_str!("counts.sql"))
    } else {
        (include_str!("gone_multiset.sql"), include_str!("unchanged_multiset.sql"), include_str!("counts_multiset.sql"))
    };
    if names.removes && wholly {
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

/// Takes rows back, and notes where they stood.
async fn strike(
    conn: &mut AsyncPgConnection,
    names: &Names,
    template: &str,
    release: Option<ReleaseId>,
    struck: &mut Struck,
) -> DbResult<u64> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = BigInt)]
        records: i64,
        #[diesel(sql_type = Array<Integer>)]
        parts: Vec<i32>,
        #[diesel(sql_type = Array<BigInt>)]
        places: Vec<i64>,
    }
    let template = template.replace("{struck}", include_str!("struck.sql"));
    let taking = diesel::sql_query(names.fill(&template)).bind::<Integer, _>(MOST_STRUCK);
    let taken: Taken = match release {
        Some(release) => taking.bind::<BigInt, _>(release.0).get_result(conn).await?,
        None => taking.get_result(conn).await?,
    };
    let records = taken.records.cast_unsigned();
    struck.records += records;
    struck.places.extend(
        taken
            .parts
            .iter()
            .zip(&taken.places)
            .map(|(part, record)| Place { part: part.cast_unsigned(), record: record.cast_unsigned() }),
    );
    Ok(records)
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
