//! A private PostgreSQL server for tests: unix socket only, nothing kept.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bluebook::db::{Connector, migrations};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User},
};

use super::{Db, block_on, eventually};

/// The account that the program under test signs in with: it owns its databases and is no superuser.
const ROLE: &str = "bluebook";

/// Two databases that tests are cloned from: with the customer tables, and without.
const TEMPLATES: [(&str, &[migrations::Set]); 2] =
    [("bare", &[migrations::Set::System]), ("whole", &[migrations::Set::System, migrations::Set::Customers])];

/// Tuned for throwing away: nothing is synced to the disk (a crash of the server alone loses nothing by that), and
/// each log line starts with SQLSTATE and database.
const OPTIONS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=128MB",
    "log_min_error_statement=error",
    "log_line_prefix=%e %d ",
    "log_checkpoints=off",
];

/// A server of our own. Dropped, it is gone; so it is when this process dies.
pub(crate) struct Cluster {
    dir: PathBuf,
    account: Option<User>,
    server: Mutex<Option<Child>>,
    guard: Mutex<(Child, Option<ChildStdin>)>,
    names: AtomicU32,
}

impl Cluster {
    /// The one server that all tests of this binary share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);
        &SHARED
    }

    /// A server for one test, which may then stop and start it as it likes.
    pub(crate) fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("bluebook-it-").tempdir().expect("a temporary folder").keep();
        let account = nix::unistd::geteuid().is_root().then(|| {
            User::from_name("postgres")
                .ok()
                .flatten()
                .expect("PostgreSQL refuses root: there must be an account postgres")
        });
        if let Some(user) = &account {
            chown(&dir, Some(user.uid.as_raw()), Some(user.gid.as_raw())).expect("the folder can be given away");
        }
        let guard = Mutex::new(guard(&dir));
        let cluster = Self { dir, account, server: Mutex::new(None), guard, names: AtomicU32::new(0) };
        cluster.init();
        cluster.resume();
        cluster.make_templates();
        cluster
    }

    /// A new database like the template of that name (`whole` or `bare`); returns its name.
    pub(crate) fn create(&self, template: &str) -> String {
        let name = format!("test_{}", self.names.fetch_add(1, Ordering::Relaxed));
        self.admin("postgres").batch(&format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}"));
        name
    }

    /// What `DATABASE_URL` must be to use a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgresql://{ROLE}@/{database}?host={}", self.dir.display())
    }

    /// A session of the superuser's.
    pub(crate) fn admin(&self, database: &str) -> Db {
        Db::connect(&format!("postgresql://postgres@/{database}?host={}", self.dir.display()))
    }

    /// The server's log so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.dir.join("server.log")).unwrap_or_default()
    }

    /// Stops the server: SIGINT breaks all sessions and ends cleanly, SIGQUIT ends at once as a crash would.
    pub(crate) fn stop(&self, how: Signal) {
        if let Some(mut server) = self.server.lock().unwrap().take() {
            kill(pid(&server), how).expect("the server can be told to stop");
            server.wait().expect("the server ends");
        }
    }

    /// Starts the server (again) and waits until it answers.
    pub(crate) fn resume(&self) {
        let log = OpenOptions::new().create(true).append(true).open(self.dir.join("server.log")).expect("a log");
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.dir.join("data"));
        command.arg("-c").arg(format!("unix_socket_directories={}", self.dir.display()));
        command.args(OPTIONS.iter().flat_map(|option| ["-c", option]));
        command.process_group(0).stdout(log.try_clone().expect("a log")).stderr(log);
        *self.server.lock().unwrap() = Some(command.spawn().expect("postgres starts"));
        let url = format!("postgresql://postgres@/postgres?host={}", self.dir.display());
        eventually(Duration::from_mins(1), "PostgreSQL answers", || Db::try_connect(&url).ok());
    }

    /// Tells the guard of a program that must not outlive the tests.
    pub(crate) fn watch(&self, program: &Child) {
        if let Some(pipe) = &mut self.guard.lock().unwrap().1 {
            writeln!(pipe, "{}", program.id()).expect("the guard listens");
        }
    }

    /// A folder under which tests keep their state; the guard knows it by its name.
    pub(crate) fn folder(&self) -> &Path {
        &self.dir
    }

    fn init(&self) {
        let mut command = self.command("initdb");
        command.args(["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=trust", "-D"]);
        let made = command.arg(self.dir.join("data")).output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    }

    fn make_templates(&self) {
        self.admin("postgres").batch(&format!("CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_read_all_data"));
        for (name, sets) in TEMPLATES {
            self.admin("postgres").batch(&format!("CREATE DATABASE {name} OWNER {ROLE}"));
            let url = self.url(name);
            block_on(async move {
                let connector = Connector::new(&url).expect("a URL");
                for set in sets {
                    migrations::apply(&connector, *set).await.expect("migrations apply");
                }
            });
        }
    }

    /// A program of PostgreSQL's, as an account that it accepts.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(binaries().join(program));
        command.current_dir(&self.dir).env_remove("PGDATA").stdin(Stdio::null());
        if let Some(user) = &self.account {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop(Signal::SIGQUIT);
        let (guard, pipe) = self.guard.get_mut().unwrap();
        drop(pipe.take());
        let _ = guard.wait();
    }
}

/// A process that outlives us by a moment and leaves nothing behind.
fn guard(dir: &Path) -> (Child, Option<ChildStdin>) {
    let mut command = Command::new("sh");
    command.arg("-c").arg(include_str!("guard.sh")).arg("guard").arg(dir);
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut guard = command.spawn().expect("a shell");
    let pipe = guard.stdin.take();
    (guard, pipe)
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().expect("a process number"))
}

/// Where `postgres` and `initdb` are: `PG_BINDIR`, else Debian's newest, else on the PATH.
pub(crate) fn binaries() -> PathBuf {
    let given = std::env::var_os("PG_BINDIR").map(PathBuf::from);
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    given
        .into_iter()
        .chain(debian.into_iter().rev().map(|(_, dir)| dir))
        .chain(std::env::split_paths(&path))
        .find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists())
        .expect("PostgreSQL's server programs are installed (Debian: apt-get install postgresql)")
}
