//! The home folder: where definitions are looked for.

use std::path::{Path, PathBuf};

/// The file that marks a home folder.
const MARK: &str = "schedules.toml";

/// The folder with schedules.toml, admin.toml, parsers/datasets and templates/reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The folder given; else the working folder if it looks like a home; else /etc/bluebook.
    pub fn new(given: Option<&Path>) -> Self {
        let here = Path::new(".");
        Self(match given {
            Some(dir) => dir.to_owned(),
            None if here.join(MARK).exists() => here.to_owned(),
            None => PathBuf::from("/etc/bluebook"),
        })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// When what runs.
    pub fn schedules(&self) -> PathBuf {
        self.0.join(MARK)
    }

    /// Which tables staff may see.
    pub fn admin(&self) -> PathBuf {
        self.0.join("admin.toml")
    }

    /// One TOML file a dataset.
    pub fn datasets(&self) -> PathBuf {
        self.0.join("parsers/datasets")
    }

    /// One folder a dataset, with small files of its publisher.
    pub fn fixtures(&self) -> PathBuf {
        self.0.join("parsers/fixtures")
    }

    /// One folder a report.
    pub fn reports(&self) -> PathBuf {
        self.0.join("templates/reports")
    }
}
