//! What the demo says while it runs: a line for each release that comes out, and for each run that did something.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Say, first_report::FirstReports, shelf::Shelf};
use crate::{
    boot::House,
    db::runs::{self, Filter, RunRow, State},
    job::{Counts, Level, Outcome, RunId},
};

/// How often is looked.
const LOOK: Duration = Duration::from_millis(500);
/// Runs that are looked at each time; more never end between two looks.
const LATEST: u16 = 50;

/// Tells news until `over`. Nothing that goes wrong here stops the demo: it is told once, and looked for again.
pub(super) async fn follow(
    house: House,
    shelf: Arc<Shelf>,
    mut first_reports: FirstReports,
    over: CancellationToken,
    say: Say,
) {
    let mut told: HashSet<RunId> = ended(&house).await.unwrap_or_default().iter().map(|run| run.id).collect();
    while over.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        match shelf.put_out() {
            Ok(Some(release)) => say(&format!(
                "  the publisher puts out release {} of {}, dated {}",
                release.number, release.dataset, release.date
            )),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the publisher cannot note its place; it will try again"),
        }
        // A look that fails is made again in half a second; the worker says what is wrong with the database.
        for run in ended(&house).await.unwrap_or_default() {
            if told.insert(run.id)
                && let Some(news) = line(&run, &house.settings.site())
            {
                say(&news);
            }
        }
        // Asked for again with the next look, should the database not answer.
        if let Ok(now) = first_reports.ask(&house, shelf.datasets()).await {
            first_reports = now;
        }
    }
}

async fn ended(house: &House) -> anyhow::Result<Vec<RunRow>> {
    let filter = Filter { limit: Some(LATEST), ..Filter::default() };
    let mut runs = runs::list(&mut *house.pool.get().await?, &filter).await?;
    runs.retain(|run| !run.state.is_open());
    runs.reverse();
    Ok(runs)
}

/// Runs that found nothing new are no news.
fn line(run: &RunRow, site: &str) -> Option<String> {
    let (job, page) = (&run.job, format!("{site}/runs/{}", run.id));
    let what = match (&run.outcome, run.state) {
        (Some(Outcome::Published { counts, .. }), _) => format!("published: {}", counted(counts)),
        (Some(Outcome::Held { findings, .. }), _) => {
            let grave = findings.iter().find(|finding| finding.level == Level::Fail);
            let first = grave.map_or("it failed an expectation", |finding| finding.message.as_str());
            format!("HELD until you decide: {first:.120} ...")
        }
        (Some(Outcome::Delivered { files, .. }), _) => format!("written: {}", files.join(", ")),
        (None, State::Failed) => format!("FAILED: {}", run.error.as_deref().unwrap_or("no reason was kept")),
        _ => return None,
    };
    Some(format!("  {job} {what}\n      {page}"))
}

fn counted(counts: &Counts) -> String {
    let Counts { rows, inserted, changed, removed, rejected, .. } = counts;
    format!("{rows} rows, {inserted} new, {changed} changed, {removed} removed, {rejected} rejected")
}
