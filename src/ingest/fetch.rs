//! Fetching: the one way from a publisher's URL to bytes on our side.
//!
//! What may be asked is decided here, hop by hop: by the operator's settings (`door`), by the address that a name
//! leads to (`address`, `resolve`), by the dataset's own list of hosts for redirects. The environment's proxies are
//! ignored.

use std::{path::PathBuf, time::Duration};

use parsers::{Dataset, decode::Packing};
use reqwest::{Response, header};
use tokio::time::{Instant, sleep};
use url::Url;

use crate::{
    archive::{Archive, Incoming},
    config::Settings,
};

mod address;
mod answer;
mod body;
mod broken;
mod client;
mod door;
mod error;
mod hops;
mod local;
mod manner;
mod patience;
mod resolve;
mod resume;
mod turns;
mod veil;

pub(crate) use crate::job::without_secrets as shown;
pub use body::Watch;
use broken::broken;
use client::Clients;
use door::Doors;
pub use error::FetchError;
pub use manner::Manner;
use patience::Patience;
pub(in crate::ingest) use patience::before;
use turns::Stand;
pub use turns::{InTurn, Turn, Turns};
pub use veil::Veil;

/// Asks publishers. One for the whole program; cheap to clone.
#[derive(Debug, Clone)]
pub struct Fetcher {
    clients: Clients,
    doors: Doors,
    settings: Settings,
    patience: Patience,
    /// Who may ask which host now.
    pub turns: Turns,
}

/// One question to a publisher.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The URL, without what the manner adds.
    pub url: &'a str,
    /// How it is asked.
    pub manner: &'a Manner,
    /// What is known of the last full answer.
    pub known: &'a Validators,
    /// Most bytes that are taken.
    pub bytes: u64,
}

/// What a fetch has to do with beside its question.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Where the bytes go.
    pub archive: &'a Archive,
    /// Who is told how far it has come.
    pub watch: Watch<'a>,
    /// How it waits for its turn at each host.
    pub in_turn: InTurn<'a>,
}

/// What we know of the last full answer; sent along, so that the publisher may say "not modified".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Less those that tell a secret: they are kept, and would be shown.
    fn without(self, manner: &Manner) -> Self {
        let harmless = |text: Option<String>| text.filter(|text| !manner.tells(text));
        Self { etag: harmless(self.etag), last_modified: harmless(self.last_modified) }
    }
}

/// A publisher's answer.
#[derive(Debug)]
pub struct Fetched {
    /// After redirects, as it is asked.
    pub url: String,
    /// The same without secrets.
    pub final_url: String,
    /// The header `Link`, all lines of it.
    pub link: Option<String>,
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
    /// Whether the line showed where it ends: else it may be cut, and only the file itself may tell.
    pub has_ended: bool,
}

impl Fetcher {
    /// Makes the HTTP clients; a provider of cryptography must have been installed.
    pub fn new(settings: &Settings) -> Result<Self, FetchError> {
        Self::with_patience(settings, Patience::USUAL)
    }

    fn with_patience(settings: &Settings, patience: Patience) -> Result<Self, FetchError> {
        let (clients, doors) = (Clients::new(settings, patience)?, Doors::new(settings)?);
        Ok(Self { clients, doors, settings: settings.clone(), patience, turns: Turns::default() })
    }

    /// The least time between two requests to one host.
    pub fn distance(&self) -> Duration {
        self.settings.fetch_distance()
    }

    /// How a source's requests are made, with its secrets in their places.
    pub fn manner(&self, asking: &parsers::dataset::Asking) -> Result<Manner, FetchError> {
        Manner::new(asking, &self.settings.secrets())
    }

    /// What keeps the secrets that these datasets name out of all that is told of what their publisher wrote. A secret that
    /// is not there was not sent.
    pub fn veil<'a>(&self, datasets: impl IntoIterator<Item = &'a Dataset>) -> Veil {
        let secrets = self.settings.secrets();
        let names = datasets.into_iter().flat_map(|dataset| dataset.source.manner.secrets());
        names.filter_map(|name| secrets.find(name).ok()).collect()
    }

    /// Fetches one file of a dataset. No error tells a secret.
    pub async fn fetch(&self, dataset: &Dataset, ask: Ask<'_>, means: Means<'_>) -> Result<Fetched, FetchError> {
        let fetched = self.one(dataset, ask, means).await;
        fetched.map_err(|error| error.without(ask.manner))
    }

    async fn one(&self, dataset: &Dataset, ask: Ask<'_>, means: Means<'_>) -> Result<Fetched, FetchError> {
        let url: Url = ask.url.parse().map_err(|reason| FetchError::Url { reason })?;
        if url.scheme() == "file" {
            return local::read(&url, &self.settings, ask.bytes, means.archive).await;
        }
        let mut stand = Stand::new(means.in_turn, Instant::now() + dataset.source.timeout);
        let (url, head) = self.ask(ask.manner.whole(&url), &dataset.source, &ask, None, &mut stand).await?;
        let final_url = ask.manner.veil(&shown(&url));
        let answer::Head::File(response) = head else {
            return Ok(Fetched { url: url.into(), final_url, link: None, file: None });
        };
        refuse_packing(&response, &final_url, dataset)?;
        let link = answer::list(response.headers(), &header::LINK);
        let file = NewFile {
            incoming: means.archive.incoming()?,
            name: last_segment(&url).map_or_else(|| dataset.name.to_string(), |name| ask.manner.veil(&name)),
            validators: answer::validators(response.headers()).without(ask.manner),
            content_type: answer::text(response.headers(), &header::CONTENT_TYPE).map(|told| ask.manner.veil(&told)),
            has_ended: answer::tells_its_end(&response),
        };
        let file = self.take(response, file, Taking { url: &url, dataset, ask: &ask, means }, stand).await?;
        Ok(Fetched { url: url.into(), final_url, link, file: Some(file) })
    }

    /// Takes the body in. A transfer that breaks is taken up again where it broke, if the publisher can prove that the
    /// rest is of the same file; else it begins anew.
    async fn take(
        &self,
        mut response: Response,
        mut file: NewFile,
        taking: Taking<'_, '_>,
        mut stand: Stand<'_>,
    ) -> Result<NewFile, FetchError> {
        let Taking { url, dataset: Dataset { source, .. }, ask, means } = taking;
        let (shown, mut announced) = (shown(url), response.content_length());
        for again in 0.. {
            let (patience, deadline, most_bytes) = (self.patience, stand.deadline, source.max_bytes);
            let (timeout, bytes) = (source.timeout, ask.bytes);
            let limits = body::Limits { patience, deadline, timeout, bytes, announced, most_bytes };
            let error = match body::take(response, &shown, &mut file.incoming, &limits, means.watch).await {
                Ok(()) => return Ok(file),
                Err(error) => error,
            };
            let Some(range) = resume::from(&error, &file, ask.manner, again) else { return Err(error) };
            sleep(patience::before(again, rand::random())).await;
            let Some((next, rest)) = self.rest(&taking, &range, announced, &mut stand).await? else {
                return Err(error);
            };
            announced = rest.or(next.content_length());
            file.has_ended = rest.is_some() || answer::tells_its_end(&next);
            if rest.is_none() {
                file.incoming = means.archive.incoming()?;
                file.validators = answer::validators(next.headers()).without(ask.manner);
            }
            response = next;
        }
        Err(FetchError::Broken { url: shown, reason: "it broke too often".into() })
    }
}

/// A body that is taken in.
#[derive(Clone, Copy)]
struct Taking<'a, 'm> {
    /// Where the body comes from, after redirects.
    url: &'a Url,
    dataset: &'a Dataset,
    ask: &'a Ask<'a>,
    means: Means<'m>,
}

/// The file may itself be gzip and some servers say so as its encoding; any other packing was asked not to be.
fn refuse_packing(response: &Response, url: &str, dataset: &Dataset) -> Result<(), FetchError> {
    let told = answer::list(response.headers(), &header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    let packings = told.split(',').map(str::trim).filter(|packing| !matches!(*packing, "" | "identity"));
    match packings.collect::<Vec<_>>()[..] {
        [] => Ok(()),
        ["gzip" | "x-gzip"] if dataset.decoding.packing == Packing::Gzip => Ok(()),
        ref packings => Err(FetchError::Packed { url: url.to_owned(), packing: packings.join(", ") }),
    }
}

fn last_segment(url: &Url) -> Option<String> {
    let name = PathBuf::from(url.path()).file_name()?.to_str()?.to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
