//! The server as its users see it: join, use, leave.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    PostgresError,
    cluster::{Cluster, ROLE},
    doing,
    process::Process,
};
use crate::config::StateDir;

/// How soon a server that died is noticed, and how long one that does not start is left alone.
const LOOK: Duration = Duration::from_secs(1);
const REST: Duration = Duration::from_secs(5);

/// A share in the private server. While one is held anywhere, the server runs; if it dies, it is started again.
#[derive(Debug)]
pub struct Server {
    url: String,
    gate: PathBuf,
    /// Held shared; whoever gets it exclusively is alone.
    using: File,
    watch: Option<Watch>,
}

#[derive(Debug)]
struct Watch {
    end: Sender<()>,
    thread: JoinHandle<Process>,
}

impl Server {
    /// Joins the users of the state folder's server: makes it if there is none, starts it if it does not run, takes
    /// it over if a killed program left it. Blocks; call it where that is allowed.
    ///
    /// `given`: the folder with the server programs, if not any will do.
    pub fn join(state: &StateDir, given: Option<&Path>) -> Result<Self, PostgresError> {
        let cluster = Cluster::of(state, given)?;
        let gate = state.path().join("postgres.gate");
        let using = open(&state.path().join("postgres.users"))?;
        let mut process = Process::of(cluster);
        let url = url(process.cluster.socket());
        let watch = within(&gate, || {
            doing(using.lock_shared(), || "join the server's users".into())?;
            process.cluster.make_once()?;
            process.ensure()?;
            Ok(Watch::begin(process, gate.clone()))
        })?;
        Ok(Self { url, gate, using, watch: Some(watch) })
    }

    /// The connection string for the program's own database.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Leaves; stops the server if nobody else uses it. Blocks until it has stopped.
    pub fn leave(mut self) -> Result<(), PostgresError> {
        self.go()
    }

    /// As if this program had been killed: the server runs on, and nobody minds it.
    #[cfg(test)]
    pub(super) fn abandon(mut self) {
        drop(self.watch.take().and_then(Watch::end));
    }

    fn go(&mut self) -> Result<(), PostgresError> {
        let Some(watch) = self.watch.take() else { return Ok(()) };
        let Some(mut process) = watch.end() else { return Ok(()) };
        within(&self.gate, || {
            doing(self.using.unlock(), || "leave the server's users".into())?;
            match self.using.try_lock() {
                Ok(()) => process.stop(),
                Err(TryLockError::WouldBlock) => Ok(()),
                Err(TryLockError::Error(error)) => doing(Err(error), || "see who else uses the server".into()),
            }
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.go() {
            tracing::warn!(%error, "the private PostgreSQL server was not left in order");
        }
    }
}

impl Watch {
    fn begin(mut process: Process, gate: PathBuf) -> Self {
        let (end, ended) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut pause = LOOK;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                pause = if process.runs() { LOOK } else { restart(&mut process, &gate) };
            }
            process
        });
        Self { end, thread }
    }

    /// Ends the watch and hands the process back; nothing if the watch itself came to grief.
    fn end(self) -> Option<Process> {
        drop(self.end);
        self.thread.join().ok()
    }
}

fn restart(process: &mut Process, gate: &Path) -> Duration {
    tracing::error!("the private PostgreSQL server has died; starting it again");
    match within(gate, || process.ensure()) {
        Ok(()) => {
            tracing::info!("the private PostgreSQL server runs again");
            LOOK
        }
        Err(error) => {
            tracing::error!(%error, "the private PostgreSQL server could not be started again");
            REST
        }
    }
}

/// Starting and stopping happen behind a gate, one program at a time.
fn within<T>(gate: &Path, work: impl FnOnce() -> Result<T, PostgresError>) -> Result<T, PostgresError> {
    let gate = open(gate)?;
    doing(gate.lock(), || "wait for other programs at the server's gate".into())?;
    work()
}

fn open(path: &Path) -> Result<File, PostgresError> {
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    doing(opened, || format!("open {}", path.display()))
}

fn url(socket: &Path) -> String {
    let folder = socket.to_string_lossy().replace('\\', "\\\\").replace('\'', "\\'");
    format!("host='{folder}' user={ROLE} dbname={ROLE}")
}
