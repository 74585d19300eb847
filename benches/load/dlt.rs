//! The peer of the data engineers: dlt, by the fastest way that it offers for a CSV file.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, ensure};

use super::{house::House, peer};

const SCRIPT: &str = include_str!("dlt_load.py");

/// What is installed, once, below target/bench.
const PACKAGES: [&str; 4] =
    ["dlt[postgres]==1.31.0", "pyarrow==26.0.1", "adbc-driver-manager==1.13.0", "adbc-driver-postgresql==1.13.0"];

/// An installed dlt.
pub(crate) struct Dlt {
    python: PathBuf,
    folder: PathBuf,
}

impl Dlt {
    /// Installs dlt if it is not there. The error is a sentence on why the line is skipped.
    pub(crate) fn install(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("venv");
        let (python, done) = (folder.join("bin/python"), folder.join("installed.txt"));
        let wanted = PACKAGES.join("\n");
        if std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
            return Ok(Self { python, folder });
        }
        let run = |command: &mut Command| {
            let ran = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
            ran.is_ok_and(|status| status.success())
        };
        ensure!(run(Command::new("python3").args(["-m", "venv"]).arg(&folder)), "python3 -m venv does not work here");
        let pip = run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
        ensure!(pip, "pip could not install dlt: is there a network?");
        std::fs::write(done, wanted)?;
        Ok(Self { python, folder })
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
