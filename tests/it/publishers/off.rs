//! A dataset whose publisher wants a secret that is not there is off, and nothing else is.

use std::time::Duration;

use crate::{
    admin::signed_in,
    support::{Answer, Publisher, TestHouse, eventually, things_csv, things_toml},
};

const SOON: Duration = Duration::from_mins(1);
const SENTENCE: &str = "the secret OFFICE_KEY is not there: put it into the file ";

fn each_second(dataset: &str) -> String {
    format!("[[schedule]]\nname = \"{dataset}\"\njob = \"ingest:{dataset}\"\ncron = \"* * * * * *\"\n")
}

#[test]
fn a_dataset_without_its_secret_is_off_until_it_is_there_and_the_others_run() {
    let (publisher, mut house) = (Publisher::start(), TestHouse::without_customers());
    house.rewrite("publisher.test", &publisher);
    let keys = house.home().join("keys");
    house.set("BLUEBOOK_CREDENTIALS_DIR", &keys);
    let url = "http://publisher.test/things.csv";
    house.dataset("things", &things_toml(url));
    let closed = things_toml(url).replace("\n[format]", "query = { key = \"secret:OFFICE_KEY\" }\n\n[format]");
    house.dataset("closed", &closed);
    for path in ["/things.csv", "/things.csv?key=k3y"] {
        publisher.serve(path, Answer::ok(things_csv(0..1000, 1)));
    }
    house.schedules(&(each_second("things") + &each_second("closed")));
    let (daemon, db) = (house.serve(), house.db());
    let slots = |dataset: &str, state: &str| {
        format!("SELECT count(*) FROM bluebook.runs WHERE job = 'ingest:{dataset}' AND state = '{state}'")
    };
    let both = || db.number(&slots("closed", "skipped")) > 0 && db.number(&slots("things", "succeeded")) > 0;
    eventually(SOON, "one is skipped, and the other runs", || both().then_some(()));
    let why = db.column("SELECT DISTINCT reason FROM bluebook.runs WHERE job = 'ingest:closed'");
    assert!(why.len() == 1 && why[0].starts_with(SENTENCE), "{why:?}");
    assert_eq!(db.number("SELECT count(*) FROM bluebook.changes"), 0, "it is no news");
    assert!(daemon.log().contains("closed cannot be fetched: the secret OFFICE_KEY"), "{}", daemon.log());
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    for page in ["/", "/datasets/closed"] {
        assert!(viewer.get(page).body.contains(SENTENCE), "{page}");
    }
    assert!(viewer.get("/").body.contains("Nothing needs a person"), "nothing waits for anybody");
    let shown = house.run(["dataset", "show", "closed"]).expect_code(0).stdout();
    assert!(shown.contains("?key=hidden") && shown.contains(SENTENCE), "{shown}");
    let json = house.run(["dataset", "show", "closed", "--json"]).expect_code(0).json();
    assert_eq!((&json["secrets"][0]["name"], &json["secrets"][0]["is_there"]), (&"OFFICE_KEY".into(), &false.into()));
    house.write("keys/OFFICE_KEY", "k3y\n");
    let there = || (db.number(&slots("closed", "succeeded")) > 0).then_some(());
    eventually(SOON, "it runs without a restart", there);
}
