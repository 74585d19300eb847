//! The private PostgreSQL server, for when no database is given.
//!
//! Made from the server programs that the system has: `initdb` made atomic, the server a direct child in a process
//! group of its own, a Unix socket in a folder that is closed to others, no TCP, `fsync` on. Started by root, all of
//! it runs as the account `postgres`.
//!
//! Everyone who uses the server holds a shared lock. Whoever leaves last stops it; a server that a killed program
//! left behind is taken over by the next that comes.

mod account;
mod binaries;
mod cluster;
mod process;
mod server;

#[cfg(test)]
mod tests;

use std::{io, path::PathBuf};

pub use binaries::installed;
pub use server::Server;

/// The private server cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// There is no server program on this machine.
    #[error(
        "no PostgreSQL server programs were found{0}: give a DATABASE_URL, name their folder in PG_BINDIR, \
         or install them (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server)"
    )]
    NoBinaries(String),
    /// The data were made by another major version than the programs at hand.
    #[error(
        "the data in {data} were made by PostgreSQL {made}, but the programs here are of {found}: \
         install PostgreSQL {made}, name its folder in PG_BINDIR, or carry the data over with pg_upgrade"
    )]
    Version {
        /// The cluster's folder.
        data: String,
        /// The cluster's major version.
        made: String,
        /// The major versions at hand.
        found: String,
    },
    /// Root may not run a server, and there is no account to run it as.
    #[error("PostgreSQL does not run as root, and this machine has no account `postgres` to run it as: add one")]
    NoAccount,
    /// The server's account cannot get to its folder.
    #[error(
        "the account `{account}` cannot enter {folder}, so the server cannot run there: choose another --state-dir"
    )]
    Closed {
        /// The account.
        account: String,
        /// The folder that is closed to it.
        folder: PathBuf,
    },
    /// The short folder for a socket is somebody else's.
    #[error("{0} belongs to somebody else; the server's socket will not be put there: choose a shorter --state-dir")]
    NotOurs(PathBuf),
    /// A program of PostgreSQL's failed.
    #[error("{program} failed: {message}")]
    Program {
        /// Which.
        program: &'static str,
        /// Its last words.
        message: String,
    },
    /// The server ended while starting.
    #[error("the private PostgreSQL server does not start: {message}; its log is {}", log.display())]
    NotStarted {
        /// Its last words.
        message: String,
        /// Where the rest stands.
        log: PathBuf,
    },
    /// The server does not end.
    #[error("the private PostgreSQL server (process {0}) is still stopping after a minute; it will end by itself")]
    StillStopping(i32),
    /// Files or processes would not obey.
    #[error("cannot {doing}")]
    Io {
        /// What was tried, on which file.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Adds what was tried to an error of the system's.
fn doing<T>(result: io::Result<T>, doing: impl FnOnce() -> String) -> Result<T, PostgresError> {
    result.map_err(|source| PostgresError::Io { doing: doing(), source })
}
