//! What belongs together is there together: datasets and fixtures, migrations both ways, SQL files and who reads them.

use super::{files, names, nothing_in, read, root, rust};

#[test]
fn every_dataset_has_its_fixtures_and_stands_in_the_readme() {
    let (mut found, readme) = (Vec::new(), read("README.md"));
    for file in names("parsers/datasets").into_iter().filter(|file| file != "README.md") {
        let Some(name) = file.strip_suffix(".toml") else {
            found.push(format!("parsers/datasets/{file} is no dataset: only NAME.toml belongs here"));
            continue;
        };
        let fixtures = format!("parsers/fixtures/{name}");
        let all = if root().join(&fixtures).is_dir() { names(&fixtures) } else { Vec::new() };
        for start in ["first.", "bad-"] {
            if !all.iter().any(|file| file.starts_with(start)) {
                found.push(format!(
                    "{fixtures} has no {start}* file: real bytes that must load, and some that must not"
                ));
            }
        }
        if !readme.contains(&format!("`{name}`")) {
            found.push(format!("README.md does not name the dataset `{name}`"));
        }
    }
    for folder in names("parsers/fixtures") {
        if !root().join(format!("parsers/datasets/{folder}.toml")).is_file() {
            found.push(format!("parsers/fixtures/{folder} belongs to no dataset"));
        }
    }
    nothing_in(&found);
}

#[test]
fn every_migration_leads_back() {
    let mut found = Vec::new();
    for set in names("migrations") {
        for migration in names(&format!("migrations/{set}")) {
            for file in ["up.sql", "down.sql"] {
                let path = format!("migrations/{set}/{migration}/{file}");
                if !root().join(&path).is_file() {
                    found.push(format!("{path} is missing"));
                }
            }
        }
    }
    nothing_in(&found);
}

#[test]
fn every_sql_file_of_the_code_is_read_by_it() {
    let code = rust();
    let mut found = Vec::new();
    for file in files("src", ".sql").into_iter().chain(files("tests", ".sql")) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let included = code.iter().any(|rust| rust.text.contains(&format!("{name}\")")));
        if !included {
            found.push(format!("{}: no include_str! reads it", file.path));
        }
    }
    nothing_in(&found);
}

#[test]
fn every_file_of_a_report_is_used_by_it() {
    let mut found = Vec::new();
    let all = files("templates/reports", ".hbs");
    let includes = |name: &str| all.iter().any(|file| file.text.contains(&format!("{{{{> {name}")));
    for report in names("templates/reports") {
        if let Some(partial) = report.strip_suffix(".hbs") {
            if !includes(partial) {
                found.push(format!("templates/reports/{report}: no template includes it"));
            }
            continue;
        }
        let definition = read(&format!("templates/reports/{report}/report.toml"));
        for file in names(&format!("templates/reports/{report}")) {
            let partial = file.strip_suffix(".hbs").is_some_and(includes);
            if file != "report.toml" && !definition.contains(&format!("\"{file}\"")) && !partial {
                found.push(format!("templates/reports/{report}/{file}: nothing in its report.toml names it"));
            }
        }
    }
    nothing_in(&found);
}

#[test]
fn what_is_vendored_says_its_version_and_licence() {
    for folder in ["templates/static/vendor", "tests/vendor"] {
        let readme = read(&format!("{folder}/README.md"));
        for name in names(folder).into_iter().filter(|name| name != "README.md") {
            let stem = name.split('.').next().unwrap_or_default();
            assert!(readme.contains(stem), "{folder}/README.md does not say where {name} comes from");
        }
    }
}
