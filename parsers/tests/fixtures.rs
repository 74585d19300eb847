//! Every file under `fixtures/<dataset>/` is a test: it is read by the dataset's own definition, and what comes out must
//! be what its snapshot says. A file named `bad-…` must fail or have rejects; all others must load whole.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "the crate is pure, its fixtures are files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of a test")]

use std::{
    fmt::Write,
    fs::{self, File},
    path::{Path, PathBuf},
};

use parsers::{Dataset, ReadError, Reject, Row, Step};

#[test]
fn every_fixture_comes_to_what_its_snapshot_says() {
    for folder in entries(&root().join("fixtures")) {
        let dataset = definition(&stem(&folder));
        let files: Vec<_> = entries(&folder).into_iter().filter(|file| !is(file, "snap")).collect();
        assert!(files.iter().any(|file| stem(file) == "first"), "{} needs a file named first.*", folder.display());
        for file in files {
            check(&dataset, &folder, &file);
        }
    }
}

#[test]
fn every_definition_is_good_and_has_fixtures() {
    let files: Vec<_> = entries(&root().join("datasets")).into_iter().filter(|file| is(file, "toml")).collect();
    assert!(files.len() >= 4);
    for file in files {
        let dataset = definition(&stem(&file));
        assert!(root().join("fixtures").join(dataset.name.as_str()).is_dir(), "{} has no fixtures", dataset.name);
    }
}

fn check(dataset: &Dataset, folder: &Path, file: &Path) {
    let name = file.file_name().unwrap().to_str().unwrap();
    let read = read(dataset, File::open(file).unwrap());
    assert_eq!(read.failed, name.starts_with("bad-"), "{}:\n{}", file.display(), read.text);
    let description = format!("parsers/fixtures/{}/{name}", dataset.name);
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, description => description, omit_expression => true }, {
        insta::assert_snapshot!(name, read.text);
    });
}

/// What reading a file came to, written for people.
struct Read {
    text: String,
    failed: bool,
}

fn read(dataset: &Dataset, file: File) -> Read {
    let mut read = Read { text: String::new(), failed: false };
    if let Err(error) = rows(dataset, file, &mut read) {
        read.failed = true;
        write!(read.text, "{}", shown(&error)).unwrap();
    }
    read
}

fn rows(dataset: &Dataset, file: File, read: &mut Read) -> Result<(), ReadError> {
    let mut reading = dataset.open(Box::new(file))?;
    let mut row = Row::default();
    loop {
        match reading.next(&mut row)? {
            Step::Row => writeln!(read.text, "{}", values(dataset, &row)).unwrap(),
            Step::Rejected(reject) => {
                read.failed = true;
                write!(read.text, "{}", rejected(&reject)).unwrap();
            }
            Step::End => break,
        }
    }
    for column in reading.new_columns() {
        writeln!(read.text, "new column {:?}: {column}", column.name).unwrap();
    }
    writeln!(read.text, "end").unwrap();
    Ok(())
}

/// A row, without its nulls.
fn values(dataset: &Dataset, row: &Row) -> String {
    let values = dataset.schema.columns.iter().zip(row.values());
    let shown = values.map(|(column, value)| (&column.name, value.to_string())).filter(|(_, text)| !text.is_empty());
    let shown: Vec<_> = shown.map(|(name, text)| format!("{name}={text}")).collect();
    format!("record {} line {}: {}", row.record, row.line.unwrap_or_default(), shown.join(" · "))
}

fn rejected(reject: &Reject) -> String {
    let Reject { record, line, column, value, reason, original, key } = reject;
    let subject = match (column, value) {
        (Some(column), Some(value)) => format!("{column} {value:?} "),
        (Some(column), None) => format!("{column} (absent): "),
        _ => String::new(),
    };
    let kept = key.as_ref().map_or("unknown".to_owned(), |key| key.join(", "));
    let original = original.escape_ascii();
    format!("REJECT {record} line {}: {subject}{reason}\n    key {kept}\n    {original}\n", line.unwrap_or_default())
}

fn shown(error: &ReadError) -> String {
    match error {
        ReadError::Contract(contract) => format!("CONTRACT {contract}\n"),
        ReadError::Broken { line, message } => match line {
            Some(line) => format!("BROKEN line {line}: {message}\n"),
            None => format!("BROKEN: {message}\n"),
        },
        ReadError::Io(error) => panic!("fixtures can be read: {error}"),
    }
}

fn definition(name: &str) -> Dataset {
    let file = root().join("datasets").join(format!("{name}.toml"));
    let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} is missing", file.display()));
    Dataset::parse(&format!("parsers/datasets/{name}.toml"), name.parse().unwrap(), &text).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn is(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

#[test]
fn the_definitions_in_the_readme_are_good() {
    let readme = fs::read_to_string(root().join("datasets/README.md")).unwrap();
    let blocks: Vec<_> = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 9);
    for block in blocks {
        if let Err(mistakes) = Dataset::parse("README.md", "readme".parse().unwrap(), block) {
            panic!("{mistakes:#?}");
        }
    }
}
