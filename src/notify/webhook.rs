//! A webhook: JSON by POST to a URL that is a secret.

use std::{error::Error as _, fmt, time::Duration};

use reqwest::{Client, redirect::Policy};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{channel::SendError, news::News};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where JSON is posted to.
#[derive(Clone)]
pub(super) struct Webhook {
    url: Url,
    client: Client,
}

impl Webhook {
    /// No proxy of the environment, no redirects: what is sent goes where the operator said.
    pub(super) fn new(url: Url) -> Result<Self, String> {
        // The client asks for a provider of cryptography; a second call changes nothing.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE);
        let client = client.user_agent(concat!("bluebook/", env!("CARGO_PKG_VERSION"))).build();
        Ok(Self { url, client: client.map_err(|error| format!("cannot be used: {error}"))? })
    }

    /// The host, and a fingerprint that tells two secrets of one host apart.
    pub(super) fn label(&self) -> String {
        let digest = Sha256::digest(self.url.as_str());
        let mark = digest.iter().take(4).fold(String::new(), |mark, byte| format!("{mark}{byte:02x}"));
        format!("{} #{mark}", self.url.origin().ascii_serialization())
    }

    /// Posts; any 2xx is a yes.
    pub(super) async fn send(&self, news: &News) -> Result<(), SendError> {
        let post = self.client.post(self.url.clone()).header("Content-Type", "application/json").body(news.json());
        let answer = post.send().await.map_err(|error| SendError::ForNow(without_url(error)))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let help = if status.is_redirection() { ": redirects are not followed" } else { "" };
        Err(SendError::ForNow(format!("the server answered {}{help}", status.as_u16())))
    }
}

/// The error and its causes, without the URL that all of them would like to show.
fn without_url(error: reqwest::Error) -> String {
    let error = error.without_url();
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}
