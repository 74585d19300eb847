//! One run, from its claim to its end.

use std::{any::Any, sync::Arc, time::Duration};

use anyhow::anyhow;
use tokio::{task::JoinSet, time};
use tracing::Instrument as _;

use super::Crew;
use crate::{
    db::{
        run_log::RunLog,
        runs::{Ending, RunError},
    },
    job::{Ended, Failure, last_words},
};

/// How long a run that must not go on may take to notice it, before it is cut off.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// How long the end of a run is tried to be recorded while the database does not answer. After that its lease has run
/// out, and it is run again: any step may be run twice.
const PATIENCE: Duration = Duration::from_mins(1);

/// Works a claimed run off in a task of its own, so that a panic ends the run and nothing else, and records its end.
/// Returns that end; none if the run is somebody else's by now, or if its end could not be recorded.
pub async fn work_off(crew: &Crew, log: Arc<RunLog>) -> Option<Ending> {
    let ended = attempt(crew, &log).await;
    let recorded = matches!(ended, Ok(Ended::Recorded(_)));
    let ending = Ending::of(ended.map(Ended::into_outcome), log.claim())?;
    (recorded || record(&log, &ending).await).then_some(ending)
}

async fn attempt(crew: &Crew, log: &Arc<RunLog>) -> Result<Ended, Failure> {
    // A set of one: dropped with its caller, it takes its task with it.
    let mut tasks = JoinSet::new();
    let (crew, on_it) = (crew.clone(), Arc::clone(log));
    tasks.spawn(async move { crew.work(&on_it).await }.in_current_span());
    let joined = tokio::select! {
        joined = tasks.join_next() => joined,
        () = overdue(log) => {
            tasks.abort_all();
            // The work may have come to its end at this very moment.
            tasks.join_next().await
        }
    };
    match joined {
        Some(Ok(ended)) => ended,
        Some(Err(error)) if error.is_panic() => Err(Failure::fatal(panicked(&*error.into_panic()))),
        _ => Err(log.check().err().unwrap_or(Failure::Stopping)),
    }
}

async fn overdue(log: &RunLog) {
    let _why = log.halted().await;
    time::sleep(GRACE).await;
}

fn panicked(payload: &(dyn Any + Send)) -> anyhow::Error {
    let text = last_words(payload).unwrap_or("it gave no reason");
    anyhow!("the program made a mistake and gave this run up (panic): {text}. The log has the place; please report it")
}

/// Records the end, also if the database has to be waited for.
async fn record(log: &RunLog, ending: &Ending) -> bool {
    let begun = time::Instant::now();
    loop {
        match log.finish(ending).await {
            Ok(()) => return true,
            Err(RunError::Lost) => return false,
            Err(RunError::Db(error)) if begun.elapsed() > PATIENCE => {
                tracing::error!(run = log.claim().run.0, %error, "a run's end could not be recorded");
                return false;
            }
            Err(RunError::Db(_)) => time::sleep(Duration::from_millis(500)).await,
        }
    }
}
