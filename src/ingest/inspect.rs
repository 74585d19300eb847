//! A dataset's table held against what its releases say: they are read again from the archive as they were read when
//! they were published. Nothing is changed.

use std::{collections::HashMap, sync::Arc};

use anyhow::anyhow;
use diesel::{QueryableByName, sql_types::Integer};
use diesel_async::SimpleAsyncConnection;
use parsers::{Dataset, ReadSeek, dataset::Mode};

use super::{
    Ingest,
    stage::{self, Material, ReadingThread, Settled, Stage, WriteError, Written},
    statement::Names,
    sum::{Adding, Sum},
};
use crate::{
    db::{
        PgSession, RunQueryDsl,
        artifacts::Artifact,
        difference::{self, Difference},
        releases::{self, Link},
    },
    job::{Failure, ReleaseId},
};

/// Where rejects go while somebody only looks.
const REJECTS: &str = "pg_temp.looked_rejects";

/// How often everything is read again because a release is published meanwhile.
const MOST_LOOKS: usize = 3;

/// What a table came to against its releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The release that it shows.
    pub release: ReleaseId,
    /// How many releases were read to know what should be there.
    pub releases: usize,
    /// Whether the last of them was read by another definition than today's.
    pub redefined: bool,
    /// Rows that should be there.
    pub rows: u64,
    /// Rows that are otherwise than published.
    pub changed: u64,
    /// Rows that are not there.
    pub missing: u64,
    /// Rows that no release has.
    pub added: u64,
    /// Samples of these: as they are (`old`, `removed`), and as published (`new`, `inserted`).
    pub samples: Difference,
}

/// One of the releases that make the table, or of those that it is the sum of.
struct Step {
    defined: Arc<Dataset>,
    release: ReleaseId,
    /// The number of the first of its files among the release's parts.
    first_part: u32,
    files: Vec<Artifact>,
}

/// Where somebody looks.
struct Desk {
    stage: Stage,
    sum: Stage,
}

impl Ingest {
    /// Compares a dataset's whole table with what its releases say.
    pub async fn inspect(&self, dataset: &Dataset) -> Result<Inspected, Failure> {
        let mut session = self.pool.get().await?;
        for _ in 0..MOST_LOOKS {
            let published = releases::published(&mut session, &dataset.name).await?.map(|release| release.id);
            let steps = self.steps(&mut session, dataset).await?;
            let desk = Desk::open(&mut session, dataset).await?;
            let looked = self.look(&mut session, &desk, dataset, &steps).await;
            desk.close(&mut session).await;
            let now = releases::published(&mut session, &dataset.name).await?.map(|release| release.id);
            if now == published {
                return looked;
            }
        }
        Err(Failure::fatal(anyhow!("data.{} kept moving while it was compared", dataset.name)))
    }

    /// What the table was made by, the oldest first: from the last release on that left nothing of those before it.
    async fn steps(&self, session: &mut PgSession, dataset: &Dataset) -> Result<Vec<Step>, Failure> {
        let (mut steps, mut known) = (Vec::new(), HashMap::new());
        for link in releases::chain(session, &dataset.name).await? {
            let defined = self.read_by(dataset, &link, &mut known).await?;
            let whole = link.sum || (defined.mode == Mode::Replace && link.kept == 0);
            let release = ReleaseId(link.release);
            let each = releases::files(session, release).await?.each();
            let firsts = each.iter().scan(0_u32, |next, files| {
                let first = *next;
                *next += u32::try_from(files.len()).unwrap_or(u32::MAX);
                Some(first)
            });
            let firsts: Vec<u32> = firsts.collect();
            let step = |(files, first_part)| Step { defined: Arc::clone(&defined), release, first_part, files };
            steps.extend(each.into_iter().zip(firsts).rev().map(step));
            if whole {
                break;
            }
        }
        steps.reverse();
        Ok(steps)
    }

    /// The definition that a release was read by.
    async fn read_by(
        &self,
        dataset: &Dataset,
        link: &Link,
        known: &mut HashMap<String, Arc<Dataset>>,
    ) -> Result<Arc<Dataset>, Failure> {
        let sha256 = link.definition.as_deref().unwrap_or(&dataset.text_hash);
        if let Some(defined) = known.get(sha256) {
            return Ok(Arc::clone(defined));
        }
        let defined = if sha256 == dataset.text_hash {
            dataset.clone()
        } else {
            let what = format!("the definition that release {} of {} was read by", link.release, dataset.name);
            self.definition(dataset, sha256, &what).await?
        };
        Ok(Arc::clone(known.entry(sha256.to_owned()).or_insert_with(|| Arc::new(defined))))
    }

    async fn look(
        &self,
        session: &mut PgSession,
        desk: &Desk,
        dataset: &Dataset,
        steps: &[Step],
    ) -> Result<Inspected, Failure> {
        let name = &dataset.name;
        let Some(last) = steps.last() else {
            return Err(Failure::fatal(anyhow!("{name} has no published release: run `bluebook ingest {name}`")));
        };
        let redefined = last.defined.hash != dataset.hash;
        let found = match steps {
            [only] => self.alone(session, desk, only).await,
            several => self.summed(session, desk, several).await,
        };
        let found = found.map_err(|failure| if redefined { explained(failure, dataset) } else { failure })?;
        let samples = difference::of_stage(session, &last.defined, desk.stage.name()).await?;
        Ok(Inspected {
            release: last.release,
            releases: steps.len(),
            redefined,
            rows: found.inserted + found.changed + found.unchanged,
            changed: found.changed,
            missing: found.inserted,
            added: found.removed,
            samples,
        })
    }

    /// The table shows one release, and nothing of those before it.
    async fn alone(&self, session: &mut PgSession, desk: &Desk, step: &Step) -> Result<stage::Difference, Failure> {
        let (names, material) = (step.names(desk), self.looked_at(step).await?);
        let reading = ReadingThread::begin(material);
        let written = stage::write(session, &names.fill(stage::CREATE), &names, step.release, reading, None).await;
        let written = Written { kept_keys: Vec::new(), ..written.map_err(|error| unreadable(error, step))? };
        match stage::settle(session, &names.as_whole_truth(), step.release, &written, &[]).await? {
            Settled::Difference(difference, _) => Ok(difference),
            Settled::Contradicted | Settled::KeyTwice => {
                Err(Failure::fatal(anyhow!("release {} did not settle", step.release)))
            }
        }
    }

    /// The table is made of several.
    async fn summed(&self, session: &mut PgSession, desk: &Desk, steps: &[Step]) -> Result<stage::Difference, Failure> {
        let Some(last) = steps.last() else { return Ok(stage::Difference::default()) };
        let mut sum = Sum::begin(session, &last.names(desk), desk.sum.clone()).await?;
        for step in steps {
            let (names, material) = (step.names(desk), self.looked_at(step).await?);
            let key: Vec<&str> = step.defined.schema.key_columns().map(|column| column.name.as_str()).collect();
            let Step { release, .. } = *step;
            let adding = Adding { names: &names, key: &key, release, material, log: None };
            sum.add(session, adding).await.map_err(|error| unreadable(error, step))?;
        }
        let (_, difference, _) = sum.compare(session, &last.names(desk), last.release).await?;
        Ok(difference)
    }

    async fn looked_at(&self, step: &Step) -> Result<Material, Failure> {
        let mut files: Vec<Box<dyn ReadSeek>> = Vec::new();
        for file in &step.files {
            self.archive.prove(&file.sha256).await.map_err(Failure::fatal)?;
            files.push(Box::new(self.archive.read(&file.sha256).await.map_err(Failure::fatal)?));
        }
        Ok(Material {
            dataset: Arc::clone(&step.defined),
            files,
            names: stage::told_apart(&step.files),
            first_part: step.first_part,
            bytes: step.files.iter().map(|file| file.bytes).sum(),
            most_rejects: None,
            prints: None,
        })
    }
}

impl Inspected {
    /// Whether the table is what its releases say.
    pub fn is_as_published(&self) -> bool {
        self.changed + self.missing + self.added == 0
    }
}

impl Step {
    fn names(&self, desk: &Desk) -> Names {
        Names::new(&self.defined, &desk.stage).with_rejects(REJECTS)
    }
}

impl Desk {
    async fn open(session: &mut PgSession, dataset: &Dataset) -> Result<Self, Failure> {
        #[derive(QueryableByName)]
        struct Session {
            #[diesel(sql_type = Integer)]
            pid: i32,
        }
        let rejects =
            format!("DROP TABLE IF EXISTS {REJECTS}; CREATE TABLE {REJECTS} AS TABLE bluebook.rejects WITH NO DATA");
        session.batch_execute(&rejects).await?;
        let Session { pid } = diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(session).await?;
        let place = |what| Stage::of_look(what, &dataset.name, pid);
        Ok(Self { stage: place("look"), sum: place("sum") })
    }

    async fn close(&self, session: &mut PgSession) {
        self.stage.drop(session).await;
        self.sum.drop(session).await;
        if let Err(error) = session.batch_execute(&format!("DROP TABLE IF EXISTS {REJECTS}")).await {
            tracing::debug!(%error, "a temporary table goes with its session");
        }
    }
}

fn unreadable(error: WriteError, step: &Step) -> Failure {
    match error {
        WriteError::Failed(failure) => failure,
        WriteError::Stopped(stopped) => Failure::Final(
            anyhow::Error::from(stopped).context(format!("release {} cannot be read any more", step.release)),
        ),
    }
}

/// The table may have been brought to another shape since.
fn explained(failure: Failure, dataset: &Dataset) -> Failure {
    let name = &dataset.name;
    match failure {
        Failure::Retry { error, .. } | Failure::Final(error) => Failure::Final(error.context(format!(
            "data.{name} cannot be compared by the definition that its release was read by: it has changed since, and \
             `bluebook ingest {name}` or `bluebook replay {name}` reads the release by today's"
        ))),
        other => other,
    }
}
