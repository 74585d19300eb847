//! `[expect]`: what must hold of a whole release before anyone may see it.

use jiff::Span;

use crate::{
    ColumnType, DatasetName, Schema,
    section::{Section, nearest},
};

/// The keys of `[expect]` that may stand in `warn`.
const KEYS: [&str; 14] = [
    "min_rows",
    "max_rows",
    "max_shrink",
    "max_growth",
    "max_changed_share",
    "max_rejected",
    "max_rejected_share",
    "max_conflicts_share",
    "max_nulls",
    "newest",
    "calendar",
    "intervals_per_day",
    "references",
    "checks",
];

/// Conditions on a whole release. One that fails holds it, unless it stands in `warn`.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectations {
    /// Fewest rows that are believable.
    pub min_rows: u64,
    /// Most rows that are believable.
    pub max_rows: Option<u64>,
    /// Largest share of the published rows that may be gone, from 0 to 1; in `upsert` and `append`, how much shorter than
    /// the last file the next may be.
    pub max_shrink: f64,
    /// Most rows that may come, as a share of the published ones: 1.0 is as many again; in `upsert` and `append`, how much
    /// longer than the last file the next may be.
    pub max_growth: Option<f64>,
    /// Largest share of the published rows that may change, from 0 to 1.
    pub max_changed_share: Option<f64>,
    /// Most rejected records.
    pub max_rejected: u64,
    /// Largest share of rejected records, from 0 to 1.
    pub max_rejected_share: f64,
    /// Largest share of records whose keys contradict others, from 0 to 1.
    pub max_conflicts_share: Option<f64>,
    /// Columns, and the largest share of rows without a value in them.
    pub max_nulls: Vec<(String, f64)>,
    /// How the newest date or moment moves.
    pub newest: Option<Newest>,
    /// Which dates or moments must be there.
    pub calendar: Option<Calendar>,
    /// How many intervals a day must have.
    pub intervals_per_day: Option<IntervalsPerDay>,
    /// Columns whose values must stand in another dataset.
    pub references: Vec<Reference>,
    /// Keys of those that report and do not hold.
    pub warn: Vec<String>,
}

/// How the newest value of a date or timestamp column moves from release to release.
#[derive(Debug, Clone, PartialEq)]
pub struct Newest {
    /// The column.
    pub column: String,
    /// How far behind that of the published release it may be, as an ISO 8601 duration.
    pub max_step_back: String,
    /// How far ahead of the clock it may be, as an ISO 8601 duration; none if that does not matter.
    pub ahead: Option<String>,
}

/// Values that a date or timestamp column must have, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The column.
    pub column: String,
    /// The step from one to the next, as an ISO 8601 duration.
    pub every: String,
    /// Whether Saturdays and Sundays are left out.
    pub business_days: bool,
    /// The first of them; the oldest of the release if it is not said.
    pub from: Option<String>,
    /// A dataset and its column with the values that may be absent, such as holidays.
    pub exceptions: Option<(DatasetName, String)>,
}

/// Days of the dataset's clock that must have all their intervals, as many as they are long: one fewer hour in spring,
/// one more in autumn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntervalsPerDay {
    /// The column with the start of each, or with the interval itself.
    pub column: String,
    /// Columns whose values have days of their own, such as areas.
    pub per: Vec<String>,
    /// Seconds of an interval.
    pub seconds: i64,
    /// Whether the first and the last day are left out, because a release may begin and end within a day.
    pub open_ends: bool,
}

/// Columns whose values must stand in another dataset's columns. A row without a value in one of them refers to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The dataset's columns.
    pub columns: Vec<String>,
    /// The other dataset; the release itself may be meant.
    pub to: DatasetName,
    /// Its columns, in the same order.
    pub their: Vec<String>,
    /// Most rows that may refer to nothing there.
    pub max_missing: u64,
}

impl Expectations {
    /// Whether the expectation of this key holds a release.
    pub fn holds(&self, key: &str) -> bool {
        !self.warn.iter().any(|warn| warn == key)
    }

    /// Rejects after which reading on is pointless.
    pub fn most_rejects(&self) -> Option<u64> {
        self.holds("max_rejected").then_some(self.max_rejected)
    }

    /// Whether an expectation needs to look at the rows themselves.
    pub fn looks_at_rows(&self) -> bool {
        !self.max_nulls.is_empty()
            || self.newest.is_some()
            || self.calendar.is_some()
            || self.intervals_per_day.is_some()
            || !self.references.is_empty()
    }
}

pub(super) fn expectations(table: &Section<'_>, schema: Option<&Schema>) -> Option<Expectations> {
    let min_rows = table.required("min_rows");
    let max_rejected = table.required("max_rejected");
    let max_shrink = share(table, "max_shrink").unwrap_or(0.2);
    let max_rejected_share = share(table, "max_rejected_share").unwrap_or(1.0);
    let expect = Expectations {
        min_rows: 0,
        max_rows: table.optional("max_rows"),
        max_shrink,
        max_growth: table.optional("max_growth"),
        max_changed_share: share(table, "max_changed_share"),
        max_rejected: 0,
        max_rejected_share,
        max_conflicts_share: share(table, "max_conflicts_share"),
        max_nulls: table.optional_table("max_nulls").map(|nulls| max_nulls(&nulls, schema)).unwrap_or_default(),
        newest: table.optional_table("newest").and_then(|newest| self::newest(&newest, schema)),
        calendar: table.optional_table("calendar").and_then(|calendar| self::calendar(&calendar, schema)),
        intervals_per_day: table.optional_table("intervals_per_day").and_then(|days| self::days(&days, schema)),
        references: table.tables("references").iter().filter_map(|table| reference(table, schema)).collect(),
        warn: warn(table),
    };
    Some(Expectations { min_rows: min_rows?, max_rejected: max_rejected?, ..expect })
}

fn share(table: &Section<'_>, key: &str) -> Option<f64> {
    let share = table.optional::<f64>(key)?;
    if !(0.0..=1.0).contains(&share) {
        table.mistake(key, format!("`{key}` is a share: {share} is not between 0 and 1"), None);
    }
    Some(share)
}

fn warn(table: &Section<'_>) -> Vec<String> {
    let warn = table.optional::<Vec<String>>("warn").unwrap_or_default();
    for key in warn.iter().filter(|key| !KEYS.contains(&key.as_str())) {
        let help = nearest(key, KEYS).map(|near| format!("did you mean `{near}`?"));
        table.mistake("warn", format!("`{key}` is no expectation"), help);
    }
    warn
}

fn max_nulls(table: &Section<'_>, schema: Option<&Schema>) -> Vec<(String, f64)> {
    let read = |name: &str| {
        known(table, name, name, schema);
        Some((name.to_owned(), share(table, name)?))
    };
    table.keys().into_iter().filter_map(read).collect()
}

fn newest(table: &Section<'_>, schema: Option<&Schema>) -> Option<Newest> {
    let column = column_of_time(table, schema);
    let max_step_back = span(table, "max_step_back").unwrap_or_else(|| "PT0S".to_owned());
    let ahead = span(table, "ahead");
    Some(Newest { column: column?, max_step_back, ahead })
}

fn calendar(table: &Section<'_>, schema: Option<&Schema>) -> Option<Calendar> {
    let column = column_of_time(table, schema);
    let business_days = table.required::<&str>("every") == Some("business day");
    let every = if business_days { Some("P1D".to_owned()) } else { step(table, "every") };
    let from = table.optional::<String>("from");
    if let Some(text) = &from
        && text.parse::<jiff::civil::Date>().is_err()
        && text.parse::<jiff::Timestamp>().is_err()
    {
        table.mistake("from", format!("{text:?} is no day and no moment"), Some("write \"2026-01-31\"".into()));
    }
    let exceptions = table.optional::<&str>("exceptions").and_then(|text| {
        let split = text.split_once('.').and_then(|(dataset, column)| Some((dataset.parse().ok()?, column.to_owned())));
        if split.is_none() {
            table.mistake(
                "exceptions",
                format!("{text:?} names no column of a dataset"),
                Some("dataset.column".into()),
            );
        }
        split
    });
    Some(Calendar { column: column?, every: every?, business_days, from, exceptions })
}

fn days(table: &Section<'_>, schema: Option<&Schema>) -> Option<IntervalsPerDay> {
    let column = table.required::<String>("column")?;
    known(table, "column", &column, schema);
    let kind = schema.and_then(|schema| schema.columns.iter().find(|known| known.name == column)).map(|c| c.kind);
    if let Some(kind) = kind.filter(|kind| !matches!(kind, ColumnType::Timestamp | ColumnType::Range)) {
        table.mistake("column", format!("`{column}` is {kind}, and this is about timestamps and ranges"), None);
    }
    let per = table.optional::<Vec<String>>("per").unwrap_or_default();
    for column in &per {
        known(table, "per", column, schema);
    }
    let open_ends = table.optional_word("ends", &[("whole", false), ("open", true)]).unwrap_or(false);
    let clock = schema.map(|schema| schema.clock.as_ref());
    if clock == Some(None) {
        table.mistake("", "the dataset does not say whose days these are", Some("add [time] with `zone`".into()));
    }
    let interval = super::clock::interval(table).or_else(|| clock.flatten()?.interval);
    if interval.is_none() && !table.has("interval") {
        let help = "say `interval = \"30 min\"`, here or in [time]";
        table.mistake("", "nobody says how long the interval is", Some(help.into()));
    }
    Some(IntervalsPerDay { column, per, seconds: interval?.as_secs(), open_ends })
}

fn reference(table: &Section<'_>, schema: Option<&Schema>) -> Option<Reference> {
    let columns = table.required::<Vec<String>>("columns");
    let (to, their) = (table.parsed("to"), table.required::<Vec<String>>("their"));
    let max_missing = table.optional("max_missing").unwrap_or(0);
    columns.iter().flatten().for_each(|column| known(table, "columns", column, schema));
    let (columns, their) = (columns?, their?);
    if columns.is_empty() || columns.len() != their.len() {
        table.mistake("their", "`columns` and `their` go in pairs: as many of one as of the other", None);
    }
    Some(Reference { columns, to: to?, their, max_missing })
}

/// A length of time that PostgreSQL understands, too.
fn span(table: &Section<'_>, key: &str) -> Option<String> {
    let text = table.optional::<&str>(key)?;
    let span = text.parse::<Span>().ok().filter(|span| !span.is_negative());
    if span.is_none() {
        let help = "write it as \"1 day\", \"36 hours\" or \"15 min\"";
        table.mistake(key, format!("{text:?} is no length of time"), Some(help.into()));
    }
    Some(span?.to_string())
}

/// A length of time that leads from one moment to the next.
fn step(table: &Section<'_>, key: &str) -> Option<String> {
    let text = span(table, key)?;
    let parts = text.parse::<Span>().ok()?;
    let below_seconds = (parts.get_milliseconds(), parts.get_microseconds(), parts.get_nanoseconds());
    if parts.is_zero() || below_seconds != (0, 0, 0) {
        let help = "write it as \"1 day\", \"1 hour\" or \"15 min\"";
        table.mistake(key, format!("`{key}` is one second or more, in whole seconds"), Some(help.into()));
    }
    Some(text)
}

fn column_of_time(table: &Section<'_>, schema: Option<&Schema>) -> Option<String> {
    let name = table.required::<String>("column")?;
    known(table, "column", &name, schema);
    let kind = schema.and_then(|schema| schema.columns.iter().find(|column| column.name == name)).map(|c| c.kind);
    if let Some(kind) = kind.filter(|kind| !matches!(kind, ColumnType::Date | ColumnType::Timestamp)) {
        table.mistake("column", format!("`{name}` is {kind}, and this is about dates and timestamps"), None);
    }
    Some(name)
}

fn known(table: &Section<'_>, key: &str, name: &str, schema: Option<&Schema>) {
    let Some(schema) = schema else { return };
    if !schema.columns.iter().any(|column| column.name == name) {
        let near = nearest(name, schema.columns.iter().map(|column| column.name.as_str()));
        table.mistake(key, format!("there is no column `{name}`"), near.map(|near| format!("did you mean `{near}`?")));
    }
}
