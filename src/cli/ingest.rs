//! `bluebook ingest`

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use parsers::Dataset;

use super::{Exit, load, out, signals::Signals};
use crate::{
    archive::Kept,
    boot::House,
    config::Settings,
    db::artifacts::{self, Artifact},
    job::{ArtifactId, DatasetName, Trigger},
};

/// Which dataset, and from where.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: DatasetName,
    /// A file to load instead of asking the publisher; it is archived first.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Print one JSON object with the counts.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| ingest(house, args, signals).await).await
}

async fn ingest(house: &House, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, &args.dataset)?;
    let trigger = match &args.file {
        Some(path) => Trigger::Upload(upload(house, dataset, path).await?),
        None => Trigger::Command,
    };
    let exit = load::run(house, signals, dataset, trigger, args.json).await?;
    if let Some(path) = &args.file {
        for reader in &dataset.source.read_by {
            out::note(format_args!(
                "{reader} reads such files, too: bluebook ingest {reader} --file {}",
                path.display()
            ));
        }
    }
    Ok(exit)
}

/// The file's bytes are in the archive before a run is asked for. Bytes that were given before are neither hashed nor
/// written.
async fn upload(house: &House, dataset: &Arc<Dataset>, path: &Path) -> anyhow::Result<ArtifactId> {
    let taken_in = || format!("cannot take in {}", path.display());
    let found = std::fs::metadata(path).with_context(taken_in)?;
    anyhow::ensure!(!found.is_dir(), "{}: it is a folder, and a file is needed", taken_in());
    // What seems to have no bytes may be a pipe: how many it has shows at its end.
    if found.len() > 0
        && let Some(Artifact { id, sha256, bytes, .. }) = alike(house, found.len()).await?
        && house.archive.is_kept(path, &Kept { sha256, bytes }).await.with_context(taken_in)?
    {
        return Ok(id);
    }
    let kept = house.ahead.take_in(dataset, path).await.with_context(taken_in)?;
    let mut conn = house.pool.get().await?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(artifacts::remember(&mut conn, &kept.sha256, kept.bytes, &name).await?)
}

/// An artifact that a file of this length may be.
async fn alike(house: &House, bytes: u64) -> anyhow::Result<Option<Artifact>> {
    Ok(artifacts::of_length(&mut *house.pool.get().await?, bytes).await?)
}
