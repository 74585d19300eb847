//! Where a dataset's bytes come from.

use std::time::Duration;

use jiff::{Span, tz::TimeZone};

use super::Mode;
use crate::{
    plan::{Dated, Period},
    section::{Section, Size},
};

const PERIODS: &[(&str, Period)] =
    &[("hour", Period::Hour), ("day", Period::Day), ("month", Period::Month), ("year", Period::Year)];

/// Where a dataset's bytes come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// `http`, `https` or `file`; the template, where it carries dates.
    pub url: String,
    /// How the URL's dates are filled in, where it carries any.
    pub dated: Option<Dated>,
    /// Hosts that a redirect may lead to, beside the URL's own.
    pub redirect_hosts: Vec<String>,
    /// Longest time for the whole transfer.
    pub timeout: Duration,
    /// Most bytes that will be taken.
    pub max_bytes: u64,
}

/// The longest that a transfer may take.
const LONGEST: Duration = Duration::from_hours(24);

pub(super) fn source(table: &Section<'_>, zone: Option<TimeZone>, mode: Option<Mode>) -> Option<Source> {
    let url = table.required::<String>("url").filter(|url| {
        let known = ["https://", "http://", "file:"].iter().any(|scheme| url.starts_with(scheme));
        if !known {
            let help = "it starts with https://, http:// or file:";
            table.mistake("url", format!("{url:?} is no URL"), Some(help.into()));
        }
        known
    });
    let dated = dated(table, url.as_deref(), zone, mode);
    let redirect_hosts = table.optional("redirect_hosts").unwrap_or_default();
    let timeout = table.optional("timeout").unwrap_or(Duration::from_mins(5));
    if timeout > LONGEST {
        table.mistake("timeout", "`timeout` is at most a day", Some("write it as \"90 s\" or \"5 min\"".into()));
    }
    let Size(max_bytes) = table.optional("max_size").unwrap_or(Size(256 << 20));
    Some(Source { url: url?, dated, redirect_hosts, timeout, max_bytes })
}

fn dated(table: &Section<'_>, url: Option<&str>, zone: Option<TimeZone>, mode: Option<Mode>) -> Option<Dated> {
    let period = table.optional_word("period", PERIODS);
    let lag = table.optional_parsed::<Span>("lag").unwrap_or_default();
    let url = url?;
    if !Dated::is_dated(url) {
        for key in ["period", "lag"].into_iter().filter(|key| table.has(key)) {
            let help = "write `{date:%Y%m%d}` into the URL, in the publisher's own spelling";
            table.mistake(key, format!("`{key}` is for URLs with a date"), Some(help.into()));
        }
        return None;
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
    let dated = Dated::new(url, period?, lag, zone.unwrap_or(TimeZone::UTC));
    dated.map_err(|error| table.mistake("url", error.to_string(), None)).ok()
}
