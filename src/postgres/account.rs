//! The account that the server runs as: PostgreSQL refuses root.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::Command,
};

use nix::unistd::{User, geteuid};

use super::{PostgresError, doing};

/// The account that Debian's and Fedora's packages make.
const NAME: &str = "postgres";

/// Who runs the server: this program's own account, or `postgres` if that is root.
#[derive(Debug, Clone)]
pub(super) struct Account {
    drop_to: Option<User>,
}

impl Account {
    /// Finds the account.
    pub(super) fn find() -> Result<Self, PostgresError> {
        if !geteuid().is_root() {
            return Ok(Self { drop_to: None });
        }
        let user = doing(User::from_name(NAME).map_err(Into::into), || format!("look up the account {NAME}"))?;
        Ok(Self { drop_to: Some(user.ok_or(PostgresError::NoAccount)?) })
    }

    /// The account's number.
    pub(super) fn uid(&self) -> u32 {
        self.drop_to.as_ref().map_or_else(|| geteuid().as_raw(), |user| user.uid.as_raw())
    }

    /// Makes a command run as the account. Supplementary groups are dropped with root's rights.
    pub(super) fn run_as(&self, command: &mut Command) {
        if let Some(user) = &self.drop_to {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }

    /// Hands a file or folder to the account.
    pub(super) fn give(&self, path: &Path) -> Result<(), PostgresError> {
        let Some(user) = &self.drop_to else { return Ok(()) };
        let given = chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()));
        doing(given, || format!("give {} to the account {NAME}", path.display()))
    }

    /// Refuses a place that the account cannot get to, before a program fails there with fewer words.
    pub(super) fn reaches(&self, dir: &Path) -> Result<(), PostgresError> {
        let Some(user) = &self.drop_to else { return Ok(()) };
        let passes = |folder: &&Path| {
            fs::metadata(folder).is_ok_and(|meta| {
                let bit = match (meta.uid() == user.uid.as_raw(), meta.gid() == user.gid.as_raw()) {
                    (true, _) => 0o100,
                    (false, true) => 0o010,
                    (false, false) => 0o001,
                };
                meta.mode() & bit != 0
            })
        };
        match dir.ancestors().skip(1).find(|folder| !passes(folder)) {
            Some(folder) => Err(PostgresError::Closed { account: NAME.into(), folder: folder.to_owned() }),
            None => Ok(()),
        }
    }
}
