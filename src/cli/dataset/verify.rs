//! `bluebook dataset verify`

use parsers::{Dataset, dataset::Mode};
use serde::Serialize;

use crate::{
    boot::House,
    cli::{
        Exit,
        load::{self, grouped},
        out,
        signals::Signals,
    },
    db::difference::{Cell, Changed, Column},
    ingest::Inspected,
    job::{DatasetName, Failure, ReleaseId, Trigger},
};

/// The answer, for machines.
#[derive(Debug, Serialize)]
struct Report<'a> {
    dataset: &'a DatasetName,
    release: ReleaseId,
    as_published: bool,
    /// Rows that should be there.
    rows: u64,
    changed: u64,
    missing: u64,
    added: u64,
    /// In how many rows each column differs.
    columns: &'a [Column],
    samples: Samples<'a>,
}

/// At most twenty rows of each kind.
#[derive(Debug, Serialize)]
struct Samples<'a> {
    /// `old` is what stands in the table, `new` what was published.
    changed: &'a [Changed],
    missing: &'a [Vec<Cell>],
    added: &'a [Vec<Cell>],
}

/// Compares, tells, and puts right if that is asked for.
pub(super) async fn verify(
    house: &House,
    signals: &Signals,
    name: &DatasetName,
    repair: bool,
    json: bool,
) -> anyhow::Result<Exit> {
    let dataset = load::dataset(house, name)?;
    let inspected = house.crew()?.ingest.inspect(dataset).await.map_err(error)?;
    if json {
        out::json(&report(name, &inspected))?;
    } else {
        tell(name, &inspected);
    }
    if inspected.is_as_published() {
        return Ok(Exit::Good);
    }
    if repair {
        let trigger = repairing(dataset, &inspected);
        return load::run(house, signals, dataset, trigger, json).await;
    }
    out::note(format_args!("To put it right: bluebook dataset verify {name} --repair"));
    Ok(Exit::Failed)
}

/// What puts it right: the release that the table shows, or all of them where one does not say it all: also where it
/// left rows of an older one in their place, because their records were rejected.
fn repairing(dataset: &Dataset, inspected: &Inspected) -> Trigger {
    let alone = dataset.mode == Mode::Replace && inspected.releases == 1;
    if alone { Trigger::Replay(inspected.release) } else { Trigger::ReplayAll }
}

fn error(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Retry { error, .. } | Failure::Final(error) => error,
        other => anyhow::anyhow!("the comparison was given up: {other:?}"),
    }
}

fn report<'a>(dataset: &'a DatasetName, inspected: &'a Inspected) -> Report<'a> {
    let Inspected { release, rows, changed, missing, added, ref samples, .. } = *inspected;
    Report {
        dataset,
        release,
        as_published: inspected.is_as_published(),
        rows,
        changed,
        missing,
        added,
        columns: &samples.columns,
        samples: Samples { changed: &samples.changed, missing: &samples.inserted, added: &samples.removed },
    }
}

fn tell(name: &DatasetName, inspected: &Inspected) {
    let Inspected { release, releases, rows, changed, missing, added, ref samples, .. } = *inspected;
    let read = match releases {
        1 => format!("release {release}"),
        several => format!("its {several} releases up to {release}"),
    };
    if inspected.is_as_published() {
        out::line(format_args!("{name}: data.{name} is what {read} says, {} rows", grouped(rows)));
    } else {
        out::line(format_args!("{name}: data.{name} is not what {read} says in its {} rows", grouped(rows)));
        let (changed, missing, added) = (grouped(changed), grouped(missing), grouped(added));
        out::line(format_args!("  {changed} changed, {missing} missing, {added} that nobody published"));
    }
    if inspected.redefined {
        out::note("It was read by another definition than today's, and is compared by that one.");
    }
    if !samples.columns.is_empty() {
        let columns: Vec<_> = samples.columns.iter().map(|c| format!("{} {}", c.name, grouped(c.rows))).collect();
        out::line(format_args!("  changed rows, by column: {}", columns.join(", ")));
    }
    for row in &samples.changed {
        let text = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |v| format!("{v:?}"));
        let cell = |cell: &crate::db::difference::Change| {
            format!("{} is {}, published {}", cell.column, text(&cell.old), text(&cell.new))
        };
        let cells: Vec<_> = row.cells.iter().map(cell).collect();
        out::line(format_args!("  changed {}: {}", row.key, cells.join("; ")));
    }
    samples.inserted.iter().for_each(|row| out::row("missing", row));
    samples.removed.iter().for_each(|row| out::row("nobody published", row));
}
