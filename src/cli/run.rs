//! `bluebook run`

use super::Exit;
use crate::config::Settings;

/// What to do with runs.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List runs, newest first.
    List {
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show one run with its steps.
    Show {
        /// Its number.
        run: i64,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Cancel a run that is queued or running.
    Cancel {
        /// Its number.
        run: i64,
    },
}

pub(super) async fn run(_settings: Settings, _command: Command) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook run` is not there yet")
}
