//! Fingerprints that no dataset has any more: a program that was killed left them behind.

use std::{collections::HashSet, path::PathBuf};

use super::scratch;
use crate::{
    db::{Pool, fingerprints},
    job::Failure,
};

/// Removes them. One that has just been made waits for its row, so only old ones go.
pub(super) async fn remove_orphans(pool: &Pool, folder: PathBuf) -> Result<u64, Failure> {
    let mut session = pool.get().await?;
    let needed: HashSet<_> = fingerprints::files(&mut session).await?.into_iter().map(Into::into).collect();
    drop(session);
    scratch::remove_old(folder, needed).await
}
