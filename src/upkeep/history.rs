//! Runs that ended long ago, with their events; changes of which people were told long ago.

use std::time::Duration;

use diesel::sql_types::Double;

use crate::{
    db::{Pool, RunQueryDsl, conditions, run_log::RunLog},
    job::Failure,
};

/// Forgets them, a few thousand at a time: no statement takes long, and a round may be cut off between two.
pub(super) async fn forget(pool: &Pool, after: Duration, log: &RunLog) -> Result<u64, Failure> {
    let mut session = pool.get().await?;
    let mut removed = 0;
    loop {
        log.check()?;
        let some = diesel::sql_query(include_str!("old_runs.sql"))
            .bind::<Double, _>(after.as_secs_f64())
            .execute(&mut **session)
            .await?;
        if some == 0 {
            return Ok(removed);
        }
        removed += some as u64;
    }
}

/// Forgets changes with their notices. How a job stands now is kept apart from them.
pub(super) async fn forget_changes(pool: &Pool, after: Duration) -> Result<u64, Failure> {
    Ok(conditions::forget(&mut *pool.get().await?, after).await? as u64)
}
