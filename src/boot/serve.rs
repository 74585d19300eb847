//! Serving: scheduler, worker and admin site in one process. If one of them ends, all of them do.

use std::{net::TcpListener, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use parsers::{DatasetName, Diagnostic};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::{JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;

use super::House;
use crate::{
    admin::{Parts, Site, setup::Setup},
    config::Settings,
    ingest::{Fetcher, Ingest},
    job::Job,
    notify::{Channels, Desk, Notifier},
    report::Reporting,
    scheduler,
    schedules::Schedules,
    upkeep::Upkeep,
    worker::{Crew, Worker},
};

/// How a room's work came to its end.
type Ended = (&'static str, anyhow::Result<()>);

/// Takes the admin site's address, before anything else is begun.
pub fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = settings.listen;
    let help = "is another Bluebook at work there? --listen ADDR:PORT takes another address";
    TcpListener::bind(address).with_context(|| format!("cannot listen on {address}: {help}"))
}

/// Runs scheduler, worker and admin site until `stop`, or until one of them ends by itself: then it says which.
pub async fn serve(house: &House, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
    tracing::info!("the admin site is at http://{}", listener.local_addr()?);
    let (schedules, worker) = (schedules(house), worker(house)?);
    let site = Site::new(&house.settings, parts(house, &schedules), &listener)?;
    let connector = house.pool.connector().clone();
    let notifier = notifier(house)?;

    let mut rooms: JoinSet<Ended> = JoinSet::new();
    let (told, off) = (stop.clone(), off(house, &schedules));
    rooms.spawn(async move {
        ("the scheduler", scheduler::run(connector, &schedules, &*off, told).await.map_err(Into::into))
    });
    let told = stop.clone();
    rooms.spawn(async move { ("the admin site", site.run(listener, told).await.map_err(Into::into)) });
    let told = stop.clone();
    rooms.spawn(async move {
        worker.run(told).await;
        ("the worker", Ok(()))
    });
    if let Some(notifier) = notifier {
        let told = stop.clone();
        rooms.spawn(async move {
            notifier.run(told).await;
            ("the notifier", Ok(()))
        });
    }
    until_all_have_ended(rooms, &stop).await
}

async fn until_all_have_ended(mut rooms: JoinSet<Ended>, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut first = Ok(());
    while let Some(ended) = rooms.join_next().await {
        let by_itself = !stop.is_cancelled();
        stop.cancel();
        first = first.and(well(ended, by_itself));
    }
    first
}

fn well(ended: Result<Ended, JoinError>, by_itself: bool) -> anyhow::Result<()> {
    match ended {
        Ok((_, Ok(()))) if !by_itself => Ok(()),
        Ok((room, Ok(()))) => Err(anyhow!("{room} ended by itself, so the program ends")),
        Ok((room, Err(error))) => Err(error.context(format!("{room} failed, so the program ends"))),
        Err(error) => Err(anyhow!(error).context("a room panicked, so the program ends")),
    }
}

/// Fires on SIGTERM and Ctrl-C. A second signal ends the program there and then.
pub fn stop_on_signal() -> anyhow::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let fire = stop.clone();
    tokio::spawn(async move {
        for turn in ["first", "second"] {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if turn == "second" {
                tracing::warn!(signal = name, "told a second time: the program ends at once");
                std::process::exit(1);
            }
            tracing::info!(signal = name, "stopping");
            fire.cancel();
        }
    });
    Ok(stop)
}

/// What the admin site looks at.
fn parts(house: &House, schedules: &Schedules) -> Parts {
    Parts {
        pool: house.pool.clone(),
        archive: house.archive.clone(),
        datasets: house.datasets.clone(),
        schedules: schedules.clone(),
        reports: house.reports.iter().map(|report| (report.name.clone(), report.title.clone())).collect(),
        setup: setup(house),
    }
}

/// A mistake in admin.toml may be the line that keeps a column from people's eyes: then no table is shown at all.
fn setup(house: &House) -> Setup {
    let (setup, mistakes) = Setup::load(&house.home);
    let sound = mistakes.is_empty();
    complain(mistakes);
    if !sound {
        tracing::error!("the admin site shows no tables until admin.toml is mended and Bluebook started again");
        return Setup::default();
    }
    setup
}

fn schedules(house: &House) -> Schedules {
    let (schedules, mut mistakes) = Schedules::load(&house.home);
    mistakes.extend(schedules.unknown_jobs(|job| knows(house, job)));
    mistakes.extend(schedules.needless(|job| match job {
        Job::Ingest(dataset) => house.datasets.is_set_off(dataset),
        _ => None,
    }));
    complain(mistakes);
    schedules
}

/// Jobs that are off: nothing of them is run by schedule, and all the others are.
fn off(house: &House, schedules: &Schedules) -> Box<scheduler::Off> {
    let (datasets, secrets) = (house.datasets.clone(), house.settings.secrets());
    let is_due = |name: &&DatasetName| schedules.of(&Job::Ingest((*name).clone())).next().is_some();
    for off in datasets.off(&secrets).iter().filter(|off| off.datasets.iter().any(is_due)) {
        tracing::warn!("{}", off.told());
    }
    Box::new(move |job| match job {
        Job::Ingest(dataset) => datasets.is_off(dataset, &secrets).map(|error| error.to_string()),
        Job::Report(_) | Job::Upkeep => None,
    })
}

fn complain(mistakes: Vec<Diagnostic>) {
    for mistake in mistakes {
        tracing::error!(file = mistake.file, "{}; `bluebook check` shows the place", mistake.message);
    }
}

fn knows(house: &House, job: &Job) -> bool {
    match job {
        Job::Ingest(dataset) => house.datasets.get(dataset).is_some(),
        Job::Report(report) => house.reports.get(report).is_some(),
        Job::Upkeep => true,
    }
}

fn worker(house: &House) -> anyhow::Result<Worker> {
    let settings = &house.settings;
    Ok(Worker {
        connector: house.pool.connector().clone(),
        crew: house.crew()?,
        // A run holds a place of the pool while it loads; one is left to the others where there is one to spare.
        parallel: settings.parallel_runs.min(settings.pool_size.saturating_sub(1).max(1)).into(),
        drain: Duration::from_secs(settings.drain_seconds.into()),
        faults: settings.faults(),
    })
}

/// Who is told of what; every mistake of these settings at once.
pub fn channels(settings: &Settings) -> anyhow::Result<Channels> {
    Channels::of(settings)
        .or_else(|mistakes| bail!("people cannot be told as the settings say: {}", mistakes.join("; ")))
}

/// Nobody, where nobody is to be told.
fn notifier(house: &House) -> anyhow::Result<Option<Notifier>> {
    let channels = channels(&house.settings)?;
    if channels.is_empty() {
        return Ok(None);
    }
    let (connector, desk) = (house.pool.connector().clone(), Desk::new(house.settings.site())?);
    Ok(Some(Notifier::new(connector, channels, desk)))
}

impl House {
    /// The rooms that do the work of runs.
    pub fn crew(&self) -> anyhow::Result<Crew> {
        let (pool, archive, settings) = (self.pool.clone(), self.archive.clone(), &self.settings);
        let fetcher = Fetcher::new(settings)?;
        Ok(Crew {
            datasets: self.datasets.clone(),
            reports: self.reports.clone(),
            ingest: Ingest {
                pool: pool.clone(),
                archive: archive.clone(),
                fingerprints: self.fingerprints.clone(),
                fetcher,
                ahead: self.ahead.clone(),
            },
            reporting: Reporting { pool: pool.clone(), archive: archive.clone(), folder: settings.reports() },
            upkeep: Upkeep {
                pool,
                archive,
                scratch: [settings.state().scratch(), settings.state().incoming()],
                fingerprints: settings.state().fingerprints(),
                datasets: self.datasets.clone(),
                secrets: settings.secrets(),
                history: settings.history(),
            },
        })
    }
}
