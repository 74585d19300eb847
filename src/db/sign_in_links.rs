//! One-time links: how an account is entered before it has a password, or after it was lost.

use diesel::{
    ExpressionMethods, IntoSql, JoinOnDsl, OptionalExtension, QueryDsl,
    dsl::{IntervalDsl, now},
    sql_types::Timestamptz,
};

use super::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    schema::{sign_in_links, users},
    token::Token,
};
use crate::job::UserId;

/// Minutes for which a link can be used.
pub const MINUTES: i32 = 60;

/// Makes a link that signs `user` in once and lets them set a password; earlier links of theirs stop working.
/// Returns its path on the admin site.
pub async fn create(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<String> {
    withdraw(conn, user).await?;
    let token = Token::new();
    let row = (
        sign_in_links::token_hash.eq(token.hash()),
        sign_in_links::user_id.eq(user.0),
        sign_in_links::expires_at.eq(now.into_sql::<Timestamptz>() + MINUTES.minutes()),
    );
    diesel::insert_into(sign_in_links::table).values(row).execute(conn).await?;
    Ok(format!("/enter/{}", token.text()))
}

/// Whose link this is, if it can still be used.
pub async fn find(conn: &mut AsyncPgConnection, token: &Token) -> DbResult<Option<UserId>> {
    let usable = sign_in_links::table
        .inner_join(users::table.on(users::id.eq(sign_in_links::user_id)))
        .filter(sign_in_links::token_hash.eq(token.hash()))
        .filter(sign_in_links::used_at.is_null())
        .filter(sign_in_links::expires_at.gt(now))
        .filter(users::disabled_at.is_null());
    Ok(usable.select(users::id).first(conn).await.optional()?.map(UserId))
}

/// Uses the link up. Of two who try at once, one gets `None`.
pub async fn consume(conn: &mut AsyncPgConnection, token: &Token) -> DbResult<Option<UserId>> {
    let Some(user) = find(conn, token).await? else { return Ok(None) };
    let unused = sign_in_links::table.find(token.hash()).filter(sign_in_links::used_at.is_null());
    let hits = diesel::update(unused).set(sign_in_links::used_at.eq(now)).execute(conn).await?;
    Ok((hits == 1).then_some(user))
}

/// Takes back all links of a person.
pub async fn withdraw(conn: &mut AsyncPgConnection, user: UserId) -> DbResult<()> {
    let theirs = sign_in_links::table.filter(sign_in_links::user_id.eq(user.0));
    diesel::delete(theirs).execute(conn).await.map(|_| ())
}
