//! How fast a load is and how little memory and WAL it takes, against PostgreSQL on the same machine; and how fast each
//! format is read, against the library that others would take for it: `make bench`.
//!
//! The program is driven as its users drive it (`bluebook ingest NAME --file F --json`), and its whole process is
//! timed: start, archive, validation of every field, hashes, rejects, publishing. `psql \copy` and dlt get the same
//! file, the same server with its default settings, and a table with the same columns, key and index. All of a round's
//! works are done one after the other, each after a checkpoint, round after round; a ratio is one of medians.
//!
//! Settings, all of them optional:
//! * `DATA=DIR`: the folder with real files; lines that need them are skipped without it.
//! * `BENCH_ONLY=first,refresh,same,variants,real,formats,document,large`: only these works.
//! * `BENCH_ROUNDS=5`: how often each work is done.
//! * `BENCH_ROWS=2000000`: rows of the generated table. Other numbers are for a quick look: reaches are meant for this one.
//! * `BENCH_LARGE=0`: not the table with ten times the rows; by itself it is left out where the disk has less than 20 GB free.
//! * `BENCH_PROFILE=1`: also the seconds of each step, as the run's own log has them.
//! * `BENCH_BIN=PATH`: measure this program instead of the one that was built for the bench.
//!
//! Results: a table on standard output, `summary.json` (a list of name, measured, reach, holds) and `rounds.json` (the
//! machine and every single measurement) under target/bench.

#[path = "load/cluster.rs"]
mod cluster;
#[path = "load/dlt.rs"]
mod dlt;
#[path = "load/formats.rs"]
mod formats;
#[path = "load/generated.rs"]
mod generated;
#[path = "load/house.rs"]
mod house;
#[path = "load/large.rs"]
mod large;
#[path = "load/line.rs"]
mod line;
#[path = "load/machine.rs"]
mod machine;
#[path = "load/peer.rs"]
mod peer;
#[path = "load/real.rs"]
mod real;
#[path = "load/results.rs"]
mod results;
#[path = "load/rows.rs"]
mod rows;
#[path = "load/settings.rs"]
mod settings;
#[path = "../tests/it/support/venv.rs"]
mod venv;

use cluster::Cluster;
use house::House;
use machine::Machine;
use results::Results;
use settings::Settings;

fn main() -> anyhow::Result<()> {
    let settings = Settings::read()?;
    let cluster = Cluster::start()?;
    let machine = Machine::look(&cluster)?;
    say(&machine);
    if let Some(warning) = machine.warning() {
        say(warning);
    }
    let house = House::build(&settings, &cluster)?;
    let mut results = Results::default();
    generated::measure(&house, &mut results)?;
    real::measure(&house, &mut results)?;
    formats::measure(&house, &mut results)?;
    large::measure(&house, &machine, &mut results)?;
    results.write(&settings.folder, &machine)?;
    say(results.table());
    say(format_args!("All of it: {}", settings.folder.join("rounds.json").display()));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a bench talks to the person who started it")]
fn say(text: impl std::fmt::Display) {
    println!("{text}");
}
