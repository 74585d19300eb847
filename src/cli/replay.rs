//! `bluebook replay`

use parsers::{Dataset, dataset::Mode};

use super::{Exit, load, out, signals::Signals};
use crate::{
    boot::House,
    config::Settings,
    db::releases::{self, State},
    job::{DatasetName, ReleaseId, Trigger},
};

/// Which dataset.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: DatasetName,
    /// The release to read again. [default: the held one, else the published one, else the newest]
    #[arg(long, value_name = "NUMBER")]
    release: Option<i64>,
    /// Read all published releases again, in the order in which they were published, as if the table were made anew.
    /// For datasets of mode upsert or append, whose table is the sum of its releases; readers see one switch.
    #[arg(long, conflicts_with = "release")]
    all: bool,
    /// Print one JSON object with the counts.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| replay(house, args, signals).await).await
}

async fn replay(house: &House, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, &args.dataset)?;
    if args.all {
        return all(house, signals, dataset, args.json).await;
    }
    let release = match args.release {
        Some(release) => ReleaseId(release),
        None => newest(house, &args.dataset).await?,
    };
    load::run(house, signals, dataset, Trigger::Replay(release), args.json).await
}

async fn all(house: &House, signals: &Signals, dataset: &Dataset, json: bool) -> anyhow::Result<Exit> {
    let name = &dataset.name;
    if dataset.mode == Mode::Replace {
        out::note(format_args!(
            "bluebook: each release of {name} replaces the one before, so the published one is all there is: \
             `bluebook replay {name}` reads it again"
        ));
        return Ok(Exit::Usage);
    }
    load::run(house, signals, dataset, Trigger::ReplayAll, json).await
}

/// What a person means who names no release: the one that waits for a mended definition, or the one that is shown.
async fn newest(house: &House, dataset: &DatasetName) -> anyhow::Result<ReleaseId> {
    let mut conn = house.pool.get().await?;
    let releases = releases::list(&mut conn, Some(dataset), 200).await?;
    let in_state = |state| releases.iter().find(|release| release.state == state);
    let release = in_state(State::Held).or_else(|| in_state(State::Published)).or_else(|| releases.first());
    let none = || anyhow::anyhow!("{dataset} has no release yet: run `bluebook ingest {dataset}`");
    Ok(release.ok_or_else(none)?.id)
}
