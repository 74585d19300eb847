//! `bluebook doctor`

use super::{Exit, out};
use crate::{
    config::Settings,
    doctor::{self, Health, Line},
};

/// Nothing beyond the settings.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(settings: Settings, Args {}: Args) -> anyhow::Result<Exit> {
    let lines = doctor::examine(settings).await;
    for line in &lines {
        out::line(format_args!("{:<4}  {:<12}  {}", word(line), line.what, line.found));
        if let Some(help) = &line.help {
            out::line(format_args!("{:20}{help}", ""));
        }
    }
    Ok(if lines.iter().any(|line| line.health == Health::Bad) { Exit::Failed } else { Exit::Good })
}

fn word(line: &Line) -> &'static str {
    match line.health {
        Health::Ok => "ok",
        Health::Warn => "warn",
        Health::Bad => "BAD",
    }
}
