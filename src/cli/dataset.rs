//! `bluebook dataset`

use super::{Exit, signals::Signals};
use crate::{boot::House, config::Settings, job::DatasetName};

mod infer;
mod line;
mod list;
mod show;
mod told;
mod verify;

/// What `list` prints for programs.
const LIST_FIELDS: &str = "Print one JSON object a dataset: dataset, title, table, state (fresh, late, held, failing, \
    paused, empty, or broken where the definition has mistakes), rows, release, published_at, period, checked_at, \
    changed_at, paused_at, failing_since, held_release, next_slot. What there is not is null";

/// What `show` prints for programs.
const SHOW_FIELDS: &str = "Print one JSON object: the fields of `dataset list`, and description, publisher, licence, \
    source, fetched, request, secrets, definition, views, key, mode, history_since, indexes, readers, newest_period, expected_period, late_since, \
    held, gaps, runs, slots. Held releases and runs are as `release list` and `run list` print them";

/// What to do with datasets.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Propose a definition for a file that no dataset reads yet: format, encoding, columns with their types, a key. The
    /// whole file is read by it before it is shown; what is a guess says so.
    Infer(infer::Args),
    /// List all datasets: how each stands, what it has published, when it is due.
    List {
        /// Print one JSON object a dataset.
        #[arg(long, long_help = LIST_FIELDS)]
        json: bool,
    },
    /// Show what a dataset is, how it is fetched, what its table offers, how fresh it is, what it waits for, its last runs and next slots.
    Show {
        /// The dataset: the stem of its file in parsers/datasets.
        dataset: DatasetName,
        /// Print one JSON object.
        #[arg(long, long_help = SHOW_FIELDS)]
        json: bool,
    },
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
        Command::List { json } => House::within(settings, async |house| list::list(house, json).await).await,
        Command::Show { dataset, json } => {
            House::within(settings, async |house| show::show(house, &dataset, json).await).await
        }
        Command::Verify { dataset, repair, json } => {
            let verify = async |house: &House| Box::pin(verify::verify(house, signals, &dataset, repair, json)).await;
            House::within(settings, verify).await
        }
    }
}
