//! `bluebook serve`

use super::Exit;
use crate::config::Settings;

/// Nothing beyond the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook serve` is not there yet")
}
