//! A sum of releases: a table beside the dataset's, as the dataset's would be if it were made anew. Releases are staged
//! and merged into it one after another, each by its own definition's rules.

use diesel_async::{AsyncConnection, SimpleAsyncConnection};

use super::{
    LONG,
    merge::{self, MergeError},
    stage::{self, Difference, Material, ReadingThread, Settled, Stage, Struck, Summary, WriteError, Written},
    statement::Names,
};
use crate::{
    db::{DbResult, PgSession, RunQueryDsl, run_log::RunLog},
    job::{Failure, ReleaseId},
};

/// A sum in the making.
#[derive(Debug)]
pub(super) struct Sum {
    place: Stage,
    /// Whether nothing has been added yet.
    empty: bool,
}

/// A release that is to be added.
pub(super) struct Adding<'a> {
    /// Its definition's names, with the stage to use.
    pub(super) names: &'a Names,
    /// What its key is called.
    pub(super) key: &'a [&'a str],
    pub(super) release: ReleaseId,
    pub(super) material: Material,
    /// The run that keeps what is rejected; none if somebody only looks.
    pub(super) log: Option<&'a RunLog>,
}

impl Sum {
    /// An empty table of the same shape.
    pub(super) async fn begin(session: &mut PgSession, names: &Names, place: Stage) -> DbResult<Self> {
        let beside = names.with_table(place.quoted());
        let create = include_str!("sum/create.sql").replace("{true_table}", &names.fill("{table}"));
        session.batch_execute(&beside.fill(&create)).await?;
        if beside.keyed {
            session.batch_execute(&beside.fill("ALTER TABLE {table} ADD PRIMARY KEY ({key})")).await?;
        }
        Ok(Self { place, empty: true })
    }

    /// Adds a release. If reading was given up, nothing is added.
    pub(super) async fn add(
        &mut self,
        session: &mut PgSession,
        adding: Adding<'_>,
    ) -> Result<(Summary, Difference), WriteError> {
        let Adding { release, material, log, .. } = adding;
        let beside = adding.names.with_table(self.place.quoted());
        let reading = ReadingThread::begin(material);
        let written = stage::write(session, &beside.fill(stage::CREATE), &beside, release, reading, log).await?;
        if written.summary.gave_up {
            return Ok((written.summary, Difference::default()));
        }
        let Settled::Difference(difference, _) = stage::settle(session, &beside, release, &written, adding.key).await?
        else {
            return Err(unsettled().into());
        };
        let first = std::mem::take(&mut self.empty);
        let merged = session.transaction::<_, MergeError, _>(async |conn| {
            conn.batch_execute(LONG).await?;
            merge::apply(conn, &beside, difference, release).await?;
            if first {
                conn.batch_execute(&beside.fill("ANALYZE {table}")).await?;
            }
            Ok(())
        });
        merged.await.map_err(Failure::retry)?;
        Ok((written.summary, difference))
    }

    /// Stages all of the sum and settles it against the table, as the whole truth. Says how many rows it has.
    pub(super) async fn compare(
        &self,
        session: &mut PgSession,
        names: &Names,
        release: ReleaseId,
    ) -> Result<(u64, Difference, Struck), Failure> {
        session.batch_execute(&names.fill(stage::CREATE)).await?;
        let fill = names.with_table(self.place.quoted()).fill(include_str!("sum/stage.sql"));
        let filled: DbResult<usize> = session
            .transaction(async |conn| {
                conn.batch_execute(LONG).await?;
                diesel::sql_query(fill).execute(conn).await
            })
            .await;
        let rows = filled? as u64;
        let written = Written { summary: Summary { rows, ..Summary::default() }, kept_keys: Vec::new() };
        match stage::settle(session, &names.as_whole_truth(), release, &written, &[]).await? {
            Settled::Difference(difference, struck) => Ok((rows, difference, struck)),
            Settled::Contradicted | Settled::KeyTwice => Err(unsettled()),
        }
    }

    /// Takes it away again.
    pub(super) async fn drop(&self, session: &mut PgSession) {
        self.place.drop(session).await;
    }
}

/// Only a comparison with a fingerprint can be contradicted, and there is none.
fn unsettled() -> Failure {
    Failure::retry(anyhow::anyhow!("the sum of the releases did not settle"))
}
