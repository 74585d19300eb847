//! What the docs claim of the bench's lines.

use super::{nothing_in, read};

#[test]
fn the_readme_has_every_line_of_the_bench_with_its_reach() {
    let (readme, lines) = (read("README.md"), lines());
    assert!(!lines.is_empty(), "benches/load/line.rs has no lines: has its spelling changed?");
    let section = readme.split("## How fast").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let rows: Vec<&str> =
        section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| line |")).collect();
    let missing = lines.iter().filter(|(name, reach)| {
        let row = rows.iter().find(|row| row.starts_with(&format!("| {name} |")));
        !row.is_some_and(|row| row.ends_with(&format!("| {reach} |")))
    });
    let mut found: Vec<String> =
        missing.map(|(name, reach)| format!("README.md, How fast: no line {name:?} with its reach {reach}")).collect();
    let unknown = rows.iter().filter(|row| !lines.iter().any(|(name, _)| row.starts_with(&format!("| {name} |"))));
    found.extend(unknown.map(|row| format!("README.md, How fast: the bench does not measure {row}")));
    nothing_in(&found);
}

/// Name and reach of each line that has one, as the bench's source spells them.
fn lines() -> Vec<(String, String)> {
    let source = read("benches/load/line.rs");
    let value = |line: &str, key: &str, end: char| {
        let rest = line.split(key).nth(1)?;
        rest.split(end).next().map(str::to_owned)
    };
    let lines = source.split("pub(crate) const ").skip(1).filter_map(|line| {
        let reach: f64 = value(line, "reach: Some(", ')')?.parse().expect("a number");
        let shown = if reach > 1000.0 { format!("{} MB", reach / 1e6) } else { reach.to_string() };
        Some((value(line, "name: \"", '"')?, shown))
    });
    lines.collect()
}
