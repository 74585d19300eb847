//! The way in by login and password. There is no other that takes a password.

use actix_web::{HttpMessage, HttpRequest, http::StatusCode, web};
use serde::{Deserialize, Serialize};

use super::{let_in, passwords};
use crate::{
    admin::{
        Site,
        page::{self, Answer, Page},
        posted::Posted,
        problem::Problem,
        visit::{Caller, SignedIn, Visit},
    },
    db::{
        AsyncConnection, AsyncPgConnection, DbResult, audit, sessions,
        sign_in_attempts::{self, Attempt},
        token::Token,
        users::{self, UserRow},
    },
};

/// What stands in the address of the form.
#[derive(Deserialize)]
pub(in crate::admin) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct Form<'a> {
    problem: Option<String>,
    login: &'a str,
    next: &'a str,
}

/// Shows the form; whoever is in already goes on.
pub(in crate::admin) async fn form(
    site: web::Data<Site>,
    request: HttpRequest,
    Caller(visit): Caller,
    asked: web::Query<Asked>,
) -> Answer {
    let next = page::own_path(&asked.next);
    if request.extensions().get::<SignedIn>().is_some() {
        return Ok(page::redirect(&site, next, None));
    }
    show(&site, &visit, StatusCode::OK, &Form { problem: None, login: "", next })
}

/// Takes login and password. Every refusal reads the same, whatever was wrong.
pub(in crate::admin) async fn submit(site: web::Data<Site>, Caller(visit): Caller, posted: Posted) -> Answer {
    let (login, password) = (posted.text("login"), posted.get("password").unwrap_or_default());
    let next = page::own_path(posted.text("next"));
    match check(&site, &visit, login, password).await? {
        Checked::In(token) => Ok(let_in(&site, &token, next)?),
        Checked::Refused => {
            let problem = Some("Login and password do not match.".to_owned());
            show(&site, &visit, StatusCode::UNPROCESSABLE_ENTITY, &Form { problem, login, next })
        }
        Checked::Wait(seconds) => {
            let wait = crate::view::duration(seconds);
            let problem = Some(format!("Too many attempts did not succeed. Try again in {wait}."));
            let mut answer = show(&site, &visit, StatusCode::TOO_MANY_REQUESTS, &Form { problem, login, next })?;
            answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
            Ok(answer)
        }
    }
}

enum Checked {
    In(Token),
    Refused,
    Wait(i64),
}

async fn check(site: &Site, visit: &Visit, login: &str, password: &str) -> Result<Checked, Problem> {
    let attempt = Attempt::new(login, &visit.address);
    let (user, phc) = {
        let mut conn = site.conn().await?;
        if let Some(seconds) = sign_in_attempts::begin(&mut conn, &attempt).await? {
            return Ok(Checked::Wait(seconds));
        }
        let user = users::by_login(&mut conn, login).await?;
        let phc = match &user {
            Some(user) => users::password(&mut conn, user.id()).await?,
            None => None,
        };
        (user, phc)
    };
    let right = passwords::verify(&site.hashing, password, phc.clone()).await?;
    let mut conn = site.conn().await?;
    if let Some((user, phc)) = user.as_ref().zip(phc).filter(|_| right)
        && let Some(token) = enter(&mut conn, visit, user, &phc, &attempt).await?
    {
        return Ok(Checked::In(token));
    }
    audit::record(&mut conn, entry(visit, user.as_ref(), "sign in refused")).await?;
    Ok(Checked::Refused)
}

/// None if the password that was checked is no longer the account's.
async fn enter(
    conn: &mut AsyncPgConnection,
    visit: &Visit,
    user: &UserRow,
    phc: &str,
    attempt: &Attempt,
) -> DbResult<Option<Token>> {
    conn.transaction(async |conn| {
        if !users::still(conn, user.id(), phc).await? {
            return Ok(None);
        }
        sign_in_attempts::succeeded(conn, attempt).await?;
        audit::record(conn, entry(visit, Some(user), "sign in")).await?;
        sessions::open(conn, user.id(), &visit.origin()).await.map(Some)
    })
    .await
}

/// What was typed is not written down where it names nobody: it may be a password in the wrong field.
fn entry<'a>(visit: &'a Visit, user: Option<&'a UserRow>, action: &'a str) -> audit::Entry<'a> {
    audit::Entry {
        user: user.map(UserRow::id),
        who: user.map_or("unknown", |user| &user.login),
        action,
        after: Some(serde_json::json!({ "address": visit.address })),
        request: Some(&visit.number),
        ..audit::Entry::default()
    }
}

fn show(site: &Site, visit: &Visit, status: StatusCode, form: &Form<'_>) -> Answer {
    Page::new("Sign in").status(status).show_anyone(site, visit, "admin/auth/sign_in", form)
}
