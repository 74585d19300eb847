//! What `ingest`, `replay` and `release publish` share: a run of their own, watched, and its counts printed.

use std::{sync::Arc, time::Instant};

use parsers::{Dataset, section::nearest};
use serde::Serialize;

use super::{Exit, out, own_run::work_off, signals::Signals};
use crate::{
    boot::House,
    db::releases::{self, State},
    job::{Counts, DatasetName, Finding, Job, Outcome, ReleaseId, RunId, Trigger},
};

/// A run's end, for machines.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    dataset: DatasetName,
    pub(super) outcome: &'static str,
    pub(super) release: Option<ReleaseId>,
    #[serde(flatten)]
    pub(super) counts: Counts,
    findings: Vec<Finding>,
    seconds: f64,
    run: RunId,
    /// Whether the file lacked columns of its definition.
    #[serde(skip)]
    unreadable: bool,
}

/// The dataset of this name, or a sentence about the one that may be meant, or about those that there are.
pub(super) fn dataset<'a>(house: &'a House, name: &DatasetName) -> anyhow::Result<&'a Arc<Dataset>> {
    if house.datasets.broken().iter().any(|broken| broken == name.as_str()) {
        anyhow::bail!("parsers/datasets/{name}.toml has mistakes, so the dataset is off: `bluebook check` shows them");
    }
    house.datasets.get(name).ok_or_else(|| {
        let known: Vec<&str> = house.datasets.iter().map(|dataset| dataset.name.as_str()).collect();
        match nearest(name.as_str(), known.iter().copied()) {
            Some(near) => anyhow::anyhow!("there is no dataset {name}: did you mean {near}?"),
            None => anyhow::anyhow!("there is no dataset {name}; there are: {}", known.join(", ")),
        }
    })
}

/// Works a load off in this process and prints what came of it.
pub(super) async fn run(
    house: &House,
    signals: &Signals,
    dataset: &Dataset,
    trigger: Trigger,
    json: bool,
) -> anyhow::Result<Exit> {
    let begun = Instant::now();
    let (run, outcome) = work_off(house, signals, Job::Ingest(dataset.name.clone()), trigger, json).await?;
    let (report, state) = report(house, &dataset.name, run, outcome, begun.elapsed().as_secs_f64()).await?;
    if json {
        out::json(&report)?;
    } else {
        print(&report, state);
    }
    Ok(if state == Some(State::Held) { Exit::Held } else { Exit::Good })
}

/// The counts stand with the release. Bytes that were settled before were not read again: then all counts are zero.
pub(super) async fn report(
    house: &House,
    dataset: &DatasetName,
    run: RunId,
    outcome: Outcome,
    seconds: f64,
) -> anyhow::Result<(Report, Option<State>)> {
    let (outcome, release, findings) = match outcome {
        Outcome::Published { release, .. } => ("published", Some(release), Vec::new()),
        Outcome::Unchanged { release } => ("unchanged", release, Vec::new()),
        Outcome::Held { release, findings } => ("held", Some(release), findings),
        Outcome::Delivered { .. } | Outcome::Swept { .. } => anyhow::bail!("run {run} did something else"),
    };
    let mut conn = house.pool.get().await?;
    let row = match release {
        Some(release) => releases::show(&mut conn, release).await?,
        None => None,
    };
    let state = row.as_ref().map(|row| row.state);
    let read_now = |row: &releases::ReleaseRow| row.run == Some(run) || outcome == "published";
    let findings = match &row {
        Some(row) if read_now(row) || row.state == State::Held => row.findings.clone(),
        _ => findings,
    };
    let unreadable = row.as_ref().is_some_and(releases::ReleaseRow::is_unreadable);
    let counts = row.filter(read_now).and_then(|row| row.counts).unwrap_or_default();
    Ok((Report { dataset: dataset.clone(), outcome, release, counts, findings, seconds, run, unreadable }, state))
}

fn print(report: &Report, state: Option<State>) {
    let Report { dataset, outcome, counts, seconds, run, .. } = report;
    let settled_before = *outcome == "unchanged" && *counts == Counts::default();
    match report.release {
        None => out::line(format_args!("{dataset}: {outcome}; the publisher has no file that is new")),
        Some(release) if settled_before => {
            let state = state.map_or("published", State::as_str);
            out::line(format_args!("{dataset}: unchanged; these are the bytes of release {release}, which is {state}"));
        }
        Some(release) => {
            out::line(format_args!("{dataset}: {outcome}, release {release}, run {run}, {seconds:.1} s"));
            if *counts != Counts::default() {
                out::line(format_args!("  {}", told(counts)));
            }
        }
    }
    report.findings.iter().for_each(out::finding);
    if let (Some(State::Held), Some(release)) = (state, report.release) {
        out::note(decide(release, report.unreadable));
    }
}

/// What a person can do about a held release.
pub(super) fn decide(release: ReleaseId, unreadable: bool) -> String {
    let discard = format!("bluebook release discard {release} --reason WHY");
    if unreadable {
        return format!("To be rid of it: {discard}");
    }
    format!("To publish it anyway: bluebook release publish {release} --reason WHY\nTo be rid of it: {discard}")
}

/// Counts in one line.
pub(super) fn told(counts: &Counts) -> String {
    let Counts { rows, inserted, changed, removed, unchanged, rejected, duplicates, kept } = *counts;
    let mut told = format!(
        "{} rows: {} inserted, {} changed, {} removed, {} unchanged, {} rejected",
        grouped(rows),
        grouped(inserted),
        grouped(changed),
        grouped(removed),
        grouped(unchanged),
        grouped(rejected)
    );
    for (count, word) in [(duplicates, "duplicates"), (kept, "kept in spite of a reject")] {
        if count > 0 {
            told = format!("{told}, {} {word}", grouped(count));
        }
    }
    told
}

/// A number with commas between its thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (16_527, "16,527"), (1_234_567, "1,234,567")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn only_a_readable_release_can_be_published_anyway() {
        assert!(!decide(ReleaseId(7), true).contains("publish"));
        assert!(decide(ReleaseId(7), false).contains("bluebook release publish 7 --reason"));
    }
}
