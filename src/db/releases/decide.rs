//! What people decide about held releases: who and why is kept with the release.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, dsl::now};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};

use super::{ReleaseRow, State, show};
use crate::{
    db::{
        AsyncPgConnection, DbError, DbResult, RunQueryDsl,
        conditions::{self, Cause},
        ident,
        schema::{releases, runs},
    },
    job::{ReleaseId, RunId, Trigger},
};

/// A decision that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// No such release.
    #[error("there is no release {0}")]
    Unknown(ReleaseId),
    /// It does not wait for anyone.
    #[error("release {release} is {state}: only a held release waits for a decision")]
    NotHeld {
        /// Which release.
        release: ReleaseId,
        /// Where it stands.
        state: State,
    },
    /// Somebody decided before; the run that publishes it has not ended.
    #[error("run {run} is to publish release {release}: wait for it, or cancel it first")]
    Publishing {
        /// Which release.
        release: ReleaseId,
        /// Which run.
        run: RunId,
    },
    /// Nothing of it could be read.
    #[error(
        "release {0} lacks columns of its definition, so there is nothing to publish: \
         mend the dataset's TOML and replay it"
    )]
    Unreadable(ReleaseId),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Records that a held release shall be published anyway. A run with `Trigger::Publish` does it.
pub async fn approve(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    who: &str,
    why: &str,
) -> Result<ReleaseRow, DecideError> {
    conn.transaction(async |conn| {
        let held = held(conn, release).await?;
        if held.is_unreadable() {
            return Err(DecideError::Unreadable(release));
        }
        record(conn, release, State::Held, who, why).await?;
        Ok(held)
    })
    .await
}

/// Discards a held release: its rows never reach the table, its artifacts stay in the archive.
pub async fn discard(
    conn: &mut AsyncPgConnection,
    release: ReleaseId,
    who: &str,
    why: &str,
) -> Result<ReleaseRow, DecideError> {
    conn.transaction(async |conn| {
        let held = held(conn, release).await?;
        record(conn, release, State::Discarded, who, why).await?;
        if let Some(stage) = &held.stage {
            let stage = ident::qualified("stage", stage);
            conn.batch_execute(&format!("DROP TABLE IF EXISTS {stage}")).await?;
        }
        conditions::judge(conn, &format!("ingest:{}", held.dataset), Cause::Discarded(release)).await?;
        Ok(held)
    })
    .await
}

async fn held(conn: &mut AsyncPgConnection, release: ReleaseId) -> Result<ReleaseRow, DecideError> {
    let locked: Vec<i64> = releases::table.find(release.0).select(releases::id).for_update().load(conn).await?;
    let row = show(conn, release).await?.filter(|_| !locked.is_empty()).ok_or(DecideError::Unknown(release))?;
    if row.state != State::Held {
        return Err(DecideError::NotHeld { release, state: row.state });
    }
    match publishing(conn, release).await? {
        Some(run) => Err(DecideError::Publishing { release, run }),
        None => Ok(row),
    }
}

/// The open run that publishes a release, if there is one.
pub async fn publishing(conn: &mut AsyncPgConnection, release: ReleaseId) -> DbResult<Option<RunId>> {
    let trigger = serde_json::to_value(Trigger::Publish(release));
    let trigger = trigger.map_err(|error| DbError::SerializationError(error.into()))?;
    let of_release = runs::table.filter(runs::trigger.eq(trigger)).filter(runs::finished_at.is_null());
    Ok(of_release.select(runs::id).first(conn).await.optional()?.map(RunId))
}

async fn record(conn: &mut AsyncPgConnection, release: ReleaseId, state: State, who: &str, why: &str) -> DbResult<()> {
    diesel::update(releases::table.find(release.0))
        .set((
            releases::state.eq(state.as_str()),
            releases::decided_at.eq(now),
            releases::decided_by.eq(who),
            releases::decision_reason.eq(why),
        ))
        .execute(conn)
        .await?;
    if state == State::Discarded {
        diesel::update(releases::table.find(release.0)).set(releases::stage.eq(None::<String>)).execute(conn).await?;
    }
    Ok(())
}
