//! People who may sign in to the admin site.

use std::{fmt, str::FromStr};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper, dsl::now};
use jiff_diesel::{NullableTimestamp, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::users};
use crate::job::UserId;

/// What a person may do. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at everything, changes nothing.
    Viewer,
    /// Edits customers, runs jobs, decides on held releases.
    Editor,
    /// Manages people.
    Admin,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Admin];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        })
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.to_string() == text);
        found.ok_or_else(|| format!("{text:?} is no role: write viewer, editor or admin"))
    }
}

/// A row of `bluebook.users`, without the password's hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct UserRow {
    /// Its number.
    pub id: i64,
    /// What is typed at sign-in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// See [`UserRow::role`].
    role: String,
    /// When the password was set; empty until it has been.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub password_changed_at: Option<jiff::Timestamp>,
    /// Set: may not sign in.
    #[diesel(deserialize_as = NullableTimestamp)]
    pub disabled_at: Option<jiff::Timestamp>,
    /// When the account was made.
    #[diesel(deserialize_as = Timestamp)]
    pub created_at: jiff::Timestamp,
}

impl UserRow {
    /// The row's number, typed.
    pub fn id(&self) -> UserId {
        UserId(self.id)
    }

    /// The role; the table's CHECK lets no other word in, and the least role stands for one that is not understood.
    pub fn role(&self) -> Role {
        self.role.parse().unwrap_or(Role::Viewer)
    }
}

/// All accounts, by login.
pub async fn list(conn: &mut AsyncPgConnection) -> DbResult<Vec<UserRow>> {
    users::table.select(UserRow::as_select()).order(users::login).load(conn).await
}

/// One account.
pub async fn show(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<Option<UserRow>> {
    users::table.find(user.0).select(UserRow::as_select()).first(conn).await.optional()
}

/// One account by what is typed at sign-in; upper and lower case are the same.
pub async fn by_login(conn: &mut AsyncPgConnection, login: &str) -> DbResult<Option<UserRow>> {
    let same = lower(users::login).eq(login.trim().to_lowercase());
    users::table.filter(same).select(UserRow::as_select()).first(conn).await.optional()
}

/// Makes an account without a password; it is entered by a one-time link. `None` if the login is taken.
pub async fn add(conn: &mut AsyncPgConnection, login: &str, name: &str, role: Role) -> DbResult<Option<UserId>> {
    let row = (users::login.eq(login.trim()), users::name.eq(name.trim()), users::role.eq(role.to_string()));
    let added = diesel::insert_into(users::table).values(row).on_conflict_do_nothing().returning(users::id);
    Ok(added.get_result(conn).await.optional()?.map(UserId))
}

/// The password's hash in PHC form, if the account may sign in and has one.
pub async fn password(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<Option<String>> {
    let able = users::table.find(user.0).filter(users::disabled_at.is_null());
    Ok(able.select(users::password).first::<Option<String>>(conn).await.optional()?.flatten())
}

/// Whether that is still the password's hash of an account that may sign in. Locks the account until the transaction
/// ends: checking a password takes time, and meanwhile it may have been changed or the account barred.
pub async fn still(conn: &mut AsyncPgConnection, user: UserId, phc: &str) -> DbResult<bool> {
    let same = users::table.find(user.0).filter(users::password.eq(phc)).filter(users::disabled_at.is_null());
    let locked = same.select(users::id).for_update().first::<i64>(conn).await.optional()?;
    Ok(locked.is_some())
}

/// Sets the password's hash.
pub async fn set_password(conn: &mut AsyncPgConnection, user: UserId, phc: &str) -> DbResult<()> {
    let set = (users::password.eq(phc), users::password_changed_at.eq(now));
    diesel::update(users::table.find(user.0)).set(set).execute(conn).await.map(|_| ())
}

/// Gives another role.
pub async fn set_role(conn: &mut AsyncPgConnection, user: UserId, role: Role) -> DbResult<()> {
    let set = users::role.eq(role.to_string());
    diesel::update(users::table.find(user.0)).set(set).execute(conn).await.map(|_| ())
}

/// Bars an account. Its sessions and links end with it: see [`super::sessions::end_all`].
pub async fn disable(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<()> {
    let able = users::table.find(user.0).filter(users::disabled_at.is_null());
    diesel::update(able).set(users::disabled_at.eq(now)).execute(conn).await.map(|_| ())
}

/// Lets a barred account in again.
pub async fn enable(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<()> {
    let set = users::disabled_at.eq(None::<Timestamp>);
    diesel::update(users::table.find(user.0)).set(set).execute(conn).await.map(|_| ())
}

/// How many accounts with role admin can sign in: the last one must stay. Locks them until the transaction ends, so
/// that two people cannot take each other's role at once.
pub async fn lock_admins(conn: &mut AsyncPgConnection) -> DbResult<Vec<UserId>> {
    let able = users::role.eq(Role::Admin.to_string());
    let admins = users::table.filter(able).filter(users::disabled_at.is_null()).select(users::id).for_update();
    Ok(admins.load::<i64>(conn).await?.into_iter().map(UserId).collect())
}

diesel::define_sql_function! {
    /// The text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}
