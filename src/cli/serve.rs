//! `bluebook serve`

use super::Exit;
use crate::{
    boot::{self, House},
    config::Settings,
};

/// Nothing beyond the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(settings: Settings, _args: Args) -> anyhow::Result<Exit> {
    boot::channels(&settings)?;
    let stop = boot::stop_on_signal()?;
    let listener = boot::listen(&settings)?;
    House::within(settings, async |house| boot::serve(house, listener, stop).await).await?;
    Ok(Exit::Good)
}
