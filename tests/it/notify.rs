//! Who is told of what: each change of a job's condition once, and nothing else.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Answer, PostOffice, Publisher, TestHouse, eventually, things_toml};

mod changes;
mod channels;
mod sending;
mod tls;

const PATH: &str = "/things.csv";

/// How long a notice may take that nothing hinders.
const SOON: Duration = Duration::from_secs(30);

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

    /// Mails go to `ops@example.org` by this office from now on.
    fn mails(mut self, office: &PostOffice) -> Self {
        self.house.set("BLUEBOOK_SMTP_URL", office.url());
        self.house.set("BLUEBOOK_MAIL_FROM", "Bluebook <bluebook@example.org>");
        self.tells("mailto:ops@example.org")
    }

    fn tells(mut self, channels: &str) -> Self {
        self.house.set("BLUEBOOK_NOTIFY", channels);
        self
    }

    /// What each notice came to: its state, and how often it was tried.
    fn notices(&self) -> Vec<String> {
        self.house.db().column("SELECT state || ' ' || attempts FROM bluebook.notices ORDER BY id")
    }

    /// Waits until the notices have come to this.
    #[track_caller]
    fn until(&self, notices: &[&str]) {
        let what = format!("the notices are {notices:?}, and not {:?}", self.notices());
        eventually(SOON, &what, || (self.notices() == notices).then_some(()));
    }

    /// Lets the time pass that a failed notice waits, or that one is held by a daemon that is gone.
    fn wait_is_over(&self) {
        self.house.db().batch("UPDATE bluebook.notices SET not_before = now(); NOTIFY bluebook_changes");
    }
}

/// The subject of every mail that was taken.
fn subjects(office: &PostOffice) -> Vec<String> {
    office.letters().iter().map(|letter| letter.header("Subject")).collect()
}
