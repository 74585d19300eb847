//! `bluebook report`

use super::Exit;
use crate::config::Settings;

/// Which report, and for which slot.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The report: its folder under templates/reports.
    name: crate::job::ReportName,
    /// The slot that the edition is for, such as 2026-11-22T06:00:00Z; without it, one for now.
    #[arg(long, value_name = "TIME")]
    slot: Option<jiff::Timestamp>,
}

pub(super) async fn run(_settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook report` is not there yet")
}
