//! Secrets that are handed out once: only their SHA-256 stays here.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// 256 random bits for a cookie or a link. It has no `Debug`, so that no log can hold it.
pub struct Token(String);

impl Token {
    /// A fresh one.
    pub fn new() -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// What a browser sent back; may be anything.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it stands in the cookie or link.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}
