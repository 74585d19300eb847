//! The state folder: what the program itself writes.

use std::{
    env, fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// The folder that holds the archive, the reports and the private PostgreSQL server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir(PathBuf);

impl StateDir {
    /// The folder of the archive in which bytes lie until it is known under which name they belong.
    pub const INCOMING: &str = "incoming";

    /// The folder given; else /var/lib/bluebook as root (a clone under /root is closed to the server's account);
    /// else the user's state folder.
    pub fn new(given: Option<&Path>) -> Self {
        Self(given.map_or_else(default, Path::to_owned))
    }

    /// Makes the folder if it is not there. Others may pass through to what is theirs (the private server's account),
    /// but see nothing.
    pub fn create(&self) -> io::Result<()> {
        if !self.0.exists() {
            let mode = if nix::unistd::geteuid().is_root() { 0o711 } else { 0o700 };
            fs::DirBuilder::new().recursive(true).mode(mode).create(&self.0)?;
        }
        Ok(())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Artifacts under their SHA-256.
    pub fn archive(&self) -> PathBuf {
        self.0.join("archive")
    }

    /// Bytes on their way into the archive.
    pub fn incoming(&self) -> PathBuf {
        self.archive().join(Self::INCOMING)
    }

    /// What each dataset's table was loaded from; may be removed at any time.
    pub fn fingerprints(&self) -> PathBuf {
        self.0.join("fingerprints")
    }

    /// The private server: its data, its socket and its log.
    pub fn postgres(&self) -> PathBuf {
        self.0.join("postgres")
    }

    /// Files in the making; on the same file system as what they become.
    pub fn scratch(&self) -> PathBuf {
        self.0.join("scratch")
    }
}

fn default() -> PathBuf {
    if nix::unistd::geteuid().is_root() {
        return PathBuf::from("/var/lib/bluebook");
    }
    let user_state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let in_home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    user_state.or_else(in_home).unwrap_or_else(env::temp_dir).join("bluebook")
}
