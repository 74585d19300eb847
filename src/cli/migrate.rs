//! `bluebook migrate`

use super::Exit;
use crate::config::Settings;

/// Which tables.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Also make the six customer tables; refused where one of them exists.
    #[arg(long)]
    customers: bool,
}

pub(super) async fn run(_settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook migrate` is not there yet")
}
