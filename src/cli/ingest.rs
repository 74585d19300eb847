//! `bluebook ingest`

use super::Exit;
use crate::config::Settings;

/// Which dataset, and from where.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: crate::job::DatasetName,
    /// A file to load instead of asking the publisher; it is archived first.
    #[arg(long, value_name = "PATH")]
    file: Option<std::path::PathBuf>,
    /// Print one JSON object with the counts.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(_settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook ingest` is not there yet")
}
