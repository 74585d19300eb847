//! Signing in: by password, or once by a link.

pub(super) mod enter;
pub(super) mod passwords;
pub(super) mod sign_in;

use actix_web::HttpResponse;

use super::{Site, cookies::Kind, page};
use crate::db::token::Token;

/// Lets the browser in with a fresh session's token. What it had before signing in is worth nothing afterwards.
fn let_in(site: &Site, token: &Token, to: &str) -> Result<HttpResponse, anyhow::Error> {
    let mut answer = page::redirect(site, page::own_path(to), None);
    answer.add_cookie(&Kind::Session.set(&site.address, token.text().to_owned()))?;
    answer.add_cookie(&Kind::Visitor.unset(&site.address))?;
    Ok(answer)
}
