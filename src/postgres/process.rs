//! The server as a process: start, probe, stop.

use std::{
    fs,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::{net::UnixStream, process::CommandExt as _},
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{
    PostgresError,
    cluster::{Cluster, ROLE, SOCKET_NAME, last_words},
    doing,
};

/// A crash recovery of a large database takes its time.
const LONGEST_START: Duration = Duration::from_mins(5);
/// How long the orphans of a killed server may keep its shared memory.
const LONGEST_REST: Duration = Duration::from_secs(30);
const LONGEST_STOP: Duration = Duration::from_mins(1);
const NAP: Duration = Duration::from_millis(20);
/// The log is begun anew when a start finds it larger than this.
const LARGEST_LOG: u64 = 16 << 20;

/// The server's process, whether this program started it or found it.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) cluster: Cluster,
    child: Option<Child>,
}

impl Process {
    pub(super) fn of(cluster: Cluster) -> Self {
        Self { cluster, child: None }
    }

    /// Starts the server unless it runs already, and waits until it lets the program's role in.
    pub(super) fn ensure(&mut self) -> Result<(), PostgresError> {
        let begun = Instant::now();
        while !self.accepts() {
            if begun.elapsed() > LONGEST_START {
                return Err(self.not_started("it is not ready after five minutes"));
            }
            match self.ended() {
                Some(_) if begun.elapsed() < LONGEST_REST && self.remains_of_the_last() => thread::sleep(NAP * 10),
                Some(words) => return Err(self.not_started(&words)),
                None if self.pid().is_none() && self.child.is_none() => self.spawn()?,
                None => thread::sleep(NAP),
            }
        }
        Ok(())
    }

    /// Whether the server's process is there, be it ready or recovering.
    pub(super) fn runs(&mut self) -> bool {
        self.ended().is_none() && (self.child.is_some() || self.pid().is_some())
    }

    /// Fast shutdown: sessions are ended, transactions rolled back, everything written.
    pub(super) fn stop(&mut self) -> Result<(), PostgresError> {
        let Some(pid) = self.pid() else { return Ok(()) };
        // Gone in the meantime is as good as stopped.
        let _gone = kill(Pid::from_raw(pid), Signal::SIGINT);
        let begun = Instant::now();
        while self.ended().is_none() && self.pid().is_some() {
            if begun.elapsed() > LONGEST_STOP {
                return Err(PostgresError::StillStopping(pid));
            }
            thread::sleep(NAP);
        }
        if let Some(mut child) = self.child.take() {
            let _reaped = child.wait();
        }
        Ok(())
    }

    /// A direct child, so that it is reaped; in a group of its own, so that the terminal's Ctrl-C does not hit it.
    fn spawn(&mut self) -> Result<(), PostgresError> {
        let data = self.cluster.data();
        self.forget_stale_pid()?;
        let log = self.open_log()?;
        let errors = doing(log.try_clone(), || "share the server's log".into())?;
        let mut command = self.cluster.command("postgres");
        command.arg("-D").arg(&data).stdout(log).stderr(errors).process_group(0);
        self.listen_only_on_the_socket(&mut command);
        self.child = Some(doing(command.spawn(), || "start postgres".into())?);
        Ok(())
    }

    fn listen_only_on_the_socket(&self, command: &mut Command) {
        let socket = format!("unix_socket_directories={}", listed(&self.cluster.socket().to_string_lossy()));
        for option in ["listen_addresses=", &socket, "unix_socket_permissions=0700", "port=5432", "fsync=on"] {
            command.args(["-c", option]);
        }
    }

    /// The child's last words if it has ended; it is reaped then.
    fn ended(&mut self) -> Option<String> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(format!("it ended with {status}: {}", last_words(&self.tail())))
    }

    /// A killed server's children take a moment to notice; until then a new one cannot have the shared memory.
    fn remains_of_the_last(&self) -> bool {
        let tail = self.tail();
        tail.lines()
            .rev()
            .take(4)
            .any(|line| line.contains("pre-existing shared memory") || line.contains("\"postmaster.pid\" already"))
    }

    /// The server's process number, if one of this cluster is alive.
    fn pid(&self) -> Option<i32> {
        let pid = self.written_pid()?;
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (name, rest) = stat.rsplit_once(')')?;
        let dead = rest.trim_start().starts_with(['Z', 'X']);
        // Numbers are used again: a server stands in its data folder. Where we may not look, its name must do.
        let ours = match fs::read_link(format!("/proc/{pid}/cwd")) {
            Ok(folder) => folder == self.cluster.data(),
            Err(_) => name.ends_with("postgres"),
        };
        (ours && !dead).then_some(pid)
    }

    fn written_pid(&self) -> Option<i32> {
        fs::read_to_string(self.pid_file()).ok()?.lines().next()?.trim().parse().ok()
    }

    fn pid_file(&self) -> PathBuf {
        self.cluster.data().join("postmaster.pid")
    }

    /// A pid file that names a stranger would keep the server from starting.
    fn forget_stale_pid(&self) -> Result<(), PostgresError> {
        let file = self.pid_file();
        if file.exists() && self.pid().is_none() {
            doing(fs::remove_file(&file), || format!("remove the stale {}", file.display()))?;
        }
        Ok(())
    }

    fn open_log(&self) -> Result<fs::File, PostgresError> {
        let log = self.cluster.log();
        if fs::metadata(&log).is_ok_and(|meta| meta.len() > LARGEST_LOG) {
            doing(fs::rename(&log, log.with_extension("log.old")), || format!("put {} aside", log.display()))?;
        }
        doing(fs::OpenOptions::new().create(true).append(true).open(&log), || format!("open {}", log.display()))
    }

    fn tail(&self) -> String {
        let Ok(mut file) = fs::File::open(self.cluster.log()) else { return String::new() };
        let length = file.metadata().map_or(0, |meta| meta.len());
        let mut tail = Vec::new();
        let read = file.seek(SeekFrom::Start(length.saturating_sub(2000))).and_then(|_| file.read_to_end(&mut tail));
        read.map(|_| String::from_utf8_lossy(&tail).into_owned()).unwrap_or_default()
    }

    fn not_started(&self, message: &str) -> PostgresError {
        PostgresError::NotStarted { message: message.to_owned(), log: self.cluster.log() }
    }

    /// Whether a session could begin: a start-up packet is answered, and not with "starting up" or "shutting down".
    fn accepts(&self) -> bool {
        self.answer().is_some_and(|answer| match answer.first() {
            Some(b'R') => true,
            Some(b'E') => !answer.windows(6).any(|field| field == b"C57P03"),
            _ => false,
        })
    }

    fn answer(&self) -> Option<Vec<u8>> {
        let mut socket = UnixStream::connect(self.cluster.socket().join(SOCKET_NAME)).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
        let body = format!("\0\x03\0\0user\0{ROLE}\0database\0{ROLE}\0\0");
        let length = u32::try_from(body.len() + 4).ok()?;
        socket.write_all(&[&length.to_be_bytes()[..], body.as_bytes()].concat()).ok()?;
        let mut answer = vec![0; 512];
        let read = socket.read(&mut answer).ok()?;
        answer.truncate(read);
        Some(answer)
    }
}

/// One entry of a list of folders, as the server's options spell it.
fn listed(folder: &str) -> String {
    format!("\"{}\"", folder.replace('"', "\"\""))
}
