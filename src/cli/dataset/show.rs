//! `bluebook dataset show`

use jiff::Timestamp;
use parsers::{Dataset, plan::SecretName};
use serde::Serialize;

use super::{line::Line, told};
use crate::{
    boot::House,
    cli::{Exit, load, out, schedule},
    datasets::{first_request, how, shown_page, shown_source, views},
    db::{
        AsyncPgConnection, DbResult, dataset_rows, gaps,
        releases::{self, ReleaseRow},
        runs::{self, Filter, RunRow},
        schedule_rows,
    },
    job::{DatasetName, Job},
    schedules::{Coming, PreviewSlot, Schedules},
};

/// Runs and slots that are shown.
const SHOWN: u16 = 10;

/// Everything about a dataset, for machines.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    #[serde(flatten)]
    pub(super) line: Line,
    pub(super) description: &'a str,
    pub(super) publisher: Publisher<'a>,
    pub(super) licence: &'a str,
    /// The URL without secrets.
    pub(super) source: String,
    /// How files are found from there, in sentences.
    pub(super) fetched: Vec<String>,
    /// What is asked for first, now, without secrets.
    pub(super) request: Option<String>,
    pub(super) secrets: Vec<Needed>,
    /// The file that says all this.
    pub(super) definition: String,
    pub(super) views: Vec<View>,
    pub(super) key: Vec<&'a str>,
    pub(super) mode: &'static str,
    /// Since when every version of a row is kept.
    pub(super) history_since: Option<Timestamp>,
    pub(super) indexes: &'a [Vec<String>],
    pub(super) readers: &'a [String],
    /// The newest period that was published, and the newest of which there should be a file, by their first instants.
    pub(super) newest_period: Option<Timestamp>,
    pub(super) expected_period: Option<Timestamp>,
    pub(super) late_since: Option<Timestamp>,
    pub(super) held: Vec<Held>,
    pub(super) gaps: Vec<Gap>,
    pub(super) runs: Vec<RunRow>,
    pub(super) slots: Vec<Due>,
}

#[derive(Debug, Serialize)]
pub(super) struct Publisher<'a> {
    pub(super) name: &'a str,
    pub(super) page: String,
}

/// A secret that the source names.
#[derive(Debug, Serialize)]
pub(super) struct Needed {
    pub(super) name: String,
    pub(super) is_there: bool,
    /// What would help, if it is not.
    pub(super) problem: Option<String>,
}

/// What stands beside the table.
#[derive(Debug, Serialize)]
pub(super) struct View {
    /// With its schema.
    pub(super) name: String,
    /// `long view`, `compatibility view`, `history`, `function`.
    pub(super) kind: &'static str,
}

/// A release that waits.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    #[serde(flatten)]
    pub(super) release: ReleaseRow,
    pub(super) waits_for: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Gap {
    from: Timestamp,
    to: Timestamp,
    noticed_at: Timestamp,
    asked_until: Timestamp,
    /// The same in a sentence.
    pub(super) told: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Due {
    pub(super) schedule: String,
    pub(super) cron: String,
    pub(super) zone: String,
    #[serde(flatten)]
    pub(super) slot: PreviewSlot,
    /// Why it will be skipped, if it will.
    pub(super) paused: Option<String>,
}

/// Prints what there is to be said about a dataset.
pub(super) async fn show(house: &House, name: &DatasetName, json: bool) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, name)?;
    let (schedules, _) = schedule::load(&house.home);
    let shown = Box::pin(look(house, dataset, &schedules)).await?;
    if json {
        out::json(&shown)?;
    } else {
        told::tell(dataset, &shown);
    }
    Ok(Exit::Good)
}

async fn look<'a>(house: &House, dataset: &'a Dataset, schedules: &Schedules) -> anyhow::Result<Shown<'a>> {
    let (conn, now) = (&mut *house.pool.get().await?, Timestamp::now());
    let (name, dated) = (&dataset.name, dataset.source.dated.as_ref());
    let overview = dataset_rows::overview(conn).await?;
    let row = overview.iter().find(|row| row.name == name.as_str());
    let line = Line::of(dataset, row, schedules, now);
    let off = house.datasets.is_off(name, &house.settings.secrets()).map(|error| error.to_string());
    let filter = Filter { job: Some(Job::Ingest(name.clone())), limit: Some(SHOWN), ..Filter::default() };
    Ok(Shown {
        late_since: line.late_since,
        line,
        description: &dataset.description,
        publisher: Publisher { name: &dataset.publisher.name, page: shown_page(dataset) },
        licence: &dataset.licence,
        source: shown_source(&dataset.source),
        fetched: how(&dataset.source),
        request: first_request(&dataset.source, now),
        secrets: secrets(house, dataset),
        definition: house.home.datasets().join(format!("{name}.toml")).display().to_string(),
        views: beside(dataset),
        key: dataset.schema.key_columns().map(|column| column.name.as_str()).collect(),
        mode: dataset.mode.as_str(),
        history_since: row.and_then(|row| row.history_since),
        indexes: &dataset.offer.indexes,
        readers: &dataset.offer.readers,
        newest_period: releases::newest_period(conn, name).await?,
        expected_period: dated.map(|dated| dated.newest(now)).transpose()?,
        held: held(conn, dataset).await?,
        gaps: gaps::open(conn, name).await?.iter().map(|gap| Gap::of(gap, now)).collect(),
        runs: runs::list(conn, &filter).await?,
        slots: slots(conn, schedules, name, off, now).await?,
    })
}

/// What the publisher asks for, and whether it can be had.
fn secrets(house: &House, dataset: &Dataset) -> Vec<Needed> {
    let all = house.settings.secrets();
    let needed = |name: &SecretName| {
        let problem = all.find(name).err().map(|error| error.to_string());
        Needed { name: name.to_string(), is_there: problem.is_none(), problem }
    };
    dataset.source.manner.secrets().into_iter().map(needed).collect()
}

/// Views, history and the function that reads it.
fn beside(dataset: &Dataset) -> Vec<View> {
    let as_of = dataset.history.then(|| (format!("data.{}_as_of(timestamptz)", dataset.name), "function"));
    views(dataset).chain(as_of).map(|(name, kind)| View { name, kind }).collect()
}

/// The releases that are held, and what ends that beside a person.
async fn held(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<Held>> {
    let for_gaps = releases::held_for_gaps(conn, &dataset.name).await?;
    let wait = |release: ReleaseRow| {
        let dated = dataset.source.dated.as_ref();
        let other = match release.period.zip(dated) {
            Some((period, dated)) => format!("another file of {}", dated.told(period)),
            None => "the next release".to_owned(),
        };
        let missing = if for_gaps.contains(&release.id) { ", the values that its calendar misses" } else { "" };
        Held { waits_for: format!("a person's decision{missing} or {other}"), release }
    };
    Ok(releases::held(conn, &dataset.name).await?.into_iter().map(wait).collect())
}

impl Gap {
    fn of(gap: &gaps::Gap, now: Timestamp) -> Self {
        let gaps::Gap { from, to, noticed_at } = *gap;
        Self { from, to, noticed_at, asked_until: gap.asked_until(), told: gap.told(now) }
    }
}

async fn slots(
    conn: &mut AsyncPgConnection,
    schedules: &Schedules,
    name: &DatasetName,
    off: Option<String>,
    now: Timestamp,
) -> DbResult<Vec<Due>> {
    let standings = schedule_rows::standings(conn).await?;
    let coming = schedules.coming(&Job::Ingest(name.clone()), now, SHOWN.into());
    let slot = |Coming { schedule, slot }: Coming<'_>| {
        let standing = standings.iter().find(|standing| standing.name == schedule.name.as_str());
        Due {
            schedule: schedule.name.to_string(),
            cron: schedule.cron.to_string(),
            zone: schedule.zone_name().to_owned(),
            slot,
            paused: standing.and_then(|standing| standing.paused.clone()).or_else(|| off.clone()),
        }
    };
    Ok(coming.into_iter().map(slot).collect())
}
