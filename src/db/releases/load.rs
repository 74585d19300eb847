//! The life of a release while a run loads it.

use diesel::{
    ExpressionMethods, QueryDsl, QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde::Serialize;
use serde_json::Value;

use super::State;
use crate::{
    archive::manifest::Manifest,
    db::{
        AsyncPgConnection, DbError, DbResult, RunQueryDsl, ident, rejects,
        schema::{release_artifacts, releases},
    },
    job::{ArtifactId, Counts, DatasetName, Finding, ReleaseId, RunId},
};

/// A release that is about to be loaded.
#[derive(Debug, Clone, Copy)]
pub struct NewRelease<'a> {
    /// Of which dataset.
    pub dataset: &'a DatasetName,
    /// The run that loads it.
    pub run: RunId,
    /// The release that is published now.
    pub base: Option<ReleaseId>,
    /// Hash of the definition.
    pub definition: &'a str,
    /// Version of the parser.
    pub parser_version: i32,
    /// Hash over its artifacts.
    pub content: &'a str,
    /// The period that it is the file of, where each is a file of its own.
    pub period: Option<Timestamp>,
    /// Its files, in order.
    pub parts: &'a [NewPart],
    /// The definition's text in the archive.
    pub definition_artifact: ArtifactId,
    /// What it was, if it was published before, by a database that is lost.
    pub again: Option<&'a Manifest>,
}

/// One file of a release that is about to be loaded.
#[derive(Debug, Clone, Copy)]
pub struct NewPart {
    /// Which file.
    pub artifact: ArtifactId,
    /// The number of its release, from 1, if this is the sum of several; else 0.
    pub step: i32,
    /// The period that it is the file of, where each is a file of its own.
    pub period: Option<Timestamp>,
}

/// Opens a release. What an earlier attempt of the same run left on its way has failed by now: each attempt writes
/// into a release of its own, so that one that was only asleep cannot mix its rows with ours.
pub async fn begin(conn: &mut AsyncPgConnection, new: &NewRelease<'_>) -> DbResult<ReleaseId> {
    conn.transaction(async |conn| {
        diesel::update(releases::table)
            .filter(releases::run.eq(new.run.0))
            .filter(releases::state.eq(State::Loading.as_str()))
            .set(releases::state.eq(State::Failed.as_str()))
            .execute(conn)
            .await?;
        let release = match new.again {
            None => insert(conn, new).await?,
            Some(manifest) => insert_again(conn, new, manifest).await?,
        };
        for (part, NewPart { artifact, step, period }) in (0_i32..).zip(new.parts) {
            diesel::insert_into(release_artifacts::table)
                .values((
                    release_artifacts::release.eq(release),
                    release_artifacts::part.eq(part),
                    release_artifacts::artifact.eq(artifact.0),
                    release_artifacts::step.eq(step),
                    release_artifacts::period.eq(period.to_diesel()),
                ))
                .execute(conn)
                .await?;
        }
        Ok(ReleaseId(release))
    })
    .await
}

async fn insert(conn: &mut AsyncPgConnection, new: &NewRelease<'_>) -> DbResult<i64> {
    diesel::insert_into(releases::table)
        .values((
            releases::dataset.eq(new.dataset.as_str()),
            releases::run.eq(new.run.0),
            releases::base.eq(new.base.map(|base| base.0)),
            releases::definition.eq(new.definition),
            releases::definition_artifact.eq(new.definition_artifact.0),
            releases::parser_version.eq(new.parser_version),
            releases::content.eq(new.content),
            releases::period.eq(new.period.to_diesel()),
        ))
        .returning(releases::id)
        .get_result(conn)
        .await
}

/// Under its old number, if nobody has taken that, and with what a person decided then.
async fn insert_again(conn: &mut AsyncPgConnection, new: &NewRelease<'_>, then: &Manifest) -> DbResult<i64> {
    #[derive(QueryableByName)]
    struct Inserted {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let decision = then.decision.as_ref();
    let inserted: Inserted = diesel::sql_query(include_str!("insert_again.sql"))
        .bind::<BigInt, _>(then.release.0)
        .bind::<Text, _>(new.dataset.as_str())
        .bind::<BigInt, _>(new.run.0)
        .bind::<Nullable<BigInt>, _>(new.base.map(|base| base.0))
        .bind::<Text, _>(new.definition)
        .bind::<BigInt, _>(new.definition_artifact.0)
        .bind::<Integer, _>(new.parser_version)
        .bind::<Text, _>(new.content)
        .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(then.fetched_at))
        .bind::<Nullable<Timestamptz>, _>(decision.map(|decision| jiff_diesel::Timestamp::from(decision.at)))
        .bind::<Nullable<Text>, _>(decision.map(|decision| &decision.by))
        .bind::<Nullable<Text>, _>(decision.and_then(|decision| decision.reason.as_ref()))
        .bind::<Nullable<Timestamptz>, _>(new.period.map(jiff_diesel::Timestamp::from))
        .get_result(conn)
        .await?;
    Ok(inserted.id)
}

/// Sees to it that new releases get numbers above this one.
pub async fn reserve(conn: &mut AsyncPgConnection, highest: Option<ReleaseId>) -> DbResult<()> {
    diesel::sql_query(include_str!("reserve.sql"))
        .bind::<Nullable<BigInt>, _>(highest.map(|release| release.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Remembers where a release is staged; `rows` once the stage is complete.
pub async fn staged(conn: &mut AsyncPgConnection, release: ReleaseId, stage: &str, rows: Option<i64>) -> DbResult<()> {
    diesel::update(releases::table.find(release.0))
        .set((releases::stage.eq(stage), releases::staged_rows.eq(rows)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a release up that is still on its way. One that was held before stays held.
pub async fn fail(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<()> {
    diesel::update(releases::table.find(release.0))
        .filter(releases::state.eq(State::Loading.as_str()))
        .set((releases::state.eq(State::Failed.as_str()), releases::stage.eq(None::<String>)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds a release until a person decides; one that was held before it is superseded (`by_period`: if it is of the same
/// period). Fails with `NotFound` if
/// somebody decided meanwhile.
pub async fn hold(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    base: Option<ReleaseId>,
    counts: Option<&Counts>,
    findings: &[Finding],
    by_period: bool,
) -> DbResult<()> {
    supersede(conn, release, &[State::Held], by_period).await?;
    if counts.is_some() {
        rejects::confirm(conn, release).await?;
    }
    let undecided = releases::state.eq_any([State::Loading.as_str(), State::Held.as_str()]);
    let held = diesel::update(releases::table.find(release.0).filter(undecided))
        .set((
            releases::state.eq(State::Held.as_str()),
            releases::base.eq(base.map(|base| base.0)),
            releases::counts.eq(counts.map(json).transpose()?),
            releases::findings.eq(json(findings)?),
        ))
        .execute(conn)
        .await?;
    if held != 1 {
        return Err(DbError::NotFound);
    }
    // What could not be read to its end was not staged.
    diesel::update(releases::table.find(release.0).filter(releases::counts.is_null()))
        .set(releases::stage.eq(None::<String>))
        .execute(conn)
        .await?;
    Ok(())
}

/// The moment of publishing, by the database's clock: later than that of every release which the dataset has had.
/// To be asked for once, under the dataset's lock.
pub async fn moment(conn: &mut AsyncPgConnection, dataset: &DatasetName) -> DbResult<Timestamp> {
    #[derive(QueryableByName)]
    struct Moment {
        #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
        at: Timestamp,
    }
    let found: Moment = diesel::sql_query(
        "SELECT greatest(clock_timestamp(), max(published_at) + interval '1 microsecond') AS at \
         FROM bluebook.releases WHERE dataset = $1",
    )
    .bind::<Text, _>(dataset.as_str())
    .get_result(conn)
    .await?;
    Ok(found.at)
}

/// Makes a release the published one, inside the merge's transaction and under the dataset's lock: the release
/// before it and older ones that are held (`by_period`: for the same period) are superseded, and their stages and its own
/// are dropped. Fails with `NotFound` if somebody decided otherwise.
pub async fn publish(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    base: Option<ReleaseId>,
    counts: &Counts,
    findings: &[Finding],
    at: Timestamp,
    by_period: bool,
) -> DbResult<()> {
    supersede(conn, release, &[State::Published, State::Held], by_period).await?;
    let stage = releases::table.find(release.0).select(releases::stage).first(conn).await?;
    drop_stage(conn, stage).await?;
    rejects::confirm(conn, release).await?;
    let published = diesel::sql_query(include_str!("publish.sql"))
        .bind::<BigInt, _>(release.0)
        .bind::<Nullable<BigInt>, _>(base.map(|base| base.0))
        .bind::<Jsonb, _>(json(counts)?)
        .bind::<Jsonb, _>(json(findings)?)
        .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(at))
        .execute(conn)
        .await?;
    if published == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

/// Supersedes older releases in these states, and drops their stages with them.
async fn supersede(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    states: &[State],
    by_period: bool,
) -> DbResult<()> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Nullable<Text>)]
        stage: Option<String>,
    }
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let left: Vec<Left> = diesel::sql_query(include_str!("supersede.sql"))
        .bind::<BigInt, _>(release.0)
        .bind::<Array<Text>, _>(states)
        .bind::<Bool, _>(by_period)
        .load(conn)
        .await?;
    for Left { stage } in left {
        drop_stage(conn, stage).await?;
    }
    Ok(())
}

async fn drop_stage(conn: &mut AsyncPgConnection, stage: Option<String>) -> DbResult<()> {
    let Some(stage) = stage else { return Ok(()) };
    conn.batch_execute(&format!("DROP TABLE IF EXISTS {}", ident::qualified("stage", &stage))).await
}

fn json<T: Serialize + ?Sized>(value: &T) -> DbResult<Value> {
    serde_json::to_value(value).map_err(|error| DbError::SerializationError(error.into()))
}
