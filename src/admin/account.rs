//! One's own account: sessions, password, colours, the way out.

use actix_web::{HttpResponse, http::StatusCode, web};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    Site,
    auth::passwords,
    cookies::{Flash, Kind},
    page::{self, Answer, Page},
    posted::Posted,
    problem::Problem,
    visit::{SignedIn, Theme},
};
use crate::db::{AsyncConnection, audit, sessions, sign_in_attempts, sign_in_attempts::Attempt, users};

#[derive(Serialize)]
struct Shown {
    login: String,
    name: String,
    role: users::Role,
    sessions: Vec<Row>,
    problem: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    created_at: jiff::Timestamp,
    seen_at: jiff::Timestamp,
    address: Option<String>,
    browser: Option<String>,
    this_one: bool,
}

/// Who one is, and where one is signed in.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn) -> Answer {
    draw(&site, &me, None).await
}

/// Sets another password; the old one has to be given, and all other sessions end.
pub(super) async fn change_password(site: web::Data<Site>, me: SignedIn, posted: Posted) -> Answer {
    let field = |name: &str| posted.get(name).unwrap_or_default().to_owned();
    let (old, new, again) = (field("old"), field("password"), field("again"));
    if let Err(problem) = passwords::accept(&new, &again, &me.login) {
        return draw(&site, &me, Some(problem)).await;
    }
    let present = match begin(&site, &me).await? {
        Ok(present) => present,
        Err(seconds) => {
            let wait = crate::view::duration(seconds);
            return draw(&site, &me, Some(format!("Too many attempts. Try again in {wait}."))).await;
        }
    };
    let not_right = || draw(&site, &me, Some("The present password is not right.".into()));
    let right = passwords::verify(&site.hashing, &old, present.clone()).await?;
    let Some(present) = present.filter(|_| right) else { return not_right().await };
    let phc = passwords::hash(&site.hashing, &new).await?;
    let Some(token) = replace_password(&site, &me, &present, &phc).await? else { return not_right().await };
    let mut answer = page::redirect(&site, "/account", Some(&Flash::done("Your password is changed.")));
    answer.add_cookie(&Kind::Session.set(&site.address, token)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// The present password's hash, or the seconds to wait. The session goes back to the pool before the page is drawn,
/// which takes one of its own.
async fn begin(site: &Site, me: &SignedIn) -> Result<Result<Option<String>, i64>, Problem> {
    let mut conn = site.conn().await?;
    let attempt = Attempt::new(&me.login, &me.visit.address);
    match sign_in_attempts::begin(&mut conn, &attempt).await? {
        Some(seconds) => Ok(Err(seconds)),
        None => Ok(Ok(users::password(&mut conn, me.user).await?)),
    }
}

/// None if the password that was checked is no longer the account's.
async fn replace_password(site: &Site, me: &SignedIn, present: &str, phc: &str) -> Result<Option<String>, Problem> {
    let mut conn = site.conn().await?;
    let replaced = conn.transaction(async |conn| {
        if !users::still(conn, me.user, present).await? {
            return Ok(None);
        }
        users::set_password(conn, me.user, phc).await?;
        sessions::end_all(conn, me.user).await?;
        sign_in_attempts::succeeded(conn, &Attempt::new(&me.login, &me.visit.address)).await?;
        audit::record(conn, me.did("change password", "password")).await?;
        sessions::open(conn, me.user, &me.visit.origin()).await.map(Some)
    });
    Ok(replaced.await?.map(|token| token.text().to_owned()))
}

/// Ends one of one's own sessions.
pub(super) async fn end_session(site: web::Data<Site>, me: SignedIn, posted: Posted) -> Answer {
    let which = BASE64_URL_SAFE_NO_PAD.decode(posted.text("session"));
    let which = which.map_err(|_not_ours| Problem::NotFound)?;
    let mut conn = site.conn().await?;
    let ended = conn.transaction(async |conn| {
        let ended = sessions::end(conn, me.user, &which).await?;
        if ended {
            audit::record(conn, me.did("end session", "session")).await?;
        }
        Ok::<_, Problem>(ended)
    });
    let flash =
        if ended.await? { Flash::done("That session is ended.") } else { Flash::refused("It had ended before.") };
    Ok(page::redirect(&site, "/account", Some(&flash)))
}

/// The way out.
pub(super) async fn sign_out(site: web::Data<Site>, me: SignedIn) -> Answer {
    let mut conn = site.conn().await?;
    conn.transaction(async |conn| {
        sessions::end(conn, me.user, &me.session).await?;
        audit::record(conn, me.did("sign out", "session")).await
    })
    .await?;
    let mut answer = page::redirect(&site, "/sign-in", Some(&Flash::done("You are signed out.")));
    answer.add_cookie(&Kind::Session.unset(&site.address)).map_err(anyhow::Error::from)?;
    Ok(answer)
}

/// Light, dark, or as the system says.
pub(super) async fn theme(site: web::Data<Site>, _me: SignedIn, posted: Posted) -> HttpResponse {
    let theme = Theme::read(posted.text("theme"));
    let mut answer = HttpResponse::SeeOther();
    answer.cookie(Kind::Theme.set(&site.address, theme.name().to_owned()));
    answer.insert_header((actix_web::http::header::LOCATION, page::own_path(posted.text("back")))).finish()
}

async fn draw(site: &Site, me: &SignedIn, problem: Option<String>) -> Answer {
    let mut conn = site.conn().await?;
    let sessions = sessions::of(&mut conn, me.user).await?.into_iter().map(|row| Row {
        this_one: row.token_hash == me.session,
        id: BASE64_URL_SAFE_NO_PAD.encode(&row.token_hash),
        created_at: row.created_at,
        seen_at: row.seen_at,
        address: row.address,
        browser: row.browser.as_deref().map(browser_name),
    });
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown =
        Shown { login: me.login.clone(), name: me.name.clone(), role: me.role, sessions: sessions.collect(), problem };
    Page::new("Account").under("Overview", "/").status(status).show(site, me, "admin/account", &shown)
}

/// "Firefox on Windows", where a browser says so much; else what it calls itself.
fn browser_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        _ => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(browser_name(chrome), "Chrome on Linux");
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
        assert_eq!(browser_name(phone), "Safari on iPhone");
        assert_eq!(browser_name("curl/8.5"), "curl/8.5");
    }
}
