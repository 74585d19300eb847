//! A dataset as a person reads it.

use jiff::Timestamp;
use parsers::Dataset;

use super::{
    line::count,
    show::{Due, Held, Needed, Shown},
};
use crate::{
    cli::{
        load::decide,
        out::{self, fact, indented, paragraph},
        run::text,
        schedule,
    },
    view::distance,
};

/// Prints it, part after part.
pub(super) fn tell(dataset: &Dataset, shown: &Shown<'_>) {
    out::line(format_args!("{}: {} ({})", dataset.name, dataset.title, shown.line.state));
    paragraph(shown.description);
    what_it_is(dataset, shown);
    freshness(dataset, shown);
    waiting(shown);
    runs(shown);
    slots(&shown.slots);
}

fn what_it_is(dataset: &Dataset, shown: &Shown<'_>) {
    out::line("");
    let rows = shown.line.rows.map(|rows| format!(", {} rows", count(rows))).unwrap_or_default();
    fact("table", &format!("data.{}{rows}", dataset.name));
    for view in &shown.views {
        fact("", &format!("{} ({})", view.name, view.kind));
    }
    fact("key", &named(&shown.key));
    fact("mode", shown.mode);
    fact("history", &history(dataset, shown));
    shown.indexes.iter().for_each(|index| fact("index", &index.join(", ")));
    if !shown.readers.is_empty() {
        fact("readers", &shown.readers.join(", "));
    }
    fact("publisher", &format!("{}, {}", shown.publisher.name, shown.publisher.page));
    source(shown);
    fact("licence", shown.licence);
    fact("definition", &shown.definition);
}

/// Where the files come from, how they are found there, and what it takes.
fn source(shown: &Shown<'_>) {
    fact("source", &shown.source);
    for (at, sentence) in shown.fetched.iter().enumerate() {
        fact(if at == 0 { "fetched" } else { "" }, sentence);
    }
    shown.request.iter().for_each(|request| fact("asks now", request));
    for Needed { name, problem, .. } in &shown.secrets {
        match problem {
            None => fact("secret", &format!("{name}, which is there")),
            Some(problem) => fact("secret", &format!("{problem}; until then this dataset is off")),
        }
    }
}

fn named(key: &[&str]) -> String {
    if key.is_empty() { "none: equal rows are counted".to_owned() } else { key.join(", ") }
}

fn history(dataset: &Dataset, shown: &Shown<'_>) -> String {
    match (dataset.history, shown.history_since) {
        (true, Some(since)) => format!("every version of a row since {}", text::moment(since)),
        (true, None) => "every version of a row, from the first release on".to_owned(),
        (false, _) => "none".to_owned(),
    }
}

fn freshness(dataset: &Dataset, shown: &Shown<'_>) {
    let (line, now) = (&shown.line, Timestamp::now());
    let ago = |at: Timestamp| format!("{} ({})", distance(at, now), text::moment(at));
    heading("freshness");
    match line.release.zip(line.published_at) {
        Some((release, at)) => fact("published", &format!("release {release}, {}", ago(at))),
        None if !shown.held.is_empty() => fact("published", "nothing yet"),
        None => fact("published", &format!("nothing yet: `bluebook ingest {}` fetches it", dataset.name)),
    }
    if let Some(newest) = newest(dataset, shown) {
        fact("newest", &newest);
    }
    line.changed_at.into_iter().for_each(|at| fact("last change", &ago(at)));
    fact("checked", &line.checked_at.map_or_else(|| "never".to_owned(), ago));
    shown
        .late_since
        .into_iter()
        .for_each(|slot| fact("late", &format!("the slot of {} brought no answer", text::moment(slot))));
    line.failing_since.into_iter().for_each(|at| fact("failing", &format!("since {}", text::moment(at))));
    line.paused_at.into_iter().for_each(|at| fact("paused", &format!("since {}", text::moment(at))));
}

/// The newest period that there is, and whether a newer one should be there.
fn newest(dataset: &Dataset, shown: &Shown<'_>) -> Option<String> {
    let (dated, expected) = (dataset.source.dated.as_ref()?, shown.expected_period?);
    Some(match shown.newest_period {
        Some(newest) if newest >= expected => format!("{}; no newer one is to be expected yet", dated.told(newest)),
        Some(newest) => format!("{}; {} is to be expected", dated.told(newest), dated.told(expected)),
        None => format!("none; {} is to be expected", dated.told(expected)),
    })
}

fn waiting(shown: &Shown<'_>) {
    if !shown.held.is_empty() {
        heading("held");
        shown.held.iter().for_each(held);
    }
    if !shown.gaps.is_empty() {
        heading("gaps");
        shown.gaps.iter().for_each(|gap| paragraph(&gap.told));
    }
}

fn held(Held { release, waits_for }: &Held) {
    let fetched = text::moment(release.fetched_at);
    paragraph(&format!("release {}, fetched {fetched}, waits for {waits_for}", release.id));
    for finding in &release.findings {
        paragraph(&format!("{}: {}", finding.check, finding.message));
    }
    paragraph(&format!("To look at it: bluebook release show {}", release.id));
    decide(release.id, release.is_unreadable()).lines().for_each(paragraph);
}

fn runs(shown: &Shown<'_>) {
    heading("last runs");
    if shown.runs.is_empty() {
        return paragraph("none yet");
    }
    let row = |run| {
        let [id, _job, state, _slot, began, took, came_of_it] = text::line(run);
        vec![id, state, began, took, came_of_it]
    };
    let rows: Vec<Vec<String>> = shown.runs.iter().map(row).collect();
    indented(&["run", "state", "began", "took", "what came of it"], &rows);
}

fn slots(slots: &[Due]) {
    heading("next slots");
    if slots.is_empty() {
        return paragraph("none: no schedule in schedules.toml runs it");
    }
    let mut known = Vec::new();
    for Due { schedule, cron, zone, paused, .. } in slots {
        if !known.contains(&schedule) {
            known.push(schedule);
            let skipped = paused.as_ref().map(|why| format!("; slots are skipped: {why}")).unwrap_or_default();
            paragraph(&format!("schedule {schedule}: {cron} in {zone}{skipped}"));
        }
    }
    let row = |slot: &Due| {
        let [local, utc, mark] = schedule::cells(&slot.slot);
        let of = if known.len() > 1 { slot.schedule.as_str() } else { "" };
        let notes = [of, &mark].into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>();
        vec![local, utc, notes.join("; ")]
    };
    let rows: Vec<Vec<String>> = slots.iter().map(row).collect();
    indented(&schedule::SLOT, &rows);
}

fn heading(text: &str) {
    out::line(format_args!("\n{text}"));
}
