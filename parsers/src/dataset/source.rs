//! Where a dataset's bytes come from.

mod authority;
mod manner;
mod urls;
mod way;

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

use super::Mode;
use crate::{
    DatasetName, Format,
    plan::{Dated, Plan, PlanError, Way},
    section::{Section, Size},
};

pub use authority::Authority;
pub use manner::{Asking, Manner};

/// Where a dataset's bytes come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// `http`, `https` or `file`; the template, where it carries dates.
    pub url: String,
    /// How the dates of a request are filled in, where it carries any.
    pub dated: Option<Dated>,
    /// How the files are found from there.
    pub way: Way,
    /// How requests are made.
    pub manner: Manner,
    /// Hosts that redirects and links may lead to, beside the URL's own.
    pub redirect_hosts: Vec<String>,
    /// Whose certificates are trusted there beside those that the system trusts.
    pub ca: Option<Authority>,
    /// Longest time for the transfer of one file.
    pub timeout: Duration,
    /// Most bytes that will be taken, of all files of a release.
    pub max_bytes: u64,
    /// The dataset whose files it reads, if it fetches none of its own. Then whoever has all definitions puts the rest of
    /// that one's source here.
    pub same_as: Option<DatasetName>,
    /// Datasets that read these files, too; filled in likewise.
    pub read_by: Vec<DatasetName>,
}

/// The longest that a transfer may take.
const LONGEST: Duration = Duration::from_hours(24);

impl Source {
    /// What is asked for: the file, or that of a period where each is one of its own.
    pub fn asking(&self, period: Option<Timestamp>) -> Result<Asking, PlanError> {
        match (&self.dated, period) {
            (Some(dated), Some(period)) => self.manner.asking(dated.url(period)?, |text| dated.fill(text, period)),
            _ => self.manner.asking(self.url.clone(), |text| Ok(text.to_owned())),
        }
    }

    /// A walk to a release, from this URL.
    pub fn plan(&self, url: &str) -> Plan {
        Plan::new(self.way.clone(), url, &self.redirect_hosts)
    }

    /// One file at a URL, and nothing else said of it.
    pub fn at(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            dated: None,
            way: Way::File,
            manner: Manner::default(),
            redirect_hosts: Vec::new(),
            ca: None,
            timeout: Duration::from_mins(5),
            max_bytes: 256 << 20,
            same_as: None,
            read_by: Vec::new(),
        }
    }
}

pub(super) fn source(
    table: &Section<'_>,
    zone: Option<TimeZone>,
    mode: Option<Mode>,
    format: Option<&Format>,
) -> Option<Source> {
    if table.has("same_as") {
        return table.parsed("same_as").map(|other| Source { same_as: Some(other), ..Source::at("") });
    }
    let manner = manner::manner(table);
    let (url, dated) = urls::urls(table, manner.as_ref(), zone, mode).unzip();
    let way = way::way(table, mode, format);
    let redirect_hosts = table.optional("redirect_hosts").unwrap_or_default();
    let ca = authority::authority(table);
    let timeout = table.optional("timeout").unwrap_or(Duration::from_mins(5));
    if timeout > LONGEST {
        table.mistake("timeout", "`timeout` is at most a day", Some("write it as \"90 s\" or \"5 min\"".into()));
    }
    let Size(max_bytes) = table.optional("max_size").unwrap_or(Size(256 << 20));
    let (same_as, read_by) = (None, Vec::new());
    let (url, dated, way, manner) = (url?, dated?, way?, manner?);
    Some(Source { url, dated, way, manner, redirect_hosts, ca, timeout, max_bytes, same_as, read_by })
}

#[cfg(test)]
mod tests;
