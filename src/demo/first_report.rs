//! The first edition of each report, as soon as there is something to tell, and none before.

use crate::{
    boot::House,
    db::{
        AsyncPgConnection, DbResult, dataset_rows, editions, runs,
        schedule_rows::{self, Declared},
    },
    job::{Job, Trigger},
    scheduler,
    schedules::Schedules,
};

/// Who pauses the reports' schedules, as their skipped slots say it.
const WHO: &str = "the demo until its datasets have published something";

/// Whether the first editions still have to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstReports {
    /// Not all datasets of the demo have published something yet.
    Due,
    /// They were asked for, now or by an earlier demo.
    Asked,
}

impl FirstReports {
    /// Before anything is planned: while there is little to tell, no schedule makes a report.
    pub(super) async fn wait(house: &House, datasets: usize) -> anyhow::Result<Self> {
        let conn = &mut *house.pool.get().await?;
        if published(conn).await? < datasets {
            let reports = of_reports(house);
            schedule_rows::declare(conn, &reports).await?;
            for schedule in &reports {
                schedule_rows::pause(conn, &schedule.name, WHO).await?;
            }
        }
        Ok(Self::Due)
    }

    /// Puts a run for each report into the queue once as many `datasets` as the demo has have published something.
    pub(super) async fn ask(self, house: &House, datasets: usize) -> anyhow::Result<Self> {
        if self == Self::Asked {
            return Ok(self);
        }
        let conn = &mut *house.pool.get().await?;
        if published(conn).await? < datasets {
            return Ok(Self::Due);
        }
        if editions::list(conn, None, 1).await?.is_empty() {
            for report in house.reports.iter() {
                let run = runs::NewRun::asked(Job::Report(report.name.clone()), Trigger::Command, "the demo");
                runs::enqueue(conn, &run).await?;
            }
        }
        for schedule in of_reports(house) {
            if schedule_rows::paused_by(conn, &schedule.name).await?.as_deref() == Some(WHO) {
                schedule_rows::resume(conn, &schedule.name).await?;
            }
        }
        Ok(Self::Asked)
    }
}

async fn published(conn: &mut AsyncPgConnection) -> DbResult<usize> {
    let all = dataset_rows::overview(conn).await?;
    Ok(all.iter().filter(|dataset| dataset.published_release.is_some()).count())
}

fn of_reports(house: &House) -> Vec<Declared> {
    let (schedules, _shown_by_check) = Schedules::load(&house.home);
    let mut reports = scheduler::declared(&schedules);
    reports.retain(|schedule| matches!(schedule.job, Job::Report(_)));
    reports
}
