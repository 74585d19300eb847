//! How the requests of one walk are made: method, headers, query, body, and what of it is nobody's business.

use parsers::{dataset::Asking, plan::Words};
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{FetchError, Veil};
use crate::{
    config::{SecretError, Secrets},
    job::secrets,
};

/// How requests are made, with secrets in their places. What it adds goes to the source's own host only.
#[derive(Debug, Clone)]
pub struct Manner {
    home: Option<Url>,
    post: bool,
    headers: HeaderMap,
    query: Vec<(String, SecretString)>,
    body: Option<SecretString>,
    veil: Veil,
}

impl Manner {
    /// Puts secrets in their places.
    pub(super) fn new(asking: &Asking, secrets: &Secrets) -> Result<Self, FetchError> {
        let mut found = Vec::new();
        let mut fill = |words: &Words| {
            words.fill(|name| {
                let secret = secrets.find(name)?;
                let text = secret.expose_secret().to_owned();
                found.push(secret);
                Ok::<_, SecretError>(text)
            })
        };
        let manner = &asking.manner;
        let mut headers = HeaderMap::new();
        for (name, words) in &manner.headers {
            let refuse = || FetchError::Header { name: name.clone() };
            let mut value = HeaderValue::from_str(&fill(words)?).map_err(|_control| refuse())?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_spelling| refuse())?, value);
        }
        let mut query = Vec::new();
        for (name, words) in &manner.query {
            query.push((name.clone(), SecretString::from(fill(words)?)));
        }
        let body = manner.body.as_ref().map(&mut fill).transpose()?.map(SecretString::from);
        Ok(Self {
            home: asking.url.parse().ok(),
            post: manner.post,
            headers,
            query,
            body,
            veil: found.into_iter().collect(),
        })
    }

    /// The method of a first request to `url`: what a link at another host leads to is only had, and nothing is posted.
    pub(super) fn method_at(&self, url: &Url) -> Method {
        if self.post && self.is_home(url) { Method::POST } else { Method::GET }
    }

    /// Whether an answer stands for its URL alone, so that it can be asked whether it still does.
    pub fn is_plain(&self) -> bool {
        !self.post
    }

    /// What is sent with a POST.
    pub(super) fn body(&self) -> Option<String> {
        self.body.as_ref().map(|body| body.expose_secret().to_owned())
    }

    /// What goes in the head of a request to `url`.
    pub(super) fn headers(&self, url: &Url) -> HeaderMap {
        if self.is_home(url) { self.headers.clone() } else { HeaderMap::new() }
    }

    /// The URL with the parameters that it lacks, at the source's own host.
    pub(super) fn whole(&self, url: &Url) -> Url {
        let mut whole = url.clone();
        if self.is_home(url) {
            for (name, value) in &self.query {
                if !url.query_pairs().any(|(known, _)| known == *name) {
                    whole.query_pairs_mut().append_pair(name, value.expose_secret());
                }
            }
        }
        whole
    }

    /// Whether a URL is kept as no other is: what is not shown of it is what the source itself says, the same each time.
    pub fn is_told_apart(&self, url: &str) -> bool {
        let Ok(url) = url.parse::<Url>() else { return false };
        let home = self.home.as_ref().map(secrets).unwrap_or_default();
        let is_added = |(name, value): &(String, String)| {
            self.query.iter().any(|(known, secret)| known == name && secret.expose_secret() == value)
        };
        secrets(&url).iter().all(|hidden| home.contains(hidden) || is_added(hidden))
    }

    /// The URL of a request as it is kept and shown: whole, without secrets.
    pub fn shown(&self, url: &str) -> String {
        url.parse().map_or_else(|_| url.to_owned(), |url: Url| self.veil(&super::shown(&self.whole(&url))))
    }

    /// A text without the secrets of this manner.
    pub fn veil(&self, text: &str) -> String {
        self.veil.over(text)
    }

    /// A text that may be a URL, as it may be shown.
    pub fn shown_text(&self, text: &str) -> String {
        text.parse().map_or_else(|_| self.veil(text), |url: Url| self.veil(&super::shown(&url)))
    }

    /// Whether a text holds one of them.
    pub(super) fn tells(&self, text: &str) -> bool {
        self.veil(text) != text
    }

    /// Whether a URL may be asked: a secret in it goes to the source's own host only, whoever has put it there.
    pub(super) fn may_ask(&self, url: &Url) -> bool {
        self.is_home(url) || !self.tells(url.as_str())
    }

    /// The host that the source names; also once it asks for encryption.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        self.home.as_ref().is_some_and(|home| {
            let upgraded = home.scheme() == "http" && url.scheme() == "https" && url.port().is_none();
            home.origin() == url.origin() || (home.host() == url.host() && home.port().is_none() && upgraded)
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Settings;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    fn manner(source: &str) -> Manner {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("KEY"), "a/b c").unwrap();
        let settings = Only::parse_from(["test", "--credentials-dir", folder.path().to_str().unwrap()]).settings;
        let dataset = super::super::tests::with_source(source);
        Manner::new(&dataset.source.asking(None).unwrap(), &settings.secrets()).unwrap()
    }

    const SOURCE: &str = "url = 'https://x.example/api?a=1'\nheaders = { X-Key = 'k {secret:KEY}' }\n\
                          query = { q = 'secret:KEY', a = '2', b = '3' }";

    #[test]
    fn what_the_source_adds_goes_to_its_own_host_only() {
        let manner = manner(SOURCE);
        let whole = |url: &str| manner.whole(&url.parse().unwrap()).to_string();
        assert_eq!(whole("https://x.example/api?a=1"), "https://x.example/api?a=1&q=a%2Fb+c&b=3");
        for other in ["https://y.example/", "http://x.example/", "https://x.example:8443/"] {
            assert_eq!(whole(other), other);
            assert!(manner.headers(&other.parse().unwrap()).is_empty(), "{other}");
        }
        assert_eq!(manner.headers(&"https://x.example/other".parse().unwrap())["x-key"], "k a/b c");
    }

    #[test]
    fn a_secret_in_a_url_goes_to_its_own_host_only() {
        let manner = manner(SOURCE);
        let cases = [
            ("https://x.example/page/a%2Fb%20c", true),
            ("https://y.example/", true),
            ("https://y.example/?k=a%2Fb+c", false),
            ("https://x.example:8443/?k=a%2fb+c", false),
            ("http://x.example/a/b%20c", false),
        ];
        for (url, may) in cases {
            assert_eq!(manner.may_ask(&url.parse().unwrap()), may, "{url}");
        }
    }

    #[test]
    fn what_is_kept_of_a_url_tells_it_apart_where_nothing_but_the_sources_own_is_hidden() {
        let manner = manner("url = 'https://x.example/api?token=t&page=1'\nquery = { key = 'secret:KEY' }");
        let cases = [
            ("https://x.example/api?token=t&page=2", true),
            ("https://x.example/api?page=2", true),
            ("https://y.example/file", true),
            ("https://x.example/api?token=t&key=a%2Fb+c", true),
            ("https://x.example/api?token=u&page=2", false),
            ("https://x.example/api?key=t", false),
            ("https://x.example/api?nextToken=t", false),
            ("https://me:pw@x.example/api", false),
            ("/api", false),
        ];
        for (url, apart) in cases {
            assert_eq!(manner.is_told_apart(url), apart, "{url}");
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let manner = manner(SOURCE);
        assert_eq!(manner.shown("https://x.example/api?a=1"), "https://x.example/api?a=1&q=hidden&b=3");
        let told = r"no a/b c, no a%2Fb+c, no a%2Fb%20c, no a%2fb%20c, no a\/b c";
        assert_eq!(manner.veil(told), "no hidden, no hidden, no hidden, no hidden, no hidden");
        assert_eq!(manner.shown_text("https://y.example/a%2Fb%20c?token=t"), "https://y.example/hidden?token=hidden");
        assert_eq!(manner.shown_text("?page=a/b c"), "?page=hidden");
        assert!(!format!("{manner:?}").contains("a/b"));
        let plain = self::manner("url = 'https://x.example/api'");
        assert_eq!(plain.shown("https://x.example/api?token=t"), "https://x.example/api?token=hidden");
    }
}
