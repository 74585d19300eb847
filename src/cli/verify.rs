//! `bluebook verify`

use std::time::Duration;

use parsers::Dataset;
use tokio::time::{Instant, sleep};

use super::{Exit, out};
use crate::{
    boot::House,
    config::Settings,
    verify::{self, Broken, Grounds, INVARIANTS},
};

/// What is tidied right after work is given so long: daemons may be at it while we look.
const MOMENT: Duration = Duration::from_secs(5);

/// How thoroughly.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Hash every artifact again and count every key, instead of trusting lengths and indexes.
    #[arg(long)]
    deep: bool,
    /// Print one JSON object for each thing that is not as it must be.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> anyhow::Result<Exit> {
    let broken = House::within(settings, async |house| look(house, args.deep).await).await?;
    tell(&broken, args.json)
}

/// Looks again for a moment while something is broken: it may be on its way to being mended.
async fn look(house: &House, deep: bool) -> anyhow::Result<Vec<Broken>> {
    let datasets: Vec<&Dataset> = house.datasets.iter().map(AsRef::as_ref).collect();
    let reports = house.settings.reports();
    let grounds = Grounds { archive: &house.archive, reports: &reports, datasets: &datasets, deep };
    let until = Instant::now() + MOMENT;
    loop {
        let broken = verify::everything(&mut *house.pool.get().await?, grounds).await?;
        if broken.is_empty() || Instant::now() >= until {
            return Ok(broken);
        }
        sleep(Duration::from_millis(500)).await;
    }
}

fn tell(broken: &[Broken], json: bool) -> anyhow::Result<Exit> {
    if json {
        broken.iter().try_for_each(out::json)?;
    } else {
        for invariant in INVARIANTS {
            let found: Vec<&Broken> = broken.iter().filter(|broken| broken.invariant == invariant.name).collect();
            let word = if found.is_empty() { "ok" } else { "BAD" };
            out::line(format_args!("{word:<4}  {:<12}  {}", invariant.name, invariant.sentence));
            for broken in found {
                out::line(format_args!("{:20}{}", "", broken.what));
            }
        }
    }
    Ok(if broken.is_empty() { Exit::Good } else { Exit::Failed })
}
