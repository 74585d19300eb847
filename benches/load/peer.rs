//! The peer that everyone has: `psql \copy` into the same table, its key and index existing.

use std::{path::Path, time::Instant};

use anyhow::{Context as _, ensure};

use super::house::House;

/// The peers' database.
pub(crate) const DATABASE: &str = "peers";

/// A database with nothing in it.
pub(crate) fn renew(house: &House<'_>) -> anyhow::Result<()> {
    house.cluster.sql("postgres", &format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
    house.cluster.sql("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
    Ok(())
}

/// Loads a file with a header, and returns the seconds that `psql` took from its start to its end.
pub(crate) fn copy(house: &House<'_>, table: &str, null: &str, file: &Path) -> anyhow::Result<f64> {
    renew(house)?;
    house.cluster.sql(DATABASE, table)?;
    let copy = format!("\\copy peer FROM '{}' WITH (FORMAT csv, HEADER true, NULL '{null}')", file.display());
    house.alone("psql \\copy", || {
        let begun = Instant::now();
        let ran = house.cluster.psql(DATABASE).arg("-c").arg(copy).output().context("cannot start psql")?;
        let seconds = begun.elapsed().as_secs_f64();
        ensure!(ran.status.success(), "psql: {}", String::from_utf8_lossy(&ran.stderr));
        Ok(seconds)
    })
}

/// Fails unless the peer's table holds the very rows that ours does.
pub(crate) fn compare(house: &House<'_>, dataset: &str, columns: &str) -> anyhow::Result<()> {
    let ask =
        |table: &str| format!("SELECT count(*), sum(hashtextextended(ROW({columns})::text, 0)::numeric) FROM {table}");
    let ours = house.sql(&ask(&format!("data.{dataset}")))?;
    let other = house.cluster.sql(DATABASE, &ask("peer"))?;
    ensure!(ours == other, "{dataset} differs from what psql loads: {ours}, not {other}");
    Ok(())
}
