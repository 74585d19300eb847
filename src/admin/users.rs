//! People: who may sign in, and what they may do.

use actix_web::web;
use serde_json::{Value, json};

use super::{
    Site,
    cookies::Flash,
    page::{self, Answer, Page},
    posted::Posted,
    problem::Problem,
    runs::{choices, parsed},
    visit::SignedIn,
};
use crate::{
    db::{
        AsyncConnection, AsyncPgConnection, audit, sessions, sign_in_links,
        users::{self, Role, UserRow},
    },
    job::UserId,
};

/// All accounts.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn) -> Answer {
    let mut conn = site.conn().await?;
    let people: Vec<Value> = users::list(&mut conn).await?.iter().map(|user| line(user, &me)).collect();
    draw(&site, &me, &people, None)
}

/// Makes an account, and shows its one-time link: here and never again.
pub(super) async fn add(site: web::Data<Site>, me: SignedIn, posted: Posted) -> Answer {
    let (login, name) = (posted.text("login"), posted.text("name"));
    let role: Role = parsed(posted.text("role"))?;
    if login.is_empty() || name.is_empty() || login.len() > 200 || name.len() > 200 {
        return Err(Problem::Bad("An account needs a login and a name, of at most 200 characters each.".into()));
    }
    let mut conn = site.conn().await?;
    let path = conn.transaction(async |conn| {
        let Some(user) = users::add(conn, login, name, role).await? else { return Ok::<_, Problem>(None) };
        let after = json!({ "login": login, "name": name, "role": role });
        audit::record(conn, audit::Entry { after: Some(after), ..entry(&me, "add user", user) }).await?;
        Ok(Some(sign_in_links::create(conn, user).await?))
    });
    match path.await? {
        Some(path) => show_link(&site, &me, &mut conn, login, &path).await,
        None => Ok(back(&site, &Flash::refused(format!("There is an account {login} already.")))),
    }
}

/// Makes a one-time link for somebody who lost the password, and shows it.
pub(super) async fn link(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let user = known(&mut conn, UserId(*id)).await?;
    if user.disabled_at.is_some() {
        return Ok(back(&site, &Flash::refused("That account is closed. Open it again first.")));
    }
    let path = conn.transaction(async |conn| {
        audit::record(conn, entry(&me, "make sign-in link", user.id())).await?;
        Ok::<_, Problem>(sign_in_links::create(conn, user.id()).await?)
    });
    let path = path.await?;
    show_link(&site, &me, &mut conn, &user.login, &path).await
}

/// Gives another role.
pub(super) async fn role(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>, posted: Posted) -> Answer {
    let role: Role = parsed(posted.text("role"))?;
    let mut conn = site.conn().await?;
    let changed = conn.transaction(async |conn| {
        let user = known(conn, UserId(*id)).await?;
        if role != Role::Admin {
            not_the_last(conn, user.id()).await?;
        }
        users::set_role(conn, user.id(), role).await?;
        // The sessions of before were let in under another role; ending them makes the new one count everywhere.
        if user.id() != me.user && user.role() != role {
            sessions::end_all(conn, user.id()).await?;
        }
        let (before, after) = (json!({ "role": user.role() }), json!({ "role": role }));
        let entry = entry(&me, "change role", user.id());
        audit::record(conn, audit::Entry { before: Some(before), after: Some(after), ..entry }).await?;
        Ok::<_, Problem>(format!("{} is now {role}.", user.login))
    });
    Ok(back(&site, &Flash::done(changed.await?)))
}

/// Closes an account: its sessions and links end with it.
pub(super) async fn disable(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let done = conn.transaction(async |conn| {
        let user = known(conn, UserId(*id)).await?;
        not_the_last(conn, user.id()).await?;
        users::disable(conn, user.id()).await?;
        sessions::end_all(conn, user.id()).await?;
        audit::record(conn, entry(&me, "disable user", user.id())).await?;
        Ok::<_, Problem>(format!("{} may not sign in any more.", user.login))
    });
    Ok(back(&site, &Flash::done(done.await?)))
}

/// Opens a closed account again.
pub(super) async fn enable(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let done = conn.transaction(async |conn| {
        let user = known(conn, UserId(*id)).await?;
        users::enable(conn, user.id()).await?;
        audit::record(conn, entry(&me, "enable user", user.id())).await?;
        Ok::<_, Problem>(format!("{} may sign in again.", user.login))
    });
    Ok(back(&site, &Flash::done(done.await?)))
}

async fn known(conn: &mut AsyncPgConnection, user: UserId) -> Result<UserRow, Problem> {
    users::show(conn, user).await?.ok_or(Problem::NotFound)
}

/// Somebody has to be able to manage people.
async fn not_the_last(conn: &mut AsyncPgConnection, user: UserId) -> Result<(), Problem> {
    if users::lock_admins(conn).await? == [user] {
        return Err(Problem::Conflict("That is the last administrator. Make somebody else one first.".into()));
    }
    Ok(())
}

fn entry<'a>(me: &'a SignedIn, action: &'a str, user: UserId) -> audit::Entry<'a> {
    audit::Entry { row_key: Some(json!({ "id": user })), ..me.did(action, "user") }
}

async fn show_link(site: &Site, me: &SignedIn, conn: &mut AsyncPgConnection, login: &str, path: &str) -> Answer {
    let people: Vec<Value> = users::list(conn).await?.iter().map(|user| line(user, me)).collect();
    draw(site, me, &people, Some(&json!({ "login": login, "url": site.url(path) })))
}

fn draw(site: &Site, me: &SignedIn, people: &[Value], link: Option<&Value>) -> Answer {
    let roles = choices(Role::ALL.map(|role| role.to_string()), "viewer");
    let values = json!({ "people": people, "link": link, "roles": roles });
    Page::new("People").under("Overview", "/").show(site, me, "admin/users/list", &values)
}

fn line(user: &UserRow, me: &SignedIn) -> Value {
    let state = match (user.disabled_at, user.password_changed_at) {
        (Some(_), _) => "disabled",
        (None, None) => "invited",
        (None, Some(_)) => "active",
    };
    json!({
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "state": state,
        "open": user.disabled_at.is_none(),
        "me": user.id() == me.user,
        "created_at": user.created_at,
        "roles": choices(Role::ALL.map(|role| role.to_string()), &user.role().to_string()),
    })
}

fn back(site: &Site, flash: &Flash) -> actix_web::HttpResponse {
    page::redirect(site, "/users", Some(flash))
}
