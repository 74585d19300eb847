//! What is found in a staged release, and whether that holds it.

use super::{Load, attempt::Staged};
use crate::{
    db::{PgSession, gaps::Range, rejects, releases},
    ingest::{
        expect::{self, Before, Looked, Seen},
        stage::Difference,
    },
    job::{Counts, Failure, Finding, Level},
};

impl Load<'_> {
    /// What is found in it, and what its calendar misses.
    pub(super) async fn findings(
        &self,
        session: &mut PgSession,
        staged: &Staged<'_>,
        counts: &Counts,
    ) -> Result<(Vec<Finding>, Option<Vec<Range>>), Failure> {
        let seen = Seen {
            counts: Some(counts),
            rejected: counts.rejected,
            conflicting: staged.difference.conflicting,
            before: self.before(session, staged).await?,
            new_columns: &staged.read.new_columns,
        };
        let judge = if self.source.is_sum() { expect::of_sum } else { expect::findings };
        let mut findings = judge(&self.dataset.expect, seen);
        findings.extend_from_slice(&staged.findings);
        if counts.rejected > 0 {
            findings.extend(self.retyped(session, staged.records).await?);
        }
        let Looked { findings: looked, gaps } =
            expect::look(session, self.dataset, &self.names, staged.fresh.is_some()).await?;
        findings.extend(looked);
        Ok((findings, gaps))
    }

    /// What the release is measured by: the table, if it tells all of it; else the file before it.
    pub(super) async fn before(&self, session: &mut PgSession, staged: &Staged<'_>) -> Result<Option<Before>, Failure> {
        let Difference { unchanged, changed, removed, kept, .. } = staged.difference;
        // What is published and is read just so again only takes back what somebody changed by hand.
        if staged.base.is_none_or(|base| self.source.is_again(base, self.dataset)) {
            return Ok(None);
        }
        if self.names.removes || self.source.is_sum() {
            return Ok(Some(Before::Table(unchanged + changed + removed + kept)));
        }
        let last = releases::last_counts(session, &self.dataset.name).await?;
        Ok(last.as_ref().map(expect::rows).map(Before::File))
    }

    /// Findings as they may be told: they quote what the publisher wrote.
    pub(super) fn veiled(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings.into_iter().map(|finding| finding.showing(|text| self.veil.over(text))).collect()
    }

    /// Whether a finding holds the release; a person's word is stronger.
    pub(super) fn is_held(&self, findings: &[Finding]) -> bool {
        !self.source.origin.is_decided() && findings.iter().any(|finding| finding.level == Level::Fail)
    }

    /// Columns that have another type now, if so many records fail on them.
    pub(super) async fn retyped(&self, session: &mut PgSession, read: u64) -> Result<Vec<Finding>, Failure> {
        let blamed = rejects::blamed(session, self.release).await?;
        Ok(expect::retyped(&self.dataset.schema.columns, &blamed, read))
    }
}
