//! What a table offers to those who read it: indexes, readers, a view under an older name. None of it changes a row,
//! so none of it is worth failing a load for: what cannot be brought about is told, and tried again by the next run.

use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::Dataset;

use super::{TableError, passes};
use crate::db::{AsyncPgConnection, DbError, DbResult};

mod indexes;
mod old_name;
mod readers;
mod too_long;

pub(crate) use indexes::OURS as OUR_INDEX;
pub(super) use indexes::statements as index_statements;
pub(super) use too_long::too_long;

/// Readers of the table are not kept waiting behind a statement that itself waits.
const PATIENCE: &str = "SET LOCAL lock_timeout = '10s'";

/// One thing to bring about.
#[derive(Debug, PartialEq, Eq)]
struct Act {
    /// What it is for, to stand before why it could not be.
    what: String,
    /// Ways to it, each a list of statements; the next is tried if PostgreSQL refuses one.
    ways: Vec<Vec<String>>,
}

/// Brings all of it about, in the caller's transaction and under its lock of the dataset's row. `let_in` are the
/// roles that are readers so far. Returns sentences about what could not be.
pub(super) async fn bring_about(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    let_in: &[String],
) -> Result<Vec<String>, TableError> {
    conn.batch_execute(PATIENCE).await?;
    let mut notes = Vec::new();
    let acts = indexes::acts(conn, dataset).await?;
    act(conn, acts, &mut notes).await?;
    let (acts, obstacle) = old_name::acts(conn, dataset).await?;
    notes.extend(obstacle);
    act(conn, acts, &mut notes).await?;
    readers::bring_about(conn, dataset, let_in, &mut notes).await?;
    conn.batch_execute("SET LOCAL lock_timeout = DEFAULT").await?;
    Ok(notes)
}

/// What would stand in the way, in sentences. Looks, and changes nothing.
pub(super) async fn foresee(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<String>> {
    let mut sentences = readers::missing(conn, dataset).await?;
    sentences.extend(old_name::acts(conn, dataset).await?.1);
    Ok(sentences)
}

/// The statements that take our own views off the table: its columns cannot change under them, and it cannot be
/// dropped. What is offered is brought about again by [`bring_about`].
pub(super) async fn in_the_way(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<String>> {
    old_name::drops(conn, dataset).await
}

async fn act(conn: &mut AsyncPgConnection, acts: Vec<Act>, notes: &mut Vec<String>) -> Result<(), TableError> {
    for Act { what, ways } in acts {
        let mut refused = None;
        for way in ways {
            refused = one_way(conn, &way).await?;
            if refused.is_none() {
                break;
            }
        }
        notes.extend(refused.map(|why| format!("{what}: {why}")));
    }
    Ok(())
}

/// Tries statements within a savepoint: all or none. Says why PostgreSQL would not.
async fn one_way(conn: &mut AsyncPgConnection, statements: &[String]) -> DbResult<Option<String>> {
    let tried: DbResult<()> = conn
        .transaction(async |conn| {
            for statement in statements {
                conn.batch_execute(statement).await?;
            }
            Ok(())
        })
        .await;
    match tried {
        Ok(()) => Ok(None),
        Err(DbError::DatabaseError(_, said)) if !passes(said.message()) || waited(said.message()) => {
            let details = said.details().map(|details| format!(" ({details})")).unwrap_or_default();
            Ok(Some(format!("{}{details}", said.message())))
        }
        Err(error) => Err(error),
    }
}

pub(super) fn waited(message: &str) -> bool {
    message == "canceling statement due to lock timeout"
}
