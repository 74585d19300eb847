//! The site's cookies: all of them out of reach of scripts and of other sites.

use std::borrow::Cow;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::address::Address;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The session's token.
    Session,
    /// The secret behind the forms that are shown before signing in.
    Visitor,
    /// A message for the next page.
    Flash,
    /// Light or dark.
    Theme,
}

impl Kind {
    /// Its name. Over TLS the prefix makes browsers refuse one that another host or a plain connection has set.
    pub(super) fn name(self, address: &Address) -> Cow<'static, str> {
        let name = match self {
            Self::Session => "bluebook",
            Self::Visitor => "bluebook-visitor",
            Self::Flash => "bluebook-flash",
            Self::Theme => "bluebook-theme",
        };
        if address.secure() { Cow::Owned(format!("__Host-{name}")) } else { Cow::Borrowed(name) }
    }

    /// Sets it.
    pub(super) fn set(self, address: &Address, value: String) -> Cookie<'static> {
        let cookie = Cookie::build(self.name(address), value)
            .path("/")
            .http_only(true)
            .secure(address.secure())
            .same_site(SameSite::Strict);
        match self {
            Self::Theme => cookie.max_age(Duration::days(365)).finish(),
            Self::Flash => cookie.max_age(Duration::minutes(1)).finish(),
            Self::Session | Self::Visitor => cookie.finish(),
        }
    }

    /// Takes it back.
    pub(super) fn unset(self, address: &Address) -> Cookie<'static> {
        let mut cookie = self.set(address, String::new());
        cookie.make_removal();
        cookie
    }
}

/// A message that the page after a redirect shows once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Flash {
    tone: String,
    icon: String,
    text: String,
}

impl Flash {
    /// Something was done.
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self { tone: "good".into(), icon: "check".into(), text: text.into() }
    }

    /// Something was not done, and why.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self { tone: "bad".into(), icon: "alert".into(), text: text.into() }
    }

    pub(super) fn write(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}
