//! `bluebook verify`: what must always hold, looked at in one snapshot. Nothing is changed.

use std::path::Path;

use diesel::{
    QueryableByName,
    sql_types::{Array, Text},
};
use diesel_async::SimpleAsyncConnection as _;
use parsers::Dataset;
use serde::Serialize;

use crate::{
    archive::Archive,
    db::{AsyncPgConnection, DbError, RunQueryDsl, artifacts},
};

mod files;
mod invariants;
mod slots;
mod tables;

pub use invariants::{INVARIANTS, Invariant};

/// Where there is something to look at.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// Bytes under their hashes.
    pub archive: &'a Archive,
    /// Where finished reports are written.
    pub reports: &'a Path,
    /// The definitions: which tables have a key.
    pub datasets: &'a [&'a Dataset],
    /// Whether every artifact is hashed again and every key counted, not only looked up.
    pub deep: bool,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Which invariant.
    pub invariant: &'static str,
    /// What breaks it, and where.
    pub what: String,
}

/// Looks at everything. What the database says is of one moment; files are looked at after it.
pub async fn everything(conn: &mut AsyncPgConnection, grounds: Grounds<'_>) -> Result<Vec<Broken>, DbError> {
    let mut snapshot = conn.build_transaction().repeatable_read().read_only();
    let (mut broken, kept, delivered) = snapshot.run(async |conn| within(conn, grounds).await).await?;
    broken.extend(named("artifacts", files::artifacts(grounds.archive, &kept, grounds.deep).await));
    broken.extend(named("report files", files::reports(grounds.reports, &delivered)));
    Ok(broken)
}

type Within = (Vec<Broken>, Vec<artifacts::Artifact>, Vec<String>);

async fn within(conn: &mut AsyncPgConnection, grounds: Grounds<'_>) -> Result<Within, DbError> {
    let keyed: Vec<&Dataset> = grounds.datasets.iter().copied().filter(|d| !d.schema.key.is_empty()).collect();
    let names: Vec<&str> = keyed.iter().map(|dataset| dataset.name.as_str()).collect();
    let mut broken = Vec::new();
    // Whole tables are read, and a person waits for it.
    conn.batch_execute("SET LOCAL statement_timeout = '2h'").await?;
    for Invariant { name, sql, .. } in INVARIANTS {
        let Some(sql) = sql else { continue };
        let found: Vec<Line> = diesel::sql_query(*sql).load(conn).await?;
        broken.extend(named(name, found.into_iter().map(|line| line.broken)));
    }
    let keyless = diesel::sql_query(include_str!("verify/keys.sql")).bind::<Array<Text>, _>(&names);
    let keyless: Vec<Line> = keyless.load(conn).await?;
    broken.extend(named("keys", keyless.into_iter().map(|line| line.broken)));
    broken.extend(named("rows", tables::rows(conn).await?));
    broken.extend(named("rows", tables::counted(conn, grounds.datasets).await?));
    if grounds.deep {
        broken.extend(named("keys", tables::duplicates(conn, &keyed).await?));
    }
    broken.extend(named("history", tables::histories(conn).await?));
    broken.extend(named("slots", slots::missing(conn).await?));
    let kept = artifacts::all(conn).await?;
    let delivered: Vec<Line> = diesel::sql_query(files::DELIVERED).load(conn).await?;
    Ok((broken, kept, delivered.into_iter().map(|line| line.broken).collect()))
}

fn named(invariant: &'static str, found: impl IntoIterator<Item = String>) -> Vec<Broken> {
    found.into_iter().map(|what| Broken { invariant, what }).collect()
}

/// A query's answer: one line for each thing that is found.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    broken: String,
}
