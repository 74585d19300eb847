//! Real releases, one over the other: the counts are those of a comparison that was made without this program.

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

/// Cut releases, under parsers/fixtures. ABILITYONE.GOV stands twice in the file of 2019, for two different bodies: both
/// records are rejected.
const CUT: &[Series] = &[
    Series {
        dataset: "cisa_kev",
        releases: &[
            ("first.csv", "rows 35, inserted 35"),
            ("second.csv", "rows 45, inserted 10, changed 6, unchanged 29"),
        ],
        named: &[],
    },
    Series {
        dataset: "us_gov_domains",
        releases: &[
            ("bad-columns-of-2019.csv", "rows 47, inserted 45, rejected 2"),
            ("release-2026-08-20.csv", "rows 48, inserted 9, changed 39, removed 6"),
            ("release-2026-08-21.csv", "rows 52, inserted 4, changed 5, unchanged 43"),
        ],
        named: &["Organization name", "Domain Name", "Security contact email"],
    },
    Series {
        dataset: "uk_postcodes",
        releases: &[
            ("columns-of-2018-other-line-ends.csv", "rows 37, inserted 37"),
            ("columns-of-2018.csv", "rows 37, unchanged 37"),
            ("columns-of-2021.csv", "rows 43, inserted 6, changed 37"),
            ("first.csv", "rows 49, inserted 6, changed 43"),
        ],
        named: &["npark", "sicbl", "icb", "oa21", "park", "ccg", "stp"],
    },
    Series {
        dataset: "uk_renewable_projects",
        releases: &[
            ("columns-of-2021.csv", "rows 40, inserted 40"),
            ("first.csv", "rows 43, inserted 8, changed 15, removed 5, unchanged 20"),
        ],
        named: &["CfD Allocation Round", "Are they re-applying (Old REPD Ref)"],
    },
];

/// Whole releases, in folders as their publishers' names are. Rules that the counts depend on: domains are compared in
/// small letters, and the two contradicting records of 2019 count as rejected, not as one row; postcodes keep `nuts`
/// and `itl` apart, and a column that a file lacks is null, which an empty text is not; projects are compared by their
/// values, so that 21.00 is 21 (compared as text, over the columns that both files have, 6,375 differ).
const WHOLE: &[Series] = &[
    Series {
        dataset: "ecb_reference_rates",
        releases: &[
            ("ecb-eurofxref-hist/eurofxref-hist-20161028.zip", "rows 4565, inserted 4565"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260324.zip", "rows 6970, inserted 2405, unchanged 4565"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260407.zip", "rows 6978, inserted 8, unchanged 6970"),
            ("ecb-eurofxref-hist/eurofxref-hist-20260413.zip", "rows 6983, inserted 5, unchanged 6978"),
            ("ecb-eurofxref-pypi/eurofxref-hist.zip", "rows 7126, inserted 143, unchanged 6983"),
        ],
        // The same columns in another order: nothing to hold.
        named: &[],
    },
    Series {
        dataset: "us_gov_domains",
        releases: &[
            ("cisa-dotgov-csv/dotgov-current-full-20190206.csv", "rows 5796, inserted 5794, rejected 2"),
            (
                "cisa-dotgov-csv/dotgov-current-full-20260820.csv",
                "rows 16527, inserted 11236, changed 5291, removed 503",
            ),
            ("cisa-dotgov-csv/dotgov-current-full-20260821.csv", "rows 16535, inserted 8, changed 16, unchanged 16511"),
            (
                "cisa-dotgov-csv/dotgov-current-full-20260822.csv",
                "rows 16539, inserted 5, changed 3, removed 1, unchanged 16531",
            ),
        ],
        named: &["Organization name", "Domain Name", "Security contact email"],
    },
    Series {
        dataset: "cisa_kev",
        releases: &[
            ("cisa-kev/kev-20250127.csv", "rows 1252, inserted 1252"),
            ("cisa-kev/kev-20250818.csv", "rows 1400, inserted 148, changed 49, unchanged 1203"),
            ("cisa-kev/kev-20250821.csv", "rows 1401, inserted 1, unchanged 1400"),
            ("cisa-kev/kev-20250825.csv", "rows 1404, inserted 3, unchanged 1401"),
        ],
        named: &[],
    },
    Series {
        dataset: "uk_postcodes",
        releases: &[
            ("onspd-extract/onspd-extract-2018-06.csv", "rows 5168, inserted 5168"),
            ("onspd-extract/onspd-extract-2020-12.csv", "rows 5168, unchanged 5168"),
            ("onspd-extract/onspd-extract-2021-06.csv", "rows 5656, inserted 488, changed 5168"),
            ("onspd-extract/onspd-extract-2024-09.csv", "rows 8048, inserted 2392, changed 5656"),
        ],
        named: &["npark", "sicbl", "icb", "oa21", "park", "ccg", "stp"],
    },
    Series {
        dataset: "uk_renewable_projects",
        releases: &[
            ("desnz-repd-csv/renewable-energy-planning-database-q2-june-2021.csv", "rows 6461, inserted 6461"),
            (
                "desnz-repd-csv/repd-january-2023.csv",
                "rows 8487, inserted 2053, changed 2716, removed 27, unchanged 3718",
            ),
        ],
        named: &["CfD Allocation Round", "Are they re-applying (Old REPD Ref)"],
    },
];

#[test]
fn cut_releases_come_to_the_counts_of_an_independent_comparison() {
    for series in CUT {
        load(series, &Path::new(env!("CARGO_MANIFEST_DIR")).join("parsers/fixtures").join(series.dataset));
    }
}

#[test]
#[ignore = "needs whole releases: make test-data DIR=…"]
fn whole_releases_come_to_the_counts_of_an_independent_comparison() {
    let folder = PathBuf::from(std::env::var_os("DATA").expect("DATA names the folder of the releases"));
    for series in WHOLE {
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
            house.dataset(series.dataset, &whole);
            ingest(file, 0)
        };
        assert_eq!(Scene::counts(&answer), *counts, "{file} of {}", series.dataset);
    }
    house.assert_invariants();
}

/// The columns of the .gov file of 2019, as nobody needs them who starts today.
const DOMAINS_OF_2019: &str = r#"
[[version]]
name = "2019"
from = { domain_name = "Domain Name", domain_type = "Domain Type", organization_name = "Agency", suborganization_name = "Organization", security_contact_email = "Security Contact Email" }
ignore = ["(column 8 without a name)", "(column 9 without a name)", "(column 10 without a name)"]

[expect]"#;

/// A definition as it is shipped; but a cut file has fewer rows, and loses more of them.
fn definition(dataset: &str) -> String {
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
