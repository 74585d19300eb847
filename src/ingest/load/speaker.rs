//! Who speaks in a release, for its dataset's history.

use parsers::Dataset;

use super::Load;
use crate::{
    db::{
        PgSession,
        releases::{self, ReleaseRow},
    },
    ingest::{
        history::{Cause, Scope},
        source::Origin,
    },
    job::Failure,
};

impl Load<'_> {
    /// Who speaks in this release, and how far the history must be looked at to write it down; none if there is no
    /// history.
    pub(super) async fn speaker(
        &self,
        session: &mut PgSession,
        published: Option<&ReleaseRow>,
    ) -> Result<Option<(Cause, Scope)>, Failure> {
        if !self.dataset.history {
            return Ok(None);
        }
        let Some(before) = published else { return Ok(Some((Cause::Publisher, Scope::Whole))) };
        let same = before.content == self.source.content;
        let sum = self.source.is_sum();
        let Dataset { name, hash, .. } = self.dataset;
        let version = self.dataset.parser_version();
        let mut read_alike = before.definition == *hash && before.parser_version == version;
        // Of a sum nothing is new, but any of its releases may be read otherwise than it was.
        if sum && !same {
            read_alike = releases::read_alike(session, name, hash, version).await?;
        }
        let cause = match (same || sum, read_alike) {
            (false, _) => Cause::Publisher,
            (true, false) => Cause::Definition,
            (true, true) => Cause::Gap,
        };
        let emptied = super::is_emptied(session, self.dataset).await?;
        let whole = sum || emptied || !read_alike || matches!(self.source.origin, Origin::Again);
        Ok(Some((cause, if whole { Scope::Whole } else { Scope::Difference })))
    }
}
