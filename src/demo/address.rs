//! Where a publisher has its releases: which requests are for them, and what they must bring along.

use anyhow::{Context as _, bail};
use parsers::{
    Dataset,
    plan::{Dated, Way, Words},
};
use url::{Url, form_urlencoded};

/// What each secret is that the demo's datasets name. It goes no further than this machine.
pub(super) const SECRET: &str = "given-by-the-demo";

/// A source's URL, as the local publisher understands it.
#[derive(Debug, Clone)]
pub(super) struct Address {
    url: Url,
    query: Vec<(String, Expected)>,
    /// Whether a page is there that lists the files, which lie beside it.
    pub(super) lists: bool,
}

/// What a parameter of the query must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    /// This.
    Value(String),
    /// Anything: a day of the demo has the release of another.
    Date,
    /// The secret.
    Secret,
}

/// How a request suits an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is for something else.
    No,
    /// It lacks the secret.
    Stranger,
    /// It is for what is there.
    Yes,
    /// It is for a file beside it, on a page that lists files.
    Beside,
}

impl Address {
    /// Where a dataset's source leads.
    pub(super) fn of(dataset: &Dataset) -> anyhow::Result<Self> {
        let source = &dataset.source;
        let url: Url = source.url.parse().with_context(|| format!("the URL of {}", dataset.name))?;
        if Dated::is_dated(&source.url.replace(url.query().unwrap_or_default(), "")) {
            bail!("the demo's publisher knows dates in a query only, and the path of {} has one", dataset.name);
        }
        let said = url.query_pairs().map(|(name, value)| (name.into_owned(), expected(&value)));
        let added = source.manner.query.iter().map(|(name, words)| (name.clone(), words_expected(words)));
        let query = said.chain(added).collect();
        let lists = matches!(source.way, Way::Links(_));
        Ok(Self { url, query, lists })
    }

    /// The publisher's host.
    pub(super) fn host(&self) -> Option<&str> {
        self.url.host_str()
    }

    /// The path of what is there.
    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// How a request suits it, by path and query.
    pub(super) fn fits(&self, target: &str) -> Fit {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if self.lists && path != self.path() && path.starts_with(self.path()) {
            return Fit::Beside;
        }
        let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let suits = |(name, expected): &(String, Expected)| match expected {
            Expected::Value(expected) => value(name) == Some(expected),
            Expected::Date => value(name).is_some(),
            Expected::Secret => true,
        };
        if path != self.path() || asked.len() > self.query.len() || !self.query.iter().all(suits) {
            return Fit::No;
        }
        let mut secrets = self.query.iter().filter(|(_, expected)| *expected == Expected::Secret);
        if secrets.all(|(name, _)| value(name) == Some(SECRET)) { Fit::Yes } else { Fit::Stranger }
    }
}

fn expected(text: &str) -> Expected {
    if Dated::is_dated(text) { Expected::Date } else { Expected::Value(text.to_owned()) }
}

fn words_expected(words: &Words) -> Expected {
    if words.secrets().next().is_some() { Expected::Secret } else { expected(&words.shown()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(source: &str) -> Address {
        let definition = include_str!("../../parsers/datasets/entsoe_load.toml");
        let (before, rest) = definition.split_once("[source]\n").unwrap();
        let text = format!("{before}[source]\n{source}\n[{}", rest.split_once("\n[").unwrap().1);
        Address::of(&Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap()).unwrap()
    }

    #[test]
    fn a_period_is_asked_for_with_any_date_and_with_the_secret() {
        let api = address(
            "url = 'https://x.example/api?kind=A44&from={date:%Y%m%d}'\nquery = { token = 'secret:T' }\nperiod = 'day'",
        );
        for (target, fit) in [
            ("/api?kind=A44&from=20261128&token=given-by-the-demo", Fit::Yes),
            ("/api?kind=A44&from=20261128&token=guessed", Fit::Stranger),
            ("/api?kind=A44&from=20261128", Fit::Stranger),
            ("/api?kind=A65&from=20261128&token=given-by-the-demo", Fit::No),
            ("/api?kind=A44&token=given-by-the-demo", Fit::No),
            ("/other?kind=A44&from=20261128&token=given-by-the-demo", Fit::No),
        ] {
            assert_eq!(api.fits(target), fit, "{target}");
        }
    }

    #[test]
    fn files_lie_beside_the_page_that_lists_them() {
        let page = address("url = 'https://x.example/d/'\nlisting = { pattern = '*.zip', take = 'unseen' }");
        let fits = ["/d/", "/d/one.zip", "/e/one.zip"].map(|target| page.fits(target));
        assert_eq!(fits, [Fit::Yes, Fit::Beside, Fit::No]);
    }
}
