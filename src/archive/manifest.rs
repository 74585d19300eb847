//! Manifests: one small JSON file beside the artifacts for each published release. They make the archive tell by itself
//! what was published, when, read by which definition; from them a lost database is restored.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::{ObjectStoreExt, path};
use serde::{Deserialize, Serialize};

use super::{Archive, ArchiveError};
use crate::job::{Counts, DatasetName, ReleaseId};

pub mod line;

/// The folder of the archive that they stand in.
const FOLDER: &str = "releases";

/// A published release, as the archive remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of which dataset.
    pub dataset: DatasetName,
    /// Its number in the database that published it.
    pub release: ReleaseId,
    /// When it was published: no two releases of a dataset share this.
    pub published_at: Timestamp,
    /// When the release that it followed was published; none if it was the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Timestamp>,
    /// When the publisher was asked for it.
    pub fetched_at: Timestamp,
    /// SHA-256 of the definition's text, which is in the archive.
    pub definition: String,
    /// Version of the parser that read it.
    pub parser_version: i32,
    /// The period that its file is of, where each is a file of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Timestamp>,
    /// Its files, in order.
    pub parts: Vec<Part>,
    /// What it did to the table.
    pub counts: Option<Counts>,
    /// The person who had it published although it was held, if one had to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the archive.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its own name where it was first seen.
    pub name: String,
    /// If the release is the sum of several that were read again: of which of them it is a file, from 1; else 0.
    #[serde(default, skip_serializing_if = "is_none")]
    pub step: i32,
    /// If it is: the period that this file is of, where each is a file of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Timestamp>,
    /// Where it came from, without secrets; a file given by hand has no URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
}

/// Who decided about a held release, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_none(step: &i32) -> bool {
    *step == 0
}

impl Archive {
    /// Keeps a manifest. One that is there already stays as it is.
    pub async fn keep_manifest(&self, manifest: &Manifest) -> Result<(), ArchiveError> {
        let place = place(&manifest.dataset, manifest.published_at);
        match self.store.head(&place).await {
            Ok(_) => return Ok(()),
            Err(object_store::Error::NotFound { .. }) => (),
            Err(source) => return Err(failed("look for", &place, source)),
        }
        let text = serde_json::to_vec_pretty(manifest).map_err(|source| failed("write", &place, source))?;
        self.store.put(&place, text.into()).await.map_err(|source| failed("write", &place, source))?;
        Ok(())
    }

    /// The manifest of the release of a dataset that was published at a moment.
    pub async fn manifest(&self, dataset: &DatasetName, published_at: Timestamp) -> Result<Manifest, ArchiveError> {
        self.manifest_at(&place(dataset, published_at)).await
    }

    /// All manifests of a dataset, by their moments.
    pub async fn manifests(&self, dataset: &DatasetName) -> Result<Vec<Manifest>, ArchiveError> {
        let mut found = Vec::new();
        for file in self.manifest_files(dataset).await? {
            found.push(self.manifest_at(&folder(dataset).join(file)).await?);
        }
        found.sort_by_key(|manifest| manifest.published_at);
        Ok(found)
    }

    /// Which moments of a dataset's releases have their manifests, as [`file_name`] writes them.
    pub async fn manifest_files(&self, dataset: &DatasetName) -> Result<BTreeSet<String>, ArchiveError> {
        let folder = folder(dataset);
        let files = self.store.list(Some(&folder)).try_collect::<Vec<_>>().await;
        let files = files.map_err(|source| failed("list", &folder, source))?;
        Ok(files.iter().filter_map(|file| file.location.filename().map(str::to_owned)).collect())
    }

    /// The datasets that have manifests.
    pub async fn datasets(&self) -> Result<Vec<DatasetName>, ArchiveError> {
        let folder = path::Path::from(FOLDER);
        let found = self.store.list_with_delimiter(Some(&folder)).await;
        let found = found.map_err(|source| failed("list", &folder, source))?.common_prefixes;
        Ok(found.iter().filter_map(|place| place.filename()?.parse().ok()).collect())
    }

    async fn manifest_at(&self, place: &path::Path) -> Result<Manifest, ArchiveError> {
        let found = self.store.get(place).await.map_err(|source| failed("read", place, source))?;
        let bytes = found.bytes().await.map_err(|source| failed("read", place, source))?;
        serde_json::from_slice(&bytes).map_err(|source| failed("understand", place, source))
    }
}

/// The name of the manifest of a release that was published at a moment: sorted by name is sorted by time.
pub fn file_name(published_at: Timestamp) -> String {
    format!("{}.json", published_at.strftime("%Y%m%dT%H%M%S.%6fZ"))
}

fn folder(dataset: &DatasetName) -> path::Path {
    path::Path::from_iter([FOLDER, dataset.as_str()])
}

fn place(dataset: &DatasetName, published_at: Timestamp) -> path::Path {
    folder(dataset).join(file_name(published_at))
}

fn failed(
    doing: &'static str,
    place: &path::Path,
    source: impl std::error::Error + Send + Sync + 'static,
) -> ArchiveError {
    ArchiveError::Manifest { doing, place: place.to_string(), source: Box::new(source) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StateDir;

    fn manifest(published_at: &str) -> Manifest {
        Manifest {
            dataset: "things".parse().unwrap(),
            release: ReleaseId(7),
            published_at: published_at.parse().unwrap(),
            fetched_at: "2026-11-22T10:00:00Z".parse().unwrap(),
            base: None,
            definition: "ab".repeat(32),
            parser_version: 1001,
            period: None,
            parts: vec![Part {
                sha256: "cd".repeat(32),
                bytes: 5,
                name: "things.csv".into(),
                step: 0,
                period: None,
                url: None,
                fetched_at: None,
            }],
            counts: Some(Counts { rows: 1, inserted: 1, ..Counts::default() }),
            decision: None,
        }
    }

    #[tokio::test]
    async fn manifests_come_back_in_the_order_of_their_moments() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::open(&StateDir::new(Some(dir.path()))).unwrap();
        let (first, second) = (manifest("2026-11-22T10:00:00.000001Z"), manifest("2026-11-22T10:00:00.000002Z"));
        archive.keep_manifest(&second).await.unwrap();
        archive.keep_manifest(&first).await.unwrap();
        archive.keep_manifest(&Manifest { parser_version: 2, ..first.clone() }).await.unwrap();
        assert_eq!(archive.manifests(&first.dataset).await.unwrap(), [first.clone(), second.clone()]);
        assert_eq!(archive.manifest(&first.dataset, second.published_at).await.unwrap(), second);
        assert_eq!(archive.datasets().await.unwrap(), [first.dataset]);
        assert!(dir.path().join("archive/releases/things/20261122T100000.000001Z.json").exists());
    }

    #[tokio::test]
    async fn an_archive_without_manifests_has_none() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::open(&StateDir::new(Some(dir.path()))).unwrap();
        assert_eq!(archive.datasets().await.unwrap(), []);
        assert!(archive.manifests(&"things".parse().unwrap()).await.unwrap().is_empty());
    }
}
