//! Running the real program.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::{Cluster, Daemon, TestHouse, eventually};

/// Variables of ours that the program may see; everything else it finds comes from the test.
const INHERITED: [&str; 4] = ["PATH", "PG_BINDIR", "RUST_BACKTRACE", "LLVM_PROFILE_FILE"];

/// A call of the program that is not made yet.
pub(crate) struct Program {
    command: Command,
    name: String,
}

impl Program {
    /// A call that knows nothing: no database, no state folder, no home.
    pub(crate) fn bare<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluebook"));
        command.args(args).env_clear().stdin(Stdio::null());
        command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        let name = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
        Self { command, name: format!("bluebook {name}") }
    }

    /// A call that uses the house's database, state folder and home.
    pub(crate) fn of<S: AsRef<OsStr>>(house: &TestHouse, args: impl IntoIterator<Item = S>) -> Self {
        let mut program = Self::bare(args);
        program.command.current_dir(house.dir()).envs(house.settings());
        program
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the folder in which it is called.
    pub(crate) fn within(mut self, dir: impl AsRef<std::path::Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Lets it have so many bytes of memory: where it asks for more it dies.
    pub(crate) fn with_memory(mut self, bytes: u64) -> Self {
        let (given, mut limited) = (&self.command, Command::new("prlimit"));
        limited.arg(format!("--data={bytes}")).arg(given.get_program()).args(given.get_args()).env_clear();
        limited.envs(given.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
        limited.current_dir(given.get_current_dir().unwrap_or(Path::new(".")));
        self.command = limited;
        self
    }

    /// Calls it and waits for its end.
    pub(crate) fn run(mut self) -> Ran {
        let output = self.command.output().expect("the program can be called");
        Ran { name: self.name, output }
    }

    /// Calls it and goes on; its output goes into files under `dir`.
    pub(crate) fn spawn(self, cluster: &Cluster) -> Running {
        let dir = tempfile::Builder::new().prefix("output-").tempdir_in(cluster.folder()).expect("a folder").keep();
        let file = |name| fs::File::create(dir.join(name)).expect("a file for its output");
        let Self { mut command, name } = self;
        command.stdout(file("stdout")).stderr(file("stderr"));
        // The guard recognises the program by our folder in its environment.
        let child = command.env("BLUEBOOK_TEST_FOLDER", cluster.folder()).spawn().expect("the program can be called");
        cluster.watch(&child);
        Running { name, child, dir }
    }

    /// Calls it as a daemon and waits until its site answers.
    pub(crate) fn serve(self, cluster: &Cluster) -> Daemon {
        Daemon::wait_for(self.spawn(cluster))
    }
}

/// What a call came to.
#[derive(Debug)]
pub(crate) struct Ran {
    name: String,
    output: Output,
}

impl Ran {
    /// The exit code; a signal counts as -1.
    pub(crate) fn code(&self) -> i32 {
        self.output.status.code().unwrap_or(-1)
    }

    /// What it printed.
    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// What it complained and logged.
    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// Goes on only with this exit code.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code(), code, "`{}`\n{}\n{}", self.name, self.stdout(), self.stderr());
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        let text = self.stdout();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("`{}` printed no JSON: {error}\n{text}", self.name))
    }
}

/// A call that goes on. Dropped, it is killed; what it wrote is printed if the test is failing.
pub(crate) struct Running {
    name: String,
    child: Child,
    dir: PathBuf,
}

impl Running {
    /// What it printed so far.
    pub(crate) fn stdout(&self) -> String {
        fs::read_to_string(self.dir.join("stdout")).unwrap_or_default()
    }

    /// What it complained and logged so far.
    pub(crate) fn stderr(&self) -> String {
        fs::read_to_string(self.dir.join("stderr")).unwrap_or_default()
    }

    /// Sends a signal. SIGSTOP is over when the process has stopped.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.child.id();
        kill(Pid::from_raw(pid.try_into().expect("a process number")), signal).expect("it can be signalled");
        if signal == Signal::SIGSTOP {
            eventually(Duration::from_secs(5), "it stands still", || stopped(pid).then_some(()));
        }
    }

    /// The most memory that it has taken so far, in bytes.
    pub(crate) fn most_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
    }

    /// Bytes of the files of a folder that it has open, such as those that have no name.
    pub(crate) fn holds(&self, folder: &Path) -> u64 {
        let open = fs::read_dir(format!("/proc/{}/fd", self.child.id())).into_iter().flatten().flatten();
        let ours = open.map(|entry| entry.path()).filter(|fd| fs::read_link(fd).is_ok_and(|to| to.starts_with(folder)));
        ours.filter_map(|fd| fs::metadata(fd).ok()).filter(fs::Metadata::is_file).map(|found| found.len()).sum()
    }

    /// Its command line, as everybody on this machine may read it.
    pub(crate) fn command_line(&self) -> String {
        fs::read_to_string(format!("/proc/{}/cmdline", self.child.id())).unwrap_or_default()
    }

    /// The status with which it has ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it can be asked")
    }

    /// Waits for its end, and fails the test if it takes longer than `limit`.
    #[track_caller]
    pub(crate) fn wait(&mut self, limit: Duration) -> ExitStatus {
        let what = format!("`{}` ends", self.name);
        eventually(limit, &what, || self.child.try_wait().expect("it can be asked"))
    }

    /// Kills it with no chance to tidy, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("---- {} printed\n{}\n---- and logged\n{}", self.name, self.stdout(), self.stderr());
        }
    }
}

/// Whether all of a process is in state T.
fn stopped(pid: u32) -> bool {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let state = |path: PathBuf| fs::read_to_string(path.join("stat")).unwrap_or_default();
    tasks.map(|task| state(task.path())).all(|stat| stat.rsplit(')').next().is_some_and(|s| s.starts_with(" T")))
}
