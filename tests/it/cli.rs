//! The command line as a shell sees it: help, exit codes, and what is printed where.

use crate::support::{Answer, Program, Publisher, Ran, TestHouse, things_csv, things_toml};

mod datasets;

/// Every command that there is; a new one must be written here.
const COMMANDS: [&str; 40] = [
    "backfill",
    "check",
    "dataset",
    "dataset infer",
    "dataset list",
    "dataset show",
    "dataset verify",
    "demo",
    "doctor",
    "ingest",
    "migrate",
    "notify",
    "notify list",
    "notify retry",
    "notify test",
    "release",
    "release discard",
    "release list",
    "release publish",
    "release show",
    "replay",
    "report",
    "restore",
    "run",
    "run cancel",
    "run list",
    "run show",
    "run start",
    "schedule",
    "schedule pause",
    "schedule preview",
    "schedule resume",
    "serve",
    "trace",
    "user",
    "user add",
    "user disable",
    "user passwd",
    "verify",
    "help",
];

#[test]
fn every_command_explains_itself() {
    let mut found = vec![];
    explain(&[], &mut found);
    found.push("help".to_owned());
    let (mut found, mut expected) = (found, COMMANDS.map(str::to_owned).to_vec());
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

/// Asks for the help of a command and of those below it.
fn explain(words: &[String], found: &mut Vec<String>) {
    let asked = words.iter().cloned().chain(["--help".to_owned()]);
    let ran = Program::bare(asked).env("DATABASE_URL", "postgresql://somebody:hunter2@db/x").run().expect_code(0);
    let help = ran.stdout();
    assert!(help.lines().next().is_some_and(|line| line.len() > 20), "{words:?} says little:\n{help}");
    assert!(!help.contains("hunter2"), "{words:?} shows a password");
    for command in commands_in(&help) {
        let words: Vec<String> = words.iter().cloned().chain([command]).collect();
        explain(&words, found);
        found.push(words.join(" "));
    }
}

/// The names under `Commands:`.
fn commands_in(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_would_be_right() {
    for (args, hint) in [
        (&["ingset"][..], "ingest"),
        (&["ingest"][..], "<DATASET>"),
        (&["check", "--colour"][..], "--colour"),
        (&["serve", "--listen", "nowhere"][..], "invalid"),
        (&["serve", "--pool-size", "0"][..], "1..=500"),
        (&["ingest", "Not A Name"][..], "Not A Name"),
        (&["report", "brief", "--slot", "soon"][..], "soon"),
        (&["user", "add", "somebody", "--role", "king"][..], "viewer, editor or admin"),
        (&["serve", "--fetch-rewrite", "www.example.org"][..], "HOST=URL"),
    ] {
        let ran = Program::bare(args).run().expect_code(2);
        assert!(ran.stderr().contains(hint), "{args:?} must say {hint:?}:\n{}", ran.stderr());
        assert!(ran.stdout().is_empty(), "{args:?} is an error, not a result:\n{}", ran.stdout());
    }
}

#[test]
fn a_broken_env_file_is_wrong_usage_and_is_not_repeated() {
    let house = TestHouse::new();
    std::fs::write(house.dir().join(".env"), "SMTP_PASSWORD 'hunter2").unwrap();
    let ran = house.run(["migrate"]).expect_code(2);
    assert!(ran.stderr().contains(".env") && !ran.stderr().contains("hunter2"), "{}", ran.stderr());
}

#[test]
fn the_env_file_is_read_and_the_environment_wins() {
    let house = TestHouse::new();
    let env_file = house.dir().join(".env");
    std::fs::write(&env_file, format!("DATABASE_URL={}", house.url())).unwrap();
    let migrate = || Program::bare(["migrate"]).within(house.dir());
    assert!(migrate().run().expect_code(0).stdout().contains("up to date"));
    migrate().env("DATABASE_URL", "postgresql://x@/x?host=/nowhere").run().expect_code(1);
}

#[test]
fn a_database_that_is_not_there_is_a_failure_without_its_password() {
    for (url, said) in [
        ("postgresql://bluebook:hunter2@/x?host=/nowhere", "/nowhere"),
        ("postgresql://bluebook:hunter2@127.0.0.1:1/x", "127.0.0.1"),
        ("postgresql://bluebook:hunter2@[broken", "DATABASE_URL"),
    ] {
        let ran = Program::bare(["migrate"]).env("DATABASE_URL", url).run().expect_code(1);
        assert!(ran.stderr().starts_with("bluebook: "), "{}", ran.stderr());
        assert!(ran.stderr().contains(said), "{url} must say {said}: {}", ran.stderr());
        assert!(!ran.stderr().contains("hunter2"), "{}", ran.stderr());
    }
}

#[test]
fn a_database_without_tables_is_told_from_one_that_has_them() {
    let house = TestHouse::empty();
    let ran = house.run(["run", "list"]).expect_code(1);
    assert!(ran.stderr().contains("bluebook migrate"), "{}", ran.stderr());
    assert!(house.run(["migrate"]).expect_code(0).stdout().contains("applied"));
    assert!(house.run(["migrate"]).expect_code(0).stdout().contains("up to date"));
    house.run(["run", "list"]).expect_code(0);
}

#[test]
fn the_customer_tables_are_refused_in_words_where_there_are_others() {
    let house = TestHouse::without_customers();
    house.db().batch("CREATE TABLE public.registry (theirs text)");
    let ran = house.run(["migrate", "--customers"]).expect_code(1);
    assert!(ran.stderr().contains("already has a table registry"), "{}", ran.stderr());
    house.db().batch("DROP TABLE public.registry");
    assert!(house.run(["migrate", "--customers"]).expect_code(0).stdout().contains("applied"));
}

#[test]
fn a_name_that_does_not_exist_is_a_failure_that_offers_the_nearest() {
    let house = TestHouse::new();
    for (args, near) in [
        (&["ingest", "us_gov_domain"][..], "us_gov_domains"),
        (&["replay", "ecb_reference_rate"][..], "ecb_reference_rates"),
    ] {
        let ran: Ran = house.run(args).expect_code(1);
        assert!(ran.stderr().contains(near), "{args:?} must offer {near}: {}", ran.stderr());
    }
    for args in [&["run", "show", "4711"][..], &["release", "show", "4711"][..], &["user", "disable", "nobody"][..]] {
        let ran = house.run(args).expect_code(1);
        assert!(ran.stderr().contains(args[2]), "{args:?}: {}", ran.stderr());
    }
}

#[test]
fn an_ingest_says_in_json_what_became_of_its_release() {
    let (house, publisher) = house_with_things();
    let first = house.run(["ingest", "things", "--json"]).expect_code(0).json();
    for (field, expected) in [("rows", 100), ("inserted", 100), ("changed", 0), ("removed", 0), ("unchanged", 0)] {
        assert_eq!(first[field], expected, "{field} of {first}");
    }
    assert_eq!(
        (&first["dataset"], &first["outcome"], &first["rejected"]),
        (&"things".into(), &"published".into(), &0.into())
    );
    assert!(first["seconds"].is_number() && first["run"].is_number(), "{first}");
    assert_eq!(house.run(["ingest", "things", "--json"]).expect_code(0).json()["outcome"], "unchanged");
    publisher.serve("/things.csv", Answer::ok(things_csv(10..110, 2)));
    let second = house.run(["ingest", "things", "--json"]).expect_code(0).json();
    let counts = ["inserted", "changed", "removed", "unchanged"].map(|field| second[field].as_u64().unwrap());
    assert_eq!(counts, [10, 13, 10, 77], "{second}");
    house.assert_invariants();
}

#[test]
fn the_exit_code_tells_held_from_failed() {
    let (house, publisher) = house_with_things();
    house.run(["ingest", "things"]).expect_code(0);
    publisher.serve("/things.csv", Answer::ok(things_csv(0..20, 1)));
    let held = house.run(["ingest", "things", "--json"]).expect_code(3);
    assert_eq!(held.json()["outcome"], "held");
    let release = house.db().text("SELECT id FROM bluebook.releases WHERE state = 'held'");
    let shown = house.run(["release", "show", &release]).expect_code(0).stdout();
    assert!(shown.contains("80"), "it says how much is missing:\n{shown}");
    house.run(["release", "publish", &release, "--reason", " "]).expect_code(1);
    house.run(["release", "publish", &release, "--reason", "the office was closed"]).expect_code(0);
    let audit = "SELECT concat_ws('|', who, subject, after->>'reason') FROM bluebook.audit WHERE action = 'publish'";
    assert_eq!(house.db().text(audit), format!("command line|release:{release}|the office was closed"));
    assert_eq!(house.db().number("SELECT count(*) FROM data.things"), 20);
    publisher.serve("/things.csv", Answer::status(404));
    let failed = house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("404"), "{}", failed.stderr());
    publisher.serve("/things.csv", Answer::ok("<!doctype html><title>Sorry</title>"));
    let failed = house.run(["ingest", "things"]).expect_code(1);
    assert!(failed.stderr().contains("web page") || failed.stderr().contains("HTML"), "{}", failed.stderr());
    house.assert_invariants();
}

#[test]
fn results_are_for_people_on_a_terminal_and_for_machines_when_asked() {
    let (house, _publisher) = house_with_things();
    house.run(["ingest", "things"]).expect_code(0);
    for args in [&["run", "list"][..], &["release", "list"][..]] {
        let people = house.run(args).expect_code(0).stdout();
        assert!(people.contains("things") && !people.contains('{'), "{args:?}:\n{people}");
        // One object a line.
        let machines = house.run(args.iter().chain(&["--json"])).expect_code(0).json();
        assert!(machines["id"] == 1, "{args:?}: {machines}");
    }
}

#[test]
fn check_is_content_with_the_products_own_files() {
    let house = TestHouse::new();
    house.schedules(include_str!("../../schedules.toml"));
    let ran = house.run(["check"]).expect_code(0);
    let datasets = shipped_datasets();
    assert!(ran.stdout().contains(&format!("{datasets} datasets")), "{}", ran.stdout());
}

fn shipped_datasets() -> usize {
    let files = std::fs::read_dir("parsers/datasets").unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")).count()
}

#[test]
fn check_shows_all_mistakes_of_all_files_at_once() {
    let house = TestHouse::new();
    house.schedules(include_str!("../../schedules.toml"));
    for (file, right, wrong) in [
        ("parsers/datasets/us_gov_domains.toml", "mode = \"replace\"", "mode = \"replce\""),
        ("parsers/datasets/us_gov_domains.toml", "min_rows = 5000", "min_row = 5000"),
        ("parsers/datasets/us_gov_domains.toml", "key = [\"domain_name\"]", "key = [\"domain\"]"),
        ("parsers/datasets/ecb_reference_rates.toml", "title = ", "titel = "),
        ("schedules.toml", "\"Europe/Brussels\"", "\"Europe/Brussel\""),
        ("schedules.toml", "20 6 * * *", "20 26 * * *"),
        ("schedules.toml", "ingest:aemo_demand_forecast", "ingest:aemo_forecast"),
        ("admin.toml", "name = \"contact\"", "name = \"contakt\""),
        ("admin.toml", "\"legal_name\", \"kind\"", "\"legal_nam\", \"kind\""),
        ("templates/reports/market_brief/report.toml", "reads = [\"ecb_reference_rates\"]", "reads = [\"ecb_rates\"]"),
        ("templates/reports/market_brief/power_days.sql", "SELECT", "SELEKT"),
        ("templates/reports/market_brief/brief.hbs", "{{/if}}", "{{/of}}"),
    ] {
        let text = house.read(file);
        assert!(text.contains(right), "{file} has no {right} any more");
        house.write(file, text.replacen(right, wrong, 1));
    }
    let ran = house.run(["check"]).expect_code(1);
    let logged: Vec<String> =
        ran.stderr().lines().filter(|line| !line.starts_with("note: ")).map(str::to_owned).collect();
    assert_eq!(logged, [""; 0], "what is shown is not logged too");
    let all = format!("{} datasets", shipped_datasets());
    insta::assert_snapshot!("check", ran.stdout().replace(&all, "all datasets"));
}

#[test]
fn check_asks_the_database_about_a_reports_sql() {
    let house = TestHouse::new();
    let sql = "templates/reports/market_brief/euro_in_dollars.sql";
    house.write(sql, house.read(sql).replace("data.ecb_reference_rates", "data.ecb_reference_rate"));
    let ran = house.run(["check"]).expect_code(1);
    assert!(ran.stdout().contains(sql) && ran.stdout().contains("ecb_reference_rate\""), "{}", ran.stdout());
}

/// A dataset `things` that a publisher of ours publishes.
fn house_with_things() -> (TestHouse, Publisher) {
    let (mut house, publisher) = (TestHouse::new(), Publisher::start());
    house.dataset("things", &things_toml("http://publisher.test/things.csv"));
    house.rewrite("publisher.test", &publisher);
    publisher.serve("/things.csv", Answer::ok(things_csv(0..100, 1)));
    (house, publisher)
}
