//! Releases that are the sum of several, read again as one (`bluebook replay --all`). Their files have steps.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryableByName,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use jiff::Timestamp;
use jiff_diesel::NullableTimestamp;
use serde_json::Value;

use super::understood;
use crate::{
    db::{
        AsyncPgConnection, DbResult, RunQueryDsl,
        artifacts::{Artifact, Columns, artifact},
        schema::{artifacts, release_artifacts, releases},
    },
    job::{Counts, DatasetName, ReleaseId},
};

/// The releases that are sums.
macro_rules! sums {
    () => {
        release_artifacts::table.filter(release_artifacts::step.gt(0)).select(release_artifacts::release)
    };
}

/// The files of a release, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Files {
    /// It is one release.
    Of(Vec<Artifact>),
    /// It is the sum of several, in their order.
    OfEach(Vec<Summand>),
}

/// One of the releases that a sum is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summand {
    /// The period that it is of, where each is a file of its own.
    pub period: Option<Timestamp>,
    /// Its files, in their order.
    pub files: Vec<Artifact>,
}

impl Files {
    /// Files with their steps and periods, as they are stored: the steps of a sum are counted from 1.
    pub fn in_steps(files: impl IntoIterator<Item = (i32, Option<Timestamp>, Artifact)>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        if files.iter().any(|(step, ..)| *step > 0) {
            return Self::OfEach(grouped(files));
        }
        Self::Of(files.into_iter().map(|(.., file)| file).collect())
    }

    /// The files of each release that it is the sum of; all of them together, if it is one release.
    pub fn each(self) -> Vec<Vec<Artifact>> {
        match self {
            Self::Of(files) => vec![files],
            Self::OfEach(releases) => releases.into_iter().map(|release| release.files).collect(),
        }
    }
}

/// The files of a release.
pub async fn files(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Files> {
    let found: Vec<(i32, NullableTimestamp, Columns)> = release_artifacts::table
        .inner_join(artifacts::table.on(artifacts::id.eq(release_artifacts::artifact)))
        .filter(release_artifacts::release.eq(release.0))
        .order(release_artifacts::part)
        .select((
            release_artifacts::step,
            release_artifacts::period,
            (artifacts::id, artifacts::sha256, artifacts::bytes, artifacts::name),
        ))
        .load(conn)
        .await?;
    Ok(Files::in_steps(found.into_iter().map(|(step, period, columns)| (step, period.to_jiff(), artifact(columns)))))
}

/// The files of each release of a dataset, in the order in which they were published. A sum says nothing of its own.
pub async fn files_of_all(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<Summand>> {
    #[derive(QueryableByName)]
    struct File {
        #[diesel(sql_type = BigInt)]
        release: i64,
        #[diesel(sql_type = Nullable<Timestamptz>, deserialize_as = NullableTimestamp)]
        period: Option<Timestamp>,
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        sha256: String,
        #[diesel(sql_type = BigInt)]
        bytes: i64,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let found: Vec<File> =
        diesel::sql_query(include_str!("sums/files_of_all.sql")).bind::<Text, _>(dataset.as_str()).load(conn).await?;
    let file = |file: File| (file.release, file.period, artifact((file.id, file.sha256, file.bytes, file.name)));
    Ok(grouped(found.into_iter().map(file)))
}

/// A release that was published, as one of those that made its dataset's table.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Link {
    /// Which release.
    #[diesel(sql_type = BigInt)]
    pub release: i64,
    /// SHA-256 of the definition's text that it was read by.
    #[diesel(sql_type = Nullable<Text>)]
    pub definition: Option<String>,
    /// Rows that it left as an older release had made them, because their records were rejected.
    #[diesel(sql_type = BigInt)]
    pub kept: i64,
    /// Whether it is the sum of several, and so the whole truth.
    #[diesel(sql_type = Bool)]
    pub sum: bool,
}

/// The releases that made a dataset's table, the newest first.
pub async fn chain(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Vec<Link>> {
    let chain = diesel::sql_query(include_str!("sums/chain.sql")).bind::<Text, _>(dataset.as_str());
    chain.load(conn).await
}

/// Whether all releases of a dataset were read by this definition and parser when they were published.
pub async fn read_alike(
    conn: &mut AsyncPgConnection,
    dataset: &DatasetName,
    definition: &str,
    parser_version: i32,
) -> DbResult<bool> {
    let otherwise: Option<i64> = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::published_at.is_not_null())
        .filter(releases::definition.ne(definition).or(releases::parser_version.ne(parser_version)))
        .filter(releases::id.ne_all(sums!()))
        .select(releases::id)
        .first(conn)
        .await
        .optional()?;
    Ok(otherwise.is_none())
}

/// The counts of the release of a dataset that was published last, sums aside: what the next one is measured by.
pub async fn last_counts(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Option<Counts>> {
    let counts: Option<Option<Value>> = releases::table
        .filter(releases::dataset.eq(dataset.as_str()))
        .filter(releases::published_at.is_not_null())
        .filter(releases::id.ne_all(sums!()))
        .order(releases::published_at.desc())
        .select(releases::counts)
        .first(conn)
        .await
        .optional()?;
    understood(counts.flatten().map(serde_json::from_value).transpose())
}

/// Artifacts that follow one another under the same number, together.
fn grouped<N: PartialEq>(found: impl IntoIterator<Item = (N, Option<Timestamp>, Artifact)>) -> Vec<Summand> {
    let mut groups: Vec<(N, Summand)> = Vec::new();
    for (number, period, artifact) in found {
        match groups.last_mut().filter(|(last, _)| *last == number) {
            Some((_, group)) => group.files.push(artifact),
            None => groups.push((number, Summand { period, files: vec![artifact] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
