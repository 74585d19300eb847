//! `bluebook user`

use anyhow::{Context as _, bail};

use super::{Exit, out};
use crate::{
    boot::House,
    config::Settings,
    db::{
        AsyncConnection, AsyncPgConnection, audit, sessions, sign_in_links,
        users::{self, Role, UserRow},
    },
    job::UserId,
};

/// Who did it, in the audit log.
const WHO: &str = "command line";

/// What to do with people.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a person, and print a one-time sign-in link.
    Add {
        /// The name to sign in with.
        login: String,
        /// What the person may do: viewer, editor or admin.
        #[arg(long, default_value_t = Role::Viewer)]
        role: Role,
        /// The person's name, as pages show it. [default: the login]
        #[arg(long)]
        name: Option<String>,
    },
    /// Print a one-time link under which a person chooses a new password.
    Passwd {
        /// The name to sign in with.
        login: String,
    },
    /// Close an account and end its sessions.
    Disable {
        /// The name to sign in with.
        login: String,
    },
}

pub(super) async fn run(settings: Settings, command: Command) -> anyhow::Result<Exit> {
    let site = settings.site();
    House::within(settings, async |house| obey(&mut *house.pool.get().await?, command, &site).await).await
}

async fn obey(conn: &mut AsyncPgConnection, command: Command, site: &str) -> anyhow::Result<Exit> {
    match command {
        Command::Add { login, role, name } => {
            let path = add(conn, &login, name.as_deref().unwrap_or(&login), role).await?;
            out::note(format_args!("{login} may sign in as {role} under this link, once, within an hour:"));
            out::line(format_args!("{site}{path}"));
        }
        Command::Passwd { login } => {
            let path = link(conn, &login).await?;
            out::note(format_args!("{login} chooses a new password under this link, once, within an hour:"));
            out::line(format_args!("{site}{path}"));
        }
        Command::Disable { login } => {
            disable(conn, &login).await?;
            out::line(format_args!("{login} may not sign in any more; all sessions are ended"));
        }
    }
    Ok(Exit::Good)
}

async fn add(conn: &mut AsyncPgConnection, login: &str, name: &str, role: Role) -> anyhow::Result<String> {
    if login.trim().is_empty() {
        bail!("a login cannot be empty");
    }
    let path = conn.transaction(async |conn| {
        let Some(user) = users::add(conn, login, name, role).await? else { return anyhow::Ok(None) };
        let after = serde_json::json!({ "login": login, "name": name, "role": role });
        audit::record(conn, entry(user, "add user", login, Some(after))).await?;
        Ok(Some(sign_in_links::create(conn, user).await?))
    });
    path.await?.with_context(|| format!("{login} exists already: `bluebook user passwd {login}` makes a new link"))
}

async fn link(conn: &mut AsyncPgConnection, login: &str) -> anyhow::Result<String> {
    let user = known(conn, login).await?;
    if user.disabled_at.is_some() {
        bail!("the account {login} is closed; an administrator can open it again under /users");
    }
    conn.transaction(async |conn| {
        audit::record(conn, entry(user.id(), "make sign-in link", login, None)).await?;
        Ok(sign_in_links::create(conn, user.id()).await?)
    })
    .await
}

async fn disable(conn: &mut AsyncPgConnection, login: &str) -> anyhow::Result<()> {
    let user = known(conn, login).await?;
    conn.transaction(async |conn| {
        let admins = users::lock_admins(conn).await?;
        if admins == [user.id()] {
            bail!("{login} is the last administrator: add another first");
        }
        users::disable(conn, user.id()).await?;
        sessions::end_all(conn, user.id()).await?;
        audit::record(conn, entry(user.id(), "disable user", login, None)).await?;
        Ok(())
    })
    .await
}

async fn known(conn: &mut AsyncPgConnection, login: &str) -> anyhow::Result<UserRow> {
    users::by_login(conn, login).await?.with_context(|| format!("there is no account {login}"))
}

/// The account acted on is the row; who acted is the command line, which has no account.
fn entry<'a>(user: UserId, action: &'a str, login: &'a str, after: Option<serde_json::Value>) -> audit::Entry<'a> {
    let row_key = Some(serde_json::json!({ "id": user, "login": login }));
    audit::Entry { who: WHO, action, subject: Some("user"), row_key, after, ..audit::Entry::default() }
}
