//! Editions: which there are, what they consist of, and which releases they were computed from.

use diesel::sql_types::{Nullable, Timestamptz};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::{NullableTimestamp, ToDiesel};

use super::{
    DbResult,
    schema::{artifacts, edition_files, edition_releases, editions, releases},
};
mod sources;

pub use sources::{Source, sources};

use crate::job::{ArtifactId, DatasetName, EditionId, ReleaseId, ReportName, RunId};

/// One rendering of a report for one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRow {
    /// Its number.
    pub id: EditionId,
    /// The report's name.
    pub report: String,
    /// The report's title when it was made.
    pub title: String,
    /// The run that made it.
    pub run: Option<RunId>,
    /// The moment that it was due; none if a person asked for it.
    pub slot: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One file of an edition; its bytes lie in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionFile {
    /// Its name within the edition.
    pub name: String,
    /// Such as `text/html`.
    pub media_type: String,
    /// Its row in `artifacts`.
    pub artifact: ArtifactId,
    /// Under which the archive keeps it.
    pub sha256: String,
    /// Its size.
    pub bytes: i64,
}

/// A release that an edition was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRelease {
    /// The dataset.
    pub dataset: String,
    /// The release that was published when the edition was computed.
    pub release: ReleaseId,
    /// When the publisher was asked for it.
    pub fetched_at: Timestamp,
    /// When it was published here.
    pub published_at: Option<Timestamp>,
}

/// A new edition; its files and deliveries are written in the same transaction.
#[derive(Debug)]
pub struct NewEdition<'a> {
    /// The report.
    pub report: &'a ReportName,
    /// Its title now.
    pub title: &'a str,
    /// The run that makes it.
    pub run: RunId,
    /// The moment that it is due; none if a person asked for it.
    pub slot: Option<Timestamp>,
    /// The releases that it was computed from.
    pub releases: Vec<(DatasetName, ReleaseId)>,
}

/// The newest editions, of one report or of all.
pub async fn list(conn: &mut AsyncPgConnection, report: Option<&ReportName>, limit: i64) -> DbResult<Vec<EditionRow>> {
    let mut query = editions::table.select(COLUMNS).order(editions::id.desc()).limit(limit).into_boxed();
    if let Some(report) = report {
        query = query.filter(editions::report.eq(report.as_str()));
    }
    Ok(query.load::<Columns>(conn).await?.into_iter().map(EditionRow::from).collect())
}

/// One edition.
pub async fn show(conn: &mut AsyncPgConnection, edition: EditionId) -> DbResult<Option<EditionRow>> {
    let query = editions::table.find(edition.0).select(COLUMNS);
    Ok(query.first::<Columns>(conn).await.optional()?.map(EditionRow::from))
}

/// The edition of a slot, if it has been made.
pub async fn of_slot(
    conn: &mut AsyncPgConnection,
    report: &ReportName,
    slot: Timestamp,
) -> DbResult<Option<EditionRow>> {
    let query = editions::table.select(COLUMNS).filter(editions::report.eq(report.as_str()));
    let query = query.filter(editions::slot.eq(slot.to_diesel()));
    Ok(query.first::<Columns>(conn).await.optional()?.map(EditionRow::from))
}

/// The edition that a run has made in an earlier attempt.
pub async fn of_run(conn: &mut AsyncPgConnection, run: RunId) -> DbResult<Option<EditionRow>> {
    let query = editions::table.select(COLUMNS).filter(editions::run.eq(run.0));
    Ok(query.first::<Columns>(conn).await.optional()?.map(EditionRow::from))
}

/// The moment of the report's last edition before `moment`.
pub async fn before(
    conn: &mut AsyncPgConnection,
    report: &ReportName,
    moment: Timestamp,
) -> DbResult<Option<Timestamp>> {
    let due = coalesce(editions::slot, editions::created_at);
    let earlier = editions::table.filter(editions::report.eq(report.as_str())).filter(due.lt(moment.to_diesel()));
    let newest: NullableTimestamp = earlier.select(diesel::dsl::max(due)).get_result(conn).await?;
    Ok(newest.into())
}

/// The files of an edition, by name.
pub async fn files(conn: &mut AsyncPgConnection, edition: EditionId) -> DbResult<Vec<EditionFile>> {
    let query = edition_files::table.inner_join(artifacts::table.on(artifacts::id.eq(edition_files::artifact)));
    let query = query.filter(edition_files::edition.eq(edition.0)).order(edition_files::name);
    let query = query.select((
        edition_files::name,
        edition_files::media_type,
        artifacts::id,
        artifacts::sha256,
        artifacts::bytes,
    ));
    let rows: Vec<(String, String, i64, String, i64)> = query.load(conn).await?;
    let file = |(name, media_type, artifact, sha256, bytes)| EditionFile {
        name,
        media_type,
        artifact: ArtifactId(artifact),
        sha256,
        bytes,
    };
    Ok(rows.into_iter().map(file).collect())
}

/// The releases that an edition was computed from, by dataset.
pub async fn computed_from(conn: &mut AsyncPgConnection, edition: EditionId) -> DbResult<Vec<EditionRelease>> {
    let query = edition_releases::table.inner_join(releases::table.on(releases::id.eq(edition_releases::release)));
    let query = query.filter(edition_releases::edition.eq(edition.0)).order(edition_releases::dataset);
    let query = query.select((edition_releases::dataset, releases::id, releases::fetched_at, releases::published_at));
    let rows: Vec<(String, i64, jiff_diesel::Timestamp, NullableTimestamp)> = query.load(conn).await?;
    let release = |(dataset, release, fetched_at, published_at): (_, _, jiff_diesel::Timestamp, NullableTimestamp)| {
        EditionRelease {
            dataset,
            release: ReleaseId(release),
            fetched_at: fetched_at.to_jiff(),
            published_at: published_at.into(),
        }
    };
    Ok(rows.into_iter().map(release).collect())
}

/// Writes a new edition and the releases that it was computed from.
pub async fn insert(conn: &mut AsyncPgConnection, new: &NewEdition<'_>) -> DbResult<EditionId> {
    let edition: i64 = diesel::insert_into(editions::table)
        .values((
            editions::report.eq(new.report.as_str()),
            editions::title.eq(new.title),
            editions::run.eq(new.run.0),
            editions::slot.eq(NullableTimestamp::from(new.slot)),
        ))
        .returning(editions::id)
        .get_result(conn)
        .await?;
    let release = |(dataset, release): &(DatasetName, ReleaseId)| {
        (
            edition_releases::edition.eq(edition),
            edition_releases::dataset.eq(dataset.to_string()),
            edition_releases::release.eq(release.0),
        )
    };
    let releases: Vec<_> = new.releases.iter().map(release).collect();
    diesel::insert_into(edition_releases::table).values(&releases).execute(conn).await?;
    Ok(EditionId(edition))
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The first of the two that is there.
    fn coalesce(first: Nullable<Timestamptz>, second: Timestamptz) -> Timestamptz;
}

/// Writes one file of an edition.
pub async fn insert_file(
    conn: &mut AsyncPgConnection,
    edition: EditionId,
    name: &str,
    media_type: &str,
    artifact: ArtifactId,
) -> DbResult<()> {
    diesel::insert_into(edition_files::table)
        .values((
            edition_files::edition.eq(edition.0),
            edition_files::name.eq(name),
            edition_files::media_type.eq(media_type),
            edition_files::artifact.eq(artifact.0),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

type Columns = (i64, String, String, Option<i64>, NullableTimestamp, jiff_diesel::Timestamp);

const COLUMNS: (editions::id, editions::report, editions::title, editions::run, editions::slot, editions::created_at) =
    (editions::id, editions::report, editions::title, editions::run, editions::slot, editions::created_at);

impl From<Columns> for EditionRow {
    fn from((id, report, title, run, slot, created_at): Columns) -> Self {
        Self {
            id: EditionId(id),
            report,
            title,
            run: run.map(RunId),
            slot: slot.into(),
            created_at: created_at.to_jiff(),
        }
    }
}
