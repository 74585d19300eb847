//! How requests are made: method, headers, query and body.

use std::collections::BTreeSet;

use crate::{
    plan::{PlanError, SecretName, Words},
    section::Section,
};

/// Headers that are the program's own affair.
const OURS: [&str; 12] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "range",
    "if-range",
    "if-none-match",
    "if-modified-since",
    "te",
    "upgrade",
    "expect",
];

/// How requests are made. Headers and query go to the URL's own host only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    /// Whether by POST.
    pub post: bool,
    /// Names and values; texts may have dates and secrets.
    pub headers: Vec<(String, Words)>,
    /// Parameters that are added where a URL lacks them.
    pub query: Vec<(String, Words)>,
    /// What is sent with a POST.
    pub body: Option<Words>,
}

/// What is asked for, its dates filled in, and its secrets not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The first URL.
    pub url: String,
    /// How it and those after it are asked for.
    pub manner: Manner,
}

impl Manner {
    /// The secrets that are needed.
    pub fn secrets(&self) -> BTreeSet<&SecretName> {
        self.words().flat_map(Words::secrets).collect()
    }

    pub(super) fn plain(&self) -> Vec<&str> {
        self.words().flat_map(Words::plain).collect()
    }

    pub(super) fn asking(
        &self,
        url: String,
        fill: impl Fn(&str) -> Result<String, PlanError>,
    ) -> Result<Asking, PlanError> {
        let filled = |all: &[(String, Words)]| {
            all.iter().map(|(name, value)| Ok((name.clone(), value.change(&fill)?))).collect::<Result<Vec<_>, _>>()
        };
        let body = self.body.as_ref().map(|body| body.change(&fill)).transpose()?;
        let manner = Self { post: self.post, headers: filled(&self.headers)?, query: filled(&self.query)?, body };
        Ok(Asking { url, manner })
    }

    fn words(&self) -> impl Iterator<Item = &Words> {
        self.headers.iter().chain(&self.query).map(|(_, words)| words).chain(&self.body)
    }
}

pub(super) fn manner(table: &Section<'_>) -> Option<Manner> {
    let post = table.optional_word("method", &[("GET", false), ("POST", true)]).unwrap_or(false);
    let body = table.optional_parsed::<Words>("body");
    if table.has("body") && !post {
        table.mistake("body", "only a POST has a body", Some("add `method = \"POST\"`".into()));
    }
    let headers = named(table, "headers", is_header);
    let query = named(table, "query", |_, _| true);
    Some(Manner { post, headers: headers?, query: query?, body })
}

/// A table of names and texts.
fn named(table: &Section<'_>, key: &str, fits: impl Fn(&Section<'_>, &str) -> bool) -> Option<Vec<(String, Words)>> {
    let Some(section) = table.optional_table(key) else { return Some(Vec::new()) };
    let all = section.keys();
    let one = |name: &str| {
        let words = section.parsed::<Words>(name).filter(|words| is_one_line(&section, name, words));
        fits(&section, name).then_some((name.to_owned(), words?))
    };
    // All are read before one of them is missed: no mistake hides another.
    let read: Vec<_> = all.into_iter().map(one).collect();
    read.into_iter().collect()
}

fn is_one_line(section: &Section<'_>, name: &str, words: &Words) -> bool {
    let good = !words.plain().any(|text| text.chars().any(char::is_control));
    if !good {
        section.mistake(name, "a control character has no place here", None);
    }
    good
}

fn is_header(section: &Section<'_>, name: &str) -> bool {
    let spelled = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let ours = OURS.iter().any(|own| name.eq_ignore_ascii_case(own));
    if !spelled {
        section.mistake(name, format!("{name:?} is no name of a header"), None);
    } else if ours {
        section.mistake(name, format!("the header {name} is the program's own affair"), None);
    }
    spelled && !ours
}
