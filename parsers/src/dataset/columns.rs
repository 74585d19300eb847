//! The columns, key and time rule of a definition: a [`Schema`].

use jiff::{Timestamp, fmt::strtime, tz::TimeZone};

use super::{
    numbers,
    versions::{self, Said},
};
use crate::{
    Column, ColumnType, Format, Schema,
    format::SeriesValue,
    schema::{Clock, Fold, Origin, Rule, Written, is_column_name},
    section::{Section, nearest},
};

pub(super) const NAMES: &str = "use lower-case letters, digits and underscores, a letter first, at most 63 characters, \
                                and no name that PostgreSQL keeps for itself, such as ctid";

const FOLDS: &[(&str, Fold)] = &[("refuse", Fold::Refuse), ("earlier", Fold::Earlier), ("later", Fold::Later)];

const SERIES: &[(&str, SeriesValue)] = &[
    ("start", SeriesValue::Start),
    ("end", SeriesValue::End),
    ("minutes", SeriesValue::Minutes),
    ("repeated", SeriesValue::Repeated),
];

pub(super) fn schema(root: &Section<'_>, format: Option<&Format>) -> Option<Schema> {
    let clock = root.optional_table("time").map(|table| clock(&table));
    let clock = clock.map_or(Some(None), |clock| clock.map(Some));
    let values = Values {
        nulls: root.optional("nulls").unwrap_or_else(|| vec![String::new()]),
        written: numbers::written(root, &Written::default()),
    };
    let trim = root.optional("trim").unwrap_or(false);
    let names = root.required::<Vec<&str>>("key");
    let said = versions::said(root);
    let entries = root.table("columns")?.sections();
    let columns: Vec<_> = entries.iter().map(|(name, table)| column(name, table, &values, format, &said)).collect();
    if entries.is_empty() {
        root.mistake("columns", "a dataset without columns cannot be read", None);
    }
    for ((_, table), column) in entries.iter().zip(&columns) {
        if let (Some(column), Some(None)) = (column, &clock) {
            needs_clock(table, column);
        }
    }
    let mut columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
    let key = key(root, &names?, &mut columns);
    let versions = versions::versions(root, &said, &columns, format);
    Some(Schema { columns, key, clock: clock?, trim, versions })
}

/// What is said of all columns' values at once.
struct Values {
    nulls: Vec<String>,
    written: Written,
}

fn clock(table: &Section<'_>) -> Option<Clock> {
    let zone = table.required::<&str>("zone");
    let fold = table.optional_word("fold", FOLDS).unwrap_or(Fold::Refuse);
    let found = zone.and_then(self::zone);
    if let (Some(zone), None) = (zone, &found) {
        let help = "write \"UTC\", a fixed offset such as \"+10:00\", or a zone such as \"Europe/Madrid\"";
        table.mistake("zone", format!("{zone:?} is no time zone that this system knows"), Some(help.into()));
    }
    Some(Clock { zone: found?, fold })
}

fn zone(text: &str) -> Option<TimeZone> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return TimeZone::get(text).ok(),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let part = |text: &str, below: i32| text.parse::<i32>().ok().filter(|part| (0..below).contains(part));
    let (hours, minutes) = (part(hours, 26)?, part(minutes, 60)?);
    Some(TimeZone::fixed(jiff::tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?))
}

fn column(
    name: &str,
    table: &Section<'_>,
    values: &Values,
    format: Option<&Format>,
    versions: &[Said<'_>],
) -> Option<Column> {
    if !is_column_name(name) {
        table.mistake("", format!("{name:?} cannot be a column's name"), Some(NAMES.into()));
    }
    let kind = table.parsed::<ColumnType>("type");
    let comment = table.required("comment");
    let required = table.optional("required").unwrap_or(false);
    let elsewhere = !required && versions.iter().any(|version| version.names(name));
    let origin = origin(table, elsewhere);
    let rule = rule(table, kind, values);
    if let (Some(origin), Some(format)) = (&origin, format) {
        format.check_origin(table, origin);
    }
    Some(Column { name: name.to_owned(), kind: kind?, comment: comment?, required, origin: origin?, rule })
}

/// Where the column comes from; one that a version names `elsewhere` may be in no other file.
fn origin(table: &Section<'_>, elsewhere: bool) -> Option<Origin> {
    if table.has("series") {
        return table.word("series", SERIES).map(Origin::Series);
    }
    if elsewhere && !table.has("from") {
        return Some(Origin::Nowhere);
    }
    let optional = table.optional("may_be_absent").unwrap_or(false);
    let from = table.required::<&str>("from")?.trim().to_owned();
    Some(if optional { Origin::Sometimes(from) } else { Origin::File(from) })
}

fn rule(table: &Section<'_>, kind: Option<ColumnType>, values: &Values) -> Rule {
    let rule = Rule {
        nulls: table.optional("nulls").unwrap_or_else(|| values.nulls.clone()),
        pattern: table.optional("pattern"),
        lower_case: table.optional("lower_case").unwrap_or(false),
        join: table.optional("join"),
        yes: table.optional("yes").unwrap_or_else(|| "true".to_owned()),
        no: table.optional("no").unwrap_or_else(|| "false".to_owned()),
        written: numbers::of_column(table, kind, &values.written),
    };
    let only = |key: &str, kinds: &[ColumnType], what: &str| {
        if table.has(key) && kind.is_some_and(|kind| !kinds.contains(&kind)) {
            table.mistake(key, format!("`{key}` is for {what} only"), None);
        }
    };
    only("pattern", &[ColumnType::Date, ColumnType::Timestamp], "dates and timestamps");
    only("lower_case", &[ColumnType::Text], "text");
    only("yes", &[ColumnType::Boolean], "booleans");
    only("no", &[ColumnType::Boolean], "booleans");
    if let Some(pattern) = &rule.pattern {
        let sample = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        if let Err(error) = strtime::format(pattern, &sample) {
            table.mistake("pattern", format!("the pattern cannot be used: {error}"), None);
        }
    }
    rule
}

/// A timestamp is an instant: if its text carries no offset, the dataset must say whose clock it is.
fn needs_clock(table: &Section<'_>, column: &Column) {
    let local = column
        .rule
        .pattern
        .as_ref()
        .is_some_and(|pattern| !["%z", "%:z", "%s", "%Q"].iter().any(|d| pattern.contains(d)));
    if column.kind == ColumnType::Timestamp && local {
        let help =
            "add [time] with `zone`: \"UTC\", a fixed offset such as \"+10:00\", or a zone such as \"Europe/Madrid\"";
        table.mistake(
            "pattern",
            "the pattern has no offset, and the dataset does not say whose clock this is",
            Some(help.into()),
        );
    }
}

fn key(root: &Section<'_>, names: &[&str], columns: &mut [Column]) -> Vec<usize> {
    let mut key = Vec::new();
    for &name in names {
        let Some(at) = columns.iter().position(|column| column.name == name) else {
            let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
            root.mistake(
                "key",
                format!("there is no column `{name}`"),
                near.map(|near| format!("did you mean `{near}`?")),
            );
            continue;
        };
        let Some(column) = columns.get_mut(at) else { continue };
        if column.kind == ColumnType::Float {
            root.mistake("key", format!("`{name}` is a float, and floats are no key"), Some("use a decimal".into()));
        }
        if column.origin == Origin::Nowhere {
            root.mistake("key", format!("`{name}` is in the key, so it needs `from`"), None);
        }
        column.required = true;
        key.push(at);
    }
    key
}
