//! Settings: flags, environment and `.env`, in one struct. The environment is read nowhere else.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

mod faults;
mod home;
mod rewrite;
mod secrets;
mod state;

pub use faults::Faults;
pub use home::Home;
pub use rewrite::Rewrite;
pub use secrets::{SecretError, Secrets};
pub use state::StateDir;

/// Every setting of the program. Flags win over the environment, the environment over `.env`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// The PostgreSQL database. Without it, a private server is started under the state folder.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<SecretString>,

    /// Where the archive, reports and the private server are kept.
    /// [default: /var/lib/bluebook as root, else ~/.local/state/bluebook]
    #[arg(long, global = true, env = "BLUEBOOK_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,

    /// The folder with PostgreSQL's server programs, for the private server.
    /// [default: Debian's newest, then the PATH]
    #[arg(long, global = true, env = "PG_BINDIR", value_name = "DIR")]
    pub pg_bindir: Option<PathBuf>,

    /// The folder with schedules.toml, admin.toml, parsers/datasets and templates/reports.
    /// [default: the working folder, then /etc/bluebook]
    #[arg(long, global = true, env = "BLUEBOOK_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,

    /// The address that the admin site listens on.
    #[arg(long, global = true, env = "BLUEBOOK_LISTEN", value_name = "ADDR:PORT", default_value = "127.0.0.1:8321")]
    pub listen: SocketAddr,

    /// The URL under which people reach the admin site; links in messages and mails start with it.
    /// [default: http:// and the listening address]
    #[arg(long, global = true, env = "BLUEBOOK_BASE_URL", value_name = "URL")]
    pub base_url: Option<Url>,

    /// Places in the connection pool that ingest, reports, worker and admin share.
    #[arg(long, global = true, env = "BLUEBOOK_POOL_SIZE", value_name = "N", default_value_t = 8,
          value_parser = clap::value_parser!(u16).range(1..=500))]
    pub pool_size: u16,

    /// Runs that are worked on at the same time.
    #[arg(long, global = true, env = "BLUEBOOK_PARALLEL_RUNS", value_name = "N", default_value_t = 2,
          value_parser = clap::value_parser!(u16).range(1..=64))]
    pub parallel_runs: u16,

    /// Seconds that running work is given to end after SIGTERM before it goes back to the queue.
    #[arg(long, global = true, env = "BLUEBOOK_DRAIN_SECONDS", value_name = "N", default_value_t = 25,
          value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_seconds: u16,

    /// Days for which ended runs are kept with their steps. Runs that a release or an edition came from stay.
    #[arg(long, global = true, env = "BLUEBOOK_HISTORY_DAYS", value_name = "N", default_value_t = 400,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub history_days: u16,

    /// Where finished reports are written. [default: reports in the state folder]
    #[arg(long, global = true, env = "BLUEBOOK_REPORTS_DIR", value_name = "DIR")]
    pub reports_dir: Option<PathBuf>,

    /// Folders from which `file:` sources and `--file` uploads by datasets may be read. May be given several times.
    #[arg(long = "drop-dir", global = true, env = "BLUEBOOK_DROP_DIRS", value_name = "DIR", value_delimiter = ':')]
    pub drop_dirs: Vec<PathBuf>,

    /// Ask another server in a publisher's place: HOST=URL. May be given several times. For demo, mirrors and tests.
    #[arg(
        long = "fetch-rewrite",
        global = true,
        env = "BLUEBOOK_FETCH_REWRITE",
        value_name = "HOST=URL",
        value_delimiter = ','
    )]
    pub fetch_rewrite: Vec<Rewrite>,

    /// Hosts with private addresses that may be fetched from: HOST:PORT. May be given several times.
    #[arg(
        long = "fetch-allow",
        global = true,
        env = "BLUEBOOK_FETCH_ALLOW",
        value_name = "HOST:PORT",
        value_delimiter = ','
    )]
    pub fetch_allow: Vec<String>,

    /// A proxy for everything that is fetched; the proxies named in the environment are ignored.
    #[arg(long, global = true, env = "BLUEBOOK_FETCH_PROXY", value_name = "URL", hide_env_values = true)]
    pub fetch_proxy: Option<Url>,

    /// The least time in milliseconds between two requests to one host, whichever datasets ask.
    #[arg(long, global = true, env = "BLUEBOOK_FETCH_DISTANCE_MS", value_name = "N", default_value_t = 500)]
    pub fetch_distance_ms: u16,

    /// Certificates in PEM that are trusted beside the system's for all sources, such as one that a publisher forgets to
    /// send. For one source, its definition names them (`ca`).
    #[arg(long, global = true, env = "BLUEBOOK_FETCH_CA", value_name = "FILE")]
    pub fetch_ca: Option<PathBuf>,

    /// The folder with a file for each secret that datasets name; else secrets are `BLUEBOOK_SECRET_` variables.
    /// [default: the folder of systemd's credentials]
    #[arg(long, global = true, env = "BLUEBOOK_CREDENTIALS_DIR", value_name = "DIR")]
    pub credentials_dir: Option<PathBuf>,

    /// Who is told when a release is held, a run fails for good, or all is well again: `mailto:ADDRESS`, or
    /// `https://HOST/PATH` and `command:/PATH`, which get JSON. May be given several times.
    #[arg(
        long,
        global = true,
        env = "BLUEBOOK_NOTIFY",
        hide_env_values = true,
        value_name = "CHANNEL",
        value_delimiter = ','
    )]
    pub notify: Vec<SecretString>,

    /// The server that takes mails: `smtps://USER:PASSWORD@HOST`, or `smtp://HOST`, which must offer STARTTLS.
    #[arg(long, global = true, env = "BLUEBOOK_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<SecretString>,

    /// The sender of mails: ADDRESS or NAME <ADDRESS>.
    #[arg(long, global = true, env = "BLUEBOOK_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// How logs are written.
    #[arg(long, global = true, env = "BLUEBOOK_LOG_FORMAT", value_name = "FORMAT", default_value = "auto")]
    pub log_format: LogFormat,

    /// What is logged, as tracing directives such as warn,bluebook=debug.
    /// [default: info for serve, else warn]
    #[arg(long, global = true, env = "BLUEBOOK_LOG", value_name = "DIRECTIVES")]
    pub log: Option<String>,

    #[cfg(debug_assertions)]
    #[command(flatten)]
    faults: Faults,
}

/// Reads `.env` of the working folder, if there is one. Must be called before threads start; what the environment
/// already has stays.
pub fn read_env_file() -> Result<(), EnvFileError> {
    match dotenvy::from_path(".env") {
        // The parser's own message repeats the line, and with it whatever secret stands there.
        Err(dotenvy::Error::LineParse(..)) => Err(EnvFileError("a line of it is not NAME=value")),
        Err(error) if !error.not_found() => Err(EnvFileError("the system will not let this program read it")),
        _ => Ok(()),
    }
}

/// The file `.env` cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the file .env in the working folder cannot be used: {0}")]
pub struct EnvFileError(&'static str);

/// The folders in which the shell looks for programs.
pub fn program_folders() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// One readable line an event.
    Text,
    /// One JSON object an event.
    Json,
}

impl Settings {
    /// The database given, if any; set to nothing counts as not given.
    pub fn database(&self) -> Option<&SecretString> {
        self.database_url.as_ref().filter(|url| !url.expose_secret().trim().is_empty())
    }

    /// Where tests make runs stop, fail or panic: nowhere in a released program.
    pub fn faults(&self) -> Faults {
        #[cfg(debug_assertions)]
        return self.faults;
        #[cfg(not(debug_assertions))]
        Faults::default()
    }

    /// How long ended runs are kept.
    pub fn history(&self) -> Duration {
        Duration::from_hours(24 * u64::from(self.history_days))
    }

    /// The state folder.
    pub fn state(&self) -> StateDir {
        StateDir::new(self.state_dir.as_deref())
    }

    /// The folder of definitions.
    pub fn home(&self) -> Home {
        Home::new(self.home.as_deref())
    }

    /// What datasets name by `secret:NAME`.
    pub fn secrets(&self) -> Secrets {
        Secrets::new(self.credentials_dir.clone())
    }

    /// The least time between two requests to one host.
    pub fn fetch_distance(&self) -> Duration {
        Duration::from_millis(self.fetch_distance_ms.into())
    }

    /// Where finished reports go.
    pub fn reports(&self) -> PathBuf {
        self.reports_dir.clone().unwrap_or_else(|| self.state().path().join("reports"))
    }

    /// The admin site's address as people type it, without a slash at the end.
    pub fn site(&self) -> String {
        let site = self.base_url.as_ref().map_or_else(|| format!("http://{}", self.listen), Url::to_string);
        site.trim_end_matches('/').to_owned()
    }

    /// Whether `path` lies in one of the drop folders. Both are taken as the file system resolves them.
    pub fn may_drop(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        self.drop_dirs.iter().filter_map(|dir| dir.canonicalize().ok()).any(|dir| path.starts_with(dir))
    }
}
