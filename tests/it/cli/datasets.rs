//! `bluebook dataset list` and `show`: what a person, a pipe and a program learn of a dataset.

use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::support::{Answer, Publisher, TestHouse, things_csv, things_toml};

/// The fields of a line; a program relies on them.
const LINE: [&str; 14] = [
    "changed_at",
    "checked_at",
    "dataset",
    "failing_since",
    "held_release",
    "next_slot",
    "paused_at",
    "period",
    "published_at",
    "release",
    "rows",
    "state",
    "table",
    "title",
];

/// What `show` has beside them.
const SHOWN: [&str; 21] = [
    "definition",
    "description",
    "expected_period",
    "fetched",
    "gaps",
    "held",
    "history_since",
    "indexes",
    "key",
    "late_since",
    "licence",
    "mode",
    "newest_period",
    "publisher",
    "readers",
    "request",
    "runs",
    "secrets",
    "slots",
    "source",
    "views",
];

const SCHEDULE: &str = "[[schedule]]\nname = \"things_at_six\"\njob = \"ingest:things\"\ncron = \"0 6 * * *\"\n\
                        time_zone = \"Europe/Berlin\"\n";

/// Where the publisher has it; what is asked for has a secret in it.
const FILE: &str = "/things.csv?token=hunter2";

/// A house with nothing in it but the dataset `things`, with a history and an older name.
fn house() -> (TestHouse, Publisher) {
    let (mut house, publisher) = (TestHouse::without_customers(), Publisher::start());
    for folder in ["parsers/datasets", "templates/reports"] {
        std::fs::remove_dir_all(house.home().join(folder)).unwrap();
    }
    let offers = "history = true\nindexes = [[\"since\"]]\ncompatibility = { view = \"public.OLD_THINGS\" }\n";
    house.dataset("things", &format!("{offers}{}", things_toml(&format!("http://publisher.test{FILE}"))));
    house.rewrite("publisher.test", &publisher);
    publisher.serve(FILE, Answer::ok(things_csv(0..1100, 1)));
    house.schedules(SCHEDULE);
    (house, publisher)
}

fn fields(object: &Value) -> Vec<&str> {
    let mut fields: Vec<&str> = object.as_object().map(Map::keys).expect("an object").map(String::as_str).collect();
    fields.sort_unstable();
    fields
}

/// What `dataset show things` prints.
fn shown(house: &TestHouse) -> String {
    house.run(["dataset", "show", "things"]).expect_code(0).stdout()
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

#[test]
fn the_list_has_a_line_a_dataset_whatever_became_of_it() {
    let (house, _publisher) = house();
    house.dataset("never_asked", &things_toml("http://publisher.test/other.csv"));
    house.dataset("off", "title = 1");
    house.run(["ingest", "things"]).expect_code(0);
    let listed = house.run(["dataset", "list"]).expect_code(0).stdout();
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["dataset", "state", "rows", "published", "as", "of", "next", "slot"]);
    assert_eq!(lines[1], ["never_asked", "empty", "-", "-", "-", "-"]);
    assert_eq!(lines[2][..3], ["things", "fresh", "1,100"]);
    assert_eq!(lines[3], ["off", "broken", "-", "-", "-", "-"]);
    assert_eq!(lines.len(), 4, "{listed}");
    let machines = house.run(["dataset", "list", "--json"]).expect_code(0).stdout();
    let objects: Vec<Value> = machines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.iter().all(|object| fields(object) == LINE), "{machines}");
    assert_eq!((&objects[1]["table"], &objects[1]["release"]), (&"data.things".into(), &1.into()));
    assert!(objects[1]["published_at"].is_string() && objects[1]["next_slot"].is_string(), "{machines}");
    assert_eq!((&objects[2]["state"], &objects[2]["table"]), (&"broken".into(), &Value::Null));
}

#[test]
fn a_dataset_is_shown_with_what_it_is_and_how_fresh_it_is() {
    let (house, _publisher) = house();
    house.run(["ingest", "things"]).expect_code(0);
    let text = shown(&house);
    says(
        &text,
        &[
            "things: Things (fresh)\n",
            "  Things that tests count\n",
            "data.things, 1,100 rows",
            "public.OLD_THINGS (compatibility view)",
            "data.things_history (history)",
            "data.things_as_of(timestamptz) (function)",
            "every version of a row since 2",
            "Office of Invented Things, https://publisher.test/",
            "http://publisher.test/things.csv?token=hidden",
            "None: invented",
            "home/parsers/datasets/things.toml",
            "release 1, just now",
            "release 1: 1100 rows, 1100 inserted",
            "schedule things_at_six: 0 6 * * * in Europe/Berlin\n",
        ],
    );
    assert_eq!(text.matches(" 06:00:00 +0").count(), 10, "ten slots:\n{text}");
    let object = house.run(["dataset", "show", "things", "--json"]).expect_code(0).json();
    let mut all: Vec<&str> = LINE.iter().chain(&SHOWN).copied().collect();
    all.sort_unstable();
    assert_eq!(fields(&object), all);
    assert_eq!(object["key"], serde_json::json!(["id"]));
    assert_eq!(object["mode"], "replace");
    assert_eq!(object["indexes"], serde_json::json!([["since"]]));
    assert_eq!(object["slots"].as_array().map(Vec::len), Some(10));
    let slot = ["cron", "local", "mark", "paused", "schedule", "utc", "zone"];
    assert_eq!((fields(&object["slots"][0]), &object["slots"][0]["zone"]), (slot.to_vec(), &"Europe/Berlin".into()));
    assert_eq!(object["runs"][0]["state"], "succeeded");
    assert!(!object.to_string().contains("hunter2") && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_dataset_that_never_ran_and_has_no_schedule_is_shown_too() {
    let (house, _publisher) = house();
    house.schedules("");
    let text = shown(&house);
    says(&text, &["things: Things (empty)\n", "nothing yet: `bluebook ingest things`", "never", "none yet"]);
    says(&text, &["no schedule in schedules.toml runs it", "every version of a row, from the first release on"]);
    assert!(!text.contains("\nheld") && !text.contains("\ngaps"), "{text}");
}

#[test]
fn a_name_that_does_not_exist_is_answered_with_the_nearest() {
    let (house, _publisher) = house();
    let ran = house.run(["dataset", "show", "thing"]).expect_code(1);
    assert!(ran.stderr().contains("there is no dataset thing: did you mean things?"), "{}", ran.stderr());
    let ran = house.run(["dataset", "show", "weather"]).expect_code(1);
    assert!(ran.stderr().contains("there is no dataset weather; there are: things"), "{}", ran.stderr());
}

#[test]
fn what_a_held_release_waits_for_is_said_and_what_its_publisher_wrote_commands_nothing() {
    let (house, publisher) = house();
    house.run(["ingest", "things"]).expect_code(0);
    let hostile = "id,na\u{1b}[2Jme,price,since\n1,one,1.00,2026-01-01\n";
    publisher.serve(FILE, Answer::ok(hostile));
    house.run(["ingest", "things"]).expect_code(3);
    let text = shown(&house);
    says(
        &text,
        &["things: Things (held)\n", "release 2, fetched ", "waits for a person's decision or the next release"],
    );
    says(
        &text,
        &["columns: ", "bluebook release show 2", "bluebook release discard 2 --reason WHY", "release 2 is held"],
    );
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let object = house.run(["dataset", "show", "things", "--json"]).expect_code(0);
    assert!(!object.stdout().contains('\u{1b}'));
    let held = &object.json()["held"][0];
    assert_eq!((&held["id"], &held["waits_for"]), (&2.into(), &"a person's decision or the next release".into()));
}

#[test]
fn a_dataset_of_periods_says_which_is_the_newest_and_what_its_calendar_misses() {
    let (house, publisher) = house();
    let each_day = "url = \"http://publisher.test/{date:%Y/%m%d}.csv\"\nperiod = \"day\"\nlag = \"1 d\"";
    let calendar = "min_rows = 1\nwarn = [\"calendar\"]\ncalendar = { column = \"since\", every = \"1 day\" }";
    let toml = things_toml("http://publisher.test/things.csv")
        .replace("url = \"http://publisher.test/things.csv\"", each_day)
        .replace("mode = \"replace\"", "mode = \"upsert\"")
        .replace("min_rows = 1", calendar);
    house.dataset("things", &toml);
    let file = "id,name,price,since\n1,one,1.00,2025-03-01\n3,three,3.00,2025-03-03\n";
    publisher.serve("/2025/0303.csv", Answer::ok(file));
    house.run(["backfill", "things", "2025-03-03..2025-03-03"]).expect_code(0);
    let text = shown(&house);
    says(
        &text,
        &["2025-03-03; 2", " is to be expected\n", "\ngaps\n  2025-03-02 is missing: the publisher is asked again"],
    );
    says(&text, &["http://publisher.test/{date:%Y/%m%d}.csv"]);
    let listed = house.run(["dataset", "list"]).expect_code(0).stdout();
    assert!(listed.contains("  2025-03-03  "), "{listed}");
    let object = house.run(["dataset", "show", "things", "--json"]).expect_code(0).json();
    assert_eq!(object["newest_period"], "2025-03-03T00:00:00Z");
    assert_eq!(fields(&object["gaps"][0]), ["asked_until", "from", "noticed_at", "to", "told"]);
}

#[test]
fn everything_fits_a_terminal_of_eighty_columns() {
    let (house, publisher) = house();
    house.dataset("a_dataset_whose_name_has_forty_character", &things_toml("http://publisher.test/other.csv"));
    house.run(["ingest", "things"]).expect_code(0);
    publisher.serve(FILE, Answer::ok(things_csv(0..20, 1)));
    house.run(["ingest", "things"]).expect_code(3);
    for (args, expected) in [("list", "\n  held "), ("show things", "waits for a person's decision")] {
        let program = format!("stty rows 24 cols 80 && {} dataset {args} 2>&-", env!("CARGO_BIN_EXE_bluebook"));
        let mut terminal = Command::new("script");
        terminal.args(["-qec", &program, "/dev/null"]).current_dir(house.dir()).envs(house.settings());
        let output = terminal.stdin(Stdio::null()).output().expect("script, of Debian's bsdutils");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(expected), "{text}");
        // A path and a URL are never folded.
        let wide = |line: &&str| line.trim_end().chars().count() > 80 && !line.contains('/');
        assert_eq!(text.lines().find(wide), None, "{text}");
    }
}
