//! Handing an edition over.

use std::{fmt, path::Path, str::FromStr};

use super::{ReportError, path::RelativePath};

mod disk;

pub use disk::Landed;

/// Where an edition's file is delivered. Each delivery is one row of the outbox, and carries this as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A file below the reports folder.
    Disk(RelativePath),
}

impl Recipient {
    /// The name of the edition's file that the recipient is to have.
    pub fn file(&self) -> &str {
        match self {
            Self::Disk(path) => path.file_name(),
        }
    }

    /// Hands the bytes over. Doing so twice is doing it once.
    pub async fn hand_over(&self, folder: &Path, bytes: bytes::Bytes) -> Result<Landed, ReportError> {
        match self {
            Self::Disk(path) => {
                let (folder, path) = (folder.to_owned(), path.clone());
                tokio::task::spawn_blocking(move || disk::put(&folder, &path, &bytes)).await?
            }
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(path) => write!(f, "disk:{path}"),
        }
    }
}

impl FromStr for Recipient {
    type Err = ReportError;

    fn from_str(text: &str) -> Result<Self, ReportError> {
        let path = text.strip_prefix("disk:").and_then(|path| path.parse().ok());
        path.map(Self::Disk).ok_or_else(|| ReportError::Recipient(text.to_owned()))
    }
}
