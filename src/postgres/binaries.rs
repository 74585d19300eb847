//! Where PostgreSQL's server programs are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::PostgresError;
use crate::config::program_folders;

/// Debian and Ubuntu keep each version apart, outside the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A folder with server programs of one version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    folder: PathBuf,
    version: String,
}

impl Binaries {
    /// The programs to use: those of the version that made the data, else the newest; those given come before all.
    pub(super) fn find(given: Option<&Path>, data: &Path) -> Result<Self, PostgresError> {
        let found = everywhere(given);
        let Ok(made) = fs::read_to_string(data.join("PG_VERSION")) else {
            return found.into_iter().next().ok_or_else(|| none(given));
        };
        let made = made.trim();
        let versions: Vec<&str> = found.iter().map(|binaries| binaries.version.as_str()).collect();
        let versions = versions.join(" and ");
        let fitting = found.into_iter().find(|binaries| binaries.version == made);
        fitting.ok_or_else(|| {
            if versions.is_empty() {
                return none(given);
            }
            PostgresError::Version { data: data.display().to_string(), made: made.to_owned(), found: versions }
        })
    }

    /// A program's path.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// PostgreSQL's server programs that this machine has: major version and folder, best first.
pub fn installed(given: Option<&Path>) -> Vec<(String, PathBuf)> {
    everywhere(given).into_iter().map(|binaries| (binaries.version, binaries.folder)).collect()
}

fn everywhere(given: Option<&Path>) -> Vec<Binaries> {
    let folders = match given {
        // Who names a folder wants that one and no other.
        Some(folder) => vec![folder.to_owned()],
        None => debian().into_iter().chain(program_folders()).collect(),
    };
    folders.iter().filter_map(|folder| look(folder)).collect()
}

/// Debian's folders, newest version first.
fn debian() -> Vec<PathBuf> {
    let entries = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path()));
    let mut versions: Vec<(u32, PathBuf)> = entries.filter_map(number).collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder.join("bin")).collect()
}

fn look(folder: &Path) -> Option<Binaries> {
    if !["initdb", "postgres"].iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let version = major(&String::from_utf8_lossy(&said.stdout))?;
    Some(Binaries { folder: folder.to_owned(), version })
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is version 15, as the file `PG_VERSION` writes it.
fn major(said: &str) -> Option<String> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some(digits)
}

fn none(given: Option<&Path>) -> PostgresError {
    PostgresError::NoBinaries(given.map(|folder| format!(" in {}", folder.display())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says_of_itself() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)").as_deref(), Some("15"));
        assert_eq!(major("postgres (PostgreSQL) 18beta1").as_deref(), Some("18"));
        assert_eq!(major("segmentation fault"), None);
    }

    #[test]
    fn an_empty_folder_is_answered_with_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let error = Binaries::find(Some(folder.path()), folder.path()).unwrap_err().to_string();
        assert!(error.contains(folder.path().to_str().unwrap()) && error.contains("apt-get install postgresql"));
    }

    #[test]
    fn data_of_another_version_are_answered_with_both_versions() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("PG_VERSION"), "9\n").unwrap();
        let error = Binaries::find(None, folder.path()).unwrap_err().to_string();
        assert!(error.contains("made by PostgreSQL 9") && error.contains("pg_upgrade"), "{error}");
    }
}
