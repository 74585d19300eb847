//! Fetching: the one way from a publisher's URL to bytes on our side.
//!
//! What may be asked is decided here, hop by hop: by the operator's settings (`door`), by the address that a name
//! leads to (`address`, `resolve`), by the dataset's own list of hosts for redirects. The environment's proxies are
//! ignored.

use std::{path::PathBuf, time::Duration};

use parsers::{Dataset, dataset::Source, decode::Packing};
use reqwest::{Client, RequestBuilder, Response, header, redirect};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::{
    archive::{Archive, Incoming},
    config::Settings,
};

mod address;
mod answer;
mod body;
mod door;
mod error;
mod local;
mod resolve;

pub(crate) use crate::job::without_secrets as shown;
pub use body::Watch;
use door::{Door, Doors};
pub use error::FetchError;

/// Redirects that are followed.
const MOST_HOPS: usize = 5;

/// How long we wait for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a connection.
    connect: Duration,
    /// For an answer's head, once connected.
    head: Duration,
    /// In each of these …
    window: Duration,
    /// … so many bytes must come.
    window_bytes: u64,
}

impl Patience {
    const USUAL: Self = Self {
        connect: Duration::from_secs(10),
        head: Duration::from_secs(30),
        window: Duration::from_mins(1),
        window_bytes: 60 * 1024,
    };
}

/// Asks publishers. One for the whole program; cheap to clone.
#[derive(Debug, Clone)]
pub struct Fetcher {
    guarded: Client,
    named: Client,
    doors: Doors,
    settings: Settings,
    patience: Patience,
}

/// What we know of the last full answer; sent along, so that the publisher may say "not modified".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A publisher's answer.
#[derive(Debug)]
pub struct Fetched {
    /// After redirects, without secrets.
    pub final_url: String,
    /// The file, or none if it has not been modified.
    pub file: Option<NewFile>,
}

/// A file that was fetched, not yet archived.
#[derive(Debug)]
pub struct NewFile {
    /// Its bytes.
    pub incoming: Incoming,
    /// Its own name, for people.
    pub name: String,
    /// What to ask with the next time.
    pub validators: Validators,
    /// What the publisher takes it for.
    pub content_type: Option<String>,
}

impl Fetcher {
    /// Makes the HTTP clients; a provider of cryptography must have been installed.
    pub fn new(settings: &Settings) -> Result<Self, FetchError> {
        Self::with_patience(settings, Patience::USUAL)
    }

    fn with_patience(settings: &Settings, patience: Patience) -> Result<Self, FetchError> {
        let client = || {
            // No connection is kept: the next answer never starts with the rest of the last one.
            Client::builder()
                .user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .pool_max_idle_per_host(0)
                .connect_timeout(patience.connect)
        };
        let guarded = match &settings.fetch_proxy {
            None => client().dns_resolver(resolve::Guarded),
            // Behind a proxy it is the proxy that resolves names and decides about them.
            Some(url) => client().proxy(reqwest::Proxy::all(url.clone()).map_err(FetchError::Client)?),
        };
        Ok(Self {
            guarded: guarded.build().map_err(FetchError::Client)?,
            named: client().build().map_err(FetchError::Client)?,
            doors: Doors::new(settings)?,
            settings: settings.clone(),
            patience,
        })
    }

    /// Fetches a dataset's file from `url`, which its source asks for.
    pub async fn fetch(
        &self,
        dataset: &Dataset,
        url: &str,
        known: &Validators,
        archive: &Archive,
        watch: Watch<'_>,
    ) -> Result<Fetched, FetchError> {
        let url: Url = url.parse().map_err(|reason| FetchError::Url { reason })?;
        if url.scheme() == "file" {
            return local::read(&url, &self.settings, dataset.source.max_bytes, archive).await;
        }
        let deadline = Instant::now() + dataset.source.timeout;
        let (url, head) = self.ask(url, &dataset.source, known, deadline).await?;
        let final_url = shown(&url);
        let answer::Head::File(response) = head else { return Ok(Fetched { final_url, file: None }) };
        refuse_packing(&response, &final_url, dataset)?;
        let mut file = NewFile {
            incoming: archive.incoming()?,
            name: last_segment(&url).unwrap_or_else(|| dataset.name.to_string()),
            validators: Validators {
                etag: answer::text(response.headers(), &header::ETAG),
                last_modified: answer::text(response.headers(), &header::LAST_MODIFIED),
            },
            content_type: answer::text(response.headers(), &header::CONTENT_TYPE),
        };
        let (timeout, bytes) = (dataset.source.timeout, dataset.source.max_bytes);
        let limits = body::Limits { patience: self.patience, deadline, timeout, bytes };
        body::take(response, &final_url, &mut file.incoming, &limits, watch).await?;
        Ok(Fetched { final_url, file: Some(file) })
    }

    /// Asks, and follows where the publisher points, as long as that is allowed.
    async fn ask(
        &self,
        mut url: Url,
        source: &Source,
        known: &Validators,
        deadline: Instant,
    ) -> Result<(Url, answer::Head), FetchError> {
        let home = url.clone();
        for _hop in 0..=MOST_HOPS {
            let (asked, door) = self.doors.find(&url)?;
            let response = self.send(self.request(&asked, door, known), &url, deadline).await?;
            match answer::read(response, &url, *known != Validators::default())? {
                answer::Head::Elsewhere(location) => url = self.follow(&home, &url, &asked, &location, source)?,
                head => return Ok((url, head)),
            }
        }
        let why = "and that is one redirect too many";
        Err(FetchError::Redirect { url: shown(&home), to: shown(&url), why })
    }

    fn request(&self, url: &Url, door: Door, known: &Validators) -> RequestBuilder {
        let client = match door {
            Door::Named => &self.named,
            Door::Guarded => &self.guarded,
        };
        let mut request = client.get(url.clone()).header(header::ACCEPT_ENCODING, "identity");
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        request
    }

    async fn send(&self, request: RequestBuilder, url: &Url, deadline: Instant) -> Result<Response, FetchError> {
        let limit = (self.patience.connect + self.patience.head).min(deadline - Instant::now());
        match timeout(limit, request.send()).await {
            Ok(answer) => answer.map_err(|error| broken(&shown(url), error)),
            Err(_elapsed) => Err(FetchError::Slow { url: shown(url), what: format!("no answer within {limit:?}") }),
        }
    }

    /// Where a redirect leads, if it may be followed.
    fn follow(&self, home: &Url, from: &Url, asked: &Url, location: &str, source: &Source) -> Result<Url, FetchError> {
        let refuse = |to: String, why| Err(FetchError::Redirect { url: shown(from), to, why });
        let Ok(to) = from.join(location) else {
            return refuse(location.to_owned(), "which is not a URL");
        };
        let same_place = to.origin() == asked.origin() && self.doors.is_named(asked);
        let known_host = to.host_str().is_some_and(|host| {
            home.host_str() == Some(host) || source.redirect_hosts.iter().any(|known| known == host)
        });
        if from.scheme() == "https" && to.scheme() == "http" && !same_place {
            return refuse(shown(&to), "which is not encrypted any more");
        }
        if !known_host && !same_place {
            return refuse(shown(&to), "another host: if it is the publisher's, add it to source.redirect_hosts");
        }
        Ok(to)
    }
}

/// The file may itself be gzip and some servers say so as its encoding; any other packing was asked not to be.
fn refuse_packing(response: &Response, url: &str, dataset: &Dataset) -> Result<(), FetchError> {
    match answer::text(response.headers(), &header::CONTENT_ENCODING).as_deref().map(str::trim) {
        None | Some("" | "identity") => Ok(()),
        Some("gzip" | "x-gzip") if dataset.decoding.packing == Packing::Gzip => Ok(()),
        Some(packing) => Err(FetchError::Packed { url: url.to_owned(), packing: packing.to_owned() }),
    }
}

fn last_segment(url: &Url) -> Option<String> {
    let name = PathBuf::from(url.path()).file_name()?.to_str()?.to_owned();
    (!name.is_empty()).then_some(name)
}

/// An error of the HTTP client, told by its deepest cause: the layers above only say "error sending request", and
/// may repeat the URL with its secrets.
fn broken(url: &str, error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    FetchError::Broken { url: url.to_owned(), reason: cause.to_string() }
}

#[cfg(test)]
mod tests;
