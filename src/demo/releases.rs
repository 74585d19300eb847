//! The releases that the demo has on file: `demo/releases/<dataset>/<number>-<date>.<ending>`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use bytes::Bytes;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::datasets::Datasets;

/// One file, as a publisher once put it out.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// The dataset's name.
    pub(super) dataset: String,
    /// Where the publisher has it.
    pub(super) url: Url,
    /// Its place among the dataset's releases, from 1.
    pub(super) number: u32,
    /// The day on which it was put out.
    pub(super) date: Date,
    /// Its strong validator.
    pub(super) etag: String,
    /// The file.
    pub(super) bytes: Bytes,
}

/// All releases in the order in which they come out: first the first of every dataset, then in turn.
pub(super) fn load(folder: &Path, datasets: &Datasets) -> anyhow::Result<Vec<Release>> {
    let mut releases = Vec::new();
    for dataset in datasets.iter() {
        let url: Url = dataset.source.url.parse().with_context(|| format!("the URL of {}", dataset.name))?;
        for path in files(&folder.join(dataset.name.as_str()))? {
            releases.push(read(dataset.name.as_str(), &url, &path)?);
        }
    }
    if releases.is_empty() {
        bail!("{} has no releases: run the demo in the folder of Bluebook's repository", folder.display());
    }
    releases.sort_by(|one, two| (one.number, &one.dataset).cmp(&(two.number, &two.dataset)));
    Ok(releases)
}

/// A dataset without a folder has nothing to show, which is no mistake.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn read(dataset: &str, url: &Url, path: &Path) -> anyhow::Result<Release> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let (number, date) = stem.split_once('-').unwrap_or_default();
    let named = || format!("{} is not named <number>-<date>.<ending>", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
    Ok(Release {
        dataset: dataset.to_owned(),
        url: url.clone(),
        number: number.parse().with_context(named)?,
        date: date.parse().with_context(named)?,
        etag: format!("\"{hash:.16}\""),
        bytes: bytes.into(),
    })
}

impl Release {
    /// What a request for it asks for: the URL's path and query.
    pub(super) fn target(&self) -> String {
        self.url.query().map_or_else(|| self.url.path().to_owned(), |query| format!("{}?{query}", self.url.path()))
    }

    /// The day as HTTP writes it; publishers do so in the afternoon.
    pub(super) fn last_modified(&self) -> String {
        self.date.at(16, 0, 0, 0).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}
