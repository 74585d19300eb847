//! Datasets: how fresh each is, what it means, what came of its releases.

use actix_web::web;
use jiff::Timestamp;
use parsers::dataset::Expectations;
use serde_json::{Value, json};

use super::{
    Site,
    cookies::Flash,
    page::{self, Answer, Page},
    problem::Problem,
    visit::SignedIn,
};
use crate::{
    datasets::{how, shown_page, shown_source},
    db::{
        AsyncConnection, audit,
        dataset_rows::{self, Overview, State},
        gaps, releases,
    },
    job::{DatasetName, Job},
    schedules::{Coming, Mark},
};

/// Releases that a dataset's page shows.
const RELEASES: u16 = 30;
/// Coming slots that it shows.
const SLOTS: usize = 5;

/// All datasets.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn) -> Answer {
    let mut conn = site.conn().await?;
    let overview = dataset_rows::overview(&mut conn).await?;
    let values = json!({ "datasets": lines(&site, &overview), "broken": site.parts.datasets.broken() });
    Page::new("Datasets").under("Overview", "/").show(&site, &me, "admin/datasets/list", &values)
}

/// One dataset.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn, name: web::Path<String>) -> Answer {
    let name: DatasetName = name.parse().map_err(|_not_a_name| Problem::NotFound)?;
    let dataset = site.parts.datasets.get(&name).ok_or(Problem::NotFound)?;
    let mut conn = site.conn().await?;
    let overview = dataset_rows::overview(&mut conn).await?;
    let row = overview.iter().find(|row| row.name == name.as_str());
    let releases = releases::list(&mut conn, Some(&name), RELEASES).await?;
    let columns = dataset.schema.columns.iter().enumerate().map(|(at, column)| {
        json!({
            "name": column.name,
            "type": column.kind.sql(),
            "comment": column.comment,
            "key": dataset.schema.key.contains(&at),
            "required": column.required || dataset.schema.key.contains(&at),
        })
    });
    let values = json!({
        "dataset": line(&site, &name, &dataset.title, row),
        "description": dataset.description,
        "publisher": { "name": dataset.publisher.name, "page": web_address(&shown_page(dataset)) },
        "licence": dataset.licence,
        "source": shown_source(&dataset.source),
        "fetched": how(&dataset.source).join("; "),
        "mode": dataset.mode.as_str(),
        "expect": expectation(&dataset.expect),
        "columns": columns.collect::<Vec<_>>(),
        "releases": releases,
        "gaps": gaps::open(&mut conn, &name).await?.iter().map(|gap| gap.told(Timestamp::now())).collect::<Vec<_>>(),
        "slots": slots(&site, &Job::Ingest(name.clone())),
        "job": Job::Ingest(name.clone()).to_string(),
    });
    let page = Page::new(dataset.title.clone()).under("Overview", "/").under("Datasets", "/datasets");
    page.show(&site, &me, "admin/datasets/show", &values)
}

/// Pauses a dataset's schedules.
pub(super) async fn pause(site: web::Data<Site>, me: SignedIn, name: web::Path<String>) -> Answer {
    let (name, title) = known(&site, &name)?;
    let mut conn = site.conn().await?;
    let paused = conn.transaction(async |conn| {
        dataset_rows::pause(conn, &name, &title, &me.login).await?;
        audit::record(conn, me.did("pause", &format!("dataset:{name}"))).await
    });
    paused.await?;
    Ok(back(&site, &name, "Paused. Slots that come due are skipped until it is resumed; “Run now” still works."))
}

/// Resumes them.
pub(super) async fn resume(site: web::Data<Site>, me: SignedIn, name: web::Path<String>) -> Answer {
    let (name, _) = known(&site, &name)?;
    let mut conn = site.conn().await?;
    let resumed = conn.transaction(async |conn| {
        dataset_rows::resume(conn, &name).await?;
        audit::record(conn, me.did("resume", &format!("dataset:{name}"))).await
    });
    resumed.await?;
    Ok(back(&site, &name, "Resumed. The next slot runs."))
}

/// Every dataset with its state, by title; those that were never loaded come last.
pub(super) fn lines(site: &Site, overview: &[Overview]) -> Vec<Value> {
    let row = |name: &str| overview.iter().find(|row| row.name == name);
    let mut all: Vec<_> = site.parts.datasets.iter().collect();
    all.sort_by_cached_key(|dataset| {
        // Whether it is late is no matter where nothing was ever loaded.
        let is_empty = State::of(row(dataset.name.as_str()), false) == State::Empty;
        (is_empty, dataset.title.to_lowercase())
    });
    all.into_iter().map(|dataset| line(site, &dataset.name, &dataset.title, row(dataset.name.as_str()))).collect()
}

fn line(site: &Site, name: &DatasetName, title: &str, row: Option<&Overview>) -> Value {
    json!({
        "name": name,
        "title": title,
        "state": state(site, name, row),
        "rows": row.and_then(|row| row.rows),
        "checked_at": row.and_then(|row| row.checked_at),
        "changed_at": row.and_then(|row| row.changed_at),
        "held": row.and_then(|row| row.held_release),
        "failing_since": row.and_then(|row| row.failing_since),
        "paused": row.is_some_and(|row| row.paused_at.is_some()),
        "release": row.and_then(|row| row.published_release),
        "off": site.parts.datasets.is_off(name, &site.secrets).map(|error| error.to_string()),
        "scheduled": site.parts.schedules.of(&Job::Ingest(name.clone())).next().is_some(),
    })
}

fn state(site: &Site, name: &DatasetName, row: Option<&Overview>) -> State {
    let (job, now) = (Job::Ingest(name.clone()), Timestamp::now());
    let checked = row.and_then(|row| row.checked_at);
    let late = checked.and_then(|checked| site.parts.schedules.late_since(&job, checked, now));
    State::of(row, late.is_some())
}

fn slots(site: &Site, job: &Job) -> Vec<Value> {
    let line = |Coming { schedule, slot }: &Coming<'_>| {
        json!({
            "utc": slot.utc,
            "local": slot.local.strftime("%a %H:%M").to_string(),
            "zone": schedule.zone_name(),
            "schedule": schedule.name.to_string(),
            "mark": slot.mark.map(Mark::as_str),
        })
    };
    site.parts.schedules.coming(job, Timestamp::now(), SLOTS).iter().map(line).collect()
}

fn known(site: &Site, name: &str) -> Result<(DatasetName, String), Problem> {
    let name: DatasetName = name.parse().map_err(|_not_a_name| Problem::NotFound)?;
    let dataset = site.parts.datasets.get(&name).ok_or(Problem::NotFound)?;
    Ok((name, dataset.title.clone()))
}

fn back(site: &Site, name: &DatasetName, text: &str) -> actix_web::HttpResponse {
    page::redirect(site, &format!("/datasets/{name}"), Some(&Flash::done(text)))
}

/// Only addresses of the web become links.
fn web_address(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// What holds a release, in words.
fn expectation(expect: &Expectations) -> String {
    let rows = crate::view::number(&expect.min_rows.to_string());
    let shrink = match expect.max_shrink {
        share if share <= 0.0 => "any".to_owned(),
        share => format!("more than {:.0}\u{a0}%", share * 100.0),
    };
    let rejected = match expect.max_rejected {
        0 => "any record is".to_owned(),
        most => format!("more than {} records are", crate::view::number(&most.to_string())),
    };
    format!("it has fewer than {rows} rows, loses {shrink} of the rows there are, or {rejected} rejected")
}
