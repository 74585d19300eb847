//! A table that somebody has emptied or moved away while a release of it is published.

use parsers::{Dataset, dataset::Mode};

use super::Load;
use crate::{
    db::{AsyncPgConnection, DbResult, PgSession, dataset_rows, releases},
    ingest::expect,
    job::Failure,
};

/// Whether a table has no row although its release brought some. What is known of its rows, by their fingerprint or by
/// their bytes, is then known of another table.
pub(in crate::ingest) async fn is_emptied(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<bool> {
    let published = releases::published(conn, &dataset.name).await?;
    let rows = published.and_then(|release| release.counts).map_or(0, |counts| expect::rows(&counts));
    Ok(rows > 0 && !dataset_rows::has_rows(conn, &dataset.name).await?)
}

impl Load<'_> {
    /// Whether the table was emptied, which is noted with the run.
    pub(super) async fn notices_emptied(&self, session: &mut PgSession) -> Result<bool, Failure> {
        let emptied = is_emptied(session, self.dataset).await?;
        if emptied {
            let name = &self.dataset.name;
            let others = match self.dataset.mode {
                Mode::Replace => String::new(),
                Mode::Upsert | Mode::Append => {
                    format!("; the rows of all its releases come back with `bluebook replay {name} --all`")
                }
            };
            let told =
                format!("data.{name} had no rows: somebody emptied it or moved it away, and it is filled anew{others}");
            self.log.note(&told).await?;
        }
        Ok(emptied)
    }
}
