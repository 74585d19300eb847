//! Reports: query in one snapshot, render, archive, deliver.
//!
//! An edition is made once for each slot. Its bytes, the releases that it was computed from and the deliveries that it
//! owes are written in one transaction; from then on it is only handed over, however often the program is killed.

use std::{path::PathBuf, sync::Arc};

use diesel_async::{AsyncConnection, AsyncPgConnection};
use jiff::Timestamp;

use crate::{
    archive::{Archive, Kept},
    db::{
        Pool, artifacts, deliveries,
        editions::{self, EditionRow, NewEdition},
        run_log::RunLog,
        runs::{self, Beat, Claim, RunError},
    },
    job::{EditionId, Ended, Failure, Outcome, Step, Trigger},
};

pub mod chart;
pub mod column;
pub mod define;
pub mod deliver;
mod error;
pub mod locale;
pub mod path;
pub mod query;
pub mod render;
pub mod templates;

pub use define::{Query, Report, Reports};
pub use deliver::Recipient;
pub use error::ReportError;
pub use query::{Due, statement};

use query::Snapshot;
use render::Rendered;

/// Makes editions and hands them over.
#[derive(Clone)]
pub struct Reporting {
    /// Sessions.
    pub pool: Pool,
    /// Where editions are kept byte for byte.
    pub archive: Archive,
    /// The reports folder.
    pub folder: PathBuf,
}

/// A document in the archive.
struct Archived {
    document: usize,
    media_type: &'static str,
    kept: Kept,
}

impl Reporting {
    /// Makes the edition that a run is due for, unless an earlier attempt or run has made it, and hands it over.
    pub async fn run(&self, report: &Arc<Report>, log: &RunLog) -> Result<Ended, Failure> {
        let due = due(log.claim());
        let edition = match self.find(report, due, log.claim()).await? {
            Some(edition) => {
                log.note(&format!("edition {} was made before; it is only handed over", edition.id)).await?;
                edition.id
            }
            None => self.make(report, due, log).await?,
        };
        log.enter(Step::Deliver).await?;
        let files = self.deliver(edition).await?;
        Ok(Ended::Open(Outcome::Delivered { edition, files }))
    }

    async fn find(&self, report: &Report, due: Due, claim: &Claim) -> Result<Option<EditionRow>, ReportError> {
        let mut conn = self.pool.get().await?;
        let found = if due.slot {
            editions::of_slot(&mut conn, &report.name, due.moment).await
        } else {
            editions::of_run(&mut conn, claim.run).await
        };
        Ok(found?)
    }

    async fn make(&self, report: &Arc<Report>, due: Due, log: &RunLog) -> Result<EditionId, Failure> {
        log.enter(Step::Query).await?;
        let snapshot = query::snapshot(&self.pool, report, due).await?;
        log.enter(Step::Render).await?;
        let (snapshot, documents) = render(Arc::clone(report), snapshot).await?;
        log.enter(Step::Archive).await?;
        let mut archived = Vec::with_capacity(documents.len());
        for made in documents {
            let kept = self.archive.keep_bytes(&made.bytes).await.map_err(ReportError::from)?;
            archived.push(Archived { document: made.document, media_type: made.media_type, kept });
        }
        Ok(self.record(report, &snapshot, &archived, log.claim()).await?)
    }

    /// Writes the edition, its files, its releases and its deliveries: all of them or none, and only for the holder
    /// of the run.
    async fn record(
        &self,
        report: &Report,
        snapshot: &Snapshot,
        archived: &[Archived],
        claim: &Claim,
    ) -> Result<EditionId, ReportError> {
        let mut conn = self.pool.get().await?;
        conn.transaction(async |conn| {
            if runs::beat(conn, claim, None).await? == Beat::Lost {
                return Err(RunError::Lost.into());
            }
            record_within(conn, report, snapshot, archived, claim).await
        })
        .await
    }

    /// Hands over what the edition still owes, and what has disappeared since; returns the files' paths below the
    /// reports folder.
    async fn deliver(&self, edition: EditionId) -> Result<Vec<String>, ReportError> {
        let (owed, files) = {
            let mut conn = self.pool.get().await?;
            (deliveries::of_edition(&mut conn, edition).await?, editions::files(&mut conn, edition).await?)
        };
        let mut delivered = Vec::with_capacity(owed.len());
        for delivery in owed {
            let recipient: Recipient = delivery.recipient.parse()?;
            let file = files.iter().find(|file| file.name == recipient.file());
            let file = file.ok_or_else(|| ReportError::NoFile(recipient.file().to_owned()))?;
            let bytes = self.archive.bytes(&file.sha256).await?;
            let landed = recipient.hand_over(&self.folder, bytes).await;
            let mut conn = self.pool.get().await?;
            match landed {
                Ok(_) => deliveries::delivered(&mut conn, delivery.id).await?,
                Err(error) => {
                    deliveries::missed(&mut conn, delivery.id, &error.to_string()).await?;
                    return Err(error);
                }
            }
            let Recipient::Disk(path) = recipient;
            delivered.push(path.to_string());
        }
        Ok(delivered)
    }
}

/// Renders on a thread of its own: templates do not await.
async fn render(report: Arc<Report>, snapshot: Snapshot) -> Result<(Snapshot, Vec<Rendered>), ReportError> {
    let rendering = move || {
        let documents = render::render(&report, &snapshot)?;
        Ok((snapshot, documents))
    };
    tokio::task::spawn_blocking(rendering).await?
}

/// The slot of a schedule, or the one that a person named; else now.
fn due(claim: &Claim) -> Due {
    let named = if let Trigger::Edition(slot) = claim.trigger { Some(slot) } else { None };
    match claim.slot.or(named) {
        Some(moment) => Due { moment, slot: true },
        None => Due { moment: Timestamp::now(), slot: false },
    }
}

async fn record_within(
    conn: &mut AsyncPgConnection,
    report: &Report,
    snapshot: &Snapshot,
    archived: &[Archived],
    claim: &Claim,
) -> Result<EditionId, ReportError> {
    let releases = snapshot
        .sources
        .iter()
        .filter_map(|(dataset, source)| source.as_ref().map(|source| (dataset.name.clone(), source.release)));
    let new = NewEdition {
        report: &report.name,
        title: &report.title,
        run: claim.run,
        slot: snapshot.due.slot.then_some(snapshot.due.moment),
        releases: releases.collect(),
    };
    let edition = editions::insert(conn, &new).await?;
    let stamp = path::Stamp {
        report: &report.name,
        moment: snapshot.due.moment,
        slot: snapshot.due.slot,
        edition,
        zone: &report.zone,
    };
    let mut recipients = Vec::with_capacity(archived.len());
    for file in archived {
        let Some(document) = report.documents.get(file.document) else { continue };
        let path = document.path.fill(stamp).map_err(|error| ReportError::Recipient(error.0))?;
        let artifact = artifacts::remember(conn, &file.kept.sha256, file.kept.bytes, path.file_name()).await?;
        editions::insert_file(conn, edition, path.file_name(), file.media_type, artifact).await?;
        recipients.push(Recipient::Disk(path).to_string());
    }
    deliveries::insert(conn, edition, &recipients).await?;
    Ok(edition)
}
