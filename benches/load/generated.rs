//! The generated table: first load, refreshes, WAL and memory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::ensure;

use super::{
    house::{House, Ran},
    line, peer,
    results::Results,
    rows::{self, Edition, Style},
    say,
    settings::Work,
};

pub(super) const DATASET: &str = "bench_rows";

const COLUMNS: &str =
    "id, org_code, amount, unit_price, doc_date, updated_at, name, city, category, active, note, ref_id";

/// The columns' types and the indexes are those of our own table.
const PEER: &str = "CREATE TABLE peer (id bigint PRIMARY KEY, org_code bigint, amount numeric(14,2), \
    unit_price numeric(14,4), doc_date date, updated_at timestamptz, name text, city text, category text, \
    active boolean, note text, ref_id bigint); CREATE INDEX ON peer (doc_date)";

/// The files of one run.
struct Files {
    first: PathBuf,
    second: PathBuf,
    crlf: PathBuf,
    quoted: PathBuf,
    reordered: PathBuf,
}

pub(crate) fn measure(house: &House<'_>, results: &mut Results) -> anyhow::Result<()> {
    let asked = [Work::First, Work::Refresh, Work::Same, Work::Variants];
    if !asked.into_iter().any(|work| house.settings.wants(work)) {
        return Ok(());
    }
    let folder = house.settings.folder.join("rows");
    let files = Files::write(house, &folder)?;
    for round in 1..=house.settings.rounds {
        say(format_args!("round {round} of {}", house.settings.rounds));
        if house.settings.wants(Work::First) {
            results.other(&line::FIRST, peer::copy(house, PEER, "", &files.first)?);
        }
        let first = first_load(house, results, &files)?;
        if round == 1 && house.settings.wants(Work::First) {
            peer::compare(house, DATASET, COLUMNS)?;
        }
        refreshes(house, results, &files, first)?;
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// What the refreshes are measured against: seconds and bytes of WAL.
#[derive(Clone, Copy)]
struct First {
    seconds: f64,
    wal: f64,
}

fn first_load(house: &House<'_>, results: &mut Results, files: &Files) -> anyhow::Result<First> {
    house.renew()?;
    let (ran, wal) = with_wal(house, &files.first)?;
    ensure!(ran.count("inserted") == house.settings.rows, "the first load came to {}", ran.json);
    results.ours(&line::FIRST, ran.seconds);
    results.ours(&line::MEMORY, ran.peak);
    results.other(&line::MEMORY_GROWTH, ran.peak);
    Ok(First { seconds: ran.seconds, wal })
}

fn refreshes(house: &House<'_>, results: &mut Results, files: &Files, first: First) -> anyhow::Result<()> {
    if house.settings.wants(Work::Refresh) {
        let (ran, wal) = with_wal(house, &files.second)?;
        expect(&ran, rows::differences(house.settings.rows))?;
        results.ours(&line::REFRESH, ran.seconds);
        results.other(&line::REFRESH, first.seconds);
        results.ours(&line::WAL, wal);
        results.other(&line::WAL, first.wal);
        results.ours(&line::MEMORY, ran.peak);
    }
    let others = [
        (Work::Same, &line::SAME_ROWS, &files.crlf),
        (Work::Same, &line::SAME_BYTES, &files.crlf),
        (Work::Variants, &line::QUOTED, &files.quoted),
        (Work::Variants, &line::REORDERED, &files.reordered),
    ];
    for (_, line, file) in others.into_iter().filter(|(work, ..)| house.settings.wants(*work)) {
        let ran = house.ingest(DATASET, file)?;
        expect(&ran, [0, 0, 0])?;
        results.ours(line, ran.seconds);
        results.other(line, first.seconds);
        results.ours(&line::MEMORY, ran.peak);
    }
    Ok(())
}

/// Loads a file, and returns the bytes of WAL that this wrote.
pub(super) fn with_wal(house: &House<'_>, file: &Path) -> anyhow::Result<(Ran, f64)> {
    house.cluster.settle()?;
    let before = house.cluster.wal()?;
    let ran = house.ingest(DATASET, file)?;
    Ok((ran, house.cluster.wal()? - before))
}

/// Inserted, changed, removed: a load that is fast and wrong is worth nothing.
fn expect(ran: &Ran, counts: [u64; 3]) -> anyhow::Result<()> {
    let real = ["inserted", "changed", "removed"].map(|name| ran.count(name));
    ensure!(real == counts, "inserted, changed and removed are {real:?}, not {counts:?}: {}", ran.json);
    Ok(())
}

impl Files {
    fn write(house: &House<'_>, folder: &Path) -> anyhow::Result<Self> {
        say(format_args!("generating {} rows", house.settings.rows));
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let file = |name: &str, edition, style| {
            let path = folder.join(format!("{name}.csv"));
            rows::write(&path, house.settings.rows, edition, style).map(|()| path)
        };
        // What no row differs from is what was loaded before it.
        let last = if house.settings.wants(Work::Refresh) { Edition::Second } else { Edition::First };
        Ok(Self {
            first: file("first", Edition::First, Style::Plain)?,
            second: file("second", Edition::Second, Style::Plain)?,
            crlf: file("crlf", last, Style::Crlf)?,
            quoted: file("quoted", last, Style::Quoted)?,
            reordered: file("reordered", last, Style::Reordered)?,
        })
    }
}
