//! Signed-in browsers. The cookie's token is kept only as its hash; the database's clock says when a session ends.

use diesel::{
    ExpressionMethods, IntoSql, QueryDsl, QueryableByName,
    dsl::{IntervalDsl, now},
    sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamptz},
};
use jiff_diesel::Timestamp;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::sessions, token::Token, users::Role};
use crate::job::UserId;

/// Minutes without a request after which a session is over.
pub const IDLE_MINUTES: i64 = 30;
/// Hours after which a session is over in any case.
pub const HOURS: i32 = 8;

/// A live session and whose it is.
#[derive(Debug, Clone, QueryableByName)]
pub struct Session {
    /// Whose.
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    /// What they type at sign-in.
    #[diesel(sql_type = Text)]
    pub login: String,
    /// Their name.
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    role: String,
    /// The secret that every form of this session carries.
    #[diesel(sql_type = Binary)]
    pub csrf: Vec<u8>,
    /// Whether the last sign of life is old enough to be written again.
    #[diesel(sql_type = Bool)]
    pub stale: bool,
}

impl Session {
    /// Whose session.
    pub fn user(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Their role now; the least one stands for a word that is not understood.
    pub fn role(&self) -> Role {
        self.role.parse().unwrap_or(Role::Viewer)
    }
}

/// A session as its owner sees it.
#[derive(Debug, Clone, QueryableByName)]
pub struct SessionRow {
    /// Names the session without giving it away.
    #[diesel(sql_type = Binary)]
    pub token_hash: Vec<u8>,
    /// When the person signed in.
    #[diesel(sql_type = Timestamptz, deserialize_as = Timestamp)]
    pub created_at: jiff::Timestamp,
    /// The last request, to the minute.
    #[diesel(sql_type = Timestamptz, deserialize_as = Timestamp)]
    pub seen_at: jiff::Timestamp,
    /// The caller's address.
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    /// What the browser calls itself.
    #[diesel(sql_type = Nullable<Text>)]
    pub browser: Option<String>,
}

/// Where a session is opened from.
#[derive(Debug, Clone, Default)]
pub struct From {
    /// The caller's address.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub browser: Option<String>,
}

/// Opens a session and gives the token for its cookie.
pub async fn open(conn: &mut AsyncPgConnection, user: UserId, from: &From) -> DbResult<Token> {
    let token = Token::new();
    let row = (
        sessions::token_hash.eq(token.hash()),
        sessions::user_id.eq(user.0),
        sessions::csrf.eq(rand::random::<[u8; 32]>().to_vec()),
        sessions::expires_at.eq(now.into_sql::<Timestamptz>() + HOURS.hours()),
        sessions::address.eq(&from.address),
        sessions::browser.eq(&from.browser),
    );
    diesel::insert_into(sessions::table).values(row).execute(conn).await?;
    Ok(token)
}

/// The session of a token, if it is alive and its owner may still sign in.
pub async fn find(conn: &mut AsyncPgConnection, token: &Token) -> DbResult<Option<Session>> {
    let query = diesel::sql_query(include_str!("sessions/find.sql"));
    let found = query.bind::<Binary, _>(token.hash()).bind::<BigInt, _>(IDLE_MINUTES).load(conn).await?;
    Ok(found.into_iter().next())
}

/// Writes down that the session is still in use.
pub async fn renew(conn: &mut AsyncPgConnection, token: &Token) -> DbResult<()> {
    let row = sessions::table.find(token.hash());
    diesel::update(row).set(sessions::seen_at.eq(now)).execute(conn).await.map(|_| ())
}

/// A person's live sessions, the last used first.
pub async fn of(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<Vec<SessionRow>> {
    let query = diesel::sql_query(include_str!("sessions/of_user.sql"));
    query.bind::<BigInt, _>(user.0).bind::<BigInt, _>(IDLE_MINUTES).load(conn).await
}

/// Ends one of a person's sessions. Says whether there was such a one.
pub async fn end(conn: &mut AsyncPgConnection, user: UserId, token_hash: &[u8]) -> DbResult<bool> {
    let row = sessions::table.find(token_hash).filter(sessions::user_id.eq(user.0));
    Ok(diesel::delete(row).execute(conn).await? > 0)
}

/// Ends all sessions of a person, and takes back their unused links.
pub async fn end_all(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<()> {
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user.0))).execute(conn).await?;
    super::sign_in_links::withdraw(conn, user).await
}
