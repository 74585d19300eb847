//! The releases that the demo has on file: `demo/releases/<dataset>/<number>-<date>.<ending>`. Where its publisher lists
//! files by their names, the name follows: `<number>-<date>-<name>`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use bytes::Bytes;
use jiff::civil::Date;
use parsers::Dataset;
use sha2::{Digest as _, Sha256};

use super::address::Address;
use crate::datasets::Datasets;

/// Characters of a date.
const DATE: usize = "2026-11-28".len();

/// One file, as a publisher once put it out.
#[derive(Debug, Clone)]
pub(super) struct Release {
    /// The dataset's name.
    pub(super) dataset: String,
    /// Where the publisher has it.
    pub(super) address: Address,
    /// What it is called there, if that is said.
    pub(super) name: String,
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
        for path in files(&folder.join(dataset.name.as_str()))? {
            releases.push(read(dataset, &path)?);
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

fn read(dataset: &Dataset, path: &Path) -> anyhow::Result<Release> {
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let (number, dated) = file.split_once('-').unwrap_or_default();
    let (date, name) = dated.split_at_checked(DATE).unwrap_or_default();
    let named = || format!("{} is not named <number>-<date>.<ending>", path.display());
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes));
    Ok(Release {
        dataset: dataset.name.to_string(),
        address: Address::of(dataset)?,
        name: name.trim_start_matches('-').to_owned(),
        number: number.parse().with_context(named)?,
        date: date.parse().with_context(named)?,
        etag: format!("\"{hash:.16}\""),
        bytes: bytes.into(),
    })
}

impl Release {
    /// Its path, where it lies beside a page that lists it.
    pub(super) fn beside(&self) -> String {
        format!("{}{}", self.address.path(), self.name)
    }

    /// The day as HTTP writes it; publishers do so in the afternoon.
    pub(super) fn last_modified(&self) -> String {
        self.date.at(16, 0, 0, 0).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}
