//! Who is told of what: each change of a job's condition once, and nothing else.

use serde_json::Value;

use crate::support::{Answer, Publisher, TestHouse, things_toml};

mod changes;

const PATH: &str = "/things.csv";

/// A house with the dataset `things`, and the publisher that it asks.
struct Scene {
    house: TestHouse,
    publisher: Publisher,
}

impl Scene {
    /// With four things published.
    fn new() -> Self {
        let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
        house.dataset("things", &things_toml("http://publisher.test/things.csv"));
        house.rewrite("publisher.test", &publisher);
        let scene = Self { house, publisher };
        scene.serves(&["1,one", "2,two", "3,three", "4,four"]);
        scene.ingest(0);
        scene
    }

    /// The publisher has these rows from now on.
    fn serves(&self, rows: &[&str]) {
        let csv = rows.iter().fold("id,name,price,since\n".to_owned(), |csv, row| format!("{csv}{row},,\n"));
        self.publisher.serve(PATH, Answer::ok(csv));
    }

    /// A release that is held, as it shrinks too much.
    fn hold(&self) -> Value {
        self.serves(&["1,one"]);
        self.ingest(3)
    }

    #[track_caller]
    fn ingest(&self, code: i32) -> Value {
        let ran = self.house.run(["ingest", "things", "--json"]).expect_code(code);
        if code == 1 { Value::Null } else { ran.json() }
    }

    /// A run that fails for good.
    fn fail(&self) {
        self.house.program(["ingest", "things"]).env("BLUEBOOK_FAIL_AT", "fetch").run().expect_code(1);
    }

    /// Every change so far: `before>after`.
    fn changes(&self) -> Vec<String> {
        self.house.db().column("SELECT before || '>' || after FROM bluebook.changes ORDER BY id")
    }
}
