//! `bluebook demo`

use std::time::Duration;

use super::{Exit, out};
use crate::{config::Settings, demo};

/// How the demo is run.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Seconds between two releases of the local publisher's.
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// Forget what earlier demos did, and begin anew.
    #[arg(long)]
    fresh: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> anyhow::Result<Exit> {
    let options = demo::Options { every: Duration::from_secs(args.every), fresh: args.fresh };
    demo::run(settings, options, |text| out::line(text)).await?;
    Ok(Exit::Good)
}
