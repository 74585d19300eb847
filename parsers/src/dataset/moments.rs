//! Columns that are put together of several texts: a day and the number of an hour, an interval by the label of its end.

use jiff::SignedDuration;

use super::{clock, columns::All};
use crate::{
    Column, ColumnType,
    schema::{Label, Moment, Origin, Rule, Within},
    section::Section,
};

const LABELS: &[(&str, Label)] = &[("start", Label::Start), ("end", Label::End), ("ending", Label::Ending)];
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The keys that make a moment of a text.
const KEYS: [&str; 7] = ["hour", "period", "offset", "mark", "label", "interval", "extra"];

/// Says in the rule what the column is put together of: `more` follows its own text.
pub(super) fn put_together(
    table: &Section<'_>,
    column: (&str, ColumnType, &Origin),
    more: &[&str],
    all: &All<'_>,
    rule: &mut Rule,
) {
    let (_, kind, _) = column;
    let of_time = matches!(kind, ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Range);
    if !more.is_empty() && !of_time {
        table.mistake("from", format!("several texts make a date or a time, and this is {kind}"), None);
    }
    let joined = more.iter().enumerate();
    rule.behind = joined.map(|(at, from)| part(table, column, &(at + 2).to_string(), from, all)).collect();
    if matches!(kind, ColumnType::Timestamp | ColumnType::Range) {
        rule.moment = moment(table, column, all).map(Box::new);
        return;
    }
    for key in KEYS.iter().filter(|key| table.optional::<&str>(key).is_some()) {
        table.mistake(key, format!("`{key}` is for timestamps and ranges only"), None);
    }
}

fn moment(table: &Section<'_>, column: (&str, ColumnType, &Origin), all: &All<'_>) -> Option<Moment> {
    let range = column.1 == ColumnType::Range;
    let mut source = |key: &str| table.optional::<&str>(key).map(|from| part(table, column, key, from, all));
    let [hour, period, offset, mark] = ["hour", "period", "offset", "mark"].map(&mut source);
    let label = table.optional_word("label", LABELS);
    let own = clock::interval(table);
    let marks_in_text = all.clock.is_some_and(|clock| clock.repeated.is_some());
    if !range && !marks_in_text && !KEYS.iter().any(|key| table.has(key)) {
        return None;
    }
    let within = match (hour, period) {
        (Some(_), Some(_)) => {
            table.mistake("period", "`hour` and `period` each say the time of day: only one can", None);
            return None;
        }
        (Some(hour), None) => Within::Hour(hour),
        (None, Some(period)) => Within::Period(period),
        (None, None) => Within::Text,
    };
    let interval = own.or(all.clock.and_then(|clock| clock.interval));
    let interval = if hour.is_some() { interval.or(Some(HOUR)) } else { interval };
    let extra = table.optional("extra");
    let moment = Moment { within, offset, mark, label: label.unwrap_or(Label::Start), interval, extra };
    check(table, &moment, range, all);
    Some(moment)
}

/// Notes what does not go together.
fn check(table: &Section<'_>, moment: &Moment, range: bool, all: &All<'_>) {
    let help = || Some("say `interval = \"30 min\"`, here or in [time]".to_owned());
    let clock = all.clock;
    if moment.interval.is_none()
        && (range || moment.label != Label::Start || matches!(moment.within, Within::Period(_)))
    {
        table.mistake("", "nobody says how long the interval is", help());
    }
    if matches!(moment.within, Within::Hour(_)) && moment.interval.is_some_and(|interval| interval != HOUR) {
        table.mistake("hour", "`hour` is for intervals of one hour", Some("use `period`".into()));
    }
    if moment.extra.is_some() && !matches!(moment.within, Within::Hour(_)) {
        let help = "`period` counts the hours of a day as many as they are".to_owned();
        table.mistake("extra", "`extra` is what stands beside `hour` for the one that comes twice", Some(help));
    }
    if matches!(moment.within, Within::Period(_)) && table.has("label") {
        table.mistake("label", "the number of a period says when it begins; there is no label", None);
    }
    if table.has("offset") && clock.is_none_or(|clock| clock.offsets.is_empty()) {
        let help = "add to [time]: offsets = { EST = \"-05:00\", EDT = \"-04:00\" }";
        table.mistake("offset", "nobody says which words stand for which offsets", Some(help.into()));
    }
    if table.has("mark") && clock.is_none_or(|clock| clock.repeated.is_none()) {
        let help = "add to [time]: repeated = [\"N\", \"Y\"]";
        table.mistake("mark", "nobody says which marks an hour has that comes twice", Some(help.into()));
    }
}

/// Takes up another text of the file, that is read with the column's own.
fn part(
    table: &Section<'_>,
    (column, _, origin): (&str, ColumnType, &Origin),
    called: &str,
    from: &str,
    all: &All<'_>,
) -> usize {
    let from = from.trim().to_owned();
    let origin = match origin {
        Origin::Sometimes(_) => Origin::Sometimes(from),
        Origin::Nowhere => Origin::Nowhere,
        Origin::File(_) | Origin::Name(_) | Origin::Series(_) => Origin::File(from),
    };
    let rule = Rule { nulls: all.nulls.clone(), ..Rule::default() };
    let (name, comment) = (format!("{column}.{called}"), String::new());
    all.part(table, Column { name, kind: ColumnType::Text, comment, required: false, origin, rule })
}

#[cfg(test)]
mod tests;
