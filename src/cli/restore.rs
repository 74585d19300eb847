//! `bluebook restore`

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Exit, load::told, out, own_run::work_off, signals::Signals};
use crate::{
    archive::manifest::{Manifest, line},
    boot::House,
    config::Settings,
    db::{dataset_rows, releases},
    job::{DatasetName, Job, Outcome, Trigger},
};

/// Which datasets.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The datasets. [default: all that the archive has manifests of]
    datasets: Vec<DatasetName>,
    /// End with the release of one dataset that was published at this moment. To be said where the archive has releases by
    /// several databases, or by one that was set back to a backup.
    #[arg(long, value_name = "MOMENT", requires = "datasets")]
    until: Option<Timestamp>,
}

pub(super) async fn run(settings: Settings, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| Box::pin(restore(house, args, signals)).await).await
}

async fn restore(house: &House, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    if args.until.is_some() && args.datasets.len() > 1 {
        out::note("bluebook: --until is the moment of one dataset's release: name that dataset alone");
        return Ok(Exit::Usage);
    }
    let datasets = if args.datasets.is_empty() { house.archive.datasets().await? } else { args.datasets };
    let (mut waiting, mut stuck) = (Vec::new(), BTreeSet::new());
    for dataset in datasets {
        match missing(house, &dataset, args.until).await {
            Ok(missing) => waiting.extend(missing),
            // What cannot be restored is no reason to leave the others lost.
            Err(error) => {
                out::failure(&error);
                stuck.insert(dataset);
            }
        }
    }
    if waiting.is_empty() && stuck.is_empty() {
        out::line("nothing to do: all that the archive's manifests tell is published");
        return Ok(Exit::Good);
    }
    // In the order in which all of them were published: what one dataset's checks saw of another, they see again.
    waiting.sort_by_key(|manifest| manifest.published_at);
    let numbers = waiting.iter().map(|manifest| manifest.release).max();
    releases::reserve(&mut *house.pool.get().await?, numbers).await?;
    for manifest in &waiting {
        if stuck.contains(&manifest.dataset) {
            continue;
        }
        if let Err(error) = Box::pin(again(house, signals, manifest)).await {
            out::failure(&error.context(format!("{} stops at its release {}", manifest.dataset, manifest.release)));
            stuck.insert(manifest.dataset.clone());
        }
        if signals.are_here() {
            break;
        }
    }
    Ok(if stuck.is_empty() { Exit::Good } else { Exit::Failed })
}

/// The manifests that are still to be published. A dataset that has anything else is not restored: whose word should
/// count?
async fn missing(house: &House, dataset: &DatasetName, until: Option<Timestamp>) -> anyhow::Result<Vec<Manifest>> {
    let manifests = house.archive.manifests(dataset).await?;
    if manifests.is_empty() {
        anyhow::bail!("the archive has no manifests of {dataset}: there is nothing to restore it from");
    }
    if house.datasets.get(dataset).is_none() {
        let text = manifests.last().map_or("", |manifest| manifest.definition.as_str());
        anyhow::bail!("there is no parsers/datasets/{dataset}.toml: its last text is in the archive as {text}");
    }
    let manifests = line::line(manifests, until)?;
    let mut conn = house.pool.get().await?;
    let there: Vec<Timestamp> = releases::moments(&mut conn, dataset).await?;
    let told = manifests.iter().take(there.len()).map(|manifest| manifest.published_at);
    if !told.eq(there.iter().copied()) {
        anyhow::bail!(
            "{dataset} has releases of its own: `bluebook restore` is for an empty database, or one in which it was \
             interrupted; `bluebook replay {dataset}` reads the published release again"
        );
    }
    if there.is_empty() && dataset_rows::has_rows(&mut conn, dataset).await? {
        anyhow::bail!("data.{dataset} has rows that no release brought: move the table away first");
    }
    Ok(manifests.into_iter().skip(there.len()).collect())
}

async fn again(house: &House, signals: &Signals, manifest: &Manifest) -> anyhow::Result<()> {
    let Manifest { dataset, release, published_at, .. } = manifest;
    let job = Job::Ingest(dataset.clone());
    let (run, outcome) = Box::pin(work_off(house, signals, job, Trigger::Restore(*published_at), true)).await?;
    if let Outcome::Held { findings, .. } = outcome {
        let told: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
        anyhow::bail!("its files are read otherwise today: {}", told.join("; "));
    }
    let mut conn = house.pool.get().await?;
    let restored = releases::of_run(&mut conn, run).await?;
    let counts = restored.as_ref().and_then(|row| row.counts);
    let number = restored.map_or(*release, |row| row.id);
    let line = counts.map_or_else(String::new, |counts| format!(": {}", told(&counts)));
    out::line(format_args!("{dataset}: release {number} of {published_at}{line}"));
    if let (Some(then), Some(now)) = (&manifest.counts, &counts)
        && then != now
    {
        out::note(format_args!("  then it was: {}. Today's parser reads it otherwise", told(then)));
    }
    Ok(())
}
