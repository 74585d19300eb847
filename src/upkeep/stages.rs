//! Stages that belong to no run that is open and to no release that is held.

use diesel::{QueryableByName, sql_types::Text};

use crate::{
    db::{Pool, RunQueryDsl, ident, run_log::RunLog},
    job::Failure,
};

#[derive(QueryableByName)]
struct Stage {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Drops them, one statement each.
pub(super) async fn drop_abandoned(pool: &Pool, log: &RunLog) -> Result<u64, Failure> {
    let mut session = pool.get().await?;
    let stages: Vec<Stage> = diesel::sql_query(include_str!("abandoned_stages.sql")).load(&mut **session).await?;
    let mut dropped = 0;
    for stage in stages {
        log.check()?;
        let drop = format!("DROP TABLE IF EXISTS {} CASCADE", ident::qualified("stage", &stage.name));
        diesel::sql_query(drop).execute(&mut **session).await?;
        dropped += 1;
    }
    Ok(dropped)
}
