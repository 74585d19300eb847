//! The peer of the data engineers: dlt, by the fastest way that it offers for a CSV file.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, ensure};

use super::{house::House, peer, venv::venv};

const SCRIPT: &str = include_str!("dlt_load.py");

/// What is installed, once, below target/bench.
const PACKAGES: &str =
    "dlt[postgres]==1.31.0\npyarrow==26.0.1\nadbc-driver-manager==1.13.0\nadbc-driver-postgresql==1.13.0\n";

/// An installed dlt.
pub(crate) struct Dlt {
    python: PathBuf,
    folder: PathBuf,
}

impl Dlt {
    /// Installs dlt if it is not there. The error is a sentence on why the line is skipped.
    pub(crate) fn install(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("venv");
        Ok(Self { python: venv(&folder, PACKAGES)?, folder })
    }

    /// Loads the file into an empty database, and returns the seconds that dlt took by its own clock: without the
    /// start of Python and its imports, which would only make it slower.
    pub(crate) fn load(&self, house: &House<'_>, file: &Path) -> anyhow::Result<f64> {
        peer::renew(house)?;
        let mut command = Command::new(&self.python);
        command.args(["-c", SCRIPT]).arg(file).arg(house.cluster.folder()).arg(peer::DATABASE);
        command.current_dir(&self.folder).env("DLT_DATA_DIR", self.folder.join("data")).stdin(Stdio::null());
        let begun = Instant::now();
        let ran = house.alone("dlt", || command.output().context("cannot start Python"))?;
        ensure!(ran.status.success(), "dlt: {}", String::from_utf8_lossy(&ran.stderr));
        let said = String::from_utf8(ran.stdout)?;
        let seconds: f64 = said.trim().parse().with_context(|| format!("dlt's script printed {said:?}"))?;
        ensure!(seconds <= begun.elapsed().as_secs_f64(), "dlt's clock is not ours");
        Ok(seconds)
    }
}
