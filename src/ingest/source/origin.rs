//! Why something is loaded.

use crate::{archive::manifest::Manifest, db::releases::ReleaseRow};

/// Why it is loaded.
#[derive(Debug)]
pub(in crate::ingest) enum Origin {
    /// The publisher was asked just now, and sent the file.
    Asked,
    /// The publisher was asked just now, and said that the archived file stands.
    Confirmed,
    /// A person gave the file.
    Given,
    /// A release is read again.
    Again,
    /// A person wants a held release published although it failed expectations.
    Approved(Box<ReleaseRow>),
    /// It was published before, by a database that is lost.
    Restored(Box<Manifest>),
}

impl Origin {
    /// Whether somebody has decided that it is published, whatever is found.
    pub(in crate::ingest) fn is_decided(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Restored(_))
    }

    /// What it was, if it was published before.
    pub(in crate::ingest) fn manifest(&self) -> Option<&Manifest> {
        if let Self::Restored(manifest) = self { Some(manifest) } else { None }
    }
}
