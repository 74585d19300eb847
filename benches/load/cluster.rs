//! A PostgreSQL server of the bench's own: default settings, a Unix socket, nothing kept.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User, geteuid},
};

/// Where the server lies: never in memory, as /tmp may be.
const PLACE: &str = "/var/tmp";

/// The account that PostgreSQL runs as if we are root, and its superuser.
const SUPERUSER: &str = "postgres";

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// A session of the server's ends a moment after its client.
const LAST_BREATH: Duration = Duration::from_millis(50);

/// In /proc, processor time is counted in hundredths of a second.
const TICKS: f64 = 100.0;

/// Takes the server down when we end, however we end.
const GUARD: &str = include_str!("../../tests/it/support/guard.sh");

/// The server. Dropped, it is gone.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    account: Option<User>,
    guard: Child,
    pipe: Option<ChildStdin>,
    server: Option<Child>,
}

impl Cluster {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let installed = bluebook::postgres::installed(std::env::var_os("PG_BINDIR").as_deref().map(Path::new));
        let (_, programs) = installed.into_iter().next().context(
            "PostgreSQL's server programs are not there: `make tools` installs them, or PG_BINDIR says where they are",
        )?;
        let account = if geteuid().is_root() { User::from_name(SUPERUSER)? } else { None };
        let folder = tempfile::Builder::new().prefix("bluebook-bench-").tempdir_in(PLACE)?.keep();
        if let Some(user) = &account {
            chown(&folder, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        let mut guard = guard(&folder)?;
        let pipe = guard.stdin.take();
        let mut cluster = Self { folder, programs, account, guard, pipe, server: None };
        cluster.init()?;
        cluster.serve()?;
        Ok(cluster)
    }

    /// A folder that goes when the server goes.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What `DATABASE_URL` must be to use a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql://{SUPERUSER}@/{database}?host={}", self.folder.display())
    }

    /// `psql`, of the same installation, on a database.
    pub(crate) fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]).arg(self.url(database));
        psql.stdin(Stdio::null());
        psql
    }

    /// Runs statements and returns what they print, without the line's end.
    pub(crate) fn sql(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        let ran = self.psql(database).arg("-c").arg(statements).output()?;
        ensure!(ran.status.success(), "psql: {}\n{statements}", String::from_utf8_lossy(&ran.stderr));
        Ok(String::from_utf8(ran.stdout)?.trim_end().to_owned())
    }

    /// Brings everything to the disk, so that no work pays for what the one before left behind.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        self.sql("postgres", "CHECKPOINT")?;
        nix::unistd::sync();
        Ok(())
    }

    /// How many bytes of WAL were written since the server was made.
    pub(crate) fn wal(&self) -> anyhow::Result<f64> {
        Ok(self.sql("postgres", "SELECT pg_current_wal_lsn() - '0/0'")?.parse()?)
    }

    /// Seconds of processor time that ended programs of ours and ended sessions of the server's have taken so far.
    pub(crate) fn processor_time(&self) -> anyhow::Result<(f64, f64)> {
        thread::sleep(LAST_BREATH);
        let server = self.server.as_ref().context("the server runs")?.id();
        Ok((children_time("self")?, children_time(&server.to_string())?))
    }

    fn init(&self) -> anyhow::Result<()> {
        let mut initdb = self.program("initdb");
        initdb.args(["--encoding=UTF8", "--locale=C.UTF-8", "--username", SUPERUSER, "--auth=trust", "-D"]);
        let made = initdb.arg(self.folder.join("data")).output()?;
        ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        Ok(())
    }

    fn serve(&mut self) -> anyhow::Result<()> {
        let log = fs::File::create(self.folder.join("server.log"))?;
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.folder.join("data")).args(["-c", "listen_addresses=", "-c", "timezone=UTC"]);
        postgres.arg("-c").arg(format!("unix_socket_directories={}", self.folder.display()));
        postgres.process_group(0).stdout(log.try_clone()?).stderr(log);
        self.server = Some(postgres.spawn()?);
        let begun = Instant::now();
        while self.sql("postgres", "SELECT 1").is_err() {
            if begun.elapsed() > PATIENCE {
                bail!("PostgreSQL does not answer; its log: {}", fs::read_to_string(self.folder.join("server.log"))?);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// A program of PostgreSQL's, as an account that it accepts.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder).env_remove("PGDATA").stdin(Stdio::null());
        if let Some(user) = &self.account {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let stopped = i32::try_from(server.id()).map(|pid| kill(Pid::from_raw(pid), Signal::SIGQUIT));
            if let Ok(Ok(())) = stopped {
                let _ended = server.wait();
            }
        }
        drop(self.pipe.take());
        let _cleaned_up = self.guard.wait();
    }
}

/// What a process's ended children have taken: thirteen and fourteen fields behind its state, which follows its name.
fn children_time(pid: &str) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").context("a name in brackets")?;
    let mut times = fields.split(' ').skip(13).map(str::parse::<f64>);
    let mut next = || times.next().context("a time");
    Ok((next()?? + next()??) / TICKS)
}

/// A process that outlives us by a moment and leaves nothing behind.
fn guard(folder: &Path) -> anyhow::Result<Child> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(GUARD).arg("guard").arg(folder);
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().context("cannot start a shell")
}
