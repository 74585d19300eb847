//! What the shipped datasets ask their publishers for, and what becomes of them whose publishers want a secret.

mod off;

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use bluebook::{
    config::Home,
    datasets::{Datasets, first_request},
};
use jiff::Timestamp;
use parsers::{Dataset, plan::Way};
use url::Url;

use crate::support::{Answer, Publisher, TestHouse, eventually};

/// The moment of every slot.
const SLOT: &str = "2026-11-22T12:00:00Z";
/// What each secret is.
const SECRET: &str = "not-for-anybody";
/// All of them in a row, on a machine that has more to do.
const PATIENCE: Duration = Duration::from_mins(3);

/// Links of pages that list files, as their publishers write them; the last is the file that is taken.
const LISTED: [(&str, &[&str]); 7] = [
    (
        "aemo_demand_forecast",
        &[
            "/Reports/Current/Operational_Demand/",
            "/Reports/Current/Operational_Demand/FORECAST_HH/PUBLIC_FORECAST_OPERATIONAL_DEMAND_HH_202504011800_20250401173353.zip",
        ],
    ),
    (
        "bundesbank_bank_codes",
        &[
            "/resource/blob/602668/1b4a/blz-aktuell-csv-data.csv",
            "/resource/blob/602632/bec25ca5df1eb62fefadd8325dafe67c/472B63F073F071307366337C94F8C870/blz-aktuell-txt-data.txt",
        ],
    ),
    (
        "companies_house_companies",
        &["BasicCompanyData-2026-11-01-part1_7.zip", "BasicCompanyDataAsOneFile-2026-11-01.zip"],
    ),
    ("eia860_plants", &["archive/xls/eia8602022.zip", "xls/eia8602023.zip"]),
    (
        "icd10cm_codes",
        &["icd10cm-addenda-2027.zip", "icd10cm-code-descriptions-2027.zip", "icd10cm-table-and-index-2027.zip"],
    ),
    (
        "sec_financial_notes",
        &[
            "/files/dera/data/financial-statement-notes-data-sets/2020q3_notes.zip",
            "/files/dera/data/financial-statement-notes-data-sets/2026_09_notes.zip",
            "/files/dera/data/financial-statement-notes-data-sets/2026_10_notes.zip",
        ],
    ),
    (
        "uk_renewable_projects",
        &[
            "https://assets.publishing.service.gov.uk/media/6985c2f0/REPD_Publication_Q4_2025.xlsx",
            "https://assets.publishing.service.gov.uk/media/6985c316d3f57710b50a9b1f/REPD_Publication_Q4_2025.csv",
        ],
    ),
];

#[test]
fn every_shipped_source_ends_in_a_published_release() {
    let (publisher, mut house) = (Publisher::start(), TestHouse::without_customers());
    let datasets = furnish(&mut house, &publisher);
    for dataset in datasets.iter().filter(|dataset| dataset.source.same_as.is_none()) {
        serve(dataset, &publisher, &house);
        queue(&house, dataset.name.as_str());
    }
    let (daemon, db) = (house.serve(), house.db());
    let count = i64::try_from(datasets.iter().count()).unwrap();
    let ended = "SELECT count(*) FROM bluebook.runs WHERE finished_at IS NOT NULL";
    eventually(PATIENCE, "every dataset has had its run", || (db.number(ended) == count).then_some(()));
    let wrong =
        "SELECT format('%s: %s %s %s', job, state, error, outcome) FROM bluebook.runs WHERE state <> 'succeeded'";
    assert_eq!(db.column(wrong), [""; 0]);
    assert_eq!(db.number("SELECT count(*) FROM bluebook.releases WHERE state = 'published'"), count);
    let fetched = "SELECT format('%s %s %s', rpad(dataset, 26), coalesce(part::text, '-'), url) FROM bluebook.fetches \
                   ORDER BY dataset, id";
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, description => "dataset, part, request" }, {
        insta::assert_snapshot!("publishers", db.column(fetched).join("\n").replace(&house.dir().display().to_string(), ""));
    });
    let kept = "SELECT concat((SELECT string_agg(f::text, '') FROM bluebook.fetches f), \
                (SELECT string_agg(r::text, '') FROM bluebook.runs r), \
                (SELECT string_agg(e::text, '') FROM bluebook.run_events e))";
    assert!(!(daemon.log() + &db.text(kept)).contains(SECRET), "a secret has been told");
    let sent = |path: &str, header: &str| {
        let log = publisher.log();
        let asked = log.iter().find(|asked| asked.path.starts_with(path)).expect("a request");
        asked.header(header).map(str::to_owned)
    };
    assert_eq!(sent("/data-research/", "User-Agent").as_deref(), Some(SECRET));
    assert!(sent("/denkiyoho/", "Referer").is_some_and(|page| page.ends_with("/past.html")));
    house.assert_invariants();
}

/// The house as it is shipped; but fixtures are cut, so that fewer rows are expected of them.
fn furnish(house: &mut TestHouse, publisher: &Publisher) -> Datasets {
    let drops = house.dir().join("drops");
    fs::create_dir(&drops).unwrap();
    for file in fs::read_dir(house.home().join("parsers/datasets")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&file).unwrap();
            let (definition, _) = text.split_once("\n[expect]").expect("expectations");
            let definition = definition.replace("/var/lib/bluebook/drops", &drops.display().to_string());
            fs::write(&file, format!("{definition}\n[expect]\nmin_rows = 1\nmax_rejected = 0\n")).unwrap();
        }
    }
    let (datasets, mistakes) = Datasets::load(&Home::new(Some(&house.home())));
    assert_eq!(mistakes, []);
    let sources = || datasets.iter().map(|dataset| &dataset.source);
    let hosts = sources().filter_map(|source| Url::parse(&source.url).ok()?.host_str().map(str::to_owned));
    let others = sources().flat_map(|source| source.redirect_hosts.clone());
    for host in hosts.chain(others).collect::<BTreeSet<_>>() {
        house.rewrite(&host, publisher);
    }
    for name in sources().flat_map(|source| source.manner.secrets()).collect::<BTreeSet<_>>() {
        house.write(&format!("secrets/{name}"), SECRET);
    }
    house.set("BLUEBOOK_CREDENTIALS_DIR", house.home().join("secrets"));
    house.set("BLUEBOOK_DROP_DIRS", drops);
    house.set("BLUEBOOK_PARALLEL_RUNS", "4");
    datasets
}

/// Puts a dataset's fixture where its plan leads.
fn serve(dataset: &Dataset, publisher: &Publisher, house: &TestHouse) {
    let moment: Timestamp = SLOT.parse().unwrap();
    let first: Url =
        first_request(&dataset.source, moment).expect("a request").replace("hidden", SECRET).parse().unwrap();
    let (name, fixture) = (dataset.name.as_str(), fixture(dataset.name.as_str()));
    if first.scheme() == "file" {
        fs::write(house.dir().join("drops").join(first.path().rsplit('/').next().unwrap()), fixture).unwrap();
        return;
    }
    let page = match &dataset.source.way {
        Way::File | Way::Pages(_) => return publisher.serve(&target(&first), Answer::ok(fixture)),
        Way::Links(_) => {
            let (_, links) = LISTED.iter().find(|(listed, _)| *listed == name).expect("links for its page");
            publisher.serve(&target(&first.join(links.last().unwrap()).unwrap()), Answer::ok(fixture));
            links.iter().map(|link| format!("<a href=\"{link}\">{link}</a><br>")).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{name} is fetched in a way that this test does not know: {other:?}"),
    };
    publisher.serve(&target(&first), Answer::ok(page));
}

fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn fixture(dataset: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("parsers/fixtures").join(dataset);
    let files = fs::read_dir(folder).expect("fixtures").map(|entry| entry.unwrap().path());
    let is_first = |path: &Path| path.file_stem().is_some_and(|stem| stem == "first");
    fs::read(files.into_iter().find(|path| is_first(path)).expect("first.*")).unwrap()
}

/// A run for the slot, as the scheduler queues it.
fn queue(house: &TestHouse, dataset: &str) {
    house.db().batch(&format!(
        "INSERT INTO bluebook.schedules (name, job, cron, time_zone, catch_up, overlap, active)
            VALUES ('{dataset}', 'ingest:{dataset}', '0 12 * * *', 'UTC', 'latest', 'skip', false);
         INSERT INTO bluebook.runs (job, trigger, schedule, slot)
            VALUES ('ingest:{dataset}', '\"slot\"', '{dataset}', '{SLOT}')"
    ));
}
