//! The columns, key and time rule of a definition: a [`Schema`].

use std::cell::RefCell;

use super::{
    clock, moments, numbers,
    versions::{self, Said},
};
use crate::{
    Column, ColumnType, Format, Schema,
    decode::{Decoding, Packing},
    format::SeriesValue,
    schema::{self, Clock, MOST_COLUMNS, Origin, Rule, Within, Written, is_column_name},
    section::{OneOrMore, Section, nearest},
};

pub(super) const NAMES: &str = "use lower-case letters, digits and underscores, a letter first, at most 63 characters, \
                                and no name that PostgreSQL keeps for itself, such as ctid";

const SERIES: &[(&str, SeriesValue)] = &[
    ("start", SeriesValue::Start),
    ("end", SeriesValue::End),
    ("minutes", SeriesValue::Minutes),
    ("repeated", SeriesValue::Repeated),
];

pub(super) fn schema(root: &Section<'_>, decoding: Option<&Decoding>, format: Option<&Format>) -> Option<Schema> {
    let clock = root.optional_table("time").map(|table| clock::clock(&table));
    let clock = clock.map_or(Some(None), |clock| clock.map(Some));
    let said = versions::said(root);
    let all = All {
        nulls: root.optional("nulls").unwrap_or_else(|| vec![String::new()]),
        written: numbers::written(root, &Written::default()),
        clock: clock.as_ref().and_then(Option::as_ref),
        in_archive: decoding.is_none_or(|decoding| matches!(decoding.packing, Packing::Zip { .. })),
        format,
        versions: &said,
        parts: RefCell::default(),
    };
    let trim = root.optional("trim").unwrap_or(false);
    let names = root.required::<Vec<&str>>("key");
    let entries = root.table("columns")?.sections();
    let columns: Vec<_> = entries.iter().map(|(name, table)| column(name, table, &all)).collect();
    if entries.is_empty() {
        root.mistake("columns", "a dataset without columns cannot be read", None);
    }
    if entries.len() > MOST_COLUMNS {
        let message = format!("a table has at most {MOST_COLUMNS} columns, and here are {}", entries.len());
        root.mistake("columns", message, Some("leave out those that nobody reads, or make rows of them".into()));
    }
    for ((_, table), column) in entries.iter().zip(&columns) {
        if let (Some(column), Some(None)) = (column, &clock) {
            needs_clock(table, column);
        }
    }
    let mut columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
    let key = key(root, &names?, &mut columns);
    let mut parts = all.parts.take();
    for part in &mut parts {
        let owner = part.name.split('.').next();
        part.required = columns.iter().any(|column| column.required && Some(column.name.as_str()) == owner);
    }
    let sources: Vec<&Column> = columns.iter().chain(&parts).collect();
    let versions = versions::versions(root, &said, &sources, format);
    Some(Schema { columns, parts, key, clock: clock?, trim, versions })
}

/// What is said of all columns at once, and what they are put together of.
pub(super) struct All<'a> {
    pub(super) nulls: Vec<String>,
    written: Written,
    pub(super) clock: Option<&'a Clock>,
    /// Whether files have names: whoever fetches them gives them none.
    in_archive: bool,
    format: Option<&'a Format>,
    versions: &'a [Said<'a>],
    parts: RefCell<Vec<Column>>,
}

impl All<'_> {
    /// Takes a column's part up, and says where it stands among them.
    pub(super) fn part(&self, table: &Section<'_>, part: Column) -> usize {
        if let Some(format) = self.format {
            format.check_origin(table, &part.origin);
        }
        let mut parts = self.parts.borrow_mut();
        parts.push(part);
        parts.len() - 1
    }
}

fn column(name: &str, table: &Section<'_>, all: &All<'_>) -> Option<Column> {
    if !is_column_name(name) {
        table.mistake("", format!("{name:?} cannot be a column's name"), Some(NAMES.into()));
    }
    let kind = table.parsed::<ColumnType>("type");
    let comment = table.required("comment");
    let required = table.optional("required").unwrap_or(false);
    let elsewhere = !required && all.versions.iter().any(|version| version.names(name));
    let from = if table.has("from_name") { file_name(table, all.in_archive) } else { origin(table, elsewhere) };
    if let (Some((origin, _)), Some(format)) = (&from, all.format) {
        format.check_origin(table, origin);
    }
    let mut rule = rule(table, kind, all);
    if let (Some(kind), Some((origin, more))) = (kind, &from) {
        moments::put_together(table, (name, kind, origin), more, all, &mut rule);
        if matches!(kind, ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Range) {
            check_pattern(table, kind, &rule);
        }
    }
    let (origin, _) = from?;
    Some(Column { name: name.to_owned(), kind: kind?, comment: comment?, required, origin, rule })
}

/// Where the column comes from, with what follows its text; one that a version names `elsewhere` may be in no other
/// file.
fn origin<'t>(table: &Section<'t>, elsewhere: bool) -> Option<(Origin, Vec<&'t str>)> {
    if table.has("series") {
        return table.word("series", SERIES).map(|value| (Origin::Series(value), Vec::new()));
    }
    if elsewhere && !table.has("from") {
        return Some((Origin::Nowhere, Vec::new()));
    }
    let optional = table.optional("may_be_absent").unwrap_or(false);
    let OneOrMore(mut from) = table.required("from")?;
    let first = from.remove(0).trim().to_owned();
    Some((if optional { Origin::Sometimes(first) } else { Origin::File(first) }, from))
}

/// The part of the file's name that is the value.
fn file_name<'t>(table: &Section<'t>, in_archive: bool) -> Option<(Origin, Vec<&'t str>)> {
    if !in_archive {
        table.mistake("from_name", "only the members of a zip archive have names", None);
    }
    let others = [
        ("from", table.optional::<OneOrMore<'_>>("from").is_some()),
        ("series", table.optional::<&str>("series").is_some()),
        ("may_be_absent", table.optional::<bool>("may_be_absent").is_some()),
    ];
    for (other, _) in others.iter().filter(|(_, said)| *said) {
        table.mistake(other, "the value comes from the file's name, which always is there", None);
    }
    Some((Origin::Name(table.parsed("from_name")?), Vec::new()))
}

fn rule(table: &Section<'_>, kind: Option<ColumnType>, all: &All<'_>) -> Rule {
    let rule = Rule {
        nulls: table.optional("nulls").unwrap_or_else(|| all.nulls.clone()),
        pattern: table.optional("pattern"),
        lower_case: table.optional("lower_case").unwrap_or(false),
        join: table.optional("join"),
        yes: table.optional("yes").unwrap_or_else(|| "true".to_owned()),
        no: table.optional("no").unwrap_or_else(|| "false".to_owned()),
        behind: Vec::new(),
        moment: None,
        words: table.optional("values").unwrap_or_default(),
        written: numbers::of_column(table, kind, &all.written),
    };
    let only = |key: &str, kinds: &[ColumnType], what: &str| {
        if table.has(key) && kind.is_some_and(|kind| !kinds.contains(&kind)) {
            table.mistake(key, format!("`{key}` is for {what} only"), None);
        }
    };
    let times = [ColumnType::Date, ColumnType::Time, ColumnType::Timestamp, ColumnType::Range];
    only("pattern", &times, "dates and times");
    only("values", &[ColumnType::Enum], "enums");
    only("lower_case", &[ColumnType::Text], "text");
    only("yes", &[ColumnType::Boolean], "booleans");
    only("no", &[ColumnType::Boolean], "booleans");
    if kind == Some(ColumnType::Enum) && rule.words.is_empty() {
        let help = "name them all: values = [\"A\", \"B\"]";
        table.mistake("type", "an enum needs the values that it may have", Some(help.into()));
    }
    rule
}

/// What the pattern itself writes must be read by it.
fn check_pattern(table: &Section<'_>, kind: ColumnType, rule: &Rule) {
    let Some(pattern) = &rule.pattern else { return };
    let is_day = rule.moment.as_ref().is_some_and(|moment| moment.within != Within::Text);
    let of = if is_day { ColumnType::Date } else { kind };
    if let Err(reason) = schema::is_readable(pattern, of) {
        let help = match of {
            ColumnType::Date => "a date has a year at least: \"%d.%m.%Y\", \"%b %Y\", \"%Y\"",
            ColumnType::Time => "a time of day has an hour and a minute: \"%H:%M\"",
            _ => "a moment has a date and a time: \"%d.%m.%Y %H:%M\"",
        };
        table.mistake("pattern", format!("the pattern cannot be used: {reason}"), Some(help.into()));
    }
}

/// A timestamp is an instant: if its text carries no offset, the dataset must say whose clock it is.
fn needs_clock(table: &Section<'_>, column: &Column) {
    let local = column
        .rule
        .pattern
        .as_ref()
        .is_some_and(|pattern| !["%z", "%:z", "%s", "%Q"].iter().any(|d| pattern.contains(d)));
    let moment = matches!(column.kind, ColumnType::Timestamp | ColumnType::Range);
    let beside = column.rule.moment.as_ref().is_some_and(|moment| moment.within != Within::Text);
    if moment && (local || beside) {
        let help =
            "add [time] with `zone`: \"UTC\", a fixed offset such as \"+10:00\", or a zone such as \"Europe/Madrid\"";
        table.mistake(
            if local { "pattern" } else { "" },
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
        if column.kind == ColumnType::Json {
            root.mistake("key", format!("`{name}` is JSON, and JSON is no key"), Some("use a text".into()));
        }
        if column.origin == Origin::Nowhere {
            root.mistake("key", format!("`{name}` is in the key, so it needs `from`"), None);
        }
        column.required = true;
        key.push(at);
    }
    key
}
