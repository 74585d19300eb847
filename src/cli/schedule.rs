//! `bluebook schedule`

use jiff::Timestamp;
use serde::Serialize;

use super::{Exit, out, own_run::account};
use crate::{
    boot::Database,
    config::{Home, Settings},
    db::{PgSession, schedule_rows},
    schedules::{Mark, PreviewSlot, Schedule, Schedules, preview},
};

/// Slots that a preview shows of each schedule.
const SLOTS: usize = 10;

/// What to do with schedules.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show the next ten slots of each schedule, local and UTC, with gaps and folds of the clock marked.
    Preview {
        /// Only this schedule.
        name: Option<String>,
        /// The moment after which slots are shown, such as 2026-10-24T00:00:00Z; without it, now.
        #[arg(long, value_name = "TIME")]
        from: Option<Timestamp>,
        /// Print one JSON object a slot.
        #[arg(long)]
        json: bool,
    },
    /// Make no runs of a schedule until it is resumed; its slots are noted as skipped.
    Pause {
        /// Its name in schedules.toml.
        name: String,
    },
    /// Make runs of a schedule again.
    Resume {
        /// Its name in schedules.toml.
        name: String,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Preview { name, from, json } => {
            show(&settings, name.as_deref(), from.unwrap_or_else(Timestamp::now), json)
        }
        Command::Pause { name } => rest(&settings, &name, true).await,
        Command::Resume { name } => rest(&settings, &name, false).await,
    }
}

fn show(settings: &Settings, name: Option<&str>, from: Timestamp, json: bool) -> anyhow::Result<Exit> {
    let (schedules, is_whole) = load(&settings.home());
    let wanted = |schedule: &&Schedule| name.is_none_or(|name| schedule.name.as_str() == name);
    let chosen: Vec<&Schedule> = schedules.iter().filter(wanted).collect();
    if let (Some(name), []) = (name, chosen.as_slice()) {
        let known: Vec<&str> = schedules.iter().map(|schedule| schedule.name.as_str()).collect();
        anyhow::bail!("there is no schedule {name}; there are: {}", known.join(", "));
    }
    for schedule in chosen {
        let slots = preview(schedule, from, SLOTS);
        if json { objects(schedule, &slots)? } else { table(schedule, &slots) }
    }
    Ok(if is_whole { Exit::Good } else { Exit::Failed })
}

/// The schedules of the home folder, and whether that is all of them; if not, it is said.
pub(super) fn load(home: &Home) -> (Schedules, bool) {
    let (schedules, mistakes) = Schedules::load(home);
    if !mistakes.is_empty() {
        out::note(format_args!("schedules.toml has {} mistake(s): `bluebook check` shows them", mistakes.len()));
    }
    (schedules, mistakes.is_empty())
}

#[derive(Serialize)]
struct Object<'a> {
    schedule: &'a str,
    #[serde(flatten)]
    slot: &'a PreviewSlot,
}

fn objects(schedule: &Schedule, slots: &[PreviewSlot]) -> anyhow::Result<()> {
    slots.iter().try_for_each(|slot| out::json(&Object { schedule: schedule.name.as_str(), slot }))
}

fn table(schedule: &Schedule, slots: &[PreviewSlot]) {
    let Schedule { name, job, cron, .. } = schedule;
    out::line(format_args!("{name}: {job} at {cron} in {}", schedule.zone_name()));
    let rows: Vec<Vec<String>> = slots.iter().map(|slot| cells(slot).to_vec()).collect();
    out::indented(&SLOT, &rows);
    out::line("");
}

/// The columns of [`cells`].
pub(super) const SLOT: [&str; 3] = ["local", "UTC", ""];

/// A slot as a row: by its own clock, in UTC, and what the clock does there.
pub(super) fn cells(slot: &PreviewSlot) -> [String; 3] {
    [
        slot.local.strftime("%a %Y-%m-%d %H:%M:%S %:z").to_string(),
        slot.utc.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
        slot.mark.map_or("", Mark::as_str).to_owned(),
    ]
}

async fn rest(settings: &Settings, name: &str, pause: bool) -> anyhow::Result<Exit> {
    let database = Database::open(settings).await?;
    database.ready().await?;
    let mut session = PgSession::open(&database.connector).await?;
    let known = if pause {
        schedule_rows::pause(&mut session, name, &account()).await?
    } else {
        schedule_rows::resume(&mut session, name).await?
    };
    drop(session);
    database.close().await?;
    if !known {
        anyhow::bail!(
            "no daemon has read a schedule {name} yet: is it in schedules.toml, and has `serve` been started?"
        );
    }
    let what = if pause { "paused: its slots are skipped" } else { "resumed" };
    out::note(format_args!("{name} is {what}"));
    Ok(Exit::Good)
}
