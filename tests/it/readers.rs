//! Cell by cell: what is published of a file is what a reader of other people's makes of it. The readers are small
//! Python files, one a dataset, under `readers/python`; the libraries that they stand on are pinned beside them.

mod cases;
mod differences;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    ingest::pairs::{as_packed, definition},
    support::{TestHouse, venv},
};
use cases::{Case, File};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn fixtures_are_cell_by_cell_what_other_readers_make_of_them() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => return say(&format!("Skipped: fixtures cell by cell against other readers. {why}")),
    };
    let both = Both::read(&python, |file| Path::new(ROOT).join(file.cut));
    both.are_the_same();
    both.house.db().batch("UPDATE data.fdic_failed_banks SET city = 'Here', acquirer = NULL WHERE certificate = 8758");
    assert_eq!(
        both.differences(),
        [
            "fdic_failed_banks [8758] acquirer: null; fdic_failed_banks.py: \"Iowa Trust & Savings Bank\"",
            "fdic_failed_banks [8758] city: \"Here\"; fdic_failed_banks.py: \"Sac City\"",
        ],
        "what is otherwise is found"
    );
}

#[test]
#[ignore = "needs whole releases: make test-data DIR=…"]
fn whole_releases_are_cell_by_cell_what_other_readers_make_of_them() {
    let folder = PathBuf::from(std::env::var_os("DATA").expect("DATA names the folder of the releases"));
    let python = python().expect("Python with the packages of the readers");
    Both::read(&python, |file| folder.join(file.whole)).are_the_same();
}

/// A house in which every file is loaded, and the rows that the other readers have made of them.
struct Both {
    house: TestHouse,
    /// Each case with a file of their rows, one a line.
    cases: Vec<(Case, PathBuf)>,
}

impl Both {
    fn read(python: &Path, place: impl Fn(&File) -> PathBuf) -> Self {
        let house = TestHouse::without_customers();
        let folder = house.dir().join("read");
        fs::create_dir(&folder).expect("a folder");
        let mut reading = Command::new(python);
        reading.arg("-B").arg(Path::new(ROOT).join("tests/it/readers/python/read.py")).stdin(Stdio::null());
        let mut cases: Vec<(Case, PathBuf)> = Vec::new();
        for case in cases::all() {
            if !cases.iter().any(|(known, _)| known.table == case.table) {
                load(&house, case.table, &place(&case.ours));
            }
            let rows = folder.join(format!("{}.ndjson", cases.len()));
            reading.arg(case.reader).arg(place(&case.theirs)).arg(&rows);
            cases.push((case, rows));
        }
        let read = reading.output().expect("Python can be called");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        Self { house, cases }
    }

    fn are_the_same(&self) {
        let differences = self.differences();
        assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    }

    fn differences(&self) -> Vec<String> {
        let found = self.cases.iter().map(|(case, rows)| {
            let rows = fs::read_to_string(rows).expect("what the reader has written");
            differences::between(self.house.db(), case, &rows)
        });
        found.flatten().collect()
    }
}

/// By the definition as it is shipped, but for the packing and for how many rows there must be.
fn load(house: &TestHouse, table: &str, file: &Path) {
    let name = file.display().to_string();
    house.dataset(table, &as_packed(&definition(table), &name));
    house.run(["ingest", table, "--file", &name]).expect_code(0);
}

fn python() -> anyhow::Result<PathBuf> {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the build has a target folder");
    venv(&built.join("readers"), include_str!("readers/python/requirements.txt"))
}

/// Speaks past the harness, which shows nothing of a test that passes.
fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{sentence}");
}
