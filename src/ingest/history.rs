//! A dataset's history: who said what, and from when until when, row by row.
//!
//! `data.<name>_history` holds every version of a row. The open versions (`_to` is null) are the table's rows; a release
//! closes those that it ends and opens those that it begins, in the transaction that changes the table, and nothing is
//! ever overwritten. A version that ended without a successor under its key is one that the publisher took back.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text, Timestamptz},
};
use jiff::Timestamp;

use super::{merge::MergeError, stage::Difference, statement::Names};
use crate::{
    db::{
        AsyncPgConnection, DbResult, RunQueryDsl,
        history::{self, Apart},
    },
    job::ReleaseId,
};

/// Why versions begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The publisher published something else.
    Publisher,
    /// The same bytes are read by another definition or parser: it is not the publisher who speaks.
    Definition,
    /// The history was not written, or was changed by hand: what had happened meanwhile is not known.
    Gap,
}

impl Cause {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Publisher, Self::Definition, Self::Gap];

    /// The word in the column `_cause`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Publisher => "publisher",
            Self::Definition => "definition",
            Self::Gap => "gap",
        }
    }
}

/// How far the history is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Where the stage says that the table changes: a refresh costs what it changes.
    Difference,
    /// All open versions are held against all rows of the table.
    Whole,
}

/// What a release does to the history of its dataset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeping {
    pub(super) release: ReleaseId,
    /// The moment of publishing.
    pub(super) at: Timestamp,
    pub(super) cause: Cause,
    pub(super) scope: Scope,
}

/// Writes a release into the history, once the table shows it.
pub(super) async fn keep(
    conn: &mut AsyncPgConnection,
    names: &Names,
    keeping: Keeping,
    difference: Difference,
) -> Result<(), MergeError> {
    let closed = close(conn, names, keeping).await?;
    let opened = open(conn, names, keeping).await?;
    let Difference { inserted, changed, removed, .. } = difference;
    if keeping.scope == Scope::Whole || (closed, opened) == (changed + removed, inserted + changed) {
        return Ok(());
    }
    // If the two are one now, it was the table that somebody had changed by hand, and the release put that right.
    let [history, table, columns] = ["{history}", "{table}", "{columns}"].map(|name| names.fill(name));
    match history::apart(conn, &history, &table, &columns).await? {
        Apart { versions: 0, rows: 0 } => Ok(()),
        Apart { versions, rows } => Err(MergeError::History { rows: versions + rows }),
    }
}

/// Begins a history with the table as it is.
pub(super) async fn fill(conn: &mut AsyncPgConnection, names: &Names, published: ReleaseId) -> DbResult<()> {
    let at = since(conn, names, published).await?;
    let fill = diesel::sql_query(names.fill(include_str!("history/fill.sql")));
    fill.bind::<Timestamptz, _>(moment(at)).execute(conn).await?;
    Ok(())
}

/// Goes on with a history that was not written for a while. The table has been what it is since its release was
/// published: then what differs ended, or began.
pub(super) async fn catch_up(conn: &mut AsyncPgConnection, names: &Names, published: ReleaseId) -> DbResult<()> {
    let at = since(conn, names, published).await?;
    let keeping = Keeping { release: published, at, cause: Cause::Gap, scope: Scope::Whole };
    close(conn, names, keeping).await?;
    open(conn, names, keeping).await?;
    Ok(())
}

/// When the table became what it is; but later than anything that the history knows. No clock is asked, so that an
/// archive comes to the same history whenever it is read again.
async fn since(conn: &mut AsyncPgConnection, names: &Names, published: ReleaseId) -> DbResult<Timestamp> {
    #[derive(QueryableByName)]
    struct Since {
        #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
        at: Timestamp,
    }
    let since = diesel::sql_query(names.fill(include_str!("history/since.sql")));
    let found: Since = since.bind::<BigInt, _>(published.0).get_result(conn).await?;
    Ok(found.at)
}

async fn close(conn: &mut AsyncPgConnection, names: &Names, keeping: Keeping) -> DbResult<u64> {
    let template = match (keeping.scope, names.keyed) {
        (Scope::Difference, true) => include_str!("history/close.sql"),
        (Scope::Difference, false) => include_str!("history/close_multiset.sql"),
        (Scope::Whole, true) => include_str!("history/close_whole.sql"),
        (Scope::Whole, false) => include_str!("history/close_whole_multiset.sql"),
    };
    let close = diesel::sql_query(names.fill(template)).bind::<BigInt, _>(keeping.release.0);
    Ok(close.bind::<Timestamptz, _>(moment(keeping.at)).execute(conn).await? as u64)
}

async fn open(conn: &mut AsyncPgConnection, names: &Names, keeping: Keeping) -> DbResult<u64> {
    let (at, cause) = (moment(keeping.at), keeping.cause.as_str());
    let opened = match keeping.scope {
        Scope::Difference => {
            let (keyed, multiset) = (include_str!("history/open.sql"), include_str!("history/open_multiset.sql"));
            diesel::sql_query(names.fill(if names.keyed { keyed } else { multiset }))
                .bind::<BigInt, _>(keeping.release.0)
                .bind::<Timestamptz, _>(at)
                .bind::<Text, _>(cause)
                .execute(conn)
                .await?
        }
        // Here each row names the release that it came with, which may be an older one.
        Scope::Whole => {
            let keyed = include_str!("history/open_whole.sql");
            let multiset = include_str!("history/open_whole_multiset.sql");
            diesel::sql_query(names.fill(if names.keyed { keyed } else { multiset }))
                .bind::<Timestamptz, _>(at)
                .bind::<Text, _>(cause)
                .execute(conn)
                .await?
        }
    };
    Ok(opened as u64)
}

fn moment(at: Timestamp) -> jiff_diesel::Timestamp {
    at.into()
}
