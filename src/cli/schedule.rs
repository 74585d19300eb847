//! `bluebook schedule`

use super::Exit;
use crate::config::Settings;

/// What to do with schedules.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show the next ten slots of each schedule, local and UTC, with gaps and folds of the clock marked.
    Preview {
        /// Only this schedule.
        name: Option<String>,
    },
    /// Make no runs of a schedule until it is resumed; its slots are noted as skipped.
    Pause {
        /// Its name in schedules.toml.
        name: String,
    },
    /// Make runs of a schedule again.
    Resume {
        /// Its name in schedules.toml.
        name: String,
    },
}

pub(super) async fn run(_settings: Settings, _command: Command) -> anyhow::Result<Exit> {
    anyhow::bail!("`bluebook schedule` is not there yet")
}
