//! What a person may paste into the definition, for a file that is of no version yet.

use std::fmt::Write as _;

use crate::{
    Schema,
    schema::{Layout, Origin},
    section::{nearest, quoted},
};

/// Likely renames, each new name used once: first those that differ in case and marks alone, then those that are near.
pub(super) fn renamed(missing: &[String], unexpected: &[String]) -> Vec<(String, String)> {
    let mut left: Vec<_> = unexpected.iter().map(|found| (normal(found), found)).collect();
    let mut open: Vec<_> = missing.iter().collect();
    let mut renamed = Vec::new();
    for exact in [true, false] {
        open.retain(|name| {
            let plain = normal(name);
            let near = nearest(&plain, left.iter().map(|(found, _)| found.as_str()));
            let near = near.filter(|near| !exact || *near == plain);
            let at = near.and_then(|near| left.iter().position(|(found, _)| found == near));
            renamed.extend(at.map(|at| ((*name).clone(), left.remove(at).1.clone())));
            at.is_none()
        });
    }
    renamed
}

fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A `[[version]]` that reads the file: renames are what they seem to be, the rest is said to be absent.
pub(super) fn version(
    schema: &Schema,
    layout: &Layout<'_>,
    missing: &[String],
    unexpected: &[String],
    renamed: &[(String, String)],
) -> String {
    let (mut from, mut absent, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for (column, origin) in schema.columns.iter().zip(&layout.origins) {
        let lacks = origin.name().is_some_and(|name| missing.iter().any(|missing| missing == name));
        let found = origin.name().and_then(|name| renamed.iter().find(|(defined, _)| defined == name));
        // What the layout calls otherwise than the columns do must be said again.
        let kept = origin.name().filter(|name| !lacks && Some(*name) != column.origin.name());
        match (found.map(|(_, found)| found.as_str()).or(kept), lacks) {
            (Some(name), _) => from.push(format!("{} = {}", column.name, quoted(name))),
            (None, true) if column.required => open.push(column.name.as_str()),
            (None, true) => absent.push(quoted(&column.name)),
            (None, false) if **origin == Origin::Nowhere => absent.push(quoted(&column.name)),
            (None, false) => (),
        }
    }
    let used = |name: &&String| renamed.iter().any(|(_, found)| found == *name);
    let ignore: Vec<String> = unexpected.iter().filter(|name| !used(name)).map(|name| quoted(name)).collect();
    let mut text = format!("[[version]]\nname = {}\n", quoted(&format!("version {}", schema.versions.len() + 2)));
    for column in open {
        let _infallible = writeln!(text, "# `{column}` is required: name the file's column for it in `from`");
    }
    if !from.is_empty() {
        let _infallible = writeln!(text, "from = {{ {} }}", from.join(", "));
    }
    for (key, names) in [("absent", absent), ("ignore", ignore)] {
        if !names.is_empty() {
            let _infallible = writeln!(text, "{key} = [{}]", names.join(", "));
        }
    }
    text
}
