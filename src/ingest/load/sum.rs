//! All releases of a dataset read again as one: their sum is made beside the table, and compared with it as one release
//! is. Readers see one switch.

use parsers::NewColumn;

use super::{Attempt, Load, attempt::Staged};
use crate::{
    db::{PgSession, artifacts::Artifact, releases::ReleaseRow},
    ingest::{
        Ingest,
        expect::{self, Seen},
        stage::{Difference, Stage, Stopped, Struck, Summary, WriteError},
        sum::{Adding, Sum},
    },
    job::{Failure, Finding, Step},
};

/// A sum whose difference to the table is staged.
struct Made {
    read: Summary,
    difference: Difference,
    struck: Struck,
    records: u64,
    findings: Vec<Finding>,
}

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
        let place = Stage::of_sum(&load.dataset.name, load.log.claim());
        let mut sum = Sum::begin(session, &load.names, place).await?;
        let made = self.sum(load, session, &mut sum).await;
        sum.drop(session).await;
        match made {
            Ok(made) => {
                let Made { read, difference, struck, records, findings } = made;
                load.remember_stage(session, Some(difference.staged)).await?;
                load.decide(session, Staged { read, difference, struck, base, records, findings, fresh: None }).await
            }
            Err(Stop::Held(findings)) => {
                load.log.enter(Step::Expect).await?;
                let base = base.map(|release| release.id);
                load.hold(session, base, None, findings, None).await.map(Attempt::Ended)
            }
            Err(Stop::Failed(failure)) => Err(failure),
        }
    }

    async fn sum(&self, load: &Load<'_>, session: &mut PgSession, sum: &mut Sum) -> Result<Made, Stop> {
        let key: Vec<&str> = load.dataset.schema.key_columns().map(|column| column.name.as_str()).collect();
        let (mut all, mut records, mut findings) = (Summary::default(), 0, Vec::new());
        let mut rest = load.source.parts.as_slice();
        for (number, &(files, _)) in (1..).zip(load.source.sum_of.iter().flatten()) {
            load.log.check()?;
            let first = load.source.parts.len() - rest.len();
            let Some((parts, later)) = rest.split_at_checked(files) else { break };
            let material = self.material(load, first, parts, None).await?;
            let Load { names, release, .. } = load;
            let adding = Adding { names, key: &key, release: *release, material, log: Some(load.log) };
            let told = told(load, number, parts);
            let (read, difference) = sum.add(session, adding).await.map_err(|error| stuck(error, &told))?;
            let (rejected, found) = judge(load, &read, difference)?;
            if read.gave_up {
                return Err(Stop::Held(of(&told, found)));
            }
            findings.extend(of(&told, found));
            records += read.rows + read.rejected;
            all.rejected += rejected;
            know(&mut all.new_columns, read.new_columns);
            rest = later;
        }
        let (rows, difference, struck) = sum.compare(session, &load.names, load.release).await?;
        Ok(Made { read: Summary { rows, ..all }, difference, struck, records, findings })
    }
}

/// Judges one of the releases by what could not be read of it; says how many records that is.
fn judge(load: &Load<'_>, read: &Summary, difference: Difference) -> Result<(u64, Vec<Finding>), Failure> {
    let (conflicting, expect) = (difference.conflicting, &load.dataset.expect);
    let (rejected, seen) = (read.rejected, Seen { rejected: read.rejected, conflicting, ..Seen::default() });
    if read.gave_up {
        return Ok((rejected, expect::findings(expect, seen)));
    }
    let counts = difference.counts(read)?;
    let seen = Seen { counts: Some(&counts), rejected: counts.rejected, ..seen };
    Ok((counts.rejected, expect::of_one(expect, seen)))
}

fn know(known: &mut Vec<NewColumn>, new: Vec<NewColumn>) {
    for column in new {
        if known.iter().all(|known| known.name != column.name) {
            known.push(column);
        }
    }
}

/// A release in words: which of them, and the name of its first file.
fn told(load: &Load<'_>, number: usize, parts: &[Artifact]) -> String {
    let all = load.source.sum_of.as_ref().map_or(0, Vec::len);
    let file = parts.first().map_or("no file", |part| part.name.as_str());
    format!("number {number} of the {all} releases read again ({file})")
}

/// Findings about one of the releases.
fn of(release: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let named = |finding: Finding| Finding { message: format!("{release}: {}", finding.message), ..finding };
    findings.into_iter().map(named).collect()
}

/// A release is not what today's definition says. As with any release, a file with other columns waits for a person.
fn stuck(error: WriteError, release: &str) -> Stop {
    let stopped = match error {
        WriteError::Failed(failure) => return Stop::Failed(failure),
        WriteError::Stopped(stopped) => stopped,
    };
    match stopped {
        Stopped::Contract(contract) => Stop::Held(of(release, vec![expect::contract(&contract)])),
        Stopped::Io(_) => Stop::Failed(Failure::retry(stopped)),
        Stopped::Broken(_) => Stop::Failed(Failure::Final(
            anyhow::Error::from(stopped).context(format!("{release} cannot be read by today's definition")),
        )),
    }
}
