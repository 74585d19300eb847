//! Names for columns, out of what the publisher calls them.

use std::collections::BTreeSet;

use deunicode::deunicode;

use crate::schema::is_column_name;

/// PostgreSQL cuts identifiers here; what is left is room for a number behind.
const LONGEST: usize = 58;

/// A column name for each of the publisher's, in the same order, no two alike.
pub(super) fn columns<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    headers.into_iter().map(|header| unused(&column(header), &mut taken)).collect()
}

/// A dataset's name out of a file's.
pub(super) fn column(header: &str) -> String {
    let words = snake(&deunicode(header));
    let start = if words.starts_with(|c: char| c.is_ascii_lowercase()) { "" } else { "column_" };
    let mut name = format!("{start}{words}");
    name.truncate(LONGEST);
    let name = name.trim_end_matches('_').to_owned();
    if is_column_name(&name) { name } else { format!("{name}_") }
}

fn unused(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
    let found = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let found = found.unwrap_or_else(|| name.to_owned());
    taken.insert(found.clone());
    found
}

/// `GMTIntervalEnd` and `GMT Interval End` are both `gmt_interval_end`.
fn snake(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut name = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            gap(&mut name);
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        let behind = letters.get(at + 1).copied().unwrap_or(' ');
        let word = before.is_ascii_lowercase() || (before.is_ascii_uppercase() && behind.is_ascii_lowercase());
        if letter.is_ascii_uppercase() && word {
            gap(&mut name);
        }
        name.push(letter.to_ascii_lowercase());
    }
    name.trim_end_matches('_').to_owned()
}

fn gap(name: &mut String) {
    if !name.is_empty() && !name.ends_with('_') {
        name.push('_');
    }
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn headers_become_names_that_postgresql_takes() {
        let headers = ["Organization name", "cveID", "GMTIntervalEnd", " CompanyNumber", "Größe (km²)", "2019", "ctid"];
        let names = columns(headers);
        let expected =
            ["organization_name", "cve_id", "gmt_interval_end", "company_number", "grosse_km2", "column_2019", "ctid_"];
        assert_eq!(names, expected);
    }

    #[test]
    fn no_two_columns_have_one_name() {
        assert_eq!(columns(["Name", "NAME", "name", "", ""]), ["name", "name_2", "name_3", "column", "column_2"]);
        let long = "x".repeat(100);
        assert!(columns([long.as_str(), long.as_str()]).iter().all(|name| name.len() <= 63));
    }
}
