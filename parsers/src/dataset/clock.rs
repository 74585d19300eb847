//! `[time]`: whose clock local times are on, and how the file marks them.

use jiff::{SignedDuration, tz::Offset};

use crate::{
    schema::{Clock, Fold},
    section::{Section, zone::offset},
};

const FOLDS: &[(&str, Fold)] = &[("refuse", Fold::Refuse), ("earlier", Fold::Earlier), ("later", Fold::Later)];

pub(super) fn clock(table: &Section<'_>) -> Option<Clock> {
    let zone = table.required::<&str>("zone");
    let fold = table.optional_word("fold", FOLDS).unwrap_or(Fold::Refuse);
    let found = zone.and_then(|zone| table.zone("zone", zone));
    let offsets = table.optional_table("offsets").map(|offsets| self::offsets(&offsets)).unwrap_or_default();
    let repeated = repeated(table);
    let interval = interval(table);
    Some(Clock { zone: found?, fold, offsets, repeated, interval })
}

/// Words of the file, and the offsets that they stand for.
fn offsets(table: &Section<'_>) -> Vec<(String, Offset)> {
    let one = |word: &str| {
        let text = table.required::<&str>(word)?;
        let found = offset(text);
        if found.is_none() {
            table.mistake(word, format!("{text:?} is no offset"), Some("write it as \"-05:00\"".into()));
        }
        Some((word.to_owned(), found?))
    };
    table.keys().into_iter().filter_map(one).collect()
}

fn repeated(table: &Section<'_>) -> Option<[String; 2]> {
    let marks = table.optional::<Vec<String>>("repeated")?;
    let marks = <[String; 2]>::try_from(marks).ok().filter(|[first, second]| first != second && !second.is_empty());
    if marks.is_none() {
        let help = "write [\"A\", \"B\"], or [\"\", \"*\"] if only the second is marked";
        let message = "`repeated` is two marks: of the first hour that a clock has twice, and of the second";
        table.mistake("repeated", message, Some(help.into()));
    }
    marks
}

/// How long an interval is: a part of a day, in whole seconds.
pub(super) fn interval(table: &Section<'_>) -> Option<SignedDuration> {
    let text = table.optional::<&str>("interval")?;
    let day = SignedDuration::from_hours(24);
    let good = |length: &SignedDuration| {
        length.is_positive() && *length <= day && length.subsec_nanos() == 0 && day.as_secs() % length.as_secs() == 0
    };
    let found = text.parse::<SignedDuration>().ok().filter(good);
    if found.is_none() {
        let help = "write it as \"1 hour\", \"30 min\" or \"5 min\"";
        table.mistake("interval", format!("{text:?} is no length that a day has several of"), Some(help.into()));
    }
    found
}
