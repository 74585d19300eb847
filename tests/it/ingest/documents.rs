//! Documents of XML: elements that are renamed overnight, and records that all stand on one line.

use serde_json::Value;

use super::{Scene, json};
use crate::support::TestHouse;

const FORMAT: &str = "kind = \"xml\"\nnamespace = \"urn:places\"\nrecord = \"list/place\"\n";

/// The same things in a document, in whose records names are elements.
fn defined(toml: &str) -> String {
    toml.replace("kind = \"csv\"\n", FORMAT)
        .replace("\"since\"\n", "\"since\"\nmay_be_absent = true\n")
        .replace("from = \"id\"", "from = \"@id\"")
}

fn list(places: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<list xmlns=\"urn:places\">{places}</list>\n")
}

fn place(id: u32, element: &str, name: &str, price: &str) -> String {
    format!("<place id=\"{id}\"><{element}>{name}</{element}><price>{price}</price></place>")
}

#[test]
fn an_element_that_is_renamed_overnight_is_held_by_its_name_and_read_by_the_version_that_is_declared() {
    let scene = Scene::defined(|toml| defined(&toml).replace("from = \"name\"", "from = \"Country\""));
    let before = [place(1, "Country", "France", "1.00"), place(2, "Country", "Suède", "2.00")].concat();
    scene.serves(list(&before)).ingest(0);
    let after = before.replace("Country", "Country-Pays");
    let held = scene.serves(list(&after)).ingest(3);
    let finding = &held["findings"][0];
    let told = "the file lacks \"Country\"; it has \"Country-Pays\", which the definition does not name; \"Country\" is \
                perhaps called \"Country-Pays\" now";
    assert!(finding["message"].as_str().unwrap().starts_with(told), "{finding}");
    let version = finding["suggestion"].as_str().unwrap();
    assert_eq!(version, "[[version]]\nname = \"version 2\"\nfrom = { name = \"Country-Pays\" }");
    assert_eq!(scene.rows().len(), 2, "what was published stays");
    let declare = |toml: String| {
        let toml = defined(&toml).replace("from = \"name\"", "from = \"Country\"");
        toml.replace("[expect]", &format!("{version}\n[expect]"))
    };
    scene.redefine(declare);
    assert_eq!(scene.replay(0)["outcome"], "unchanged", "the same rows, under another name");
    let newer = scene.serves(list(&after.replace("2.00", "2.50"))).ingest(0);
    assert_eq!(Scene::counts(&newer), "rows 2, changed 1, unchanged 1");
    let older = scene.serves(list(&before)).ingest(0);
    assert_eq!(Scene::counts(&older), "rows 2, changed 1, unchanged 1", "and the layout of before still loads");

    let both = format!("{}\n{}", place(1, "Country", "France", "1.00"), place(2, "Country-Pays", "Suède", "2.00"));
    let held = scene.serves(list(&both)).ingest(3);
    let told = "the file is of no declared version: \"Country-Pays\" on line 3 is not of [columns], \"Country\" on line 2 \
                is not of the version \"version 2\"";
    assert!(held["findings"][0]["message"].as_str().unwrap().starts_with(told), "{held}");
    scene.house.assert_invariants();
}

#[test]
fn a_record_among_many_on_one_line_is_shown_and_refused_by_itself() {
    let scene = Scene::defined(|toml| defined(&toml));
    let places =
        [place(1, "name", "one", "1.00"), place(2, "name", "two &amp; so", "2.00"), place(3, "name", "three", "dear")];
    let answer = scene.serves(list(&places.concat())).ingest(0);
    assert_eq!(Scene::counts(&answer), "rows 3, inserted 2, rejected 1");
    let rejected = scene
        .house
        .db()
        .rows("SELECT record, line, column_name, value, convert_from(original, 'UTF8') FROM bluebook.rejects");
    let rejected: Vec<_> = rejected[0].iter().map(|cell| cell.as_deref().unwrap_or("-").trim_end()).collect();
    assert_eq!(rejected, ["3", "2", "price", "dear", &places[2]]);
    let traced: Value = json(scene.house.run(["trace", "things", "2", "--json"]), 0);
    let original = &traced["versions"][0]["original"];
    assert_eq!((original["line"].as_u64(), original["text"].as_str()), (Some(2), Some(places[1].as_str())));
}

#[test]
fn a_fact_of_an_xbrl_instance_leads_back_to_its_filing_and_its_line() {
    let house = TestHouse::without_customers();
    let definition = include_str!("../../../parsers/datasets/ferc714_facts.toml");
    house.dataset("ferc714_facts", &definition.replace("min_rows = 5000", "min_rows = 1"));
    let fixture = |name: &str| format!("{}/parsers/fixtures/ferc714_facts/{name}", env!("CARGO_MANIFEST_DIR"));
    let ingest =
        |name: &str, code| json(house.run(["ingest", "ferc714_facts", "--json", "--file", &fixture(name)]), code);
    assert_eq!(Scene::counts(&ingest("first.zip", 0)), "rows 121, inserted 120, duplicates 1");
    let filing = "Arizona_Electric_Power_Cooperative,_Inc._form714_Q4_1654118401.xbrl";
    let key = [filing, "C011501", "PlanningAreaHourlyDemandMegawatts", "2021-10-13T23:00:00", "{}"];
    let traced = json(house.run(["trace", "ferc714_facts", "--json"].into_iter().chain(key)), 0);
    let original = &traced["versions"][0]["original"];
    let fact = "<ferc:PlanningAreaHourlyDemandMegawatts id=\"f22\" contextRef=\"c2\" unitRef=\"u1\" decimals=\"0\">21.88\
                </ferc:PlanningAreaHourlyDemandMegawatts>";
    assert_eq!((original["member"].as_str(), original["text"].as_str()), (Some(filing), Some(fact)));
    assert_eq!(original["line"], 45);

    assert_eq!(ingest("bad-context.zip", 3)["findings"][0]["check"], "rejects");
    let reject = "SELECT line || ' ' || reason FROM bluebook.rejects";
    let told = format!("37 names the context \"c2\", which is not there (in the member \"{filing}\")");
    assert_eq!(house.db().text(reject), told);
    house.assert_invariants();
}
