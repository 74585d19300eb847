//! Writing manifests: what the database knows of its published releases, kept beside their artifacts.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;

use super::{
    AsyncPgConnection, DbError, DbResult, RunQueryDsl,
    releases::{self, ReleaseRow},
    schema::{artifacts, releases as table},
};
use crate::{
    archive::{
        Archive, ArchiveError,
        manifest::{Decision, Manifest, Part, file_name},
    },
    job::{DatasetName, ReleaseId},
};

/// A manifest could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The archive did.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Writes a release's manifest, if it was published and has none.
pub async fn write(conn: &mut AsyncPgConnection, archive: &Archive, release: ReleaseId) -> Result<(), ManifestError> {
    if let Some(manifest) = of(conn, release).await? {
        archive.keep_manifest(&manifest).await?;
    }
    Ok(())
}

/// Writes the manifests that a sudden end has left out; says how many.
pub async fn write_missing(conn: &mut AsyncPgConnection, archive: &Archive) -> Result<u64, ManifestError> {
    let published = table::table.filter(table::published_at.is_not_null()).order((table::dataset, table::id));
    let published: Vec<(i64, String, NullableTimestamp)> =
        published.select((table::id, table::dataset, table::published_at)).load(conn).await?;
    let (mut known, mut written) = (None, 0);
    for (release, dataset, at) in published {
        let (Ok(dataset), Some(at)) = (dataset.parse::<DatasetName>(), at.to_jiff()) else { continue };
        if known.as_ref().is_none_or(|(of, _)| *of != dataset) {
            known = Some((dataset.clone(), archive.manifest_files(&dataset).await?));
        }
        let there = known.as_ref().is_some_and(|(_, files)| files.contains(&file_name(at)));
        if !there {
            write(conn, archive, ReleaseId(release)).await?;
            written += 1;
        }
    }
    Ok(written)
}

/// What there is to say of a release; nothing if it was not published.
async fn of(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Option<Manifest>> {
    let Some(row) = releases::show(conn, release).await? else { return Ok(None) };
    let (Ok(dataset), Some(published_at)) = (row.dataset.parse(), row.published_at) else { return Ok(None) };
    let Some(definition) = definition(conn, &row).await? else { return Ok(None) };
    let base = match row.base {
        Some(base) => releases::show(conn, base).await?.and_then(|base| base.published_at),
        None => None,
    };
    Ok(Some(Manifest {
        dataset,
        release,
        published_at,
        base,
        fetched_at: row.fetched_at,
        definition,
        parser_version: row.parser_version,
        period: row.period,
        parts: parts(conn, release).await?,
        counts: row.counts,
        decision: decision(&row),
    }))
}

async fn definition(conn: &mut AsyncPgConnection, row: &ReleaseRow) -> DbResult<Option<String>> {
    let Some(artifact) = row.definition_artifact else { return Ok(None) };
    artifacts::table.find(artifact.0).select(artifacts::sha256).first(conn).await.optional()
}

async fn parts(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Vec<Part>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        sha256: String,
        #[diesel(sql_type = BigInt)]
        bytes: i64,
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Integer)]
        step: i32,
        #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
        period: Option<Timestamp>,
        #[diesel(sql_type = Nullable<Text>)]
        url: Option<String>,
        #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
        fetched_at: Option<Timestamp>,
    }
    let rows: Vec<Row> =
        diesel::sql_query(include_str!("manifests/parts.sql")).bind::<BigInt, _>(release.0).load(conn).await?;
    let part = |Row { sha256, bytes, name, step, period, url, fetched_at }| Part {
        sha256,
        bytes: i64::cast_unsigned(bytes),
        name,
        step,
        period,
        url,
        fetched_at,
    };
    Ok(rows.into_iter().map(part).collect())
}

fn decision(row: &ReleaseRow) -> Option<Decision> {
    Some(Decision { at: row.decided_at?, by: row.decided_by.clone()?, reason: row.decision_reason.clone() })
}
