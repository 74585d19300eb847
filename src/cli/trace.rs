//! `bluebook trace`

use jiff::Timestamp;
use serde_json::Value;

use super::{Exit, load, out};
use crate::{
    boot::House,
    config::Settings,
    job::{DatasetName, one_line},
    trace::{self, Asked, Rejected, Traced, Version},
};

/// Which row, and what of it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The dataset: the stem of its file in parsers/datasets.
    dataset: DatasetName,
    /// The row: the key's values in their order, or COLUMN=VALUE pairs.
    #[arg(required = true, value_name = "KEY")]
    key: Vec<String>,
    /// Only this column, and only where it changed.
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Only what was said at this moment, such as 2026-03-01T00:00:00Z; needs a history.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> anyhow::Result<Exit> {
    House::within(settings, async |house| trace(house, args).await).await
}

async fn trace(house: &House, args: Args) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, &args.dataset)?;
    let asked = Asked::read(dataset, &args.key, args.column.as_deref(), args.as_of)?;
    let mut conn = house.pool.get().await?;
    let traced = Box::pin(trace::trace(&mut conn, &house.archive, dataset, &asked)).await?;
    if args.json {
        out::json(&traced)?;
    } else {
        print(&traced, &asked);
    }
    Ok(Exit::Good)
}

fn print(traced: &Traced, asked: &Asked) {
    out::line(format_args!("{}: {}", traced.dataset, asked.told()));
    for version in &traced.versions {
        print_version(version);
    }
    for reject in &traced.rejects {
        print_reject(reject);
    }
    if !traced.history {
        out::note("This dataset has no history: what it said before is not remembered.");
    }
}

fn print_version(version: &Version) {
    out::line("");
    let since = version.from.map_or_else(|| "?".to_owned(), |from| from.to_string());
    let until = match (version.to, version.until_release) {
        (Some(to), Some(release)) => format!("until {to} (release {release})"),
        _ => "and still".to_owned(),
    };
    let why = match version.cause.as_deref() {
        Some("definition") => ", because the definition or the parser changed",
        Some("gap") => ", as found after a gap in the history",
        _ => "",
    };
    out::line(format_args!("since {since} {until}{why}"));
    for (name, value) in &version.values {
        out::line(format_args!("  {name}: {}", shown(value)));
    }
    print_whence(version);
}

fn print_whence(version: &Version) {
    let Version { release, part, record, .. } = version;
    let Some(whence) = &version.whence else {
        return out::line(format_args!("  said by release {release}, which is not known here any more"));
    };
    let run = whence.run.map_or_else(String::new, |run| format!(", run {run}"));
    out::line(format_args!("  said by release {release} ({}){run}", whence.state));
    if let Some(who) = &whence.decided_by {
        out::line(format_args!("  which {who} had published although it was held"));
    }
    let from = whence.url.as_ref().map_or_else(|| "given by hand".to_owned(), |url| format!("from {url}"));
    let at = whence.fetched_at.map_or_else(String::new, |at| format!(" at {at}"));
    out::line(format_args!("  in {} ({} bytes) {from}{at}", whence.name, whence.bytes));
    out::line(format_args!("  which the archive keeps as {}", whence.sha256));
    let line = version.original.as_ref().and_then(|original| original.line);
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    let member = version.original.as_ref().and_then(|original| original.member.as_ref());
    let member = member.map_or_else(String::new, |member| format!(" of the member {member:?}"));
    out::line(format_args!("  part {part}, record {record}{line}{member}:"));
    match &version.original {
        Some(original) => indented(&original.text),
        None => out::line("    (not found there: the file is read otherwise today)"),
    }
}

fn print_reject(reject: &Rejected) {
    let Rejected { release, part, record, reason, .. } = reject;
    let column = reject.column.as_ref().map_or_else(String::new, |column| format!("{column} "));
    let line = reject.line.map_or_else(String::new, |line| format!(", line {line}"));
    out::line("");
    out::line(format_args!("rejected by release {release}: {column}{}", one_line(reason)));
    out::line(format_args!("  part {part}, record {record}{line}:"));
    indented(&reject.original);
}

fn indented(text: &str) {
    for line in text.trim_end().lines() {
        out::line(format_args!("    {line}"));
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) => one_line(text),
        other => other.to_string(),
    }
}
