//! The program under measure, with a home, a state folder and a database of its own.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, anyhow, ensure};
use jiff::Timestamp;
use parsers::Dataset;
use serde_json::Value;

use super::{cluster::Cluster, say, settings::Settings};

/// The database that is measured on, and the migrated one that it is made from.
const DATABASE: &str = "bench";
const TEMPLATE: &str = "migrated";

/// How often the program's memory is looked at. The kernel keeps the peak; only the last look counts.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The datasets' definitions, by name.
const DATASETS: [(&str, &str); 6] = [
    ("bench_rows", include_str!("home/bench_rows.toml")),
    ("bench_flights", include_str!("home/bench_flights.toml")),
    ("bench_xml", include_str!("home/bench_xml.toml")),
    ("bench_json", include_str!("home/bench_json.toml")),
    ("bench_xlsx", include_str!("home/bench_xlsx.toml")),
    ("bench_fixed", include_str!("home/bench_fixed.toml")),
];

/// Everything that a measurement stands on.
pub(crate) struct House<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) cluster: &'a Cluster,
    home: PathBuf,
    state: PathBuf,
}

/// One call of the program that ended well.
pub(crate) struct Ran {
    /// From its start to its end.
    pub(crate) seconds: f64,
    /// The most memory that it ever held, in bytes.
    pub(crate) peak: f64,
    /// What it printed.
    pub(crate) json: Value,
}

impl Ran {
    /// A count of the load.
    pub(crate) fn count(&self, name: &str) -> u64 {
        self.json.get(name).and_then(Value::as_u64).unwrap_or_default()
    }
}

impl<'a> House<'a> {
    pub(crate) fn build(settings: &'a Settings, cluster: &'a Cluster) -> anyhow::Result<Self> {
        let (home, state) = (settings.folder.join("home"), cluster.folder().join("state"));
        let datasets = home.join("parsers/datasets");
        fs::create_dir_all(&datasets)?;
        fs::write(home.join("schedules.toml"), "")?;
        for (name, toml) in DATASETS {
            fs::write(datasets.join(format!("{name}.toml")), toml)?;
        }
        cluster.sql("postgres", &format!("CREATE DATABASE {TEMPLATE}"))?;
        let house = Self { settings, cluster, home, state };
        house.call(TEMPLATE, &["migrate"])?;
        Ok(house)
    }

    /// A database and an archive that know nothing yet.
    pub(crate) fn renew(&self) -> anyhow::Result<()> {
        if self.state.exists() {
            fs::remove_dir_all(&self.state)?;
        }
        self.cluster.sql("postgres", &format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
        self.cluster.sql("postgres", &format!("CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}"))?;
        Ok(())
    }

    /// Loads a file, timed, on a machine that has nothing else to do.
    pub(crate) fn ingest(&self, dataset: &str, file: &Path) -> anyhow::Result<Ran> {
        let name = file.display().to_string();
        let load = || self.call(DATABASE, &["ingest", dataset, "--file", &name, "--json"]);
        let ran = self.alone(dataset, load)?;
        if self.settings.profile {
            self.steps(&ran)?;
        }
        Ok(ran)
    }

    /// Does a work on a machine that has settled; on request says what processor time it took here and in the server,
    /// which tells more than seconds where something else is at work.
    pub(crate) fn alone<T>(&self, what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.cluster.settle()?;
        let (before, begun) = (self.cluster.processor_time()?, Instant::now());
        let done = work()?;
        if self.settings.profile {
            let seconds = begun.elapsed().as_secs_f64();
            let (program, server) = self.cluster.processor_time()?;
            let (program, server) = (program - before.0, server - before.1);
            say(format_args!(
                "   {what}: {seconds:.2} s; of processors {program:.2} s and in the server {server:.2} s"
            ));
        }
        Ok(done)
    }

    /// What the published table says.
    pub(crate) fn sql(&self, statement: &str) -> anyhow::Result<String> {
        self.cluster.sql(DATABASE, statement)
    }

    fn call(&self, database: &str, args: &[&str]) -> anyhow::Result<Ran> {
        let said = self.cluster.folder().join("said.txt");
        let mut command = Command::new(&self.settings.program);
        command.args(args).env_clear().current_dir(&self.home);
        command.env("DATABASE_URL", self.cluster.url(database)).env("BLUEBOOK_STATE_DIR", &self.state);
        command.env("BLUEBOOK_HOME", &self.home).env("HOME", self.cluster.folder());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&said)?);
        let begun = Instant::now();
        let program = self.settings.program.display();
        let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let pid = child.id();
        let peak = thread::spawn(move || peak_of(pid));
        let mut out = String::new();
        child.stdout.take().context("a pipe")?.read_to_string(&mut out)?;
        let ended = child.wait()?;
        let seconds = begun.elapsed().as_secs_f64();
        ensure!(ended.success(), "bluebook {}: {ended}\n{out}\n{}", args.join(" "), fs::read_to_string(&said)?);
        let peak = peak.join().ok().context("the program's memory could not be watched")?;
        Ok(Ran { seconds, peak, json: serde_json::from_str(&out).unwrap_or_default() })
    }

    /// How long each step took, as the run itself noted it.
    fn steps(&self, load: &Ran) -> anyhow::Result<()> {
        let run = load.json.get("run").context("a load names its run")?.to_string();
        let shown = self.call(DATABASE, &["run", "show", &run, "--json"])?;
        let events = shown.json.get("events").and_then(Value::as_array).context("a run has events")?;
        let moments = events.iter().map(moment).collect::<Option<Vec<_>>>().context("an event has a time")?;
        let steps = moments.windows(2).filter_map(|pair| {
            let [(from, what), (to, _)] = pair else { return None };
            Some(format!(" · {what} {:.2} s", to.duration_since(*from).as_secs_f64()))
        });
        say(format_args!("      peak {:.1} MB{}", load.peak / 1e6, steps.collect::<String>()));
        Ok(())
    }
}

/// A dataset's definition, as the program reads it.
pub(crate) fn dataset(name: &str) -> anyhow::Result<Dataset> {
    let (_, toml) = DATASETS.into_iter().find(|(known, _)| *known == name).context("a dataset of the bench")?;
    Dataset::parse(name, name.parse()?, toml).map_err(|mistakes| anyhow!("{name}: {mistakes:#?}"))
}

fn moment(event: &Value) -> Option<(Timestamp, &str)> {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    Some((text("at")?.parse().ok()?, text("step").or(text("message"))?))
}

/// The peak of a process's memory in bytes, followed until it ends.
fn peak_of(pid: u32) -> f64 {
    let mut peak = 0.0;
    while let Some(kib) = fs::read_to_string(format!("/proc/{pid}/status")).ok().and_then(|status| high_water(&status))
    {
        peak = kib * 1024.0;
        thread::sleep(LOOK_EVERY);
    }
    peak
}

/// The line is missing once a process has ended.
fn high_water(status: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.parse().ok()
}
