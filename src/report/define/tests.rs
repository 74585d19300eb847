use super::*;

/// A home folder with one report.
fn home(files: &[(&str, &str)]) -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("parsers/datasets")).unwrap();
    for (name, text) in files {
        let path = folder.path().join("templates/reports").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let home = Home::new(Some(folder.path()));
    (folder, home)
}

const GOOD: &str = r#"
title = "Rates"
description = "What a euro buys."
time_zone = "Europe/Berlin"
language = "en"

[[query]]
name = "rates"
title = "Rates"
sql = "rates.sql"
columns = [
    { name = "day", label = "Day", format = "date" },
    { name = "rate", label = "Rate", format = "number", decimals = 4 },
]
chart = { x = "day", y = ["rate"] }

[[document]]
path = "{report}/{slot}.html"
format = "html"
template = "brief.hbs"

[[document]]
path = "{report}/{slot}.csv"
format = "csv"
query = "rates"
"#;

#[test]
fn a_folder_becomes_a_report() {
    let files = [
        ("rates/report.toml", GOOD),
        ("rates/rates.sql", "SELECT 1;\n"),
        ("rates/brief.hbs", "{{> head}}"),
        ("head.hbs", "x"),
    ];
    let (_folder, home) = home(&files);
    let (reports, mistakes) = Reports::load(&home, &Datasets::default());
    assert_eq!(mistakes, []);
    let report = reports.get(&"rates".parse().unwrap()).unwrap();
    assert_eq!(report.queries[0].sql, "SELECT 1");
    assert_eq!(report.documents.len(), 2);
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let bad = r#"
title = "Rates"
description = "What a euro buys."
time_zone = "Europe/Berln"
language = "eo"

[[query]]
name = "rates"
title = "Rates"
sql = "../rates.sql"
reads = ["no_such_dataset"]
columns = [{ name = "day", label = "Day", format = "dat" }]
chart = { x = "day", y = ["rate"] }

[[query]]
name = "prices"
title = "Prices"
sql = "two.sql"
columns = [{ name = "day", label = "Day", format = "number", decimals = 11 }]

[[document]]
path = "../{slot}.html"
format = "html"
template = "breif.hbs"

[[document]]
path = "{report}/rates.csv"
format = "csv"
query = "price"
"#;
    let files = [
        ("rates/report.toml", bad),
        ("rates/two.sql", "SELECT 1; SELECT 2;"),
        ("rates/brief.hbs", "{{> brief}}"),
        ("rates/other.hbs", "{{#if x}}"),
    ];
    let (_folder, home) = home(&files);
    let (reports, mistakes) = Reports::load(&home, &Datasets::default());
    assert!(reports.iter().next().is_none());
    assert_eq!(reports.broken(), ["rates"]);
    let place = |mistake: &Diagnostic| mistake.span.clone().map(|span| format!("{}..{}", span.start, span.end));
    let shown =
        |mistake: &Diagnostic| format!("{} {}: {}", mistake.file, place(mistake).unwrap_or_default(), mistake.message);
    insta::assert_snapshot!(mistakes.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_home_without_reports_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (_, mistakes) = Reports::load(&Home::new(Some(folder.path())), &Datasets::default());
    assert!(mistakes[0].message.starts_with("cannot read the folder of reports"), "{mistakes:?}");
}
