//! The first edition of each report, as soon as there is something to tell.

use crate::{
    boot::House,
    db::{dataset_rows, editions, runs},
    job::{Job, Trigger},
};

/// Whether the first editions still have to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstReports {
    /// Not all datasets of the demo have published something yet.
    Due,
    /// They were asked for, now or by an earlier demo.
    Asked,
}

impl FirstReports {
    /// Puts a run for each report into the queue once as many `datasets` as the demo has have published something.
    pub(super) async fn ask(self, house: &House, datasets: usize) -> anyhow::Result<Self> {
        if self == Self::Asked {
            return Ok(self);
        }
        let conn = &mut *house.pool.get().await?;
        let published = dataset_rows::overview(conn).await?;
        let published = published.iter().filter(|dataset| dataset.published_release.is_some()).count();
        if published < datasets {
            return Ok(Self::Due);
        }
        if editions::list(conn, None, 1).await?.is_empty() {
            for report in house.reports.iter() {
                let run = runs::NewRun::asked(Job::Report(report.name.clone()), Trigger::Command, "the demo");
                runs::enqueue(conn, &run).await?;
            }
        }
        Ok(Self::Asked)
    }
}
