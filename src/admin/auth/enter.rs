//! The way in by a one-time link. Looking at it does not use it up: mail programs look at links too.

use actix_web::{http::StatusCode, web};
use serde::Serialize;

use super::{let_in, passwords};
use crate::{
    admin::{
        Site,
        cookies::Flash,
        page::{self, Answer, Page},
        posted::Posted,
        problem::Problem,
        visit::{Caller, Visit},
    },
    db::{
        AsyncConnection, audit, sessions, sign_in_links,
        token::Token,
        users::{self, UserRow},
    },
};

#[derive(Serialize)]
struct Form<'a> {
    problem: Option<String>,
    login: &'a str,
    action: String,
}

/// Asks for a password.
pub(in crate::admin) async fn form(site: web::Data<Site>, Caller(visit): Caller, token: web::Path<String>) -> Answer {
    let token = Token::given(&token);
    match owner(&site, &token).await? {
        Some(user) => show(&site, &visit, StatusCode::OK, &token, &user, None),
        None => Ok(spent(&site)),
    }
}

/// Sets the password and signs in.
pub(in crate::admin) async fn submit(
    site: web::Data<Site>,
    Caller(visit): Caller,
    token: web::Path<String>,
    posted: Posted,
) -> Answer {
    let token = Token::given(&token);
    let Some(user) = owner(&site, &token).await? else { return Ok(spent(&site)) };
    let (password, again) = (posted.get("password").unwrap_or_default(), posted.get("again").unwrap_or_default());
    if let Err(problem) = passwords::accept(password, again, &user.login) {
        return show(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, &token, &user, Some(problem));
    }
    let phc = passwords::hash(&site.hashing, password).await?;
    match use_up(&site, &visit, &token, &user, &phc).await? {
        Some(session) => Ok(let_in(&site, &session, "/")?),
        None => Ok(spent(&site)),
    }
}

async fn owner(site: &Site, token: &Token) -> Result<Option<UserRow>, Problem> {
    let mut conn = site.conn().await?;
    match sign_in_links::find(&mut conn, token).await? {
        Some(user) => Ok(users::show(&mut conn, user).await?),
        None => Ok(None),
    }
}

/// Everything that a link does, or nothing: the password is set, other sessions and links end, a session begins.
async fn use_up(
    site: &Site,
    visit: &Visit,
    token: &Token,
    user: &UserRow,
    phc: &str,
) -> Result<Option<Token>, Problem> {
    let mut conn = site.conn().await?;
    let done = conn.transaction(async |conn| {
        let Some(owner) = sign_in_links::consume(conn, token).await? else { return Ok(None) };
        users::set_password(conn, owner, phc).await?;
        sessions::end_all(conn, owner).await?;
        let entry = audit::Entry {
            user: Some(owner),
            who: &user.login,
            action: "sign in by link",
            subject: Some("password"),
            after: Some(serde_json::json!({ "password": "hidden", "address": visit.address })),
            request: Some(&visit.number),
            ..audit::Entry::default()
        };
        audit::record(conn, entry).await?;
        sessions::open(conn, owner, &visit.origin()).await.map(Some)
    });
    Ok(done.await?)
}

fn show(
    site: &Site,
    visit: &Visit,
    status: StatusCode,
    token: &Token,
    user: &UserRow,
    problem: Option<String>,
) -> Answer {
    let form = Form { problem, login: &user.login, action: format!("/enter/{}", token.text()) };
    Page::new("Choose a password").status(status).show_anyone(site, visit, "admin/auth/enter", &form)
}

/// Used, withdrawn, too old, never made: all the same to whoever holds it.
fn spent(site: &Site) -> actix_web::HttpResponse {
    let text = "This link cannot be used, or not any more: each works once, for an hour. Ask for a new one.";
    page::redirect(site, "/sign-in", Some(&Flash::refused(text)))
}
