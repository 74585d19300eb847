//! The record as the publisher wrote it: the archived artifact is read again, as far as to the record and no further.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
};

use parsers::{Dataset, ReadError, Row};
use serde::Serialize;

use super::{TraceError, Whence};
use crate::archive::Archive;

/// Most of a record that is shown.
const LONGEST: usize = 64 * 1024;

/// A record in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Original {
    /// Its line, where the format has lines.
    pub line: Option<u64>,
    /// The file in the artifact that it stands in, where an artifact may hold several.
    pub member: Option<String>,
    /// Its text. What no text can hold is shown as �.
    pub text: String,
}

/// Reads records of an artifact, by the definition that their release was read by. What cannot be read any more is left
/// out: the rest of the trace is worth having.
pub(super) async fn read(
    archive: &Archive,
    dataset: &Dataset,
    whence: &Whence,
    wanted: BTreeSet<i64>,
) -> Result<BTreeMap<i64, Original>, TraceError> {
    let defined = defined_then(archive, dataset, whence).await.unwrap_or_else(|| dataset.clone());
    let file = archive.read(&whence.sha256).await?;
    let reading = tokio::task::spawn_blocking(move || records(&defined, file, &wanted)).await;
    match reading {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            tracing::debug!(artifact = whence.sha256, %error, "the artifact cannot be read any more");
            Ok(BTreeMap::new())
        }
        Err(_panicked) => Err(TraceError::Asked("the dataset's parser panicked over the artifact".to_owned())),
    }
}

async fn defined_then(archive: &Archive, dataset: &Dataset, whence: &Whence) -> Option<Dataset> {
    let sha256 = whence.definition.as_ref().filter(|sha256| **sha256 != dataset.text_hash)?;
    let text = archive.bytes(sha256).await.ok()?;
    let text = std::str::from_utf8(&text).ok()?;
    Dataset::parse("the definition of then", dataset.name.clone(), text).ok()
}

fn records(dataset: &Dataset, file: File, wanted: &BTreeSet<i64>) -> Result<BTreeMap<i64, Original>, ReadError> {
    let (mut found, mut row) = (BTreeMap::new(), Row::default());
    let mut reading = dataset.open(Box::new(file))?;
    while found.len() < wanted.len() && reading.advance()? {
        let record = reading.record().cast_signed();
        if wanted.contains(&record) && !found.contains_key(&record) {
            // Some formats know a record's text and line only once it is read.
            drop(reading.read(&mut row)?);
            let text = reading.original();
            let text = text.get(..LONGEST).unwrap_or(text);
            let (text, member) = (String::from_utf8_lossy(text).into_owned(), reading.member().map(str::to_owned));
            found.insert(record, Original { line: reading.line(), member, text });
        }
    }
    Ok(found)
}
