//! How fast each format is read, against the library that others would take for it, alone: no record is checked there,
//! and nothing is made of it. Ours is what the reading thread of a load does: decode, parse, check every value, encode.
//! Beside it stands the whole program, from its start to the published table.

#[path = "formats/alone.rs"]
mod alone;
#[path = "formats/files.rs"]
mod files;
#[path = "formats/row.rs"]
mod row;
#[path = "formats/xlsx.rs"]
mod xlsx;

use std::{
    fs::{self, File},
    hint::black_box,
    path::Path,
    time::Instant,
};

use anyhow::{bail, ensure};
use bluebook::ingest::Encoder;
use parsers::{Dataset, Row, Step};

use super::{
    house::{self, House},
    line::{self, Line},
    results::Results,
    say,
    settings::Work,
};

/// A format, its lines, and who else reads it.
struct Format {
    /// Its dataset, under benches/load/home.
    dataset: &'static str,
    reading: &'static Line,
    program: &'static Line,
    write: fn(&Path, u64) -> anyhow::Result<()>,
    /// The library alone; how many records it has seen.
    alone: fn(&Path) -> anyhow::Result<u64>,
}

const FORMATS: [Format; 4] = [
    Format {
        dataset: "bench_xml",
        reading: &line::XML,
        program: &line::XML_PROGRAM,
        write: files::xml,
        alone: alone::quick_xml,
    },
    Format {
        dataset: "bench_json",
        reading: &line::JSON,
        program: &line::JSON_PROGRAM,
        write: files::json,
        alone: alone::serde_json,
    },
    Format {
        dataset: "bench_xlsx",
        reading: &line::XLSX,
        program: &line::XLSX_PROGRAM,
        write: xlsx::write,
        alone: alone::calamine,
    },
    Format {
        dataset: "bench_fixed",
        reading: &line::FIXED,
        program: &line::FIXED_PROGRAM,
        write: files::fixed,
        alone: alone::cut_lines,
    },
];

/// A tenth of the rows of the generated table: a workbook must fit into memory.
const SHARE: u64 = 10;

/// Bytes of the document on one line.
const LONG: u64 = 150_000_000;

pub(crate) fn measure(house: &House<'_>, results: &mut Results) -> anyhow::Result<()> {
    if house.settings.wants(Work::Formats) {
        for format in &FORMATS {
            measure_one(format, house, results)?;
        }
    }
    if house.settings.wants(Work::Document) {
        document(house, results)?;
    }
    Ok(())
}

fn measure_one(format: &Format, house: &House<'_>, results: &mut Results) -> anyhow::Result<()> {
    let rows = house.settings.rows / SHARE;
    let (dataset, file) = (house::dataset(format.dataset)?, house.settings.folder.join(format.dataset));
    say(format_args!("{}: generating {rows} records", format.reading.name));
    (format.write)(&file, rows)?;
    for _ in 0..house.settings.rounds {
        let alone = timed(rows, || (format.alone)(&file))?;
        results.other(format.reading, alone);
        results.other(format.program, alone);
        results.ours(format.reading, timed(rows, || read(&dataset, &file))?);
        house.renew()?;
        let ran = house.ingest(format.dataset, &file)?;
        ensure!(ran.count("inserted") == rows, "the load came to {}", ran.json);
        results.ours(format.program, ran.seconds);
    }
    fs::remove_file(file)?;
    Ok(())
}

/// One XML document, all of whose records stand on one line: memory must not grow with it.
fn document(house: &House<'_>, results: &mut Results) -> anyhow::Result<()> {
    say("an XML document of 150 MB on one line, once");
    let file = house.settings.folder.join("document");
    files::xml_on_one_line(&file, LONG)?;
    house.renew()?;
    results.ours(&line::MEMORY_DOCUMENT, house.ingest("bench_xml", &file)?.peak);
    fs::remove_file(file)?;
    Ok(())
}

fn timed(rows: u64, work: impl FnOnce() -> anyhow::Result<u64>) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let seen = work()?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(seen == rows, "{seen} of {rows} records were read");
    Ok(seconds)
}

fn read(dataset: &Dataset, file: &Path) -> anyhow::Result<u64> {
    let mut reading = dataset.open(Box::new(File::open(file)?))?;
    let (mut row, mut encoder, mut rows) = (Row::default(), Encoder::new(), 0);
    loop {
        match reading.next(&mut row)? {
            Step::Row => encoder.row(&row, 0)?,
            Step::Rejected(reject) => bail!("{reject:?}"),
            Step::End => return Ok(rows),
        }
        rows += 1;
        if encoder.is_full() {
            black_box(encoder.take());
        }
    }
}
