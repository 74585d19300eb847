//! The line of releases that led to one: each manifest names the release that it followed. Where two databases have written
//! into one archive, or one was set back to a backup and went on from there, there are several lines.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Manifest;

/// A line that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// More than one release is followed by none.
    #[error(
        "the archive has releases of {dataset} by several databases, or by one that was set back: the last ones are {ends}. \
         Say which: `bluebook restore {dataset} --until MOMENT`"
    )]
    Several {
        /// Of which dataset.
        dataset: String,
        /// The last releases, in words.
        ends: String,
    },
    /// A release that others follow has none.
    #[error(
        "the archive has no manifest of the release of {dataset} that was published at {at}: put its file back, or say \
         `bluebook restore {dataset} --until MOMENT` with one before it"
    )]
    Missing {
        /// Of which dataset.
        dataset: String,
        /// When.
        at: Timestamp,
    },
}

/// The releases that led to the one of the moment `until`, or else to the last one, in their order.
pub fn line(manifests: Vec<Manifest>, until: Option<Timestamp>) -> Result<Vec<Manifest>, LineError> {
    let dataset = manifests.first().map(|manifest| manifest.dataset.to_string()).unwrap_or_default();
    let mut wanted = match until {
        Some(at) => Some(at),
        None => last(&manifests, &dataset)?,
    };
    let mut by_moment: BTreeMap<Timestamp, Manifest> =
        manifests.into_iter().map(|manifest| (manifest.published_at, manifest)).collect();
    let mut line = Vec::new();
    while let Some(at) = wanted {
        let manifest = by_moment.remove(&at).ok_or_else(|| LineError::Missing { dataset: dataset.clone(), at })?;
        wanted = manifest.base;
        line.push(manifest);
    }
    line.reverse();
    Ok(line)
}

/// The moment of the one release that none follows.
fn last(manifests: &[Manifest], dataset: &str) -> Result<Option<Timestamp>, LineError> {
    let followed: BTreeSet<Timestamp> = manifests.iter().filter_map(|manifest| manifest.base).collect();
    let ends: Vec<&Manifest> = manifests.iter().filter(|manifest| !followed.contains(&manifest.published_at)).collect();
    if let [] | [_] = ends.as_slice() {
        return Ok(ends.first().map(|manifest| manifest.published_at));
    }
    let told: Vec<String> =
        ends.iter().map(|manifest| format!("release {} of {}", manifest.release, manifest.published_at)).collect();
    Err(LineError::Several { dataset: dataset.to_owned(), ends: told.join(", ") })
}
