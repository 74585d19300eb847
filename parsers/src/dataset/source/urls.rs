//! The URL of a source: one, or one after the other, with or without dates.

use jiff::{Span, civil::Date, tz::TimeZone};

use super::Manner;
use crate::{
    dataset::Mode,
    plan::{Dated, Period},
    section::Section,
};

const PERIODS: &[(&str, Period)] =
    &[("hour", Period::Hour), ("day", Period::Day), ("month", Period::Month), ("year", Period::Year)];

/// The newest URL, and its dates.
pub(super) fn urls(
    table: &Section<'_>,
    manner: Option<&Manner>,
    zone: Option<TimeZone>,
    mode: Option<Mode>,
) -> Option<(String, Option<Dated>)> {
    let (url, earlier) = all(table);
    let period = table.optional_word("period", PERIODS);
    let lag = table.optional_parsed::<Span>("lag").unwrap_or_default();
    let (url, manner) = (url?, manner?);
    let beside = manner.plain();
    let texts = std::iter::once(url.as_str()).chain(beside.iter().copied());
    if !texts.into_iter().any(Dated::is_dated) {
        undated(table, &earlier);
        return Some((url, None));
    }
    if !table.has("period") {
        let help = "add `period`: \"hour\", \"day\", \"month\" or \"year\"";
        table.mistake("url", "the URL has a date, and it is not said what one file covers", Some(help.into()));
    }
    if mode == Some(Mode::Replace) {
        let help = "use \"upsert\" or \"append\"; replacing one period's rows and no others is not possible yet";
        let message = "each file covers one period, and the mode \"replace\" would remove all the others";
        table.mistake("url", message, Some(help.into()));
    }
    let dated = Dated::new(&url, &beside, period?, lag, zone.unwrap_or(TimeZone::UTC));
    let dated = earlier.into_iter().fold(dated, |dated, (until, url)| dated?.and_before(until, &url, &beside));
    dated.map_err(|error| table.mistake("url", error.to_string(), None)).ok().map(|dated| (url, Some(dated)))
}

fn undated(table: &Section<'_>, earlier: &[(Date, String)]) {
    let help = || Some("write `{date:%Y%m%d}` into the URL, in the publisher's own spelling".to_owned());
    for key in ["period", "lag"].into_iter().filter(|key| table.has(key)) {
        table.mistake(key, format!("`{key}` is for URLs with a date"), help());
    }
    if !earlier.is_empty() {
        table.mistake("url", "only a URL with a date has another one before a day", help());
    }
}

/// The newest URL, and those of before with the days until which they were it.
fn all(table: &Section<'_>) -> (Option<String>, Vec<(Date, String)>) {
    if table.is_text("url") || !table.has("url") {
        let url = table.required::<String>("url").filter(|url| is_url(table, "url", url));
        return (url, Vec::new());
    }
    let sections = table.tables("url");
    let mut earlier = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        let url = section.required::<String>("url").filter(|url| is_url(section, "url", url));
        let until = section.optional_parsed::<Date>("until");
        match (url, until) {
            (Some(url), Some(until)) => earlier.push((until, url)),
            (Some(url), None) if at + 1 == sections.len() && !section.has("until") => return (Some(url), earlier),
            (Some(_), None) if !section.has("until") => {
                let help = "add `until = \"2024-08-01\"`: the first day that the next URL is for";
                section.mistake("url", "another URL comes after this one", Some(help.into()));
            }
            _ => {}
        }
    }
    if earlier.len() == sections.len() {
        table.mistake("url", "no URL is for now", Some("the last one has no `until`".into()));
    }
    (None, earlier)
}

fn is_url(table: &Section<'_>, key: &str, url: &str) -> bool {
    let known = ["https://", "http://", "file:"].iter().any(|scheme| url.starts_with(scheme));
    if !known {
        let help = "it starts with https://, http:// or file:";
        table.mistake(key, format!("{url:?} is no URL"), Some(help.into()));
    }
    let has_secret = url.contains("secret:");
    if has_secret {
        let help = "URLs are shown and kept: name the secret in [source.query] or [source.headers]";
        table.mistake(key, "a secret has no place in a URL", Some(help.into()));
    }
    known && !has_secret
}
