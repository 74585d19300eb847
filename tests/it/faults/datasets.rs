//! Datasets that come into their tables in every way there is, so that one fault meets all of them at once.

use std::collections::BTreeMap;

use super::DONE_AGAIN;
use crate::support::{
    Answer, Publisher, TestHouse, assert_same_rows, eventually, things_csv, things_rows, things_toml,
};

/// Rows of a release. From one release to the next, fifty of them go, fifty are new, and every seventh changes.
const ROWS: u32 = 3000;
const STRIDE: u32 = 50;

/// How a release comes into its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Into a table that nothing was ever published in.
    First,
    /// By its difference to the published release.
    Difference,
    /// The same, and its rows have versions.
    History,
    /// By comparing the whole table, because somebody has edited it by hand.
    Whole,
    /// Without removing anything.
    Upsert,
    /// Without removing or changing anything.
    Append,
    /// As a multiset: nothing names a row.
    Keyless,
}

const LASTING: [Way; 6] = [Way::Difference, Way::History, Way::Whole, Way::Upsert, Way::Append, Way::Keyless];

/// One dataset, and what its table holds: before the release that is out now, and after it.
struct Table {
    name: String,
    way: Way,
    before: Vec<String>,
    after: Vec<String>,
}

/// A house with one dataset for each way, and their publisher.
pub(super) struct Datasets {
    pub(super) house: TestHouse,
    publisher: Publisher,
    release: u32,
    tables: Vec<Table>,
}

impl Datasets {
    /// A first release of each is published, except where the first is what is tested.
    pub(super) fn published(mut house: TestHouse) -> Self {
        let publisher = Publisher::start();
        house.rewrite("publisher.test", &publisher);
        house.set("BLUEBOOK_PARALLEL_RUNS", "7");
        house.set("BLUEBOOK_POOL_SIZE", "16");
        let mut all = Self { house, publisher, release: 0, tables: Vec::new() };
        for way in LASTING {
            all.add(format!("things_{way:?}").to_lowercase(), way);
        }
        all.next_release();
        let daemon = all.house.serve();
        all.wait_until_loaded(&all.ask());
        drop(daemon);
        all
    }

    /// The publisher has another release of each, and there is a dataset that has never been loaded. Daemons learn of
    /// that when they start.
    pub(super) fn prepare(&mut self) {
        self.next_release();
        self.tables.retain(|table| table.way != Way::First);
        self.add(format!("first_{}", self.release), Way::First);
        self.publish(self.tables.len() - 1);
        for table in self.tables.iter_mut().filter(|table| table.way == Way::Whole) {
            edit_by_hand(&self.house, table, self.release);
        }
    }

    /// Asks for all loads as "run now" does; returns the runs.
    pub(super) fn ask(&self) -> Vec<String> {
        self.tables.iter().map(|table| self.house.ask_for(&table.name)).collect()
    }

    /// Whoever reads sees a whole release, old or new.
    #[track_caller]
    pub(super) fn assert_whole(&self) {
        for table in &self.tables {
            let rows = self.rows(table);
            if rows != table.after {
                assert_same_rows(&rows, &table.before);
            }
        }
    }

    /// Nothing has been published yet.
    #[track_caller]
    pub(super) fn assert_untouched(&self) {
        for table in &self.tables {
            assert_same_rows(&self.rows(table), &table.before);
        }
    }

    /// All runs end well within the usual time, and all tables are what undisturbed loads make of them.
    #[track_caller]
    pub(super) fn wait_until_loaded(&self, runs: &[String]) {
        for run in runs {
            eventually(DONE_AGAIN, &format!("run {run} succeeded"), || {
                self.house.skip_waiting();
                let now = self.house.state_now(run);
                assert!(!["failed", "held", "cancelled"].contains(&now.as_str()), "run {run} is {now}");
                (now == "succeeded").then_some(())
            });
        }
        self.assert_loaded();
        self.house.assert_invariants();
    }

    #[track_caller]
    fn assert_loaded(&self) {
        for table in &self.tables {
            let rows = self.rows(table);
            assert!(rows.len() == table.after.len(), "data.{}: {} rows", table.name, rows.len());
            assert_same_rows(&rows, &table.after);
        }
    }

    /// A table that is not there yet holds nothing.
    fn rows(&self, table: &Table) -> Vec<String> {
        let name = format!("data.{}", table.name);
        let there = self.house.db().text(&format!("SELECT to_regclass('{name}') IS NOT NULL")) == "t";
        if there { self.house.db().dump(&name) } else { Vec::new() }
    }

    fn add(&mut self, name: String, way: Way) {
        let toml = things_toml(&format!("http://publisher.test/{name}.csv"));
        let toml = match way {
            Way::First | Way::Difference | Way::Whole => toml,
            Way::History => toml.replace("mode = \"replace\"", "mode = \"replace\"\nhistory = true"),
            Way::Upsert => toml.replace("mode = \"replace\"", "mode = \"upsert\""),
            Way::Append => toml.replace("mode = \"replace\"", "mode = \"append\""),
            Way::Keyless => toml.replace("key = [\"id\"]", "key = []"),
        };
        self.house.dataset(&name, &toml);
        self.tables.push(Table { name, way, before: Vec::new(), after: Vec::new() });
    }

    fn next_release(&mut self) {
        self.release += 1;
        (0..self.tables.len()).for_each(|at| self.publish(at));
    }

    /// The release's bytes, and what they make of the table.
    fn publish(&mut self, at: usize) {
        let table = &mut self.tables[at];
        let start = self.release * STRIDE;
        let (ids, edition) = match table.way {
            Way::Append => (0..start + ROWS, 1),
            _ => (start..start + ROWS, self.release),
        };
        self.publisher.serve(&format!("/{}.csv", table.name), Answer::ok(things_csv(ids.clone(), edition)));
        table.before = std::mem::take(&mut table.after);
        let new = things_rows(ids, edition);
        table.after = if table.way == Way::Upsert { united(&table.before, new) } else { new };
    }
}

/// What an upsert makes of old rows and new ones, both by their first field.
fn united(old: &[String], new: Vec<String>) -> Vec<String> {
    let key = |row: &String| row.split('|').next().unwrap_or_default().to_owned();
    let rows = old.iter().cloned().chain(new).map(|row| (key(&row), row));
    let mut rows: Vec<String> = rows.collect::<BTreeMap<_, _>>().into_values().collect();
    rows.sort();
    rows
}

/// One row is gone that the next release changes, and one is other than anybody published it.
fn edit_by_hand(house: &TestHouse, table: &mut Table, release: u32) {
    let changed = (release * STRIDE + STRIDE).next_multiple_of(7);
    house.db().batch(&format!(
        "DELETE FROM data.{name} WHERE id = {changed}; UPDATE data.{name} SET name = 'by hand' WHERE id = {changed} + 1",
        name = table.name
    ));
    table.before = house.db().dump(&format!("data.{}", table.name));
}
