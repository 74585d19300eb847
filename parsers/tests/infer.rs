//! What would be proposed for each publisher's file if nobody had described it yet: `parsers/fixtures/<dataset>/first.*`,
//! in a table beside what people have said of it.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "the crate is pure, its fixtures are files")]
#![expect(clippy::unwrap_used, reason = "helpers of a test")]

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
};

use parsers::{
    Dataset,
    infer::{Asked, Beside, infer},
};

#[test]
fn for_every_publishers_file_there_is_a_proposal_or_a_sentence() {
    let mut table = String::new();
    for folder in entries(&root().join("fixtures")) {
        let first = entries(&folder).into_iter().find(|file| file.file_stem().is_some_and(|stem| stem == "first"));
        let Some(first) = first else { continue };
        let name = folder.file_name().unwrap().to_str().unwrap();
        writeln!(table, "{name}: {}", proposed(name, &first)).unwrap();
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("proposals", table);
    });
}

/// The format, the rows, and the key, with what a person has said where that is something else.
fn proposed(name: &str, file: &Path) -> String {
    let asked = Asked {
        name: name.parse().unwrap(),
        url: "file:///drop".to_owned(),
        secrets: Vec::new(),
        beside: Beside::default(),
    };
    let inferred = match infer(&asked, &|| Ok(Box::new(File::open(file)?))) {
        Ok(inferred) => inferred,
        Err(error) => return sentence(&error),
    };
    let guessed = definition(name, &inferred.definition);
    let shipped = definition(name, &fs::read_to_string(root().join(format!("datasets/{name}.toml"))).unwrap());
    let (columns, theirs) = (guessed.schema.columns.len(), shipped.schema.columns.len());
    let same = if key(&guessed) == key(&shipped) { String::new() } else { format!("; people: {}", key(&shipped)) };
    let (kind, rows, rejected) = (kind(&inferred.definition), inferred.rows, inferred.rejected);
    format!("{kind}, {rows} rows, {rejected} rejects, {columns} columns ({theirs}), key {}{same}", key(&guessed))
}

fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn kind(definition: &str) -> &str {
    definition.lines().find_map(|line| line.strip_prefix("kind = ")).unwrap_or("none")
}

/// The key, by the names that the file has for its columns.
fn key(dataset: &Dataset) -> String {
    dataset.schema.key_columns().filter_map(|column| column.origin.name()).collect::<Vec<_>>().join(" + ")
}

fn definition(name: &str, text: &str) -> Dataset {
    Dataset::parse("proposal.toml", name.parse().unwrap(), text).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
