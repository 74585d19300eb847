//! `bluebook report`

use std::sync::Arc;

use super::{Exit, out, own_run::work_off, signals::Signals};
use crate::{
    boot::House,
    config::Settings,
    db::editions,
    job::{Job, Outcome, ReportName, Trigger},
    report::Report,
};

/// Which report, and for which slot.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The report: its folder under templates/reports.
    name: ReportName,
    /// The slot that the edition is for, such as 2026-11-22T06:00:00Z; without it, one for now.
    #[arg(long, value_name = "TIME")]
    slot: Option<jiff::Timestamp>,
}

pub(super) async fn run(settings: Settings, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| make(house, args, signals).await).await
}

async fn make(house: &House, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    let report = find(house, &args.name)?;
    let trigger = args.slot.map_or(Trigger::Command, Trigger::Edition);
    let folder = house.settings.reports();
    let (run, outcome) = work_off(house, signals, Job::Report(args.name), trigger, false).await?;
    let Outcome::Delivered { edition, files } = outcome else { return Ok(Exit::Good) };
    let made_by = {
        let mut conn = house.pool.get().await?;
        editions::show(&mut conn, edition).await?.and_then(|edition| edition.run)
    };
    match made_by.filter(|by| *by != run) {
        Some(by) => out::note(format_args!("edition {edition} of {} was made before, by run {by}", report.title)),
        None => out::note(format_args!("edition {edition} of {}, by run {run}", report.title)),
    }
    for file in files {
        out::line(folder.join(file).display());
    }
    Ok(Exit::Good)
}

fn find(house: &House, name: &ReportName) -> anyhow::Result<Arc<Report>> {
    if let Some(report) = house.reports.get(name) {
        return Ok(Arc::clone(report));
    }
    if house.reports.broken().iter().any(|broken| broken == name.as_str()) {
        anyhow::bail!("the report {name} has mistakes and is off: `bluebook check` shows them");
    }
    let known: Vec<&str> = house.reports.iter().map(|report| report.name.as_str()).collect();
    anyhow::bail!("there is no report {name}; there are: {}", known.join(", "))
}
