//! Artifacts and fetches: what lies in the archive, and which answers of a publisher brought it.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, NullableExpressionMethods, OptionalExtension,
    QueryDsl,
};
use jiff::Timestamp;

use super::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    schema::{artifacts, fetches},
};
use crate::job::{ArtifactId, DatasetName};

/// One file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its row.
    pub id: ArtifactId,
    /// Its name in the archive.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// The file's own name where it was first seen.
    pub name: String,
}

/// One answer of a publisher.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = fetches)]
pub struct NewFetch<'a> {
    /// The run that asked.
    pub run: i64,
    /// For which dataset.
    pub dataset: &'a str,
    /// For which part of its release, from 0; none if it only told where parts are.
    pub part: Option<i32>,
    /// As asked, without secrets.
    pub url: &'a str,
    /// After redirects, without secrets.
    pub final_url: &'a str,
    /// The HTTP status; 200 for files.
    pub status: i32,
    /// The validators, if the publisher gave any.
    pub etag: Option<&'a str>,
    /// The publisher's `Last-Modified`.
    pub last_modified: Option<&'a str>,
    /// The publisher's `Content-Type`.
    pub content_type: Option<&'a str>,
    /// What it brought, or what still stands after 304.
    pub artifact: Option<i64>,
}

/// The last full answer, and what to ask with if it still stands.
#[derive(Debug, Clone)]
pub struct LastFetch {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// When.
    pub fetched_at: Timestamp,
}

/// An artifact as a query selects it: id, SHA-256, bytes, name.
pub(super) type Columns = (i64, String, i64, String);
type Answer = (Option<String>, Option<String>, jiff_diesel::Timestamp);

/// Remembers an artifact. Call it once the bytes are safe: a row without bytes would be a lie.
pub async fn remember(conn: &mut AsyncPgConnection, sha256: &str, bytes: u64, name: &str) -> DbResult<ArtifactId> {
    diesel::insert_into(artifacts::table)
        .values((
            artifacts::sha256.eq(sha256),
            artifacts::bytes.eq(i64::try_from(bytes).unwrap_or(i64::MAX)),
            artifacts::name.eq(name),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    let id = artifacts::table.filter(artifacts::sha256.eq(sha256)).select(artifacts::id).first(conn).await?;
    Ok(ArtifactId(id))
}

/// The newest artifact of this length.
pub async fn of_length(conn: &mut AsyncPgConnection, bytes: u64) -> DbResult<Option<Artifact>> {
    let found: Option<Columns> = artifacts::table
        .filter(artifacts::bytes.eq(i64::try_from(bytes).unwrap_or(i64::MAX)))
        .order(artifacts::id.desc())
        .select((artifacts::id, artifacts::sha256, artifacts::bytes, artifacts::name))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(artifact))
}

/// One artifact.
pub async fn show(conn: &mut AsyncPgConnection, id: ArtifactId) -> DbResult<Option<Artifact>> {
    let found: Option<Columns> = artifacts::table
        .find(id.0)
        .select((artifacts::id, artifacts::sha256, artifacts::bytes, artifacts::name))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(artifact))
}

/// Every artifact that there is.
pub async fn all(conn: &mut AsyncPgConnection) -> DbResult<Vec<Artifact>> {
    let found: Vec<Columns> = artifacts::table
        .order(artifacts::id)
        .select((artifacts::id, artifacts::sha256, artifacts::bytes, artifacts::name))
        .load(conn)
        .await?;
    Ok(found.into_iter().map(artifact).collect())
}

/// Remembers an answer.
pub async fn fetched(conn: &mut AsyncPgConnection, fetch: &NewFetch<'_>) -> DbResult<()> {
    diesel::insert_into(fetches::table).values(fetch).execute(conn).await?;
    Ok(())
}

/// Remembers an answer of long ago, which a manifest tells of.
pub async fn fetched_then(conn: &mut AsyncPgConnection, fetch: &NewFetch<'_>, fetched_at: Timestamp) -> DbResult<()> {
    let at = fetches::fetched_at.eq(jiff_diesel::Timestamp::from(fetched_at));
    diesel::insert_into(fetches::table).values((fetch, at)).execute(conn).await?;
    Ok(())
}

/// The last answer to a URL of a dataset that brought bytes, and the artifact that it brought.
pub async fn last_full(
    conn: &mut AsyncPgConnection,
    dataset: &DatasetName,
    url: &str,
) -> DbResult<Option<(LastFetch, Artifact)>> {
    let found: Option<(Answer, Columns)> = fetches::table
        .inner_join(artifacts::table.on(fetches::artifact.eq(artifacts::id.nullable())))
        .filter(fetches::dataset.eq(dataset.as_str()))
        .filter(fetches::url.eq(url))
        .filter(fetches::status.eq(200))
        .order(fetches::id.desc())
        .select((
            (fetches::etag, fetches::last_modified, fetches::fetched_at),
            (artifacts::id, artifacts::sha256, artifacts::bytes, artifacts::name),
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|((etag, last_modified, at), columns)| {
        (LastFetch { etag, last_modified, fetched_at: at.to_jiff() }, artifact(columns))
    }))
}

/// Forgets the validators that came with an artifact which turned out not to be what it should be: asked with them,
/// the publisher would say "not modified" about bytes that were cut on the way.
pub async fn distrust(conn: &mut AsyncPgConnection, dataset: &DatasetName, artifact: ArtifactId) -> DbResult<()> {
    let none: Option<String> = None;
    diesel::update(fetches::table.filter(fetches::dataset.eq(dataset.as_str()).and(fetches::artifact.eq(artifact.0))))
        .set((fetches::etag.eq(&none), fetches::last_modified.eq(&none)))
        .execute(conn)
        .await?;
    Ok(())
}

/// The artifact of a row.
pub(super) fn artifact((id, sha256, bytes, name): Columns) -> Artifact {
    Artifact { id: ArtifactId(id), sha256, bytes: u64::try_from(bytes).unwrap_or_default(), name }
}
