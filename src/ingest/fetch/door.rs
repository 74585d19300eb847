//! Where a request may go: the operator's settings, and the guard for everything they do not name.

use std::net::IpAddr;

use url::{Host, Url};

use super::{FetchError, address, shown};
use crate::config::{Rewrite, Settings};

/// Hosts that the operator named. A dataset's TOML can add nothing here.
#[derive(Debug, Clone)]
pub(super) struct Doors {
    rewrites: Vec<Rewrite>,
    allowed: Vec<(String, u16)>,
}

/// Which of the two clients asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// The operator named this host and port: any address will do.
    Named,
    /// Any other: only addresses on the open internet.
    Guarded,
}

impl Doors {
    /// Reads the operator's settings.
    pub(super) fn new(settings: &Settings) -> Result<Self, FetchError> {
        let mut allowed = settings.fetch_allow.iter().map(|text| host_and_port(text)).collect::<Result<Vec<_>, _>>()?;
        allowed.extend(settings.fetch_rewrite.iter().filter_map(|rewrite| origin(&rewrite.to)));
        Ok(Self { rewrites: settings.fetch_rewrite.clone(), allowed })
    }

    /// The URL that is really asked for `url`, and through which door.
    pub(super) fn find(&self, url: &Url) -> Result<(Url, Door), FetchError> {
        let asked = self.rewrites.iter().find_map(|rewrite| rewrite.apply(url)).unwrap_or_else(|| url.clone());
        if !matches!(asked.scheme(), "http" | "https") {
            return Err(FetchError::Scheme { url: shown(url) });
        }
        if self.is_named(&asked) {
            return Ok((asked, Door::Named));
        }
        // The resolver is never asked about literal addresses, so they are judged here.
        let literal = match asked.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(FetchError::Scheme { url: shown(url) }),
        };
        match literal {
            Some(closed) if !address::is_open(closed) => Err(FetchError::Closed { url: shown(url), address: closed }),
            _ => Ok((asked, Door::Guarded)),
        }
    }

    /// Whether the operator named this host and port.
    pub(super) fn is_named(&self, url: &Url) -> bool {
        origin(url).is_some_and(|origin| self.allowed.contains(&origin))
    }
}

fn origin(url: &Url) -> Option<(String, u16)> {
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// `HOST:PORT`, spelled as a URL spells it, so that both compare.
fn host_and_port(text: &str) -> Result<(String, u16), FetchError> {
    let url = Url::parse(&format!("http://{text}/")).ok().filter(|_| !text.contains('/'));
    let port = text.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    match (url.as_ref().and_then(Url::host_str), port) {
        (Some(host), Some(port)) => Ok((host.to_owned(), port)),
        _ => Err(FetchError::Setting { text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doors(rewrite: &[&str], allow: &[&str]) -> Doors {
        let mut all = Doors {
            rewrites: rewrite.iter().map(|text| text.parse().unwrap()).collect(),
            allowed: allow.iter().map(|text| host_and_port(text).unwrap()).collect(),
        };
        all.allowed.extend(all.rewrites.iter().filter_map(|rewrite| origin(&rewrite.to)));
        all
    }

    fn find(doors: &Doors, url: &str) -> Result<(String, Door), FetchError> {
        doors.find(&Url::parse(url).unwrap()).map(|(url, door)| (url.to_string(), door))
    }

    #[test]
    fn a_publisher_on_the_open_internet_is_asked_under_guard() {
        let url = "https://www.ecb.europa.eu/stats/hist.zip?a=b";
        assert_eq!(find(&doors(&[], &[]), url).unwrap(), (url.into(), Door::Guarded));
    }

    #[test]
    fn a_rewritten_host_is_asked_at_the_operators_place() {
        let doors = doors(&["www.ecb.europa.eu=http://127.0.0.1:9000"], &[]);
        let asked = find(&doors, "https://www.ecb.europa.eu/stats/hist.zip?a=b").unwrap();
        assert_eq!(asked, ("http://127.0.0.1:9000/stats/hist.zip?a=b".into(), Door::Named));
        assert!(find(&doors, "http://127.0.0.1:9001/").is_err(), "another port of that machine stays closed");
    }

    #[test]
    fn a_private_host_needs_its_port_named_too() {
        let doors = doors(&[], &["127.0.0.1:9000", "[::1]:9000", "intranet.example:80"]);
        assert_eq!(find(&doors, "http://127.0.0.1:9000/x").unwrap().1, Door::Named);
        assert_eq!(find(&doors, "http://2130706433:9000/x").unwrap().1, Door::Named);
        assert_eq!(find(&doors, "http://[::1]:9000/x").unwrap().1, Door::Named);
        assert_eq!(find(&doors, "http://intranet.example/x").unwrap().1, Door::Named);
        assert!(matches!(find(&doors, "http://127.0.0.1/x"), Err(FetchError::Closed { .. })));
        assert_eq!(find(&doors, "http://intranet.example:81/x").unwrap().1, Door::Guarded);
    }

    #[test]
    fn a_setting_without_a_port_is_refused() {
        assert!(matches!(host_and_port("intranet.example"), Err(FetchError::Setting { .. })));
        assert!(matches!(host_and_port("http://intranet.example:80"), Err(FetchError::Setting { .. })));
    }

    #[test]
    fn only_the_web_is_asked() {
        assert!(matches!(find(&doors(&[], &[]), "ftp://ftp.example/x"), Err(FetchError::Scheme { .. })));
    }
}
