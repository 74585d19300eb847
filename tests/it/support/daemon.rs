//! The program as a daemon.

use std::{process::ExitStatus, time::Duration};

use nix::sys::signal::Signal;

use super::{Visitor, eventually, program::Running};

/// How long a daemon may take until its site answers.
const START: Duration = Duration::from_secs(30);

/// `bluebook serve`, with its site answering. Dropped, it is killed.
pub(crate) struct Daemon {
    running: Running,
    site: String,
}

impl Daemon {
    /// Waits until a program that was called serves its site. It learns the port from the log.
    #[track_caller]
    pub(crate) fn wait_for(mut running: Running) -> Self {
        let site = eventually(START, "the daemon's site answers", || {
            if let Some(status) = running.ended() {
                panic!("the daemon ended with {status}");
            }
            let site = site_in(&running.stderr()).or_else(|| site_in(&running.stdout()))?;
            Visitor::of(&site).try_get("/health").is_ok().then_some(site)
        });
        Self { running, site }
    }

    /// Where the site is: `http://127.0.0.1:PORT`.
    pub(crate) fn site(&self) -> &str {
        &self.site
    }

    /// Somebody with an empty cookie jar.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::of(&self.site)
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        self.running.stderr()
    }

    /// `kill -9`: gone when this returns.
    pub(crate) fn kill(mut self) {
        self.running.kill();
    }

    /// SIGTERM; returns how it ended, at the latest after `limit`.
    #[track_caller]
    pub(crate) fn terminate(mut self, limit: Duration) -> ExitStatus {
        self.running.signal(Signal::SIGTERM);
        self.running.wait(limit)
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn wait(mut self, limit: Duration) -> ExitStatus {
        self.running.wait(limit)
    }

    /// Sends any other signal, such as SIGSTOP and SIGCONT.
    pub(crate) fn signal(&self, signal: Signal) {
        self.running.signal(signal);
    }

    /// The status with which it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.running.ended()
    }
}

/// The first local address with a port in what a daemon said.
fn site_in(log: &str) -> Option<String> {
    const LOCAL: &str = "127.0.0.1:";
    log.split(LOCAL).skip(1).find_map(|rest| {
        let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (port.parse::<u16>().ok()? > 0).then(|| format!("http://{LOCAL}{port}"))
    })
}
