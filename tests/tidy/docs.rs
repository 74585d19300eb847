//! What the docs claim exists: settings, paths, commands, targets.

use std::{collections::BTreeSet, process::Command};

use super::{files, nothing_in, read, root};

const DOCS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

#[test]
fn every_setting_stands_in_the_readme_and_no_other_does() {
    let (config, readme) = (read("src/config.rs"), read("README.md"));
    let defined: BTreeSet<&str> = config.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!defined.is_empty(), "src/config.rs defines no settings: has its spelling changed?");
    let mut found: Vec<String> = defined
        .iter()
        .filter(|name| !readme.contains(&format!("`{name}`")))
        .map(|name| format!("README.md does not explain the setting {name}: add it to the table"))
        .collect();
    let places = DOCS.into_iter().chain(["Dockerfile", "Makefile", "packaging/bluebook.service"]);
    for place in places {
        let text = read(place);
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        let named = words.filter(|word| word.len() > "BLUEBOOK_".len() && word.starts_with("BLUEBOOK_"));
        let unknown = named.filter(|word| !defined.contains(word));
        found.extend(unknown.map(|word| format!("{place} names {word}, which src/config.rs does not know")));
    }
    nothing_in(&found);
}

#[test]
fn every_path_in_the_docs_exists() {
    let mut found = Vec::new();
    for doc in DOCS {
        let text = read(doc);
        let paths = code_words(&text).into_iter().filter(|word| is_path(word)).chain(links(&text));
        for path in paths {
            // What stands before a place to fill in must be there.
            let fixed = path.split(['<', '*', '{', '…']).next().unwrap_or_default();
            let kept =
                if fixed.len() == path.len() { fixed } else { fixed.rsplit_once('/').map_or("", |(kept, _)| kept) };
            if !root().join(kept).exists() {
                found.push(format!("{doc} names {path}, which is not there"));
            }
        }
    }
    nothing_in(&found);
}

#[test]
fn every_command_in_the_docs_is_understood() {
    let mut found = Vec::new();
    for doc in DOCS {
        for line in read(doc).lines() {
            for call in calls(line) {
                if let Err(why) = understood(&call) {
                    found.push(format!("{doc} has `bluebook {}`: {why}", call.join(" ")));
                }
            }
        }
    }
    nothing_in(&found);
}

#[test]
fn every_command_of_the_program_stands_in_the_readme() {
    let (help, readme) = (help(&[]).expect("--help works"), read("README.md"));
    let listed = help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let missing = names.filter(|name| !readme.contains(&format!("`bluebook {name}")));
    nothing_in(&missing.map(|name| format!("README.md does not explain `bluebook {name}`")).collect::<Vec<_>>());
}

#[test]
fn every_make_target_in_the_docs_is_in_the_makefile() {
    let makefile = read("Makefile");
    let mut found = Vec::new();
    for doc in DOCS.into_iter().chain([".ci/run"]) {
        let text = read(doc);
        let called = text.split("make ").skip(1).zip(text.split("make "));
        let called =
            called.filter(|(_, before)| before.ends_with('`') || before.ends_with('\n') || before.ends_with("$ "));
        let targets = called
            .map(|(rest, _)| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default());
        found.extend(
            targets
                .filter(|target| !makefile.contains(&format!("\n{target}:")))
                .map(|target| format!("{doc} calls `make {target}`, which the Makefile does not have")),
        );
    }
    nothing_in(&found);
}

#[test]
fn every_dataset_has_a_schedule_or_a_reason_why_not() {
    let schedules = read("schedules.toml");
    let (listed, reasons) = schedules.split_once("# Not scheduled").expect("the list of those that have none");
    let mut found = Vec::new();
    for file in files("parsers/datasets", ".toml") {
        let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
        let is_due = listed.contains(&format!("\njob = \"ingest:{name}\"\n"));
        let is_set_off = file.text.contains("\nsame_as = ");
        let has_reason = reasons.lines().any(|line| line.starts_with(&format!("#   {name} ")));
        match [is_due, is_set_off, has_reason].into_iter().filter(|it| *it).count() {
            0 => found.push(format!("schedules.toml does not run {name}, and does not say why")),
            1 => {}
            _ => found.push(format!("{name} has a schedule, and is said to have none")),
        }
    }
    let crons = listed.lines().filter_map(|line| line.strip_prefix("cron = \""));
    let mut minutes: Vec<&str> = crons.flat_map(|cron| cron.split(' ').next().unwrap_or_default().split(',')).collect();
    minutes.sort_unstable();
    let twice = minutes.windows(2).filter(|pair| pair[0] == pair[1]);
    found.extend(twice.map(|pair| format!("two schedules begin at minute {}: give each its own", pair[0])));
    nothing_in(&found);
}

#[test]
fn the_docs_name_every_report_that_is_shipped() {
    let readme = read("README.md");
    let reports = files("templates/reports", "report.toml");
    let missing = reports.iter().filter_map(|file| file.path.split('/').nth(2)).filter(|name| !readme.contains(*name));
    nothing_in(&missing.map(|name| format!("README.md does not name the report {name}")).collect::<Vec<_>>());
}

/// What stands in backticks on one line.
fn code_words(text: &str) -> Vec<String> {
    let outside_blocks = text.split("```").step_by(2).flat_map(str::lines);
    outside_blocks.flat_map(|line| line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a word is meant as a path of the repository.
fn is_path(word: &str) -> bool {
    let ending = [".rs", ".toml", ".md", ".sql", ".hbs", ".css", "/"].iter().any(|ending| word.ends_with(ending));
    let spelled = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-<>*{}…".contains(c));
    let place = word.contains('/') && !word.starts_with('/') && !word.contains("//");
    spelled && ending && (place || root().join(word).exists() || word.chars().next().is_some_and(char::is_uppercase))
}

/// Where links within the repository lead.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).map(str::to_owned).collect()
}

/// The arguments of each call of the program on a line, without what is to be filled in.
fn calls(line: &str) -> Vec<Vec<String>> {
    let shell = line.trim_start().trim_start_matches("$ ");
    let block = shell.strip_prefix("bluebook ").into_iter().chain(shell.strip_prefix("target/release/bluebook "));
    let inline = line.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("bluebook "));
    let words = |call: &str| {
        let call = call.split(['#', '|', '>']).next().unwrap_or_default();
        let kept = call.split_whitespace().map(|word| word.trim_matches(['[', ']']));
        kept.map(str::to_owned).collect::<Vec<_>>()
    };
    block.chain(inline).map(words).collect()
}

/// Asks the program itself whether it knows the command and its flags.
fn understood(call: &[String]) -> Result<(), String> {
    let is_command = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase());
    let first = call.iter().take_while(is_command).take(1).map(String::as_str).collect::<Vec<_>>();
    let mut command = first;
    let mut text = help(&command)?;
    if let Some(second) = call.get(1).filter(is_command).filter(|_| text.contains("Commands:")) {
        command.push(second);
        text = help(&command)?;
    }
    let flags = call.iter().filter(|word| word.starts_with("--"));
    let unknown = flags.filter_map(|flag| flag.split('=').next()).find(|flag| !text.contains(flag));
    unknown.map_or(Ok(()), |flag| Err(format!("it has no {flag}")))
}

fn help(command: &[&str]) -> Result<String, String> {
    let asked = Command::new(env!("CARGO_BIN_EXE_bluebook")).args(command).arg("--help").output();
    let answer = asked.map_err(|error| error.to_string())?;
    if answer.status.success() {
        return Ok(String::from_utf8_lossy(&answer.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&answer.stderr).lines().next().unwrap_or_default().to_owned())
}
