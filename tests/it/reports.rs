//! Reports, through the front door: what an edition shows, and that each slot has one, whatever happens.

use std::{fs, path::PathBuf, time::Duration};

use crate::support::{Browser, TestHouse, eventually, things_csv, things_toml};

const SLOT: &str = "2026-11-20T05:00:00Z";

const DEFINITION: &str = r#"
title = "Things of the day"
description = "What there is, and what it costs."
time_zone = "Europe/Berlin"
language = "de"

[[query]]
name = "things"
title = "All things"
sql = "things.sql"
reads = ["things"]
columns = [
    { name = "id", label = "Number", format = "number", decimals = 0 },
    { name = "name", label = "=Name", format = "text" },
    { name = "price", label = "Price", format = "number", decimals = 2 },
]

[[document]]
path = "{report}/{date}/things-{slot}.html"
format = "html"
template = "page.hbs"

[[document]]
path = "{report}/{date}/things-{slot}.csv"
format = "csv"
query = "things"
"#;

const PAGE: &str = r#"<!doctype html>
<html lang="{{report.language}}">
{{> head}}
<body><main><h1>{{report.title}}</h1>{{> table query.things}}{{> sources}}</main></body>
</html>
"#;

/// A house with a small dataset that has been published, and a report of it.
fn house() -> TestHouse {
    let house = TestHouse::without_customers();
    house.dataset("things", &things_toml("https://publisher.test/things.csv"));
    house.write("templates/reports/things_brief/report.toml", DEFINITION);
    house.write(
        "templates/reports/things_brief/things.sql",
        "SELECT id, name, price * 1000 AS price FROM data.things ORDER BY id",
    );
    house.write("templates/reports/things_brief/page.hbs", PAGE);
    house.write("things.csv", things_csv(1..8, 5));
    let file = house.home().join("things.csv");
    house.run(["ingest", "things", "--file", &file.to_string_lossy()]).expect_code(0);
    house
}

fn place(house: &TestHouse, ending: &str) -> PathBuf {
    house.state().join(format!("reports/things_brief/2026-11-20/things-20261120T050000Z.{ending}"))
}

#[test]
fn an_edition_prints_its_figures_and_the_release_that_they_come_from() {
    let house = house();
    let ran = house.run(["report", "things_brief", "--slot", SLOT]).expect_code(0);
    assert_eq!(
        ran.stdout().lines().collect::<Vec<_>>(),
        [place(&house, "html"), place(&house, "csv")].map(|path| path.display().to_string())
    );
    let page = fs::read_to_string(place(&house, "html")).unwrap();
    assert!(page.contains("7.050,00") && page.contains("lang=\"de\""), "{page}");
    assert!(page.contains("Office of Invented Things") && page.contains("20.11.2026, 06:00"), "{page}");
    let csv = fs::read_to_string(place(&house, "csv")).unwrap();
    assert!(csv.starts_with("\"Number\",\"'=Name\",\"Price\"\r\n1,\"Thing, number 1\",1000.00\r\n"), "{csv}");
    let from = "SELECT dataset || ' ' || (release = d.published_release) FROM bluebook.edition_releases
                JOIN bluebook.datasets d ON d.name = dataset";
    assert_eq!(house.db().column(from), ["things true"]);
    house.assert_invariants();
}

#[test]
fn an_edition_over_data_that_was_never_published_says_so() {
    let house = TestHouse::without_customers();
    let ran = house.run(["report", "market_brief"]).expect_code(0);
    let page = fs::read_to_string(ran.stdout().lines().next().unwrap()).unwrap();
    assert!(page.contains("Nothing has been published here so far of: Euro reference rates."), "{page}");
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.edition_releases"), 0);
}

#[test]
fn a_slot_has_one_edition_and_a_file_that_went_missing_comes_back() {
    let house = house();
    house.run(["report", "things_brief", "--slot", SLOT]).expect_code(0);
    let before = fs::read(place(&house, "html")).unwrap();
    fs::remove_file(place(&house, "html")).unwrap();
    house.db().batch("UPDATE data.things SET price = 1");
    let again = house.run(["report", "things_brief", "--slot", SLOT]).expect_code(0);
    assert_eq!(
        fs::read(place(&house, "html")).unwrap(),
        before,
        "the edition comes from the archive: {}",
        again.stderr()
    );
    assert!(again.stderr().contains("was made before"), "{}", again.stderr());
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.editions"), 1);
    let states = "SELECT DISTINCT state FROM bluebook.deliveries";
    assert_eq!(house.db().column(states), ["delivered"]);
}

#[test]
fn a_file_of_somebody_else_is_not_replaced() {
    let house = house();
    fs::create_dir_all(place(&house, "html").parent().unwrap()).unwrap();
    fs::write(place(&house, "html"), "theirs").unwrap();
    let ran = house.run(["report", "things_brief", "--slot", SLOT]).expect_code(1);
    assert!(ran.stderr().contains("is there already and is not this edition's"), "{}", ran.stderr());
    assert_eq!(fs::read_to_string(place(&house, "html")).unwrap(), "theirs");
}

#[test]
fn a_report_that_is_killed_before_its_delivery_is_only_delivered_afterwards() {
    let house = house();
    let mut killed = house
        .program(["report", "things_brief", "--slot", SLOT])
        .env("BLUEBOOK_PAUSE_AT", "deliver")
        .spawn(house.server());
    let step = "SELECT coalesce(max(step), '') FROM bluebook.runs WHERE job = 'report:things_brief'";
    eventually(Duration::from_secs(20), "the step deliver", || (house.db().text(step) == "deliver").then_some(()));
    killed.kill();
    assert!(!place(&house, "html").exists());
    let daemon = house.serve();
    eventually(Duration::from_secs(40), "the edition on disk", || place(&house, "csv").exists().then_some(()));
    let ended = "SELECT count(*) FROM bluebook.runs WHERE job = 'report:things_brief' AND state = 'succeeded'";
    eventually(Duration::from_secs(20), "the run's end", || (house.db().number(ended) == 1).then_some(()));
    assert!(daemon.terminate(Duration::from_secs(30)).success());
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.editions"), 1);
    house.assert_invariants();
}

#[test]
fn a_query_that_is_wrong_fails_the_run_with_its_file() {
    let house = house();
    house.write("templates/reports/things_brief/things.sql", "SELECT id, name, prize AS price FROM data.things");
    let ran = house.run(["report", "things_brief"]).expect_code(1);
    assert!(ran.stderr().contains("things.sql: the database refused this query"), "{}", ran.stderr());
    house.write("templates/reports/things_brief/things.sql", "SELECT id, name FROM data.things");
    let ran = house.run(["report", "things_brief"]).expect_code(1);
    assert!(ran.stderr().contains("the query answers with id, name; the report.toml declares id, name, price"));
    house.write("templates/reports/things_brief/things.sql", "DELETE FROM data.things RETURNING id, name, price");
    house.run(["report", "things_brief"]).expect_code(1);
    let signal = "SELECT id, name, pg_terminate_backend(pg_backend_pid()) AS price FROM data.things";
    house.write("templates/reports/things_brief/things.sql", signal);
    let ran = house.run(["report", "things_brief"]).expect_code(1);
    assert!(ran.stderr().contains("must be a member of the role"), "{}", ran.stderr());
    assert_eq!(house.db().number("SELECT count(*) FROM data.things"), 7);
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.editions"), 0);
}

#[test]
fn the_market_brief_over_real_releases_is_accessible_in_light_and_dark() {
    let house = TestHouse::without_customers();
    let releases = [
        "us_gov_domains/1-2026-08-20.csv",
        "us_gov_domains/2-2026-08-21.csv",
        "entsoe_day_ahead_prices/1-2025-10-01.xml",
        "aemo_demand_forecast/1-2025-04-01-PUBLIC_FORECAST_OPERATIONAL_DEMAND_HH_202504011800_20250401173353.zip",
        "ecb_reference_rates/4-2026-04-13.zip",
    ];
    for release in releases {
        let file = format!("{}/demo/releases/{release}", env!("CARGO_MANIFEST_DIR"));
        let (dataset, _) = release.split_once('/').unwrap();
        house.run(["ingest", dataset, "--file", &file]).expect_code(0);
    }
    let ran = house.run(["report", "market_brief"]).expect_code(0);
    let page = ran.stdout().lines().next().unwrap().to_owned();
    let text = fs::read_to_string(&page).unwrap();
    for figure in ["1.1684", "86.19", "8,830", "16,535", "8 new, 16 changed, 0 gone"] {
        assert!(text.contains(figure), "the brief lacks {figure}");
    }
    assert!(!text.contains(" src=") && !text.contains("@import"), "an edition is one file that asks for nothing else");
    let browser = Browser::open("file://");
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        browser.goto(&page);
        assert_eq!(browser.axe(), Vec::<String>::new(), "{scheme}");
    }
    browser.phone();
    browser.goto(&page);
    assert_eq!(browser.axe(), Vec::<String>::new(), "phone");
}
