//! `bluebook run`

use serde::Serialize;

use super::{Exit, out, own_run::account};
use crate::{
    boot::Database,
    config::Settings,
    db::{
        PgSession,
        runs::{self, Cancelled, Event, Filter, NewRun, RunRow, State},
    },
    job::{Job, RunId, Trigger},
};

pub(super) mod text;

/// What to do with runs.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List runs, newest first.
    List {
        /// Only of this job: ingest:NAME, report:NAME or upkeep.
        #[arg(long)]
        job: Option<Job>,
        /// Only in this state. May be given several times.
        #[arg(long)]
        state: Vec<State>,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 30)]
        limit: u16,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show one run with its steps.
    Show {
        /// Its number.
        run: i64,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Put a job into the queue, for a daemon to take.
    Start {
        /// The job: ingest:NAME, report:NAME or upkeep.
        job: Job,
    },
    /// Cancel a run that is queued or running.
    Cancel {
        /// Its number.
        run: i64,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<Exit> {
    let database = Database::open(&settings).await?;
    database.ready().await?;
    let mut session = PgSession::open(&database.connector).await?;
    let ended = obey(&mut session, command).await;
    drop(session);
    database.close().await?;
    ended
}

async fn obey(session: &mut PgSession, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::List { job, state, limit, json } => {
            list(session, Filter { job, states: state, limit: Some(limit), ..Filter::default() }, json).await
        }
        Command::Show { run, json } => show(session, RunId(run), json).await,
        Command::Start { job } => start(session, job).await,
        Command::Cancel { run } => cancel(session, RunId(run)).await,
    }
}

async fn list(session: &mut PgSession, filter: Filter, json: bool) -> anyhow::Result<Exit> {
    let runs = runs::list(session, &filter).await?;
    if json {
        runs.iter().try_for_each(out::json)?;
    } else {
        let rows: Vec<Vec<String>> = runs.iter().map(|run| text::line(run).to_vec()).collect();
        out::table(&text::HEADINGS, &rows);
    }
    Ok(Exit::Good)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    run: RunRow,
    events: Vec<Event>,
}

async fn show(session: &mut PgSession, id: RunId, json: bool) -> anyhow::Result<Exit> {
    let Some(run) = runs::show(session, id).await? else { anyhow::bail!("there is no run {id}") };
    let events = runs::events(session, id).await?;
    if json {
        out::json(&Shown { run, events })?;
    } else {
        out::line(text::facts(&run));
        let rows: Vec<Vec<String>> = events.iter().map(text::event).collect();
        out::table(&["at", "attempt", "step", "what happened"], &rows);
    }
    Ok(Exit::Good)
}

async fn start(session: &mut PgSession, job: Job) -> anyhow::Result<Exit> {
    let run = runs::enqueue(session, &NewRun::asked(job.clone(), Trigger::Command, account())).await?;
    let Some(run) = run else { anyhow::bail!("{job} was not put into the queue") };
    out::note(format_args!("run {run} of {job} waits for a daemon"));
    out::line(run);
    Ok(Exit::Good)
}

async fn cancel(session: &mut PgSession, run: RunId) -> anyhow::Result<Exit> {
    match runs::cancel(session, run, &account()).await? {
        Cancelled::AtOnce => out::note(format_args!("run {run} is cancelled")),
        Cancelled::Asked => out::note(format_args!("run {run} is running; it will stop at its next step")),
        Cancelled::TooLate(state) => anyhow::bail!("run {run} has ended already: {state}"),
        Cancelled::Unknown => anyhow::bail!("there is no run {run}"),
    }
    Ok(Exit::Good)
}
