//! `bluebook release`

use anyhow::Context as _;
use jiff::Timestamp;

use super::{Exit, load, out, own_run::account, signals::Signals};
use crate::{
    boot::House,
    config::Settings,
    db::{
        AsyncConnection, AsyncPgConnection, DbResult, audit,
        difference::{self, Difference},
        rejects,
        releases::{self, ReleaseRow, State},
    },
    job::{DatasetName, ReleaseId, Trigger},
};

mod shown;

/// Rejects that `show` prints; the admin site pages through all of them.
const REJECTS_SHOWN: i64 = 20;

/// What to do with releases.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List releases, newest first.
    List {
        /// Only those of this dataset.
        dataset: Option<DatasetName>,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 30)]
        limit: u16,
        /// Print one JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Show one release: artifacts, counts, findings, rejects.
    Show {
        /// Its number.
        release: i64,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Publish a held release although it failed an expectation.
    Publish {
        /// Its number.
        release: i64,
        /// Why; kept with the release.
        #[arg(long)]
        reason: String,
        /// Print one JSON object with the counts.
        #[arg(long)]
        json: bool,
    },
    /// Discard a held release.
    Discard {
        /// Its number.
        release: i64,
        /// Why; kept with the release.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(settings: Settings, command: Command, signals: &Signals) -> anyhow::Result<Exit> {
    House::within(settings, async |house| obey(house, command, signals).await).await
}

async fn obey(house: &House, command: Command, signals: &Signals) -> anyhow::Result<Exit> {
    match command {
        Command::List { dataset, limit, json } => list(house, dataset.as_ref(), limit, json).await,
        Command::Show { release, json } => show(house, ReleaseId(release), json).await,
        Command::Publish { release, reason, json } => publish(house, signals, ReleaseId(release), &reason, json).await,
        Command::Discard { release, reason } => discard(house, ReleaseId(release), &reason).await,
    }
}

async fn list(house: &House, dataset: Option<&DatasetName>, limit: u16, json: bool) -> anyhow::Result<Exit> {
    let mut conn = house.pool.get().await?;
    let releases = releases::list(&mut conn, dataset, limit).await?;
    if json {
        releases.iter().try_for_each(out::json)?;
        return Ok(Exit::Good);
    }
    let rows: Vec<Vec<String>> = releases.iter().map(line).collect();
    out::table(
        &["release", "dataset", "state", "fetched", "published", "rows", "inserted", "changed", "removed", "rejected"],
        &rows,
    );
    Ok(Exit::Good)
}

fn line(release: &ReleaseRow) -> Vec<String> {
    let count = |read: fn(&crate::job::Counts) -> u64| {
        release.counts.as_ref().map_or_else(|| "-".to_owned(), |counts| load::grouped(read(counts)))
    };
    vec![
        release.id.to_string(),
        release.dataset.clone(),
        release.state.to_string(),
        at(Some(release.fetched_at)),
        at(release.published_at),
        count(|counts| counts.rows),
        count(|counts| counts.inserted),
        count(|counts| counts.changed),
        count(|counts| counts.removed),
        count(|counts| counts.rejected),
    ]
}

async fn show(house: &House, id: ReleaseId, json: bool) -> anyhow::Result<Exit> {
    let mut conn = house.pool.get().await?;
    let release = releases::show(&mut conn, id).await?.with_context(|| format!("there is no release {id}"))?;
    let difference = difference(house, &mut conn, &release).await?;
    if json {
        let mut whole = serde_json::to_value(&release)?;
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("difference".to_owned(), serde_json::to_value(&difference)?);
        }
        out::json(&whole)?;
        return Ok(Exit::Good);
    }
    out::line(format_args!("release {id} of {}: {}", release.dataset, release.state));
    out::line(format_args!("  fetched {}, published {}", at(Some(release.fetched_at)), at(release.published_at)));
    if let Some(counts) = &release.counts {
        out::line(format_args!("  {}", load::told(counts)));
    }
    if let (Some(who), Some(why)) = (&release.decided_by, &release.decision_reason) {
        out::line(format_args!("  decided {} by {who}: {why}", at(release.decided_at)));
    }
    for part in releases::files(&mut conn, id).await?.each().concat() {
        out::line(format_args!("  artifact {} ({}, {} bytes)", part.sha256, part.name, load::grouped(part.bytes)));
    }
    release.findings.iter().for_each(out::finding);
    difference.iter().for_each(shown::difference);
    let all = rejects::count(&mut conn, id).await?;
    for reject in rejects::list(&mut conn, id, 0, REJECTS_SHOWN).await? {
        let place = reject.line.map_or_else(|| format!("record {}", reject.record), |line| format!("line {line}"));
        let column = reject.column_name.map(|name| format!(", column {name}")).unwrap_or_default();
        let value = reject.value.map(|value| format!("{value:?} ")).unwrap_or_default();
        out::line(format_args!("  rejected: {place}{column}: {value}{}", reject.reason));
    }
    if all > REJECTS_SHOWN {
        out::line(format_args!("  … and {} more rejects", all - REJECTS_SHOWN));
    }
    Ok(Exit::Good)
}

/// What a held release would change, while its dataset is there.
async fn difference(
    house: &House,
    conn: &mut AsyncPgConnection,
    release: &ReleaseRow,
) -> anyhow::Result<Option<Difference>> {
    let Some(dataset) = house.datasets.get(&release.dataset.parse()?) else { return Ok(None) };
    Ok(difference::of_held(conn, dataset, release).await?)
}

async fn publish(house: &House, signals: &Signals, id: ReleaseId, why: &str, json: bool) -> anyhow::Result<Exit> {
    let why = reason(why)?;
    let held = {
        let mut conn = house.pool.get().await?;
        let approved = conn.transaction(async |conn| {
            let held = releases::approve(conn, id, &account(), why).await?;
            decided(conn, "publish", &held, why).await?;
            anyhow::Ok(held)
        });
        approved.await?
    };
    let dataset = load::dataset(house, &held.dataset.parse()?)?;
    load::run(house, signals, dataset, Trigger::Publish(id), json).await
}

async fn discard(house: &House, id: ReleaseId, why: &str) -> anyhow::Result<Exit> {
    let why = reason(why)?;
    let mut conn = house.pool.get().await?;
    let discarded = conn.transaction(async |conn| {
        let held = releases::discard(conn, id, &account(), why).await?;
        decided(conn, "discard", &held, why).await?;
        anyhow::Ok(held)
    });
    let discarded = discarded.await?;
    out::line(format_args!("release {id} of {} is {}", discarded.dataset, State::Discarded));
    gone_with_it(house, &mut conn, &discarded).await?;
    Ok(Exit::Good)
}

/// Where files are fetched once each, those of a discarded release do not come again: the good ones among them are named.
async fn gone_with_it(house: &House, conn: &mut AsyncPgConnection, discarded: &ReleaseRow) -> anyhow::Result<()> {
    let dataset = house.datasets.get(&discarded.dataset.parse()?);
    if dataset.is_none_or(|dataset| !dataset.source.plan(&dataset.source.url).asks_what_was_seen()) {
        return Ok(());
    }
    let files = releases::files(conn, discarded.id).await?.each().concat();
    let names: Vec<_> = files.iter().map(|file| format!("{:?}", file.name)).collect();
    out::note(format_args!("not asked for again: {}. One that is good after all comes by", names.join(", ")));
    out::note(format_args!("  bluebook ingest {} --file FILE", discarded.dataset));
    Ok(())
}

/// A decision says why.
fn reason(why: &str) -> anyhow::Result<&str> {
    let why = why.trim();
    anyhow::ensure!(!why.is_empty(), "a decision about a held release needs its reason: --reason \"…\"");
    Ok(why)
}

async fn decided(conn: &mut AsyncPgConnection, action: &str, held: &ReleaseRow, why: &str) -> DbResult<()> {
    let subject = format!("release:{}", held.id);
    let after = Some(serde_json::json!({ "dataset": held.dataset, "reason": why }));
    let entry = audit::Entry { who: "command line", action, subject: Some(&subject), after, ..audit::Entry::default() };
    audit::record(conn, entry).await
}

fn at(moment: Option<Timestamp>) -> String {
    moment.map_or_else(|| "-".to_owned(), |moment| moment.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}
