//! `bluebook release`

use super::Exit;
use crate::config::Settings;

/// What to do with releases.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List releases, newest first.
    List {
        /// Only those of this dataset.
        dataset: Option<crate::job::DatasetName>,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show one release: artifacts, counts, findings, rejects.
    Show {
        /// Its number.
        release: i64,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Publish a held release although it failed an expectation.
    Publish {
        /// Its number.
        release: i64,
        /// Why; kept with the release.
        #[arg(long)]
        reason: String,
    },
    /// Discard a held release.
    Discard {
        /// Its number.
        release: i64,
        /// Why; kept with the release.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(_settings: Settings, _command: Command) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook release` is not there yet")
}
