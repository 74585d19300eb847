//! `bluebook dataset infer`: from a file that nobody has described to a dataset that loads it.

use std::path::Path;

use crate::support::{Answer, Publisher, TestHouse, things_csv};

/// 500 banks as a publisher might write them: padded, in windows-1252, with amounts and dates of its own country.
fn banks() -> Vec<u8> {
    let mut file = b"Bank Name;City;Cert;Closing Date;Assets\r\n".to_vec();
    for cert in 0..500 {
        file.extend(
            format!("Bank {cert}   ;Town {};{cert};{:02}/02/2026;$1,{:03}.50\r\n", cert % 7, cert % 28 + 1, cert)
                .bytes(),
        );
    }
    file.extend(b"First \x96 Caf\xe9;Town;500;28/02/2026;$12.00\r\n");
    file
}

#[test]
fn a_file_becomes_a_dataset_in_one_command() {
    let house = TestHouse::new();
    house.write("drop/banks-20260228.csv", banks());
    let ran = house.run(["dataset", "infer", &path(&house, "drop/banks-20260228.csv"), "--write"]).expect_code(0);
    assert!(ran.stderr().contains("the file has 501 rows and 0 rejects"), "{}", ran.stderr());
    let definition = house.read("parsers/datasets/banks.toml");
    for line in ["charset = \"windows-1252\"  # GUESS", "delimiter = \";\"", "trim = true"] {
        assert!(definition.contains(line), "no {line} in\n{definition}");
    }
    house.run(["check"]).expect_code(0);
    let loaded = house.run(["ingest", "banks", "--json", "--file", &path(&house, "drop/banks-20260228.csv")]);
    assert_eq!(loaded.expect_code(0).json()["inserted"], 501);
    let last = "SELECT concat_ws('|', bank_name, closing_date, assets) FROM data.banks WHERE cert = 500";
    assert_eq!(house.db().text(last), "First \u{2013} Caf\u{e9}|2026-02-28|12.00");
    let fixture = std::fs::read(house.home().join("parsers/fixtures/banks/first.csv")).unwrap();
    assert_eq!(fixture, banks(), "a small file is kept whole");
    let again = house.run(["dataset", "infer", &path(&house, "drop/banks-20260228.csv"), "--write"]).expect_code(1);
    assert!(again.stderr().contains("is there already, and is not overwritten"), "{}", again.stderr());
}

#[test]
fn a_published_file_is_fetched_kept_and_described() {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/data/things.csv", Answer::ok(things_csv(0..50, 1)));
    let ran = house.run(["dataset", "infer", "http://publisher.test/data/things.csv"]).expect_code(0);
    let definition = ran.stdout();
    assert!(definition.contains("url = \"http://publisher.test/data/things.csv\""), "{definition}");
    house.dataset("things", &definition);
    assert_eq!(house.run(["ingest", "things", "--json"]).expect_code(0).json()["inserted"], 50);
    house.assert_invariants();
}

#[test]
fn what_is_secret_in_a_url_is_named_and_not_written_down() {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv?day=1&api_key=s3cr3t", Answer::ok(things_csv(0..50, 1)));
    publisher.serve("/things.csv?api_key=s3cr3t&day=1", Answer::ok(things_csv(0..50, 1)));
    let ran = house.run(["dataset", "infer", "http://publisher.test/things.csv?api_key=s3cr3t&day=1"]).expect_code(0);
    let (definition, told) = (ran.stdout(), ran.stderr());
    assert!(!definition.contains("s3cr3t") && !told.contains("s3cr3t"), "{definition}{told}");
    assert!(told.contains("api_key is a secret: keep it as API_KEY"), "{told}");
    assert!(definition.contains("page = \"http://publisher.test/things.csv\""), "{definition}");
    house.dataset("things", &definition);
    house.set("BLUEBOOK_SECRET_API_KEY", "s3cr3t");
    assert_eq!(house.run(["ingest", "things", "--json"]).expect_code(0).json()["inserted"], 50);
    house.dataset("things", &definition.replace("page = \"", "page = \"http://a.example/?token=s3cr3t#"));
    let shown = house.run(["dataset", "show", "things"]).expect_code(0).stdout();
    assert!(shown.contains("http://a.example/?token=hidden") && !shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn a_description_beside_the_file_is_made_use_of() {
    let house = TestHouse::new();
    house.write("drop/things.csv", things_csv(0..5, 1));
    let package = r#"{ "title": "Things of the office", "resources": [{ "path": "things.csv",
        "schema": { "fields": [{ "name": "price", "description": "Price in euro" }] } }] }"#;
    house.write("drop/datapackage.json", package);
    let definition = house.run(["dataset", "infer", &path(&house, "drop/things.csv")]).expect_code(0).stdout();
    assert!(definition.contains("title = \"Things of the office\""), "{definition}");
    assert!(definition.contains("comment = \"Price in euro\""), "{definition}");
    house.write("drop/datapackage.json", package.replace("things.csv", "others.csv"));
    let told = house.run(["dataset", "infer", &path(&house, "drop/things.csv")]).expect_code(0).stderr();
    assert!(told.contains("datapackage.json does not describe a file things.csv, and is not used"), "{told}");
}

#[test]
fn a_description_that_is_named_counts_for_a_published_file_too() {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::ok(things_csv(0..5, 1)));
    house.write("about.json", r#"{ "title": "Things of the office", "resources": [{ "path": "things.csv" }] }"#);
    let asked = ["dataset", "infer", "http://publisher.test/things.csv", "--beside", &path(&house, "about.json")];
    let definition = house.run(asked).expect_code(0).stdout();
    assert!(definition.contains("title = \"Things of the office\""), "{definition}");
}

/// Real bytes, cut short: no value is NA, and 1000 is written 1e3.
const WEATHER: &str = include_str!("infer/weather.csv");

#[test]
fn the_recipe_of_contributing_is_what_a_newcomer_types() {
    let house = TestHouse::new();
    house.write("weather.csv", WEATHER);
    let recipe = include_str!("../../CONTRIBUTING.md");
    let file = path(&house, "weather.csv");
    let commands: Vec<&str> = recipe.lines().filter_map(|line| line.strip_prefix("bluebook ")).collect();
    let [infer, check, ingest] = commands.as_slice() else { panic!("the recipe has other commands: {commands:?}") };
    let typed = |command: &str| {
        let words = command.split(' ').map(|word| if word == "weather.csv" { file.as_str() } else { word });
        house.run(words.collect::<Vec<_>>()).expect_code(0)
    };
    let told = typed(infer).stderr();
    assert!(told.contains("rows and 0 rejects"), "{told}");
    assert!(told.contains("bluebook ingest nyc_weather --file"), "{told}");
    let definition = house.read("parsers/datasets/nyc_weather.toml");
    for line in
        ["key = [\"origin\", \"time_hour\"]  # GUESS: ", "digits = \"binary\", comment = \"pressure\" }  # GUESS: "]
    {
        assert!(definition.contains(line), "no {line} in\n{definition}");
    }
    house.write("parsers/datasets/nyc_weather.toml", definition.replace("not said yet: ", ""));
    typed(check);
    assert!(typed(ingest).stdout().contains("0 rejected"));
    assert!(typed(ingest).stdout().contains("unchanged"));
    house.schedules(recipe.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap());
    assert!(typed(check).stderr().contains("nyc_weather is scheduled, and its file lies in none of the drop folders"));
    let url = "url = \"https://example.org/weather.csv\"  # ";
    let at_hand = definition.lines().find(|line| line.starts_with("url = \"file:")).unwrap();
    assert!(at_hand.ends_with("# not said yet: where it is published"), "{at_hand}");
    house.write("parsers/datasets/nyc_weather.toml", definition.replace(at_hand, url));
    assert!(!typed(check).stderr().contains("drop folders"));
    let preview = house.run(["schedule", "preview"]).expect_code(0).stdout();
    assert!(preview.contains("nyc_weather"), "{preview}");
}

#[test]
fn a_home_without_folders_gets_them() {
    let house = TestHouse::new();
    house.write("drop/things.csv", things_csv(0..5, 1));
    let home = path(&house, "empty");
    std::fs::create_dir(&home).unwrap();
    house.run(["--home", &home, "dataset", "infer", &path(&house, "drop/things.csv"), "--write"]).expect_code(0);
    assert!(house.home().join("empty/parsers/datasets/things.toml").exists());
    assert!(house.home().join("empty/parsers/fixtures/things/first.csv").exists());
}

#[test]
fn json_is_described_and_loaded_as_any_file() {
    let house = TestHouse::new();
    let rows = (0..30).map(|id| {
        format!("{{\"id\": {id}, \"at\": {{\"day\": \"2026-01-{:02}\"}}, \"tags\": [\"a\", \"b\"]}}", id + 1)
    });
    let document = format!("{{\"count\": 30, \"rows\": [{}]}}", rows.collect::<Vec<_>>().join(",\n"));
    house.write("drop/stations.json", document);
    let file = path(&house, "drop/stations.json");
    house.run(["dataset", "infer", &file, "--write"]).expect_code(0);
    house.run(["check"]).expect_code(0);
    assert_eq!(house.run(["ingest", "stations", "--json", "--file", &file]).expect_code(0).json()["inserted"], 30);
    let last = house.db().text("SELECT concat_ws('|', id, at_day, tags) FROM data.stations ORDER BY id DESC LIMIT 1");
    assert_eq!(last, "29|2026-01-30|a, b");
}

#[test]
fn records_that_are_rejects_are_told_with_what_to_change() {
    let house = TestHouse::new();
    house.write("drop/things.csv", things_csv(0..50, 1).replace("\n20,", "\n20,cut\n20,"));
    let ran = house.run(["dataset", "infer", &path(&house, "drop/things.csv"), "--write"]).expect_code(1);
    assert!(ran.stderr().contains("so its release would be held: change `quoting`, `ragged` or `footer` in [format]"));
    assert!(house.home().join("parsers/datasets/things.toml").exists());
}

#[test]
fn what_cannot_be_described_is_refused_in_a_sentence() {
    let house = TestHouse::new();
    house.write("drop/page.csv", "<!DOCTYPE html><html><body>Service unavailable</body></html>");
    let page = house.run(["dataset", "infer", &path(&house, "drop/page.csv")]).expect_code(1);
    assert!(page.stderr().contains("is a web page"), "{}", page.stderr());
    let nowhere = house.run(["dataset", "infer", "/nowhere/at-all.csv"]).expect_code(1);
    assert!(nowhere.stderr().contains("cannot read /nowhere/at-all.csv"), "{}", nowhere.stderr());
    assert!(!house.home().join("parsers/datasets/page.toml").exists());
}

fn path(house: &TestHouse, file: impl AsRef<Path>) -> String {
    house.home().join(file).display().to_string()
}
