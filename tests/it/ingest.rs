//! Loads through the front door: `bluebook ingest`, `replay` and `release`.

use serde_json::Value;

use crate::support::{Answer, Publisher, Ran, TestHouse, things_toml};

mod ahead;
mod backfill;
mod catalogues;
mod clocks;
mod content;
mod decisions;
mod differences;
mod documents;
mod drifts;
mod expectations;
mod fetching;
mod fingerprints;
mod first;
mod floods;
mod gaps;
mod held;
mod history;
mod hostile;
mod inspections;
mod kills;
mod lengths;
mod lies;
mod manners;
mod memory;
mod modes;
mod names;
mod offers;
pub(crate) mod pairs;
mod periods;
mod rejects;
mod restore;
mod retries;
mod secrets;
mod sums;
mod tables;
mod trace;
mod transfers;
mod trust;
mod unchanged;
mod walks;

use kills::{comes_to, lease_runs_out};

const PATH: &str = "/things.csv";

/// A house with the dataset `things`, and the publisher that it asks.
struct Scene {
    house: TestHouse,
    publisher: Publisher,
}

impl Scene {
    fn new() -> Self {
        Self::defined(|toml| toml)
    }

    /// With a definition that differs from the usual one.
    fn defined(change: impl FnOnce(String) -> String) -> Self {
        let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
        house.dataset("things", &change(definition()));
        house.rewrite("publisher.test", &publisher);
        Self { house, publisher }
    }

    fn redefine(&self, change: impl FnOnce(String) -> String) {
        self.house.dataset("things", &change(definition()));
    }

    fn serves(&self, csv: impl AsRef<[u8]>) -> &Self {
        self.publisher.serve(PATH, Answer::ok(csv));
        self
    }

    #[track_caller]
    fn ingest(&self, code: i32) -> Value {
        json(self.house.run(["ingest", "things", "--json"]), code)
    }

    #[track_caller]
    fn replay(&self, code: i32) -> Value {
        json(self.house.run(["replay", "things", "--json"]), code)
    }

    fn rows(&self) -> Vec<String> {
        self.house.db().dump("data.things")
    }

    /// The counts of a command's answer that are not zero.
    fn counts(answer: &Value) -> String {
        let names = ["rows", "inserted", "changed", "removed", "unchanged", "rejected", "duplicates", "kept"];
        let told = names.iter().filter(|name| answer[**name] != 0).map(|name| format!("{name} {}", answer[*name]));
        told.collect::<Vec<_>>().join(", ")
    }
}

fn definition() -> String {
    things_toml("http://publisher.test/things.csv")
}

/// A CSV of things: each row `id,name`, the other columns empty.
fn things(rows: &[&str]) -> String {
    rows.iter().fold("id,name,price,since\n".to_owned(), |csv, row| format!("{csv}{row},,\n"))
}

#[track_caller]
fn json(ran: Ran, code: i32) -> Value {
    let ran = ran.expect_code(code);
    if code == 1 { Value::Null } else { ran.json() }
}
