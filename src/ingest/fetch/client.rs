//! The HTTP clients.

use reqwest::{Certificate, Client, ClientBuilder, redirect};

use super::{FetchError, Patience, resolve};
use crate::config::Settings;

/// One under guard, and one for hosts that the operator named.
pub(super) fn pair(settings: &Settings, patience: Patience) -> Result<(Client, Client), FetchError> {
    let trusted = trusted(settings)?;
    let client = || plain(patience).tls_certs_merge(trusted.clone());
    let guarded = match &settings.fetch_proxy {
        None => client().dns_resolver(resolve::Guarded::system()),
        // Behind a proxy it is the proxy that resolves names and decides about them.
        Some(url) => client().proxy(reqwest::Proxy::all(url.clone()).map_err(FetchError::Client)?),
    };
    Ok((guarded.build().map_err(FetchError::Client)?, client().build().map_err(FetchError::Client)?))
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
    let refuse = |reason: String| FetchError::Authority { file: file.display().to_string(), reason };
    let pem = std::fs::read(file).map_err(|error| refuse(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| refuse(error.to_string()))?;
    if found.is_empty() { Err(refuse("there is no certificate in it".to_owned())) } else { Ok(found) }
}
