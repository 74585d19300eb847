//! The audit log: append-only, each line carrying the hash of the one before (a trigger sees to it).

use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use jiff_diesel::Timestamp;
use serde_json::Value;

use super::{AsyncPgConnection, DbResult, RunQueryDsl, schema::audit};
use crate::job::UserId;

/// What somebody did. Written in the transaction that does it, never apart from it.
#[derive(Debug, Clone, Default)]
pub struct Entry<'a> {
    /// The account, where it was one.
    pub user: Option<UserId>,
    /// Its login at the time, or `command line`.
    pub who: &'a str,
    /// A verb: `sign in`, `update`, `publish`, …
    pub action: &'a str,
    /// What was acted on: schema.table, report:NAME, dataset:NAME, user:LOGIN, run:ID, release:ID.
    pub subject: Option<&'a str>,
    /// Which row of a table.
    pub row_key: Option<Value>,
    /// Old values of what changed; sensitive ones read "hidden".
    pub before: Option<Value>,
    /// New values of what changed; sensitive ones read "hidden".
    pub after: Option<Value>,
    /// The request's number, as error pages show it and logs carry it.
    pub request: Option<&'a str>,
}

/// One line of the log.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AuditRow {
    /// Its place in the chain.
    pub id: i64,
    /// When.
    #[diesel(deserialize_as = Timestamp)]
    pub at: jiff::Timestamp,
    /// Who, as they were called then.
    pub who: String,
    /// What.
    pub action: String,
    /// On what.
    pub subject: Option<String>,
    /// Which row.
    pub row_key: Option<Value>,
    /// Old values.
    pub before: Option<Value>,
    /// New values.
    pub after: Option<Value>,
    /// The request's number.
    pub request: Option<String>,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Of one person.
    pub who: Option<&'a str>,
    /// On one subject.
    pub subject: Option<&'a str>,
    /// On one row of it.
    pub row_key: Option<&'a Value>,
    /// Only lines before this one.
    pub before: Option<i64>,
}

/// Appends a line.
pub async fn record(conn: &mut AsyncPgConnection, entry: Entry<'_>) -> DbResult<()> {
    // The trigger gives number, chain and hash; NOT NULL columns still want a value in the statement.
    let row = (
        (audit::id.eq(0), audit::previous.eq(Vec::new()), audit::hash.eq(Vec::new())),
        audit::user_id.eq(entry.user.map(|user| user.0)),
        audit::who.eq(entry.who),
        audit::action.eq(entry.action),
        audit::subject.eq(entry.subject),
        audit::row_key.eq(entry.row_key),
        audit::before.eq(entry.before),
        audit::after.eq(entry.after),
        audit::request.eq(entry.request),
    );
    diesel::insert_into(audit::table).values(row).execute(conn).await.map(|_| ())
}

/// Lines of the log, the newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: &Filter<'_>, limit: i64) -> DbResult<Vec<AuditRow>> {
    let mut query = audit::table.select(AuditRow::as_select()).order(audit::id.desc()).limit(limit).into_boxed();
    if let Some(who) = filter.who {
        query = query.filter(audit::who.eq(who));
    }
    if let Some(subject) = filter.subject {
        query = query.filter(audit::subject.eq(subject));
    }
    if let Some(row_key) = filter.row_key {
        query = query.filter(audit::row_key.eq(row_key));
    }
    if let Some(before) = filter.before {
        query = query.filter(audit::id.lt(before));
    }
    query.load(conn).await
}
