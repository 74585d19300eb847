//! `bluebook check`

use std::io::IsTerminal as _;

use super::{Exit, out};
use crate::{check, config::Settings};

/// Nothing beyond the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(settings: Settings, Args {}: Args) -> anyhow::Result<Exit> {
    let (home, colour) = (settings.home(), std::io::stdout().is_terminal());
    let findings = check::everything(settings).await?;
    for mistake in &findings.mistakes {
        out::drawn(&check::draw(mistake, &home, colour));
        out::line("");
    }
    for left_out in &findings.left_out {
        out::note(format_args!("note: {left_out}"));
    }
    let looked_at = findings.looked_at.join(", ");
    match findings.mistakes.len() {
        0 => out::line(format_args!("no mistakes in {looked_at}")),
        1 => out::line(format_args!("1 mistake in {looked_at}")),
        many => out::line(format_args!("{many} mistakes in {looked_at}")),
    }
    Ok(if findings.mistakes.is_empty() { Exit::Good } else { Exit::Failed })
}
