//! Runs as a person reads them.

use jiff::Timestamp;

use crate::{
    db::runs::{Event, RunRow},
    job::Outcome,
};

/// The columns of [`line`].
pub(super) const HEADINGS: [&str; 7] = ["run", "job", "state", "slot", "began", "took", "what came of it"];

/// The longest text in a table's cell.
const WIDEST: usize = 90;

/// A run as a row.
pub(in crate::cli) fn line(run: &RunRow) -> [String; 7] {
    [
        run.id.to_string(),
        run.job.to_string(),
        run.state.to_string(),
        run.slot.map_or_else(|| "-".to_owned(), moment),
        run.started_at.map_or_else(|| "-".to_owned(), moment),
        took(run).unwrap_or_else(|| "-".to_owned()),
        cut(&came_of_it(run)),
    ]
}

/// A run's facts, one a line.
pub(super) fn facts(run: &RunRow) -> String {
    let of = |what: &str, value: Option<String>| value.map(|value| format!("{what:<10}{value}"));
    let asked = run.requested_by.as_ref().map(|who| format!(", asked for by {who}")).unwrap_or_default();
    let slot = run.slot.zip(run.schedule.as_ref()).map(|(slot, schedule)| format!("{} of {schedule}", moment(slot)));
    let facts = [
        Some(format!("run {} of {}{asked}", run.id, run.job)),
        of("state", Some(run.state.to_string())),
        of("slot", slot),
        of("queued", Some(moment(run.queued_at))),
        of("began", run.started_at.map(moment)),
        of("ended", run.finished_at.map(moment)),
        of("took", took(run)),
        of("attempt", Some(format!("{}, {} of them cut off", run.attempt, run.interruptions))),
        of("owner", run.owner.clone()),
        of("step", run.step.clone()),
        of("result", Some(came_of_it(run)).filter(|text| !text.is_empty())),
    ];
    let mut text = facts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// An event as a row.
pub(super) fn event(event: &Event) -> Vec<String> {
    let what = if event.kind == "step" { "begins".to_owned() } else { event.message.clone() };
    vec![moment(event.at), event.attempt.to_string(), event.step.clone().unwrap_or_else(|| "-".into()), what]
}

fn came_of_it(run: &RunRow) -> String {
    if let Some(error) = &run.error {
        return error.clone();
    }
    match (&run.outcome, &run.reason) {
        (Some(outcome), _) => outcome_in_words(outcome),
        (None, Some(reason)) => reason.clone(),
        (None, None) => {
            run.cancel_requested_by.as_ref().map(|who| format!("{who} asked to cancel")).unwrap_or_default()
        }
    }
}

fn outcome_in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Published { release, counts } => format!(
            "release {release}: {} rows, {} inserted, {} changed, {} removed, {} rejected",
            counts.rows, counts.inserted, counts.changed, counts.removed, counts.rejected
        ),
        Outcome::Unchanged { .. } => "unchanged".to_owned(),
        Outcome::Held { release, findings } => {
            let first = findings.first().map(|finding| format!(": {}", finding.message)).unwrap_or_default();
            format!("release {release} is held{first}")
        }
        Outcome::Delivered { edition, files } => format!("edition {edition}: {}", files.join(", ")),
        Outcome::Swept { removed } => format!("{removed} things removed"),
    }
}

fn took(run: &RunRow) -> Option<String> {
    let took = run.finished_at?.duration_since(run.started_at?);
    Some(format!("{:.1} s", took.as_secs_f64()))
}

pub(in crate::cli) fn moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(WIDEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
