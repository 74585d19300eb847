//! Which file each dataset's fingerprint is.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};

use parsers::Dataset;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::fingerprints};
use crate::job::{DatasetName, ReleaseId};

/// A fingerprint's file, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FingerprintRow {
    /// Its name in the folder of fingerprints.
    pub file: String,
    /// What its digests, hashes and checksums are keyed by.
    pub seed: u64,
    /// Rows that it has entries of.
    pub rows: u64,
}

/// What a fingerprint holds for.
#[derive(Debug, Clone, Copy)]
pub struct Holds<'a> {
    /// The dataset.
    pub dataset: &'a DatasetName,
    /// The release that its table shows.
    pub release: ReleaseId,
    /// Hash of the definition that it was read by.
    pub definition: &'a str,
    /// Version of the parser that read it.
    pub parser_version: i32,
}

impl<'a> Holds<'a> {
    /// For a release that is read by this definition.
    pub fn of(dataset: &'a Dataset, release: ReleaseId) -> Self {
        let Dataset { name, hash, .. } = dataset;
        Self { dataset: name, release, definition: hash, parser_version: dataset.parser_version() }
    }
}

/// The fingerprint that holds for just this; none if there is none.
pub async fn find(conn: &mut AsyncPgConnection, holds: Holds<'_>) -> DbResult<Option<FingerprintRow>> {
    let found: Option<(String, i64, i64)> = fingerprints::table
        .find(holds.dataset.as_str())
        .filter(fingerprints::release.eq(holds.release.0))
        .filter(fingerprints::definition.eq(holds.definition))
        .filter(fingerprints::parser_version.eq(holds.parser_version))
        .select((fingerprints::file, fingerprints::seed, fingerprints::rows))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|(file, seed, rows)| FingerprintRow { file, seed: seed.cast_unsigned(), rows: rows.cast_unsigned() }))
}

/// Puts a dataset's fingerprint in the place of the one before, if there is one. Says which file nobody needs any more.
pub async fn replace(
    conn: &mut AsyncPgConnection,
    holds: Holds<'_>,
    new: Option<&FingerprintRow>,
) -> DbResult<Option<String>> {
    let old = diesel::delete(fingerprints::table.find(holds.dataset.as_str())).returning(fingerprints::file);
    let old = old.get_result(conn).await.optional()?;
    if let Some(new) = new {
        diesel::insert_into(fingerprints::table)
            .values((
                fingerprints::dataset.eq(holds.dataset.as_str()),
                fingerprints::release.eq(holds.release.0),
                fingerprints::file.eq(&new.file),
                fingerprints::seed.eq(new.seed.cast_signed()),
                fingerprints::rows.eq(new.rows.cast_signed()),
                fingerprints::definition.eq(holds.definition),
                fingerprints::parser_version.eq(holds.parser_version),
            ))
            .execute(conn)
            .await?;
    }
    Ok(old)
}

/// The files of all fingerprints.
pub async fn files(conn: &mut AsyncPgConnection) -> DbResult<Vec<String>> {
    fingerprints::table.select(fingerprints::file).load(conn).await
}
