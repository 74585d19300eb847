//! Sessions, links and failed sign-ins that no longer count.

use crate::{
    db::{Pool, RunQueryDsl},
    job::Failure,
};

/// One statement for each kind. What a person might still ask about ("was my link used?") stays for a week.
const FORGET: [&str; 3] = [
    "DELETE FROM bluebook.sessions WHERE expires_at < now()",
    "DELETE FROM bluebook.sign_in_links WHERE expires_at < now() - interval '7 days'",
    "DELETE FROM bluebook.sign_in_attempts
     WHERE since < now() - interval '7 days' AND (blocked_until IS NULL OR blocked_until < now())",
];

/// Forgets them.
pub(super) async fn forget(pool: &Pool) -> Result<u64, Failure> {
    let mut session = pool.get().await?;
    let mut removed = 0;
    for statement in FORGET {
        removed += diesel::sql_query(statement).execute(&mut **session).await?;
    }
    Ok(removed as u64)
}
