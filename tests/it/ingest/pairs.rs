//! Real releases, one over the other: the counts are those of a comparison that was made without this program.

mod cut;
mod whole;

use std::path::{Path, PathBuf};

use super::{Scene, json};
use crate::support::TestHouse;

/// Releases of one dataset, and what loading each over the one before must report.
struct Series {
    dataset: &'static str,
    /// File and counts.
    releases: &'static [(&'static str, &'static str)],
    /// Columns that the message about the first file names, where the definition does not know its version yet.
    named: &'static [&'static str],
}

#[test]
fn cut_releases_come_to_the_counts_of_an_independent_comparison() {
    for series in cut::CUT {
        load(series, &Path::new(env!("CARGO_MANIFEST_DIR")).join("parsers/fixtures").join(series.dataset));
    }
}

#[test]
#[ignore = "needs whole releases: make test-data DIR=…"]
fn whole_releases_come_to_the_counts_of_an_independent_comparison() {
    let folder = PathBuf::from(std::env::var_os("DATA").expect("DATA names the folder of the releases"));
    for series in whole::WHOLE {
        load(series, &folder);
    }
    as_text_and_by_common_columns(&folder);
}

/// Loads a series in its order. If its first file is of a version, it is held at first, by a definition that does not
/// declare it.
fn load(series: &Series, folder: &Path) {
    let (house, whole) = (TestHouse::without_customers(), definition(series.dataset));
    let ingest = |file: &str, code| {
        let file = folder.join(file);
        json(
            house.run([
                Path::new("ingest"),
                Path::new(series.dataset),
                Path::new("--json"),
                Path::new("--file"),
                &file,
            ]),
            code,
        )
    };
    for (at, (file, counts)) in series.releases.iter().enumerate() {
        let is_first = at == 0 && !series.named.is_empty();
        let answer = if is_first {
            house.dataset(series.dataset, &without_versions(&whole));
            let held = ingest(file, 3);
            let message = held["findings"][0]["message"].as_str().unwrap_or_default();
            for name in series.named {
                assert!(message.contains(&format!("{name:?}")), "{name}: {message}");
            }
            house.dataset(series.dataset, &whole);
            json(house.run(["replay", series.dataset, "--json"]), 0)
        } else {
            house.dataset(series.dataset, &as_packed(&whole, file));
            ingest(file, 0)
        };
        assert_eq!(Scene::counts(&answer), *counts, "{file} of {}", series.dataset);
    }
    house.assert_invariants();
}

/// What publishers pack in a zip archive may lie in the folder of whole releases without it.
pub(crate) fn as_packed(definition: &str, file: &str) -> String {
    let packing = match file.rsplit_once('.') {
        _ if !definition.contains("packing = \"zip\"") => return definition.to_owned(),
        Some((_, "gz")) => "packing = \"gzip\"\n",
        Some((_, "xml" | "xlsx" | "dbf")) => "",
        _ => return definition.to_owned(),
    };
    let lines = definition.lines().filter(|line| !line.starts_with("member = "));
    let lines = lines.map(|line| if line.starts_with("packing = ") { packing.to_owned() } else { format!("{line}\n") });
    lines.collect()
}

/// The columns of the .gov file of 2019, as nobody needs them who starts today.
const DOMAINS_OF_2019: &str = r#"
[[version]]
name = "2019"
from = { domain_name = "Domain Name", domain_type = "Domain Type", organization_name = "Agency", suborganization_name = "Organization", security_contact_email = "Security Contact Email" }
ignore = ["(column 8 without a name)", "(column 9 without a name)", "(column 10 without a name)"]

[expect]"#;

/// A definition as it is shipped; but a cut file has fewer rows, and loses more of them.
pub(crate) fn definition(dataset: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("parsers/datasets/{dataset}.toml"));
    let text = std::fs::read_to_string(file).expect("the definition");
    let text = if dataset == "us_gov_domains" { text.replace("\n[expect]", DOMAINS_OF_2019) } else { text };
    let lines = text.lines().map(|line| match line.split_once(" = ") {
        Some((limit @ "min_rows", _)) => format!("{limit} = 1\n"),
        Some((limit @ ("max_shrink" | "max_rejected_share"), _)) => format!("{limit} = 1.0\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// The same before anybody declared a version; and so without a column that only a version has.
fn without_versions(definition: &str) -> String {
    let (columns, rest) = definition.split_once("\n[[version]]").expect("a version");
    let (_, expect) = rest.split_once("\n[expect]").expect("expectations behind the versions");
    let columns = columns.lines().filter(|line| !line.starts_with("nuts = ")).map(|line| format!("{line}\n"));
    format!("{}\n[expect]{expect}", columns.collect::<String>())
}

/// The catalogue's own figure for the projects: values as text without the white space around them, and only the columns
/// that both releases have.
fn as_text_and_by_common_columns(folder: &Path) {
    let dataset = "uk_renewable_projects";
    let only_newer = ["cfd_allocation_round", "reapplied_as", "reapplied_from"];
    let whole = definition(dataset);
    let lines = whole.lines().filter(|line| !only_newer.iter().any(|name| line.starts_with(name))).map(as_text);
    let text = lines
        .collect::<String>()
        .replace("absent = [\"cfd_allocation_round\", \"reapplied_as\", \"reapplied_from\"]\n", "");
    let columns = "kind = \"csv\"\nignore = [\"CfD Allocation Round\", \"Are they re-applying (New REPD Ref)\", \
                   \"Are they re-applying (Old REPD Ref)\"]";
    // Without `absent` nothing tells the versions apart any more but the encoding: each file has its definition.
    let newer = without_versions(&text).replace("kind = \"csv\"", columns);
    let unnamed = (49..=53).map(|at| format!("\"(column {at} without a name)\"")).collect::<Vec<_>>().join(", ");
    let older = newer
        .replace("ignore = [", &format!("ignore = [{unnamed}, "))
        .replace("[format]", "[decode]\ncharset = \"windows-1252\"\n\n[format]");
    let house = TestHouse::without_customers();
    let releases = [
        (older, "renewable-energy-planning-database-q2-june-2021.csv", "rows 6461, inserted 6461"),
        (newer, "repd-january-2023.csv", "rows 8487, inserted 2053, changed 6375, removed 27, unchanged 59"),
    ];
    for (definition, file, counts) in releases {
        house.dataset(dataset, &definition);
        let file = folder.join("desnz-repd-csv").join(file);
        let ran = house.run([Path::new("ingest"), Path::new(dataset), Path::new("--json"), Path::new("--file"), &file]);
        assert_eq!(Scene::counts(&json(ran, 0)), counts, "{}", file.display());
    }
}

/// A column's line with text in place of its type.
fn as_text(line: &str) -> String {
    let Some((before, rest)) = line.split_once("type = \"") else { return format!("{line}\n") };
    let (_, rest) = rest.split_once('"').expect("the type's end");
    format!(
        "{before}type = \"text\"{}\n",
        rest.replace(", pattern = \"%d/%m/%Y\"", "").replace(", nulls = [\"\", \"NA\"]", "")
    )
}
