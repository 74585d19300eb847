//! What a person may paste into the definition, for a file that is of no version yet.

use std::fmt::Write as _;

use super::rename::Renames;
use crate::{
    Schema,
    schema::{Layout, Origin},
    section::quoted,
};

/// A `[[version]]` that reads the file: renames are what they seem to be, the rest is said to be absent. What may be one
/// thing or another is left to the person.
pub(super) fn version(
    schema: &Schema,
    layout: &Layout<'_>,
    missing: &[String],
    unexpected: &[String],
    renames: &Renames,
) -> String {
    let (mut from, mut absent, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for (column, origin) in schema.sources().zip(&layout.origins) {
        let lacks = origin.name().filter(|name| missing.iter().any(|missing| missing == name));
        let found = lacks.and_then(|name| renames.to(name));
        // What the layout calls otherwise than the columns do must be said again.
        let kept = origin.name().filter(|name| lacks.is_none() && Some(*name) != column.origin.name());
        let candidates = lacks.map_or(&[][..], |name| renames.candidates(name));
        match (found.or(kept), lacks) {
            (Some(name), _) => from.push(format!("{} = {}", key(&column.name), quoted(name))),
            (None, Some(_)) if column.required => open.push(required(&column.name, candidates)),
            (None, Some(_)) => {
                open.extend(unclear(&column.name, candidates));
                absent.push(quoted(&column.name));
            }
            (None, None) if **origin == Origin::Nowhere => absent.push(quoted(&column.name)),
            (None, None) => (),
        }
    }
    let used = |name: &&String| renames.likely.iter().any(|(_, found)| found == *name);
    let ignore: Vec<String> = unexpected.iter().filter(|name| !used(name)).map(|name| quoted(name)).collect();
    let mut text = format!("[[version]]\nname = {}\n", quoted(&format!("version {}", schema.versions.len() + 2)));
    for line in open {
        let _infallible = writeln!(text, "# {line}");
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

fn required(column: &str, candidates: &[String]) -> String {
    let perhaps = if candidates.is_empty() { String::new() } else { format!(", perhaps {}", any(candidates)) };
    format!("`{column}` is required: name the file's column for it in `from`{perhaps}")
}

/// The question that only a person can answer.
fn unclear(column: &str, candidates: &[String]) -> Option<String> {
    let may_be = || format!("`{column}` may be {}: name it in `from`, or leave it `absent`", any(candidates));
    (!candidates.is_empty()).then(may_be)
}

fn any(candidates: &[String]) -> String {
    candidates.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" or ")
}

/// A column's name as a key of TOML; a part's name has a point in it.
fn key(name: &str) -> String {
    if name.contains('.') { quoted(name) } else { name.to_owned() }
}
