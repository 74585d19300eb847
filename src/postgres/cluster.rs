//! The private server's folders and files.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use sha2::{Digest as _, Sha256};

use super::{PostgresError, account::Account, binaries::Binaries, doing};
use crate::config::StateDir;

/// The program's own role and database. The role is no superuser, and may not make roles: before PostgreSQL 16 whoever
/// may do that can grant itself the server's programs and files.
pub(super) const ROLE: &str = "bluebook";

/// Only the program's role comes in, and only through the socket, whose folder is closed to others. The superuser
/// is left without a door; `postgres --single` still is one for whoever owns the files.
const HBA: &str = "local all bluebook trust\n";

/// Made once, then the operator's to edit.
const CONF: &str = include_str!("postgresql.conf");

/// Run in single-user mode, before anyone can connect. The program reads all anyway; as a member it can step down to
/// nothing but that.
const FIRST_STATEMENTS: &str = "CREATE ROLE bluebook LOGIN CREATEDB;\n\
     GRANT pg_read_all_data TO bluebook;\n\
     CREATE DATABASE bluebook OWNER bluebook;\n";

/// The system's limit for a socket's path is 108 bytes, and 104 elsewhere.
const LONGEST_SOCKET: usize = 99;
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// A cluster: its folders, its programs, and the account that owns it.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) account: Account,
    pub(super) binaries: Binaries,
    folder: PathBuf,
    socket: PathBuf,
}

impl Cluster {
    /// The cluster of a state folder; makes its folder, closed to all but the server's account.
    pub(super) fn of(state: &StateDir, given: Option<&Path>) -> Result<Self, PostgresError> {
        let account = Account::find()?;
        let folder = state.postgres();
        closed_folder(&folder, &account)?;
        let folder = doing(folder.canonicalize(), || format!("resolve {}", folder.display()))?;
        account.reaches(&folder)?;
        let binaries = Binaries::find(given, &folder.join("data"))?;
        let socket = socket_folder(&folder, &account)?;
        Ok(Self { account, binaries, folder, socket })
    }

    /// The data.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder of the socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// What the server says.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// A program of PostgreSQL's, as the account, undisturbed by the caller's environment.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.program(program));
        command.current_dir(&self.folder).stdin(Stdio::null()).env_remove("PGDATA").env("LC_ALL", "C.UTF-8");
        self.account.run_as(&mut command);
        command
    }

    /// Makes the cluster if there is none. It gets its name when it is complete: whoever is killed meanwhile leaves
    /// nothing that could be taken for one.
    pub(super) fn make_once(&self) -> Result<(), PostgresError> {
        let data = self.data();
        if data.join("PG_VERSION").exists() {
            return Ok(());
        }
        let new = self.folder.join("data.new");
        if new.exists() {
            doing(fs::remove_dir_all(&new), || format!("remove {}", new.display()))?;
        }
        self.initdb(&new)?;
        self.first_statements(&new)?;
        configure(&new)?;
        doing(fs::rename(&new, &data), || format!("move {} to {}", new.display(), data.display()))?;
        let synced = fs::File::open(&self.folder).and_then(|folder| folder.sync_all());
        doing(synced, || format!("make sure of {}", self.folder.display()))
    }

    fn initdb(&self, new: &Path) -> Result<(), PostgresError> {
        let mut initdb = self.command("initdb");
        initdb.arg("--pgdata").arg(new).args(["--username=postgres", "--auth=reject", "--data-checksums"]);
        initdb.args(["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]);
        let ended = doing(initdb.output(), || "start initdb".into())?;
        succeeded("initdb", ended.status.success(), &ended.stderr)
    }

    fn first_statements(&self, new: &Path) -> Result<(), PostgresError> {
        let mut single = self.command("postgres");
        single.arg("--single").arg("-D").arg(new).args(["-c", "exit_on_error=on", "postgres"]);
        single.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = doing(single.spawn(), || "start postgres --single".into())?;
        if let Some(mut input) = child.stdin.take() {
            doing(input.write_all(FIRST_STATEMENTS.as_bytes()), || "speak to postgres --single".into())?;
        }
        let ended = doing(child.wait_with_output(), || "wait for postgres --single".into())?;
        succeeded("postgres --single", ended.status.success(), &ended.stderr)
    }
}

fn configure(new: &Path) -> Result<(), PostgresError> {
    let (hba, conf) = (new.join("pg_hba.conf"), new.join("postgresql.conf"));
    doing(fs::write(&hba, HBA), || format!("write {}", hba.display()))?;
    let appended = fs::OpenOptions::new().append(true).open(&conf).and_then(|mut file| file.write_all(CONF.as_bytes()));
    doing(appended, || format!("write {}", conf.display()))
}

fn closed_folder(folder: &Path, account: &Account) -> Result<(), PostgresError> {
    if !folder.exists() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        doing(made, || format!("make the folder {}", folder.display()))?;
        account.give(folder)?;
    }
    Ok(())
}

/// The cluster's own folder, or one with a short path if the system could not address a socket there. The short one
/// lies where all may write, so it is used only if it is the account's and closed to others.
fn socket_folder(folder: &Path, account: &Account) -> Result<PathBuf, PostgresError> {
    if folder.as_os_str().len() + 1 + SOCKET_NAME.len() <= LONGEST_SOCKET {
        return Ok(folder.to_owned());
    }
    let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(folder.as_os_str().as_encoded_bytes()));
    let short = PathBuf::from(format!("/tmp/bluebook-{digest:.16}"));
    closed_folder(&short, account)?;
    let meta = doing(fs::symlink_metadata(&short), || format!("look at {}", short.display()))?;
    let ours = meta.is_dir() && meta.uid() == account.uid() && meta.mode().trailing_zeros() >= 6;
    if ours { Ok(short) } else { Err(PostgresError::NotOurs(short)) }
}

fn succeeded(program: &'static str, success: bool, said: &[u8]) -> Result<(), PostgresError> {
    if success {
        return Ok(());
    }
    Err(PostgresError::Program { program, message: last_words(&String::from_utf8_lossy(said)) })
}

/// The last lines of what a program said, on one line.
pub(super) fn last_words(said: &str) -> String {
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.iter().rev().take(3).rev().copied().collect::<Vec<_>>().join(" | ")
}
