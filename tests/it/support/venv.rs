//! Python and packages of other people's, installed once below the build's target folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::ensure;

/// Python with these packages (a requirements.txt) in a folder of its own; installed if they are not there as asked. The
/// error is a sentence on why there is none.
pub(crate) fn venv(folder: &Path, requirements: &str) -> anyhow::Result<PathBuf> {
    let (python, done) = (folder.join("bin/python"), folder.join("installed.txt"));
    if fs::read_to_string(&done).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    let wanted = folder.join("requirements.txt");
    ensure!(runs(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder)), "python3 -m venv does not work");
    fs::write(&wanted, requirements)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15", "-r"]).arg(&wanted);
    ensure!(runs(&mut pip), "pip could not install {}: is there a network?", wanted.display());
    fs::rename(wanted, done)?;
    Ok(python)
}

fn runs(command: &mut Command) -> bool {
    let ran = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}
