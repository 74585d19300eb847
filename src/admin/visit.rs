//! Who asks: every request is a visit, and most visits are of somebody who has signed in.

use std::{future::Ready, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{
    address::Address,
    cookies::{Flash, Kind},
    problem::Problem,
};
use crate::{
    db::{audit, sessions, sessions::Session, token::Token, users::Role},
    job::UserId,
};

/// A request, whoever makes it.
pub(crate) struct Visit {
    /// The request's number: on error pages, in the log and in the audit log.
    pub(crate) number: String,
    /// The caller's address, as the connection has it. Headers that claim another one are not believed.
    pub(crate) address: String,
    /// What the browser calls itself, cut short.
    pub(crate) browser: Option<String>,
    /// Path and query.
    pub(crate) path: String,
    /// True if htmx asks for a part of a page.
    pub(crate) htmx: bool,
    pub(super) theme: Theme,
    pub(super) flash: Option<Flash>,
    pub(super) visitor: Token,
    pub(super) new_visitor: bool,
}

impl Visit {
    pub(super) fn read(request: &ServiceRequest, address: &Address, number: String) -> Self {
        let cookie = |kind: Kind| request.cookie(&kind.name(address)).map(|cookie| cookie.value().to_owned());
        let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let visitor = cookie(Kind::Visitor).map(|value| Token::given(&value));
        Self {
            number,
            address: request.peer_addr().map_or_else(|| "unknown".to_owned(), |peer| peer.ip().to_string()),
            browser: text(header::USER_AGENT).map(|name| name.chars().take(200).collect()),
            path: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            htmx: request.headers().contains_key("hx-request"),
            theme: Theme::read(cookie(Kind::Theme).as_deref().unwrap_or_default()),
            flash: cookie(Kind::Flash).and_then(|value| Flash::read(&value)),
            new_visitor: visitor.is_none(),
            visitor: visitor.unwrap_or_default(),
        }
    }

    /// The secret of forms that are shown before signing in; made from a cookie that other sites can neither read
    /// nor set.
    pub(super) fn csrf(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"bluebook form\0");
        hash.update(self.visitor.text());
        BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// Where a session is opened from.
    pub(super) fn origin(&self) -> sessions::From {
        sessions::From { address: Some(self.address.clone()), browser: self.browser.clone() }
    }
}

/// A person who has signed in. Handlers of all routes but those for anyone are given one.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) user: UserId,
    /// What they type at sign-in.
    pub(crate) login: String,
    /// Their name.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
    /// What every form of theirs carries as `csrf`.
    pub(crate) csrf: String,
    /// The request.
    pub(crate) visit: Arc<Visit>,
    /// Which of their sessions this is.
    pub(super) session: Vec<u8>,
}

impl SignedIn {
    pub(super) fn new(session: &Session, token: &Token, visit: Arc<Visit>) -> Self {
        Self {
            user: session.user(),
            login: session.login.clone(),
            name: session.name.clone(),
            role: session.role(),
            csrf: BASE64_URL_SAFE_NO_PAD.encode(&session.csrf),
            session: token.hash(),
            visit,
        }
    }

    /// True if they may change data.
    pub(crate) fn may_edit(&self) -> bool {
        self.role >= Role::Editor
    }

    /// An audit entry in their name, for this request.
    pub(crate) fn did<'a>(&'a self, action: &'a str, subject: &'a str) -> audit::Entry<'a> {
        audit::Entry {
            user: Some(self.user),
            who: &self.login,
            action,
            subject: Some(subject),
            request: Some(&self.visit.number),
            ..audit::Entry::default()
        }
    }
}

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(super) fn read(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Auto => "contrast",
            Self::Light => "sun",
            Self::Dark => "moon",
        }
    }

    /// What the switch turns to.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(request.extensions().get::<Self>().cloned().ok_or(Problem::Forbidden))
    }
}

/// The visit, for handlers that anyone may use.
pub(crate) struct Caller(pub(crate) Arc<Visit>);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visit = request.extensions().get::<Arc<Visit>>().cloned();
        std::future::ready(visit.map(Self).ok_or(Problem::NotFound))
    }
}
