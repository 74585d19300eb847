//! Who does the work: one room for each kind of job.

use std::sync::Arc;

use anyhow::anyhow;

use crate::{
    datasets::Datasets,
    db::run_log::RunLog,
    ingest::Ingest,
    job::{Ended, Failure, Job},
    report::{Reporting, Reports},
    upkeep::Upkeep,
};

/// The rooms that do the work, and the definitions that they do it by. Cheap to clone.
#[derive(Clone)]
pub struct Crew {
    /// What is loaded.
    pub datasets: Arc<Datasets>,
    /// What is reported.
    pub reports: Reports,
    /// Who loads.
    pub ingest: Ingest,
    /// Who reports.
    pub reporting: Reporting,
    /// Who tidies.
    pub upkeep: Upkeep,
}

impl Crew {
    /// Does the work of one run.
    pub(super) async fn work(&self, log: &RunLog) -> Result<Ended, Failure> {
        match &log.claim().job {
            Job::Ingest(name) => {
                let dataset = self.datasets.get(name).ok_or_else(|| unknown("dataset", name, "parsers/datasets"))?;
                let giver = dataset.source.same_as.as_ref().and_then(|giver| self.datasets.get(giver));
                let veil = self.ingest.fetcher.veil([dataset].into_iter().chain(giver).map(AsRef::as_ref));
                Box::pin(self.ingest.run(dataset, &veil, log)).await
            }
            Job::Report(name) => {
                let report = self.reports.get(name).ok_or_else(|| unknown("report", name, "templates/reports"))?;
                Box::pin(self.reporting.run(report, log)).await
            }
            Job::Upkeep => Box::pin(self.upkeep.sweep(log)).await,
        }
    }
}

fn unknown(what: &str, name: &crate::job::Name, place: &str) -> Failure {
    let help = "`bluebook check` says what is wrong with it, if it is there at all";
    Failure::fatal(anyhow!("there is no usable {what} {name} in {place}; {help}"))
}
