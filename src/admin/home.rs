//! The start page: what needs a person, and what happened last.

use actix_web::web;
use serde_json::{Value, json};

use super::{
    Site, datasets,
    page::{Answer, Page},
    reports,
    runs::Line,
    visit::SignedIn,
};
use crate::{
    datasets::Off,
    db::{
        dataset_rows::{self, State},
        editions, notices,
        runs::{self, Filter, RunRow},
    },
    job::{DatasetName, Job},
};

/// Runs and editions that the page shows.
const SHOWN: u16 = 8;

/// The start page.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn) -> Answer {
    let mut conn = site.conn().await?;
    let overview = dataset_rows::overview(&mut conn).await?;
    let recent = runs::list(&mut conn, &Filter { limit: Some(SHOWN), ..Filter::default() }).await?;
    let editions = editions::list(&mut conn, None, 5).await?;
    let stuck = runs::last_failed(&mut conn, &site.jobs()).await?;
    let datasets = datasets::lines(&site, &overview);
    let mut needs = needs(&site, &datasets, &stuck);
    needs.extend(unsent(notices::unsent(&mut conn).await?.dead));
    let rows: i64 = overview.iter().filter_map(|row| row.rows).sum();
    let off = site.parts.datasets.off(&site.secrets);
    let is_due = |name: &&DatasetName| site.parts.schedules.of(&Job::Ingest((*name).clone())).next().is_some();
    let off = off.iter().filter(|off| off.datasets.iter().any(is_due));
    let (used, others): (Vec<_>, Vec<_>) = datasets.iter().partition(|dataset| is_used(dataset));
    let idle = others.iter().filter(|dataset| dataset["scheduled"] != true);
    let values = json!({
        "needs": needs,
        "datasets": used,
        "idle": idle.count(),
        "off": off.map(Off::told).collect::<Vec<_>>(),
        "rows": rows,
        "runs": recent.iter().map(Line::of).collect::<Vec<_>>(),
        "live": recent.iter().any(|run| run.state.is_open()),
        "editions": editions.iter().map(reports::line).collect::<Vec<_>>(),
        "waiting": needs.len(),
    });
    Page::new("Overview").show(&site, &me, "admin/home", &values)
}

/// Definitions come with the program by the dozen; of those that nobody has asked for the page says only how many, and of
/// those that are off why.
fn is_used(dataset: &Value) -> bool {
    (dataset["scheduled"] == true && dataset["off"].is_null()) || dataset["state"] != State::Empty.as_str()
}

/// What waits for a person: held releases, jobs whose last run failed, late datasets, definitions with mistakes.
fn needs(site: &Site, datasets: &[Value], stuck: &[RunRow]) -> Vec<Value> {
    let of = |state: &'static str| datasets.iter().filter(move |dataset| dataset["state"] == state);
    let held = of("held").map(|dataset| {
        let href = format!("/releases/{}", dataset["held"]);
        need("held", dataset["title"].as_str(), "A release waits for your decision.", &href, "Decide")
    });
    let failed = stuck.iter().map(|run| {
        let text = run.error.as_deref().unwrap_or_default();
        need("failed", Some(&run.job.to_string()), text, &format!("/runs/{}", run.id), "Look at the run")
    });
    let late = of("late").map(|dataset| {
        let href = format!("/datasets/{}", dataset["name"].as_str().unwrap_or_default());
        let text = "A slot has come due since the publisher was last understood.";
        need("late", dataset["title"].as_str(), text, &href, "Look at the dataset")
    });
    let broken = site.parts.datasets.broken().iter().map(|name| {
        let file = format!("parsers/datasets/{name}.toml");
        let text = "This definition has mistakes, so the dataset is off. `bluebook check` shows them.";
        need("broken", Some(&file), text, "/datasets", "Look at the datasets")
    });
    held.chain(failed).chain(late).chain(broken).collect()
}

/// Notices that were given up: somebody should have been told.
fn unsent(dead: i64) -> Option<Value> {
    let text = "People could not be told of a change, and it is not tried any more.";
    (dead > 0).then(|| need("dead", Some("Notices"), text, "/notices", "Look at the notices"))
}

fn need(state: &str, title: Option<&str>, text: &str, href: &str, act: &str) -> Value {
    json!({ "state": state, "title": title, "text": text, "href": href, "act": act })
}
