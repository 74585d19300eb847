//! `bluebook dataset`

use super::{Exit, signals::Signals};
use crate::{boot::House, config::Settings, job::DatasetName};

mod infer;
mod verify;

/// What to do with datasets.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Propose a definition for a file that no dataset reads yet: format, encoding, columns with their types, a key. The
    /// whole file is read by it before it is shown; what is a guess says so.
    Infer(infer::Args),
    /// Hold a dataset's whole table against what its releases say, read again from the archive: rows that somebody has
    /// changed, removed or added. Changes nothing; exit code 1 if anything differs.
    Verify {
        /// The dataset: the stem of its file in parsers/datasets.
        dataset: DatasetName,
        /// Put right what differs, by a replay: of the published release, or of all where the table is their sum.
        #[arg(long)]
        repair: bool,
        /// Print one JSON object; with --repair, and if there is something to put right, a second with the counts.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(settings: Settings, command: Command, signals: &Signals) -> anyhow::Result<Exit> {
    match command {
        Command::Infer(args) => infer::run(settings, args).await,
        Command::Verify { dataset, repair, json } => {
            let verify = async |house: &House| Box::pin(verify::verify(house, signals, &dataset, repair, json)).await;
            House::within(settings, verify).await
        }
    }
}
