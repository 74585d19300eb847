//! What can go wrong between us and a publisher, and whether asking again is worth it.

use std::{net::IpAddr, time::Duration};

use super::{Manner, turns::host};
use crate::{archive::ArchiveError, config::SecretError, job::Failure};

/// A publisher was not asked, did not answer, or did not answer well. URLs are shown without secrets.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An operator's setting that cannot be read.
    #[error("--fetch-allow {text:?} is not HOST:PORT, such as 10.0.0.7:8080")]
    Setting {
        /// As it was given.
        text: String,
    },
    /// The HTTP client could not be made.
    #[error("cannot prepare the HTTP client")]
    Client(#[source] reqwest::Error),
    /// Certificates that are to be trusted cannot be used.
    #[error("{setting} {file} cannot be used: {reason}")]
    Authority {
        /// Where they are named.
        setting: &'static str,
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A secret that the source names cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A header that cannot be sent.
    #[error("the header {name} of the dataset's source cannot be sent: it holds what no header can")]
    Header {
        /// Which.
        name: String,
    },
    /// The dataset's URL is none.
    #[error("the dataset's source.url is not a URL: {reason}")]
    Url {
        /// What the parser says.
        reason: url::ParseError,
    },
    /// Neither http nor https.
    #[error("{url} is not on the web: only http, https and file URLs are fetched")]
    Scheme {
        /// Where.
        url: String,
    },
    /// An address that is not on the open internet.
    #[error("{url} lies at {address}, which is not on the open internet: if it is yours, allow it with --fetch-allow")]
    Closed {
        /// Where.
        url: String,
        /// Which address.
        address: IpAddr,
    },
    /// A `file:` source outside the drop folders.
    #[error("{path} lies in none of the drop folders: name its folder with --drop-dir")]
    NotADrop {
        /// Which file.
        path: String,
    },
    /// A `file:` source that cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A redirect that is not followed.
    #[error("{url} redirects to {to}, {why}")]
    Redirect {
        /// From where.
        url: String,
        /// To where.
        to: String,
        /// Why it is not followed, and what would help.
        why: &'static str,
    },
    /// A link that would tell a secret of the source to somebody else.
    #[error("{url} is another host than the source's own, and would be told a secret")]
    Told {
        /// Where.
        url: String,
    },
    /// The turn at a host was not to be had.
    #[error("it was not our turn to ask the publisher")]
    NoTurn(Box<Failure>),
    /// No connection, or it broke.
    #[error("cannot fetch {url}: {reason}")]
    Broken {
        /// Where.
        url: String,
        /// The deepest cause, in its own words.
        reason: String,
    },
    /// Its TLS is not to be trusted.
    #[error("cannot fetch {url}: {reason}. Nothing was sent: {cure}")]
    Untrusted {
        /// Where.
        url: String,
        /// What is wrong, in the words of TLS.
        reason: String,
        /// What would help.
        cure: &'static str,
    },
    /// Nothing came in time.
    #[error("{url} was too slow: {what}")]
    Slow {
        /// Where.
        url: String,
        /// Which limit was passed.
        what: String,
    },
    /// More than the dataset takes.
    #[error("{url} sends more than {limit} bytes: if that is right, raise source.max_size")]
    Large {
        /// Where.
        url: String,
        /// The dataset's limit.
        limit: u64,
    },
    /// More than can be looked into.
    #[error("{url} sends more than {limit} bytes, and must be looked into for what comes next: ask for smaller pages")]
    Long {
        /// Where.
        url: String,
        /// The program's limit.
        limit: u64,
    },
    /// Fewer or more bytes than announced.
    #[error("{url} announced {announced} bytes and sent {sent}")]
    Length {
        /// Where.
        url: String,
        /// `Content-Length`.
        announced: u64,
        /// What came.
        sent: u64,
    },
    /// Packed although we asked for the plain file.
    #[error("{url} sends its answer packed as {packing} although it was asked not to")]
    Packed {
        /// Where.
        url: String,
        /// `Content-Encoding`.
        packing: String,
    },
    /// A status that brings no file.
    #[error("{url} answered {status}")]
    Status {
        /// Where.
        url: String,
        /// Code and reason.
        status: reqwest::StatusCode,
        /// The publisher's own wish.
        after: Option<Duration>,
    },
    /// The bytes came, and could not be written down.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::NoTurn(failure) => *failure,
            error if error.may_pass() => Self::Retry { after: error.wish(), error: error.into(), again: 0 },
            error => Self::fatal(error),
        }
    }
}

impl FetchError {
    /// The same without the secrets of a manner, wherever the publisher has put them.
    pub(super) fn without(mut self, manner: &Manner) -> Self {
        let texts: [Option<&mut String>; 2] = match &mut self {
            Self::Redirect { url, to, .. } => [Some(url), Some(to)],
            Self::Broken { url, reason: more }
            | Self::Untrusted { url, reason: more, .. }
            | Self::Slow { url, what: more }
            | Self::Packed { url, packing: more } => [Some(url), Some(more)],
            Self::Scheme { url }
            | Self::Told { url }
            | Self::Closed { url, .. }
            | Self::Large { url, .. }
            | Self::Long { url, .. }
            | Self::Length { url, .. }
            | Self::Status { url, .. } => [Some(url), None],
            _ => [None, None],
        };
        for text in texts.into_iter().flatten() {
            *text = manner.veil(text);
        }
        self
    }

    /// The same for what must be looked into, and so is held to a limit of the program's own.
    pub(in crate::ingest) fn within(self, limit: u64) -> Self {
        if let Self::Large { url, .. } = self { Self::Long { url, limit } } else { self }
    }

    /// No turn came, for this reason.
    pub(in crate::ingest) fn no_turn(why: Failure) -> Self {
        Self::NoTurn(Box::new(why))
    }

    /// The host that answered, if that is what went wrong.
    pub fn host(&self) -> Option<String> {
        let Self::Status { url, .. } = self else { return None };
        Some(host(&url.parse().ok()?)).filter(|host| !host.is_empty())
    }

    /// How long the publisher wants to be left alone, if it says so.
    pub fn wish(&self) -> Option<Duration> {
        if let Self::Status { after, .. } = self { *after } else { None }
    }

    /// Whether another attempt may end better.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Broken { .. }
            | Self::Untrusted { .. }
            | Self::Slow { .. }
            | Self::Length { .. }
            | Self::Archive(_) => true,
            Self::Status { status, .. } => worth_another_try(*status),
            _ => false,
        }
    }

    /// Whether the publisher says that there is no such file: its status, if so.
    pub fn absent(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } if matches!(status.as_u16(), 404 | 410) => Some(status.as_u16()),
            _ => None,
        }
    }
}

/// Timeouts, "too early", "too many" and the server's own troubles pass; what it calls our mistake does not. A 304
/// that nobody asked for is a trouble of some cache.
fn worth_another_try(status: reqwest::StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 304 | 408 | 425 | 429)
}
