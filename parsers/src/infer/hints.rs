//! What people should know of a table that no single column tells: numbers of hours beside a day, words for offsets,
//! columns that are hours.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    draft::{Draft, Guessed, Kind},
    profile::Profile,
};
use crate::{ColumnType, section::quoted};

/// Intervals of a day, by how many there are on the longest day: how long one is.
const INTERVALS: &[(i64, &str)] = &[(25, "1 h"), (50, "30 min"), (100, "15 min")];
/// Words that publishers write for offsets.
const OFFSETS: &[(&str, &str)] = &[
    ("EST", "-05:00"),
    ("EDT", "-04:00"),
    ("CST", "-06:00"),
    ("CDT", "-05:00"),
    ("MST", "-07:00"),
    ("MDT", "-06:00"),
    ("PST", "-08:00"),
    ("PDT", "-07:00"),
    ("GMT", "+00:00"),
    ("UTC", "+00:00"),
    ("BST", "+01:00"),
    ("CET", "+01:00"),
    ("CEST", "+02:00"),
];
/// Columns that are alike but for a number in their names.
const WIDE: usize = 12;

/// What is noticed, as comments with lines to paste.
pub(super) fn find(draft: &Draft, profile: &Profile) -> Vec<String> {
    let mut notes = Vec::new();
    let day = draft.columns.iter().find(|column| column.said.guess.kind == ColumnType::Date);
    for (at, column) in draft.columns.iter().enumerate() {
        let Some(values) = profile.values(at) else { continue };
        if let (Some(day), ColumnType::Integer) = (day, column.said.guess.kind) {
            notes.extend(numbers(values).into_iter().flat_map(|range| instant(day, column, range)));
        }
        if let Some(day) = day.filter(|_| of_day(values)) {
            notes.extend(moment(day, column));
        }
        if let Some(line) = offsets(values) {
            notes.push(format!(
                "GUESS: {} says the offset of local times. For a time beside it: offset = {},",
                column.name,
                quoted(&column.place.from)
            ));
            notes.push(format!("  and in [time]: {line}"));
        }
    }
    notes.extend(wide(draft));
    notes
}

/// The first and last of numbers that count through a day.
fn numbers(values: &BTreeSet<String>) -> Option<(i64, i64)> {
    let numbers: BTreeSet<i64> = values.iter().map(|value| value.parse().ok()).collect::<Option<_>>()?;
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    let whole = i64::try_from(numbers.len()).ok()? == last.checked_sub(first)?.checked_add(1)?;
    let counts = (first == 0 && last == 23) || (first == 1 && [23, 24, 25, 46, 48, 50, 92, 96, 100].contains(&last));
    (whole && counts).then_some((first, last))
}

fn instant(day: &Guessed, number: &Guessed, (first, last): (i64, i64)) -> Vec<String> {
    let pattern = day.said.guess.pattern.map_or_else(String::new, |pattern| format!(", pattern = {}", quoted(pattern)));
    let from = format!("from = {}", quoted(&day.place.from));
    let beside = quoted(&number.place.from);
    let how = match (first, last) {
        (0, _) => format!("hour = {beside}"),
        (_, 24) => format!("hour = {beside}, label = \"end\""),
        _ => {
            let (_, interval) = INTERVALS.iter().find(|(most, _)| last <= *most).unwrap_or(&(0, "…"));
            format!("period = {beside}, interval = \"{interval}\"")
        }
    };
    vec![
        format!(
            "GUESS: {} counts {first} to {last} through the day of {}. A line that makes instants of both, by the zone of [time]:",
            number.name, day.name
        ),
        format!(
            "  starts_at = {{ {from}, {how}, type = \"timestamp\"{pattern}, comment = \"Start of the interval\" }}"
        ),
    ]
}

/// Whether all values are hours and minutes, of which 24:00 is the end of a day.
fn of_day(values: &BTreeSet<String>) -> bool {
    let is_time = |value: &String| {
        let digits =
            value.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() });
        value.len() == 5 && digits && value.as_str() <= "24:00"
    };
    values.len() > 1 && values.iter().all(is_time)
}

fn moment(day: &Guessed, time: &Guessed) -> Vec<String> {
    let pattern = format!("{} %H:%M", day.said.guess.pattern.unwrap_or("%Y-%m-%d"));
    let from = format!("[{}, {}]", quoted(&day.place.from), quoted(&time.place.from));
    vec![
        format!(
            "GUESS: {} and {} stand apart. A line that makes an instant of both, by the zone of [time]:",
            day.name, time.name
        ),
        format!("  at = {{ from = {from}, type = \"timestamp\", pattern = {}, comment = \"…\" }}", quoted(&pattern)),
    ]
}

fn offsets(values: &BTreeSet<String>) -> Option<String> {
    let known = |word: &String| OFFSETS.iter().find(|(known, _)| known == word);
    let found: Vec<_> = values.iter().map(known).collect::<Option<_>>()?;
    let listed: Vec<_> = found.iter().map(|(word, offset)| format!("{word} = \"{offset}\"")).collect();
    (!listed.is_empty()).then(|| format!("offsets = {{ {} }}", listed.join(", ")))
}

/// Columns that are numbered, and so may be rows.
fn wide(draft: &Draft) -> Vec<String> {
    if !matches!(draft.kind, Kind::Csv) {
        return Vec::new();
    }
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for column in &draft.columns {
        *alike.entry(numbered(&column.place.from)).or_default() += 1;
    }
    let Some((pattern, times)) =
        alike.into_iter().filter(|(pattern, _)| pattern.contains('#')).max_by_key(|(_, times)| *times)
    else {
        return Vec::new();
    };
    if times < WIDE || pattern == "column #" {
        return Vec::new();
    }
    vec![
        format!(
            "GUESS: {times} columns are called {}: each may be a row. For that, put this behind [format], and columns number and value in place of them:",
            quoted(&pattern)
        ),
        "  [format.unpivot]".to_owned(),
        "  label = \"number\"".to_owned(),
        format!("  values = {{ value = {} }}", quoted(&pattern)),
    ]
}

/// A name with `#` in place of its number.
fn numbered(name: &str) -> String {
    let bare = name.trim_matches(|c: char| !c.is_ascii_digit());
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        name.to_owned()
    } else {
        name.replacen(bare, "#", 1)
    }
}
