//! Ten times the rows: memory must not grow with them.

use std::fs;

use super::{
    generated::DATASET,
    house::House,
    line,
    machine::Machine,
    results::Results,
    rows::{self, Edition, Style},
    say,
    settings::Work,
};

/// Free disk in GiB from which the large table is loaded unasked: the file, the archive's copy, the table and its WAL.
const ENOUGH_DISK: f64 = 20.0;

pub(crate) fn measure(house: &House<'_>, machine: &Machine, results: &mut Results) -> anyhow::Result<()> {
    if !house.settings.wants(Work::Large) {
        return Ok(());
    }
    if !house.settings.large.unwrap_or(machine.free_disk_gib() > ENOUGH_DISK) {
        let why = if house.settings.large.is_some() { "BENCH_LARGE=0" } else { "less than 20 GiB of free disk" };
        results.skip(&line::MEMORY_LARGE, why);
        results.skip(&line::MEMORY_GROWTH, why);
        return Ok(());
    }
    say("ten times the rows, once each: a first load, and a refresh");
    house.renew()?;
    for edition in [Edition::First, Edition::Second] {
        let file = house.settings.folder.join("large.csv");
        rows::write(&file, house.settings.rows * 10, edition, Style::Plain)?;
        let ran = house.ingest(DATASET, &file)?;
        fs::remove_file(file)?;
        results.ours(&line::MEMORY_LARGE, ran.peak);
        results.ours(&line::MEMORY_GROWTH, ran.peak);
    }
    Ok(())
}
