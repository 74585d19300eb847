//! `HOST=URL`: ask another server in a publisher's place.

use std::str::FromStr;

use url::Url;

/// Requests for `host` go to `to` instead; path and query stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The publisher's host as it stands in the dataset's TOML.
    pub host: String,
    /// Scheme, host and port that are asked instead.
    pub to: Url,
}

impl Rewrite {
    /// The URL to ask for, if it is this rewrite's host.
    pub fn apply(&self, url: &Url) -> Option<Url> {
        if url.host_str() != Some(self.host.as_str()) {
            return None;
        }
        let mut asked = self.to.clone();
        asked.set_path(url.path());
        asked.set_query(url.query());
        Some(asked)
    }
}

impl FromStr for Rewrite {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, url) =
            text.split_once('=').ok_or("write HOST=URL, such as www.ecb.europa.eu=http://127.0.0.1:9000")?;
        let to: Url = url.parse().map_err(|error| format!("{url:?} is not a URL: {error}"))?;
        Ok(Self { host: host.to_ascii_lowercase(), to })
    }
}
