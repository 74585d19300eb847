//! `bluebook replay`

use super::Exit;
use crate::config::Settings;

/// Which dataset.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: crate::job::DatasetName,
    /// Print one JSON object with the counts.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(_settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook replay` is not there yet")
}
