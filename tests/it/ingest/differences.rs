//! Random tables, edits and misfortunes: whichever way the difference is found, the table is what a plain reload makes of
//! it, the counts are those of a plain comparison, and the history tells what was published then.

use std::{collections::BTreeMap, fs, time::Duration};

use serde_json::Value;

use super::{Scene, json};
use crate::support::{Program, Ran, Running, TestHouse, eventually};
use model::{Dice, File, Mode, Table};

mod model;

/// Tables and releases of each. `CASES` asks for more, `SEED` for others.
const CASES: u64 = 8;
const RELEASES: usize = 5;

/// Steps at which a load fails, or is killed.
const STEPS: [&str; 3] = ["stage", "expect", "merge"];

#[test]
fn a_table_is_what_a_plain_reload_makes_of_it_and_its_history_what_was_published_then() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (cases, seed) = (number("CASES", CASES), number("SEED", 1));
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
    /// Whether versions are kept just now.
    history: bool,
    /// What each release published while they were, by its number.
    published: Vec<(i64, Table)>,
    /// Whether somebody has edited the table, and nothing has put it right yet.
    edited: bool,
}

impl<'a> Case<'a> {
    fn new(house: &'a TestHouse, case: u64, mut dice: Dice) -> Self {
        let (width, mode) =
            (1 + dice.below(3), [Mode::Replace, Mode::Replace, Mode::Upsert, Mode::Append][dice.below(4)]);
        let (name, file, history) = (format!("case_{case}"), File::random(&mut dice), dice.below(2) == 0);
        let (table, published) = (BTreeMap::new(), Vec::new());
        let case = Self { house, dice, name, width, mode, table, file, history, published, edited: false };
        case.define();
        case
    }

    fn define(&self) {
        self.house.dataset(&self.name, &model::definition(self.width, self.mode, self.history));
    }

    fn play(mut self) {
        self.release();
        for _ in 1..RELEASES {
            match self.dice.below(10) {
                0 => self.changed_by_hand(),
                1 => self.cut_off(),
                2 => self.without_fingerprint(),
                3..=5 => {
                    self.history = !self.history;
                    self.define();
                }
                _ => (),
            }
            self.file.edit(&mut self.dice);
            self.release();
        }
        self.put_right();
        self.tells_what_was_published();
    }

    /// Loads the file as it is now, now and then with a program that is killed on its way, and another after it.
    fn release(&mut self) {
        self.write();
        let killed = if self.dice.below(4) == 0 { self.killed() } else { None };
        let answer = killed.unwrap_or_else(|| self.loaded());
        self.came_to(&answer);
    }

    /// Loads what was written. Where somebody has edited the table, its history may refuse until a replay has put it right.
    fn loaded(&mut self) -> Value {
        let ran = self.ingest().run();
        if !self.edited || !self.history || ran.code() == 0 {
            return json(ran, 0);
        }
        assert!(ran.stderr().contains("`bluebook replay` closes and opens what differs"), "{}", ran.stderr());
        json(self.replay(), 0);
        (self.table, self.edited) = (self.dump(), false);
        json(self.ingest().run(), 0)
    }

    fn replay(&self) -> Ran {
        self.house.run(["replay", self.name.as_str(), "--json"])
    }

    /// Of an edited table it is not known what becomes, but that the load comes to its end.
    fn came_to(&mut self, answer: &Value) {
        if self.edited {
            return;
        }
        if answer["rows"] == 0 && !self.file.is_empty() {
            assert_eq!(answer["outcome"], "unchanged", "the same bytes as before");
            return assert_eq!(self.dump(), self.table);
        }
        self.holds(answer);
    }

    /// A load that is killed with no chance to tidy changes nothing. One that ended before, because there was nothing to
    /// do, has an answer.
    fn killed(&mut self) -> Option<Value> {
        let (step, before) = (STEPS[self.dice.below(3)], self.dump());
        let mut run = self.ingest().env("BLUEBOOK_PAUSE_AT", step).spawn(self.house.server());
        if !self.stands_at(&mut run, step) {
            return Some(serde_json::from_str(&run.stdout()).expect("an answer"));
        }
        run.kill();
        assert_eq!(self.dump(), before, "killed at {step}");
        let db = self.house.db();
        db.batch("UPDATE bluebook.runs SET lease_until = now() - interval '1 s' WHERE state = 'running'");
        None
    }

    /// Waits until the run stands at the step: true; or has ended.
    fn stands_at(&self, run: &mut Running, step: &str) -> bool {
        let at = format!(
            "SELECT count(*) FROM bluebook.runs WHERE state = 'running' AND step = '{step}' AND job = 'ingest:{}'",
            self.name
        );
        eventually(Duration::from_secs(30), &format!("the run is at {step}"), || {
            let stands = self.house.db().number(&at) == 1;
            (stands || run.ended().is_some()).then_some(stands)
        })
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
        let answer = json(self.replay(), 0);
        self.holds(&answer);
    }

    /// A load that fails on entering a step changes nothing.
    fn cut_off(&mut self) {
        let step = STEPS[self.dice.below(3)];
        self.file.edit(&mut self.dice);
        self.write();
        let before = self.dump();
        json(self.ingest().env("BLUEBOOK_FAIL_AT", step).run(), 1);
        assert_eq!(self.dump(), before);
    }

    fn without_fingerprint(&mut self) {
        fs::remove_dir_all(self.house.state().join("fingerprints")).unwrap();
    }

    /// Writes the file as it is now.
    fn write(&mut self) {
        let csv = self.file.csv(&mut self.dice);
        fs::write(self.house.dir().join("release.csv"), csv).unwrap();
    }

    /// A command that loads what was written.
    fn ingest(&mut self) -> Program {
        let path = self.house.dir().join("release.csv");
        let program = self.house.program(["ingest", &self.name, "--json", "--file", path.to_str().unwrap()]);
        if self.dice.below(2) == 0 { program.env("BLUEBOOK_TINY_LIMITS", "true") } else { program }
    }

    /// The table and the counts are what the model says.
    fn holds(&mut self, answer: &Value) {
        let (table, counts) = model::apply(&self.table, &self.file, self.width, self.mode);
        let told = Scene::counts(answer);
        assert_eq!(told, counts.told(), "{:?} of {} key columns, after {:#?}", self.mode, self.width, self.file);
        self.table = table;
        assert_eq!(self.dump(), self.table);
        if self.history && answer["outcome"] == "published" {
            self.published.push((answer["release"].as_i64().expect("a release"), self.table.clone()));
        }
    }

    /// The history gives for the moment of each publication what was published.
    fn tells_what_was_published(&self) {
        for (release, table) in &self.published {
            let then = format!(
                "SELECT a, b, c, name, price, since FROM bluebook.releases r, data.{}_as_of(r.published_at) \
                 WHERE r.id = {release}",
                self.name
            );
            assert_eq!(self.rows(&then), *table, "as of release {release}");
        }
    }

    /// What the table holds; nothing, if there is none yet.
    fn dump(&self) -> Table {
        let there = format!("SELECT count(to_regclass('data.{}'))", self.name);
        if self.house.db().number(&there) == 0 {
            return Table::new();
        }
        self.rows(&format!("SELECT a, b, c, name, price, since FROM data.{}", self.name))
    }

    fn rows(&self, sql: &str) -> Table {
        let rows = self.house.db().rows(sql).into_iter();
        let text = |cell: Option<String>| cell.unwrap_or_default();
        let rows = rows.map(|row| row.into_iter().map(text).collect::<Vec<_>>());
        rows.map(|row| (row[..self.width].to_vec(), row[self.width..].to_vec())).collect()
    }
}
