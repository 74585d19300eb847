//! Slowing down those who guess passwords.
//!
//! An attempt is counted before the password is looked at, so many at once win nothing; success takes the count back.
//! Accounts that do not exist are counted like those that do: the answer tells nobody which is which.

use diesel::{
    ExpressionMethods, QueryDsl, QueryableByName,
    sql_types::{BigInt, Integer, Text},
};
use sha2::{Digest, Sha256};

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::sign_in_attempts};

/// Failures of one account that cost nothing.
pub const FREE_PER_LOGIN: i32 = 4;
/// Failures from one address in a minute before it has to wait.
pub const PER_ADDRESS: i32 = 20;

/// Who tries.
#[derive(Debug, Clone)]
pub struct Attempt {
    login: String,
    address: String,
}

impl Attempt {
    /// `login` as typed, and the caller's address.
    pub fn new(login: &str, address: &str) -> Self {
        let typed = Sha256::digest(login.trim().to_lowercase().as_bytes());
        let hex = typed.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        Self { login: format!("login:{hex}"), address: format!("address:{address}") }
    }
}

#[derive(QueryableByName)]
struct Wait {
    #[diesel(sql_type = BigInt)]
    seconds: i64,
}

/// Counts an attempt. `Some(seconds)`: it is refused, come back after that many.
pub async fn begin(conn: &mut AsyncPgConnection, attempt: &Attempt) -> DbResult<Option<i64>> {
    let by_address = diesel::sql_query(include_str!("sign_in_attempts/by_address.sql"))
        .bind::<Text, _>(&attempt.address)
        .bind::<Integer, _>(PER_ADDRESS);
    let wait: Wait = by_address.get_result(conn).await?;
    if wait.seconds > 0 {
        return Ok(Some(wait.seconds));
    }
    let by_login = diesel::sql_query(include_str!("sign_in_attempts/by_login.sql"))
        .bind::<Text, _>(&attempt.login)
        .bind::<Integer, _>(FREE_PER_LOGIN);
    let wait: Wait = by_login.get_result(conn).await?;
    Ok((wait.seconds > 0).then_some(wait.seconds))
}

/// The password was right: the account starts afresh, and the address has one failure less.
pub async fn succeeded(conn: &mut AsyncPgConnection, attempt: &Attempt) -> DbResult<()> {
    diesel::delete(sign_in_attempts::table.find(&attempt.login)).execute(conn).await?;
    let address = sign_in_attempts::table.find(&attempt.address).filter(sign_in_attempts::failures.gt(0));
    let less = sign_in_attempts::failures.eq(sign_in_attempts::failures - 1);
    diesel::update(address).set(less).execute(conn).await.map(|_| ())
}
