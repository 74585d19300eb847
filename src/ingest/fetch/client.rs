//! The HTTP clients.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use parsers::dataset::Authority;
use reqwest::{Certificate, Client, ClientBuilder, redirect};

use super::{FetchError, Patience, door::Door, resolve};
use crate::config::Settings;

/// The clients of all sources. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    settings: Settings,
    patience: Patience,
    pub(super) usual: Pair,
    /// Those of sources with an authority of their own, by its certificates.
    own: Arc<Mutex<HashMap<Vec<u8>, Pair>>>,
}

/// Those who trust the same certificates.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) guarded: Client,
    named: Client,
}

impl Clients {
    pub(super) fn new(settings: &Settings, patience: Patience) -> Result<Self, FetchError> {
        let usual = pair(settings, patience, &trusted(settings)?)?;
        Ok(Self { settings: settings.clone(), patience, usual, own: Arc::default() })
    }

    /// Those for a source: whom it trusts, no other does.
    pub(super) fn of(&self, ca: Option<&Authority>) -> Result<Pair, FetchError> {
        let Some(Authority { file, pem }) = ca else { return Ok(self.usual.clone()) };
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = own.get(pem) {
            return Ok(pair.clone());
        }
        let mut trusted = trusted(&self.settings)?;
        trusted.extend(certificates(pem).map_err(|reason| authority("source.ca", file, reason))?);
        let pair = pair(&self.settings, self.patience, &trusted)?;
        own.insert(pem.clone(), pair.clone());
        Ok(pair)
    }
}

impl Pair {
    /// The client that asks through this door.
    pub(super) fn through(&self, door: Door) -> &Client {
        match door {
            Door::Named => &self.named,
            Door::Guarded => &self.guarded,
        }
    }
}

/// One under guard, and one for hosts that the operator named.
fn pair(settings: &Settings, patience: Patience, trusted: &[Certificate]) -> Result<Pair, FetchError> {
    let client = || plain(patience).tls_certs_merge(trusted.to_vec());
    let guarded = match &settings.fetch_proxy {
        None => client().dns_resolver(resolve::Guarded::system()),
        // Behind a proxy it is the proxy that resolves names and decides about them.
        Some(url) => client().proxy(reqwest::Proxy::all(url.clone()).map_err(FetchError::Client)?),
    };
    let (guarded, named) = (guarded.build(), client().build());
    Ok(Pair { guarded: guarded.map_err(FetchError::Client)?, named: named.map_err(FetchError::Client)? })
}

/// No connection is kept: the next answer never starts with the rest of the last one.
pub(super) fn plain(patience: Patience) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(0)
        .connect_timeout(patience.connect)
}

/// Certificates that the operator trusts beside the system's.
fn trusted(settings: &Settings) -> Result<Vec<Certificate>, FetchError> {
    let Some(file) = &settings.fetch_ca else { return Ok(Vec::new()) };
    let pem = std::fs::read(file).map_err(|error| error.to_string());
    pem.and_then(|pem| certificates(&pem))
        .map_err(|reason| authority("--fetch-ca", &file.display().to_string(), reason))
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, String> {
    let found = Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
    if found.is_empty() { Err("there is no certificate in it".to_owned()) } else { Ok(found) }
}

fn authority(setting: &'static str, file: &str, reason: String) -> FetchError {
    FetchError::Authority { setting, file: file.to_owned(), reason }
}
