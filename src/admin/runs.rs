//! Runs: what was done, what is being done, and "run now".

use actix_web::web;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Site,
    cookies::Flash,
    page::{self, Answer, Page},
    posted::Posted,
    problem::Problem,
    visit::SignedIn,
};
use crate::{
    db::{
        AsyncConnection, audit, rejects,
        runs::{self, Cancelled, Filter, NewRun, RunRow, State},
    },
    job::{Job, Outcome, ReleaseId, RunId, Trigger},
};

/// Runs on a page.
const PAGE: u16 = 50;

/// What the list's address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    job: String,
    #[serde(default)]
    state: String,
    before: Option<i64>,
}

impl Asked {
    fn filter(&self) -> Result<Filter, Problem> {
        let job = if self.job.is_empty() { None } else { Some(parsed::<Job, _>(&self.job)?) };
        let states = match self.state.as_str() {
            "" => Vec::new(),
            "open" => State::ALL.into_iter().filter(|state| state.is_open()).collect(),
            state => vec![parsed::<State, _>(state)?],
        };
        Ok(Filter { job, states, schedule: None, before: self.before.map(RunId), limit: Some(PAGE + 1) })
    }

    /// The address of the page that begins before `run`.
    fn older(&self, run: RunId) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("job", &self.job).append_pair("state", &self.state);
        format!("/runs?{}", query.append_pair("before", &run.to_string()).finish())
    }
}

/// The list, the newest first; alive while something on it is open.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn, asked: web::Query<Asked>) -> Answer {
    let mut conn = site.conn().await?;
    let mut runs = runs::list(&mut conn, &asked.filter()?).await?;
    let more = runs.len() > usize::from(PAGE);
    runs.truncate(PAGE.into());
    let older = runs.last().filter(|_| more).map(|last| asked.older(last.id));
    let values = json!({
        "runs": runs.iter().map(Line::of).collect::<Vec<_>>(),
        "live": asked.before.is_none() && runs.iter().any(|run| run.state.is_open()),
        "filtered": !asked.job.is_empty() || !asked.state.is_empty() || asked.before.is_some(),
        "jobs": choices(site.jobs().into_iter().map(|job| job.to_string()), &asked.job),
        "states": choices(std::iter::once("open").chain(State::ALL.map(State::as_str)).map(str::to_owned), &asked.state),
        "older": older,
    });
    Page::new("Runs").under("Overview", "/").show(&site, &me, "admin/runs/list", &values)
}

/// One run: its steps, how far it is, how it ended.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let run = runs::show(&mut conn, RunId(*id)).await?.ok_or(Problem::NotFound)?;
    let events = runs::events(&mut conn, run.id).await?;
    let release = run.outcome.as_ref().and_then(release_of);
    let rejected = match release {
        Some(release) => rejects::count(&mut conn, release).await?,
        None => 0,
    };
    let values = json!({
        "run": Line::of(&run),
        "events": events,
        "outcome": run.outcome,
        "release": release,
        "rejected": rejected,
        "progress": progress(&run),
        "trigger": trigger(&run),
        "open": run.state.is_open(),
        "waiting": run.state == State::Queued && run.not_before > jiff::Timestamp::now(),
        "not_before": run.not_before,
        "owner": run.owner,
        "attempt": run.attempt,
        "interruptions": run.interruptions,
        "cancelling": run.state.is_open() && run.cancel_requested_by.is_some(),
        "cancel_requested_by": run.cancel_requested_by,
    });
    let page = Page::new(format!("Run {}", run.id)).under("Overview", "/").under("Runs", "/runs");
    page.show(&site, &me, "admin/runs/show", &values)
}

/// "Run now".
pub(super) async fn start(site: web::Data<Site>, me: SignedIn, posted: Posted) -> Answer {
    let job = parsed::<Job, _>(posted.text("job"))?;
    if !site.jobs().contains(&job) {
        return Err(Problem::Bad(format!("There is no job {job}.")));
    }
    let mut conn = site.conn().await?;
    let queued = conn.transaction(async |conn| {
        let run = runs::enqueue(conn, &NewRun::asked(job.clone(), Trigger::Person, &me.login)).await?;
        let subject = job.to_string();
        let entry = audit::Entry { after: Some(json!({ "run": run })), ..me.did("run now", &subject) };
        audit::record(conn, entry).await?;
        Ok::<_, Problem>(run)
    });
    let run = queued.await?.ok_or_else(|| Problem::Conflict("That run is in the queue already.".into()))?;
    Ok(page::redirect(&site, &format!("/runs/{run}"), Some(&Flash::done(format!("{job} is in the queue.")))))
}

/// Cancels a run, at once or at its next step.
pub(super) async fn cancel(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let run = RunId(*id);
    let mut conn = site.conn().await?;
    let cancelled = conn.transaction(async |conn| {
        let cancelled = runs::cancel(conn, run, &me.login).await?;
        if matches!(cancelled, Cancelled::AtOnce | Cancelled::Asked) {
            audit::record(conn, me.did("cancel", &format!("run:{run}"))).await?;
        }
        Ok::<_, Problem>(cancelled)
    });
    let flash = match cancelled.await? {
        Cancelled::AtOnce => Flash::done("The run is cancelled."),
        Cancelled::Asked => Flash::done("The run is asked to stop; it does at its next step."),
        Cancelled::TooLate(state) => Flash::refused(format!("The run is {state} already.")),
        Cancelled::Unknown => return Err(Problem::NotFound),
    };
    Ok(page::redirect(&site, &format!("/runs/{run}"), Some(&flash)))
}

/// A run on a page, in short.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    id: RunId,
    job: String,
    state: State,
    schedule: Option<String>,
    slot: Option<jiff::Timestamp>,
    requested_by: Option<String>,
    step: Option<String>,
    queued_at: jiff::Timestamp,
    started_at: Option<jiff::Timestamp>,
    finished_at: Option<jiff::Timestamp>,
    seconds: Option<i64>,
    result: String,
}

impl Line {
    pub(super) fn of(run: &RunRow) -> Self {
        let end = run.finished_at.unwrap_or_else(jiff::Timestamp::now);
        Self {
            id: run.id,
            job: run.job.to_string(),
            state: run.state,
            schedule: run.schedule.clone(),
            slot: run.slot,
            requested_by: run.requested_by.clone(),
            step: run.step.clone(),
            queued_at: run.queued_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            seconds: run.started_at.map(|start| end.as_second() - start.as_second()),
            result: result(run),
        }
    }
}

/// How a run ended, or why it has not, in a few words.
fn result(run: &RunRow) -> String {
    match (&run.outcome, &run.error, &run.reason) {
        (Some(Outcome::Published { counts, .. }), ..) => format!(
            "{} inserted, {} changed, {} removed",
            crate::view::number(&counts.inserted.to_string()),
            crate::view::number(&counts.changed.to_string()),
            crate::view::number(&counts.removed.to_string())
        ),
        (Some(Outcome::Unchanged { .. }), ..) => "nothing new".to_owned(),
        (Some(Outcome::Held { findings, .. }), ..) => {
            findings.first().map_or_else(|| "waits for a person".to_owned(), |finding| finding.message.clone())
        }
        (Some(Outcome::Delivered { files, .. }), ..) => {
            let name = |file: &String| file.rsplit('/').next().unwrap_or_default().to_owned();
            files.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        (Some(Outcome::Swept { removed }), ..) => format!("{removed} removed"),
        (None, Some(error), _) => error.clone(),
        (None, None, Some(reason)) => reason.clone(),
        (None, None, None) => String::new(),
    }
}

fn release_of(outcome: &Outcome) -> Option<ReleaseId> {
    match outcome {
        Outcome::Published { release, .. } | Outcome::Held { release, .. } => Some(*release),
        Outcome::Unchanged { release } => *release,
        Outcome::Delivered { .. } | Outcome::Swept { .. } => None,
    }
}

/// Bytes and rows so far, as a bar has them; none unless the run is being worked on.
fn progress(run: &RunRow) -> Option<Value> {
    let progress = run.progress.as_ref().filter(|_| run.state == State::Running)?;
    Some(json!({
        "bytes": progress.get("bytes"),
        "total": progress.get("total_bytes"),
        "rows": progress.get("rows"),
    }))
}

/// Why the run exists, in words.
fn trigger(run: &RunRow) -> String {
    let who = run.requested_by.as_deref().unwrap_or("somebody");
    match run.trigger {
        Trigger::Slot => format!("schedule {}", run.schedule.as_deref().unwrap_or_default()),
        Trigger::Person => format!("{who} pressed \u{201c}Run now\u{201d}"),
        Trigger::Command => format!("{who} on the command line"),
        Trigger::Upload(_) => format!("a file given by {who}"),
        Trigger::Edition(slot) => format!("{who} asked for the edition of {}", slot.strftime("%Y-%m-%d %H:%M UTC")),
        Trigger::Backfill(period) => {
            format!("{who} fetches what was missed, from {}", period.strftime("%Y-%m-%d %H:%M UTC"))
        }
        Trigger::SameAs(run) => format!("run {run} fetched the files that it reads, too"),
        Trigger::Replay(release) => format!("{who} had release {release} read again"),
        Trigger::ReplayAll => format!("{who} had all releases read again"),
        Trigger::Restore(at) => {
            format!("{who} had the release of {} restored", at.strftime("%Y-%m-%d %H:%M:%S UTC"))
        }
        Trigger::Publish(release) => format!("{who} decided to publish release {release}"),
    }
}

/// The options of a select, one of them chosen.
pub(super) fn choices(all: impl IntoIterator<Item = String>, chosen: &str) -> Vec<Value> {
    all.into_iter().map(|value| json!({ "chosen": value == chosen, "value": value })).collect()
}

/// What stands in an address or a form, or a sentence that it is none.
pub(super) fn parsed<T, E>(text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr<Err = E>,
    E: std::fmt::Display,
{
    text.parse().map_err(|error| Problem::Bad(format!("The address or form holds a mistake: {error}.")))
}
