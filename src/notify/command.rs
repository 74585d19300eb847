//! A program of the operator's own: JSON on its standard input, and nothing else of ours.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::{AccessFlags, Pid, access},
};
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
    time::timeout,
};

use super::{channel::SendError, news::News};
use crate::config;

/// After this time it is killed, with all that it started.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, if it can be called.
pub(super) fn checked(path: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(path);
    if !path.is_absolute() {
        return Err("is a program without its whole path: write command:/PATH/TO/PROGRAM".into());
    }
    if !path.is_file() {
        return Err(format!("is a program that is not there: {}", path.display()));
    }
    access(&path, AccessFlags::X_OK).map_err(|_why| format!("may not be called: chmod +x {}", path.display()))?;
    Ok(path)
}

/// Calls it and waits for its end; 0 is a yes.
pub(super) async fn send(path: &Path, news: &News) -> Result<(), SendError> {
    let mut child = start(path).map_err(|error| failed(path, &error.to_string()))?;
    let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
    let ended = timeout(PATIENCE, tell(&mut child, news)).await;
    if let (Err(_late), Some(group)) = (&ended, group) {
        let _gone = killpg(group, Signal::SIGKILL);
        let _reaped = child.wait().await;
    }
    match ended {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(failed(path, &format!("it ended with {status}"))),
        Ok(Err(error)) => Err(failed(path, &error.to_string())),
        Err(_late) => Err(failed(path, &format!("it was killed after {} s", PATIENCE.as_secs()))),
    }
}

fn start(path: &Path) -> io::Result<Child> {
    let folders = env::join_paths(config::program_folders()).unwrap_or_default();
    let mut command = Command::new(path);
    command.env_clear().env("PATH", folders).current_dir("/").process_group(0).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

async fn tell(child: &mut Child, news: &News) -> io::Result<std::process::ExitStatus> {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read to the end may still do its work.
        let _unread = stdin.write_all(news.json().as_bytes()).await;
    }
    child.wait().await
}

fn failed(path: &Path, why: &str) -> SendError {
    SendError::ForNow(format!("{} did not do it: {why}", path.display()))
}
