//! Where the site is: which hosts it answers to, and whether browsers reach it over TLS.

use std::net::SocketAddr;

use url::Url;

use crate::config::Settings;

/// The site's own names. A request for any other host is not for us.
#[derive(Debug, Clone)]
pub(super) struct Address {
    origins: Vec<String>,
    secure: bool,
}

impl Address {
    /// The base URL, the address listened on, and the loopback's names with its port.
    pub(super) fn new(settings: &Settings, listening: SocketAddr) -> Self {
        let base = settings.base_url.as_ref();
        let port = listening.port();
        let mut origins: Vec<String> = base.map(|url| url.origin().ascii_serialization()).into_iter().collect();
        let local = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}"));
        origins.extend(local.into_iter().chain([format!("http://{listening}")]).filter_map(|url| origin(&url)));
        Self { origins, secure: base.is_some_and(|url| url.scheme() == "https") }
    }

    /// True if people reach the site over TLS: cookies are then bound to it.
    pub(super) fn secure(&self) -> bool {
        self.secure
    }

    /// True if a request with this `Host` header is for this site.
    pub(super) fn answers(&self, host: &str) -> bool {
        ["http", "https"].iter().filter_map(|scheme| origin(&format!("{scheme}://{host}"))).any(|o| self.is(&o))
    }

    /// True if this `Origin` header is the site's own.
    pub(super) fn is(&self, origin: &str) -> bool {
        self.origins.iter().any(|own| own == origin)
    }

    /// Browsers send `Sec-Fetch-Site` only where they trust the connection: over TLS and to the loopback. Elsewhere the
    /// `Origin` header has to do, and a policy of `no-referrer` would turn that into `null`.
    pub(super) fn referrer_policy(&self, host: &str) -> &'static str {
        let local = ["localhost", "127.", "[::1]"].iter().any(|name| host.starts_with(name));
        if self.secure || local { "no-referrer" } else { "same-origin" }
    }
}

/// The origin of a URL that is nothing but scheme, host and port.
fn origin(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    let bare = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
    (bare && !url.contains(['@', '\\', ' ', '?', '#']) && parsed.has_host())
        .then(|| parsed.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn address(base: &str) -> Address {
        let settings = Line::parse_from(["bluebook", "--base-url", base]).settings;
        Address::new(&settings, "127.0.0.1:8321".parse().unwrap())
    }

    #[test]
    fn only_its_own_hosts_are_answered() {
        let site = address("https://books.example.org");
        for host in ["books.example.org", "BOOKS.example.org", "books.example.org:443", "localhost:8321", "[::1]:8321"]
        {
            assert!(site.answers(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "books.example.org.evil.example",
            "books.example.org:8321",
            "localhost",
            "localhost:8322",
            "books.example.org@evil.example",
            "evil.example@books.example.org",
            "books.example.org/path",
            "books.example.org?x",
            "books.example.org#x",
            "books.example.org, evil.example",
            "..",
            "127.0.0.1:83210",
        ] {
            assert!(!site.answers(host), "{host}");
        }
    }

    #[test]
    fn the_referrer_is_kept_back_where_the_browser_says_otherwise_where_it_comes_from() {
        assert_eq!(address("https://books.example.org").referrer_policy("books.example.org"), "no-referrer");
        assert_eq!(address("http://books.lan").referrer_policy("localhost:8321"), "no-referrer");
        assert_eq!(address("http://books.lan").referrer_policy("books.lan"), "same-origin");
    }
}
