//! What it was measured on.

use std::{fmt, fs};

use serde::Serialize;

use super::cluster::Cluster;

/// Above this, something else is at work, and times say little.
const QUIET: f64 = 1.0;

#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: f64,
    free_disk_gib: f64,
    kernel: String,
    postgresql: String,
    load_average: f64,
}

impl Machine {
    pub(crate) fn look(cluster: &Cluster) -> anyhow::Result<Self> {
        let disk = nix::sys::statvfs::statvfs(cluster.folder())?;
        let load = fs::read_to_string("/proc/loadavg")?;
        Ok(Self {
            processor: value("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: rounded(
                value("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<f64>()? / 1_048_576.0,
            ),
            free_disk_gib: rounded(to_f64(disk.blocks_available() * disk.fragment_size()) / 1_073_741_824.0),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            postgresql: cluster.sql("postgres", "SHOW server_version")?,
            load_average: load.split_whitespace().next().unwrap_or_default().parse()?,
        })
    }

    /// A sentence if times will say little.
    pub(crate) fn warning(&self) -> Option<String> {
        let load = self.load_average;
        (load > QUIET)
            .then(|| format!("The load average is {load}: something else is at work, so distrust what follows."))
    }

    pub(crate) fn free_disk_gib(&self) -> f64 {
        self.free_disk_gib
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, free_disk_gib, postgresql, .. } = self;
        write!(f, "{processor}, {cores} cores, {memory_gib} GiB, {free_disk_gib} GiB free; PostgreSQL {postgresql}")
    }
}

/// What stands behind a name and a colon; nothing if the file does not say.
fn value(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.map_or_else(String::new, |rest| rest.trim_start_matches([' ', '\t', ':']).to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "sizes to be looked at")]
pub(crate) fn to_f64(number: u64) -> f64 {
    number as f64
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
