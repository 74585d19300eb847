//! A real file: 336,776 flights, with `NA` where there is no value.

use std::{fs, io, path::Path};

use super::{dlt::Dlt, house::House, line, peer, results::Results, say, settings::Work};

const DATASET: &str = "bench_flights";

/// Below the folder with real files.
const FOLDER: &str = "bts-nycflights13-derived";

const ROWS: u64 = 336_776;

const COLUMNS: &str = "year, month, day, dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay, \
    carrier, flight, tailnum, origin, dest, air_time, distance, hour, minute, time_hour";

const PEER: &str = "CREATE TABLE peer (year bigint, month bigint, day bigint, dep_time bigint, \
    sched_dep_time bigint, dep_delay bigint, arr_time bigint, sched_arr_time bigint, arr_delay bigint, carrier text, \
    flight bigint, tailnum text, origin text, dest text, air_time bigint, distance bigint, hour bigint, \
    minute bigint, time_hour timestamptz, PRIMARY KEY (year, month, day, carrier, flight, sched_dep_time))";

pub(crate) fn measure(house: &House<'_>, results: &mut Results) -> anyhow::Result<()> {
    if !house.settings.wants(Work::Real) {
        return Ok(());
    }
    let Some(data) = &house.settings.data else {
        results.skip(&line::REAL, "no DATA");
        results.skip(&line::DLT, "no DATA");
        return Ok(());
    };
    let Some(file) = unpacked(&data.join(FOLDER), &house.settings.folder)? else {
        let why = format!("DATA has no {FOLDER}/flights.csv or flights.csv.gz");
        results.skip(&line::REAL, why.clone());
        results.skip(&line::DLT, why);
        return Ok(());
    };
    let dlt = Dlt::install(&house.settings.folder);
    for round in 1..=house.settings.rounds {
        say(format_args!("real file, round {round} of {}", house.settings.rounds));
        results.other(&line::REAL, peer::copy(house, PEER, "NA", &file)?);
        house.renew()?;
        let ran = house.ingest(DATASET, &file)?;
        anyhow::ensure!(ran.count("inserted") == ROWS, "the first load came to {}", ran.json);
        if round == 1 {
            peer::compare(house, DATASET, COLUMNS)?;
        }
        results.ours(&line::REAL, ran.seconds);
        results.ours(&line::DLT, ran.seconds);
        match &dlt {
            Ok(dlt) => results.other(&line::DLT, dlt.load(house, &file)?),
            Err(why) => results.skip(&line::DLT, why.to_string()),
        }
    }
    Ok(())
}

/// The file as everyone gets it: plain, in a folder of our own.
fn unpacked(from: &Path, to: &Path) -> anyhow::Result<Option<std::path::PathBuf>> {
    let (plain, packed, file) = (from.join("flights.csv"), from.join("flights.csv.gz"), to.join("flights.csv"));
    if plain.exists() {
        fs::copy(plain, &file)?;
    } else if packed.exists() {
        let ran =
            std::process::Command::new("gzip").arg("-dc").arg(packed).stdout(fs::File::create(&file)?).status()?;
        anyhow::ensure!(ran.success(), io::Error::other("gzip failed"));
    } else {
        return Ok(None);
    }
    Ok(Some(file))
}
