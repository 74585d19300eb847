//! Random tables and random edits: whichever way the difference is found, the table is what a plain reload makes of it,
//! and the counts are those of a plain comparison.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use super::{Scene, json};
use crate::support::TestHouse;
use model::{Dice, File, Mode, Table};

mod model;

/// Tables and releases of each. `BLUEBOOK_TEST_CASES` asks for more, `BLUEBOOK_TEST_SEED` for others.
const CASES: u64 = 12;
const RELEASES: usize = 5;

#[test]
fn a_table_is_what_a_plain_reload_makes_of_it_and_the_counts_are_those_of_a_plain_comparison() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (cases, seed) = (number("BLUEBOOK_TEST_CASES", CASES), number("BLUEBOOK_TEST_SEED", 1));
    let house = TestHouse::without_customers();
    for case in 0..cases {
        let seed = seed * 1000 + case;
        println!("case {case}: seed {seed}");
        Case::new(&house, case, Dice::new(seed)).play();
    }
    house.assert_invariants();
    let told = "SELECT message || ' x' || count(*) FROM bluebook.run_events WHERE kind = 'note' GROUP BY message";
    println!("{:#?}", house.db().column(told));
    let refreshed = "SELECT count(*) FROM bluebook.run_events WHERE kind = 'note' AND message LIKE '%fingerprint%'";
    println!("{} contradicted", house.db().number(refreshed));
}

/// One dataset and what happens to it.
struct Case<'a> {
    house: &'a TestHouse,
    dice: Dice,
    name: String,
    width: usize,
    mode: Mode,
    /// What the table must hold.
    table: Table,
    file: File,
    /// Whether somebody has edited the table, and nothing has put it right yet.
    edited: bool,
}

impl<'a> Case<'a> {
    fn new(house: &'a TestHouse, case: u64, mut dice: Dice) -> Self {
        let (width, mode) =
            (1 + dice.below(3), [Mode::Replace, Mode::Replace, Mode::Upsert, Mode::Append][dice.below(4)]);
        let (name, file) = (format!("case_{case}"), File::random(&mut dice));
        house.dataset(&name, &model::definition(width, mode));
        Self { house, dice, name, width, mode, table: BTreeMap::new(), file, edited: false }
    }

    fn play(mut self) {
        self.release();
        for _ in 1..RELEASES {
            match self.dice.below(8) {
                0 => self.changed_by_hand(),
                1 => self.cut_off(),
                2 => self.without_fingerprint(),
                _ => (),
            }
            self.file.edit(&mut self.dice);
            self.release();
        }
        self.put_right();
    }

    /// Loads the file as it is now. Of an edited table it is not known what becomes, but that the load comes to its end.
    fn release(&mut self) {
        let answer = json(self.load(None), 0);
        if self.edited {
            return;
        }
        if answer["rows"] == 0 && !self.file.is_empty() {
            return assert_eq!(answer["outcome"], "unchanged", "the same bytes as before");
        }
        self.holds(&answer);
    }

    /// Somebody edits the table. A replay puts it right, at once or after the next releases.
    fn changed_by_hand(&mut self) {
        let table = format!("data.{}", self.name);
        self.house.db().batch(&format!(
            "DELETE FROM {table} WHERE a % 5 = 1; UPDATE {table} SET name = 'mine' WHERE a % 5 = 2; \
             INSERT INTO {table} SELECT a + 1000, b, c, name, price, since, _release, 0, 0 FROM {table} WHERE a % 5 = 3 \
             ON CONFLICT DO NOTHING"
        ));
        self.edited = true;
        if self.dice.below(2) == 0 {
            self.put_right();
        }
    }

    fn put_right(&mut self) {
        self.table = self.dump();
        self.edited = false;
        let answer = json(self.house.run(["replay", self.name.as_str(), "--json"]), 0);
        self.holds(&answer);
    }

    /// A load that fails on entering a step changes nothing.
    fn cut_off(&mut self) {
        let step = ["stage", "expect", "merge"][self.dice.below(3)];
        self.file.edit(&mut self.dice);
        let before = self.dump();
        json(self.load(Some(step)), 1);
        assert_eq!(self.dump(), before);
    }

    fn without_fingerprint(&mut self) {
        fs::remove_dir_all(self.house.state().join("fingerprints")).unwrap();
    }

    fn load(&mut self, fail_at: Option<&str>) -> crate::support::Ran {
        let path = self.house.dir().join("release.csv");
        fs::write(&path, self.file.csv(&mut self.dice)).unwrap();
        let path = path.to_str().unwrap().to_owned();
        let mut program = self.house.program(["ingest", self.name.as_str(), "--json", "--file", path.as_str()]);
        if self.dice.below(2) == 0 {
            program = program.env("BLUEBOOK_TINY_LIMITS", "true");
        }
        if let Some(step) = fail_at {
            program = program.env("BLUEBOOK_FAIL_AT", step);
        }
        program.run()
    }

    /// The table and the counts are what the model says.
    fn holds(&mut self, answer: &Value) {
        let (table, counts) = model::apply(&self.table, &self.file, self.width, self.mode);
        let told = Scene::counts(answer);
        assert_eq!(told, counts.told(), "{:?} of {} key columns, after {:#?}", self.mode, self.width, self.file);
        self.table = table;
        assert_eq!(self.dump(), self.table);
    }

    fn dump(&self) -> Table {
        let all = format!("SELECT a, b, c, name, price, since FROM data.{}", self.name);
        let rows = self.house.db().rows(&all).into_iter();
        let text = |cell: Option<String>| cell.unwrap_or_default();
        let rows = rows.map(|row| row.into_iter().map(text).collect::<Vec<_>>());
        rows.map(|row| (row[..self.width].to_vec(), row[self.width..].to_vec())).collect()
    }
}
