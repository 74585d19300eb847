//! What lies outside the database: artifacts, and the files of reports.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use crate::{
    archive::{Archive, Kept},
    db::artifacts::Artifact,
};

/// Where files of reports must be, below the reports folder.
pub(super) const DELIVERED: &str = "SELECT substr(recipient, 6) AS broken FROM bluebook.deliveries WHERE state = 'delivered' AND recipient LIKE 'disk:%'";

/// A file in the making is given so long.
const IN_THE_MAKING: Duration = Duration::from_mins(10);

/// Sentences about artifacts that are not in the archive as the database knows them.
pub(super) async fn artifacts(archive: &Archive, known: &[Artifact], deep: bool) -> Vec<String> {
    let mut found = Vec::new();
    for Artifact { sha256, bytes, name, .. } in known {
        let kept = Kept { sha256: sha256.clone(), bytes: *bytes };
        match archive.has(&kept).await {
            Ok(true) if deep => {
                found.extend(archive.prove(sha256).await.err().map(|error| format!("{name}: {error}")));
            }
            Ok(true) => {}
            Ok(false) => found.push(format!("{name}: artifact {sha256} is not there with its {bytes} bytes")),
            Err(error) => found.push(format!("{name}: {error}")),
        }
    }
    found
}

/// Sentences about files without a delivery, deliveries without their file, and files left half-made.
pub(super) fn reports(folder: &Path, delivered: &[String]) -> Vec<String> {
    let told: HashSet<&str> = delivered.iter().map(String::as_str).collect();
    let mut lying = HashSet::new();
    collect(folder, folder, &mut lying);
    let without_file =
        told.iter().filter(|path| !lying.contains(**path)).map(|path| format!("delivered, but not there: {path}"));
    let without_row = lying
        .iter()
        .filter(|path| !told.contains(path.as_str()))
        .map(|path| format!("there, but never delivered: {path}"));
    without_file.chain(without_row).collect()
}

/// Files below a folder. One in the making has another name, and is no report yet.
fn collect(root: &Path, folder: &Path, into: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, into);
        } else if let Ok(below) = path.strip_prefix(root)
            && !young(&path)
        {
            into.insert(below.to_string_lossy().into_owned());
        }
    }
}

fn young(path: &Path) -> bool {
    let made = fs::metadata(path).and_then(|file| file.modified());
    let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
    path.extension().is_some_and(|ending| ending == "part") && age.is_some_and(|age| age < IN_THE_MAKING)
}
