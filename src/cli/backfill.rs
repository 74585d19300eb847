//! `bluebook backfill`

use std::time::Instant;

use jiff::{Timestamp, civil::DateTime};
use parsers::{
    Dataset,
    plan::{self, Dated, RangeError},
};
use serde::Serialize;

use super::{
    Exit,
    load::{self, Report},
    out,
    own_run::work_off,
    signals::Signals,
};
use crate::{
    boot::House,
    config::Settings,
    job::{DatasetName, Job, Outcome, Trigger},
};

/// Which dataset, and which of its periods.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: DatasetName,
    /// From when to when, both meant: each as 2025, 2025-03, 2025-03-01 or 2025-03-01T06, by the dataset's clock.
    #[arg(value_name = "FROM..TO", value_parser = range)]
    periods: (DateTime, DateTime),
    /// Print one JSON object a period.
    #[arg(long)]
    json: bool,
}

fn range(text: &str) -> Result<(DateTime, DateTime), RangeError> {
    plan::range(text)
}

/// What became of one period.
#[derive(Serialize)]
struct Line {
    period: String,
    /// `published`, `unchanged`, `held`, `absent` or `failed`.
    became: &'static str,
    #[serde(flatten)]
    report: Option<Report>,
    /// Why it failed.
    error: Option<String>,
}

pub(super) async fn run(settings: Settings, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| backfill(house, args, signals).await).await
}

async fn backfill(house: &House, args: Args, signals: &Signals) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, &args.dataset)?;
    if let Some(other) = &dataset.source.same_as {
        let name = &dataset.name;
        out::note(format_args!(
            "bluebook: {name} reads the files of {other}: `bluebook backfill {other}` fetches them"
        ));
        return Ok(Exit::Usage);
    }
    let Some(dated) = &dataset.source.dated else {
        let name = &dataset.name;
        out::note(format_args!(
            "bluebook: the URL of {name} has no date, so there are no periods to fetch: `bluebook ingest {name} --file \
             PATH` loads a file that you have"
        ));
        return Ok(Exit::Usage);
    };
    let periods = periods(dated, args.periods)?;
    let mut lines = Vec::new();
    for period in periods {
        let line = one(house, signals, dataset, dated, period, args.json).await;
        if args.json {
            out::json(&line)?;
        }
        lines.push(line);
        if signals.are_here() {
            break;
        }
    }
    if !args.json {
        tell(&lines);
    }
    Ok(exit(&lines))
}

/// The periods of the range that have begun, as far as the source has them.
fn periods(dated: &Dated, (from, to): (DateTime, DateTime)) -> anyhow::Result<Vec<Timestamp>> {
    let newest = dated.newest(Timestamp::now())?;
    let mut periods = dated.periods(from, to)?;
    let all = periods.len();
    periods.retain(|period| *period <= newest);
    if periods.len() < all {
        out::note(format_args!(
            "{} periods are still to come; the newest is {}",
            all - periods.len(),
            dated.told(newest)
        ));
    }
    Ok(periods)
}

/// One period. What goes wrong with it does not stop the others.
async fn one(
    house: &House,
    signals: &Signals,
    dataset: &Dataset,
    dated: &Dated,
    period: Timestamp,
    json: bool,
) -> Line {
    let begun = Instant::now();
    let line = |became, report, error| Line { period: dated.told(period), became, report, error };
    let worked = work_off(house, signals, Job::Ingest(dataset.name.clone()), Trigger::Backfill(period), json).await;
    let (run, outcome) = match worked {
        Ok(worked) => worked,
        Err(error) => return line("failed", None, Some(format!("{error:#}"))),
    };
    let absent = outcome == Outcome::Unchanged { release: None };
    match load::report(house, &dataset.name, run, outcome, begun.elapsed().as_secs_f64()).await {
        Ok((report, _)) => line(if absent { "absent" } else { report.outcome }, Some(report), None),
        Err(error) => line("failed", None, Some(format!("{error:#}"))),
    }
}

fn tell(lines: &[Line]) {
    let rows: Vec<Vec<String>> = lines.iter().map(Line::cells).collect();
    out::table(&["period", "became", "release", "counts"], &rows);
}

impl Line {
    fn cells(&self) -> Vec<String> {
        let release = self.report.as_ref().and_then(|report| report.release);
        let counts = match (&self.report, &self.error) {
            (_, Some(error)) => error.clone(),
            (Some(report), None) if report.counts.rows > 0 => load::told(&report.counts),
            _ => String::new(),
        };
        let release = release.map(|release| release.to_string()).unwrap_or_default();
        vec![self.period.clone(), self.became.to_owned(), release, counts]
    }
}

fn exit(lines: &[Line]) -> Exit {
    let became = |word| lines.iter().any(|line| line.became == word);
    match () {
        () if became("failed") => Exit::Failed,
        () if became("held") => Exit::Held,
        () => Exit::Good,
    }
}
