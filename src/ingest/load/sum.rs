//! The sum of a dataset's releases: all of them read again in their order into a table of their own, as if the dataset's
//! table were made anew, and then compared with it as one release is. Readers see one switch.

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::NewColumn;

use super::{Attempt, Load, attempt::Staged};
use crate::{
    db::{DbResult, PgSession, RunQueryDsl, artifacts::Artifact, releases::ReleaseRow},
    ingest::{
        Ingest, LONG,
        expect::{self, Seen},
        merge,
        stage::{self, Material, Settled, Stage, Stopped, Summary, WriteError, Written},
        statement::Names,
    },
    job::{Failure, Finding, Step},
};

/// Why there is no sum.
enum Stop {
    /// One of the releases cannot be read to its end by today's definition.
    Held(Vec<Finding>),
    /// Something else went wrong.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Ingest {
    /// Makes the sum beside the table, stages its difference to the table, and decides about it.
    pub(super) async fn attempt_sum(
        &self,
        load: &Load<'_>,
        session: &mut PgSession,
        base: Option<&ReleaseRow>,
    ) -> Result<Attempt, Failure> {
        load.remember_stage(session, None).await?;
        let sum = Stage::of_sum(&load.dataset.name, load.log.claim());
        let made = self.sum(load, session, base, &sum).await;
        sum.drop(session).await;
        match made {
            Ok(staged) => {
                load.remember_stage(session, Some(staged.difference.staged)).await?;
                load.decide(session, staged).await
            }
            Err(Stop::Held(findings)) => {
                load.log.enter(Step::Expect).await?;
                let base = base.map(|release| release.id);
                load.hold(session, base, None, &findings).await.map(Attempt::Ended)
            }
            Err(Stop::Failed(failure)) => Err(failure),
        }
    }

    async fn sum<'b>(
        &self,
        load: &Load<'_>,
        session: &mut PgSession,
        base: Option<&'b ReleaseRow>,
        sum: &Stage,
    ) -> Result<Staged<'b>, Stop> {
        let beside = load.names.with_table(sum.quoted());
        let mut sum = Sum { load, beside, read: Summary::default(), findings: Vec::new() };
        sum.create(session).await?;
        let mut rest = load.source.parts.as_slice();
        for (number, &files) in (1..).zip(&load.source.steps) {
            load.log.check()?;
            let first = load.source.parts.len() - rest.len();
            let Some((parts, later)) = rest.split_at_checked(files) else { break };
            let material = self.material(load, first, parts, None).await?;
            sum.add(session, number, parts, material).await?;
            rest = later;
        }
        sum.compare(session, base).await
    }
}

/// A sum in the making.
struct Sum<'a> {
    load: &'a Load<'a>,
    /// The dataset's names, with the sum in the table's place.
    beside: Names,
    /// Rejects and new columns of the releases so far.
    read: Summary,
    /// What each of them came to by itself.
    findings: Vec<Finding>,
}

impl Sum<'_> {
    /// An empty table beside the dataset's, of the same shape.
    async fn create(&self, session: &mut PgSession) -> DbResult<()> {
        let create = include_str!("sum/create.sql").replace("{true_table}", &self.load.names.fill("{table}"));
        session.batch_execute(&self.beside.fill(&create)).await?;
        if self.beside.keyed {
            session.batch_execute(&self.beside.fill("ALTER TABLE {table} ADD PRIMARY KEY ({key})")).await?;
        }
        Ok(())
    }

    /// Adds the release of this number, by the rules of the dataset's mode.
    async fn add(
        &mut self,
        session: &mut PgSession,
        number: usize,
        parts: &[Artifact],
        material: Material,
    ) -> Result<(), Stop> {
        let Load { release, log, dataset, .. } = self.load;
        let create = self.beside.fill(stage::CREATE);
        let written = match stage::write(session, &create, &self.beside, *release, material, log).await {
            Ok(written) => written,
            Err(WriteError::Failed(failure)) => return Err(failure.into()),
            Err(WriteError::Stopped(stopped)) => return Err(stuck(stopped, &self.told(number, parts))),
        };
        let Written { summary: Summary { gave_up, rejected, .. }, .. } = written;
        if gave_up {
            let seen = Seen { counts: None, rejected, conflicting: 0, before: None, new_columns: &[] };
            let findings = expect::findings(&dataset.expect, seen);
            return Err(Stop::Held(of(&self.told(number, parts), findings)));
        }
        // A row stays by being read again: the table that the sum is compared with keeps none.
        let written = Written { kept_keys: Vec::new(), ..written };
        let Settled::Difference(difference, _) = self.load.settle(session, &self.beside, &written).await? else {
            return Err(unsettled());
        };
        let counts = difference.counts(&written.summary)?;
        let conflicting = difference.conflicting;
        let seen =
            Seen { counts: Some(&counts), rejected: counts.rejected, conflicting, before: None, new_columns: &[] };
        self.findings.extend(of(&self.told(number, parts), expect::of_one(&dataset.expect, seen)));
        self.read.rejected += counts.rejected;
        self.know(written.summary.new_columns);
        let merged = session.transaction(async |conn| {
            conn.batch_execute(LONG).await?;
            merge::apply(conn, &self.beside, difference, *release).await?;
            if number == 1 {
                conn.batch_execute(&self.beside.fill("ANALYZE {table}")).await?;
            }
            Ok(())
        });
        merged.await.map_err(|error: merge::MergeError| Stop::Failed(Failure::retry(error)))
    }

    /// Stages all of the sum and settles it against the table. It is the whole truth, whatever one release is.
    async fn compare<'b>(self, session: &mut PgSession, base: Option<&'b ReleaseRow>) -> Result<Staged<'b>, Stop> {
        session.batch_execute(&self.load.names.fill(stage::CREATE)).await?;
        let filled: DbResult<usize> = session
            .transaction(async |conn| {
                conn.batch_execute(LONG).await?;
                diesel::sql_query(self.beside.fill(include_str!("sum/stage.sql"))).execute(conn).await
            })
            .await;
        let summary = Summary { rows: filled? as u64, ..self.read };
        let written = Written { summary, kept_keys: Vec::new() };
        let whole = self.load.names.as_whole_truth();
        match self.load.settle(session, &whole, &written).await? {
            Settled::Difference(difference, struck) => {
                Ok(Staged { read: written.summary, difference, struck, base, findings: self.findings, fresh: None })
            }
            Settled::Contradicted | Settled::KeyTwice => Err(unsettled()),
        }
    }

    fn know(&mut self, new: Vec<NewColumn>) {
        for column in new {
            if self.read.new_columns.iter().all(|known| known.name != column.name) {
                self.read.new_columns.push(column);
            }
        }
    }

    /// A release in words: which of them, and the name of its first file.
    fn told(&self, number: usize, parts: &[Artifact]) -> String {
        let (all, file) = (self.load.source.steps.len(), parts.first().map_or("no file", |part| part.name.as_str()));
        format!("number {number} of the {all} releases read again ({file})")
    }
}

/// Findings about one of the releases.
fn of(release: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let named = |finding: Finding| Finding { message: format!("{release}: {}", finding.message), ..finding };
    findings.into_iter().map(named).collect()
}

/// A release is not what today's definition says. As with any release, a file with other columns waits for a person.
fn stuck(stopped: Stopped, release: &str) -> Stop {
    match stopped {
        Stopped::Contract(contract) => Stop::Held(of(release, vec![expect::contract(&contract)])),
        Stopped::Io(_) => Stop::Failed(Failure::retry(stopped)),
        Stopped::Broken(_) => Stop::Failed(Failure::Final(
            anyhow::Error::from(stopped).context(format!("{release} cannot be read by today's definition")),
        )),
    }
}

/// Only a comparison with a fingerprint can be contradicted, and there is none.
fn unsettled() -> Stop {
    Stop::Failed(Failure::retry(anyhow::anyhow!("the sum of the releases did not settle")))
}
