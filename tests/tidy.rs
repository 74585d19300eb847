//! Keeps the house tidy: what the docs say about the code, and what rooms promise each other, is held here against the
//! files themselves. Every test collects all that it finds, in sentences that say what would help.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "all of this file is a test: it fails by panicking"
)]

#[path = "tidy/bench.rs"]
mod bench;
#[path = "tidy/docs.rs"]
mod docs;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/floors.rs"]
mod floors;
#[path = "tidy/sizes.rs"]
mod sizes;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file, as it lies in the repository.
struct Text {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

/// The text of one file.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// All files below a folder with this ending, in order.
fn files(folder: &str, ending: &str) -> Vec<Text> {
    let mut found: Vec<Text> = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let relative = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
                found.push(Text { text: read(&relative), path: relative });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// The names of what lies in a folder, in order.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// All Rust files of the program, its parsers, its tests and its benches.
fn rust() -> Vec<Text> {
    ["src", "parsers/src", "parsers/tests", "tests", "benches"]
        .into_iter()
        .flat_map(|folder| files(folder, ".rs"))
        .collect()
}

/// Fails with all that was found.
#[track_caller]
fn nothing_in(found: &[String]) {
    assert!(found.is_empty(), "\n  {}\n", found.join("\n  "));
}
