//! Roles that may read the table and its views.

use diesel::{
    QueryableByName,
    sql_types::{Array, Nullable, Text},
};
use parsers::Dataset;

use super::{Act, act, old_name};
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl, dataset_rows, ident},
    ingest::table::TableError,
};

/// Two runs that let the same role into one schema at once would trip over each other.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtextextended('bluebook.readers', 0))";

/// A right that a role has or lacks: on a relation, or on a schema where `name` is none.
#[derive(QueryableByName)]
struct Right {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Text)]
    role: String,
}

/// Lets the declared readers in, and shows those out who were let in (`so_far`) and are not declared any more.
pub(super) async fn bring_about(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    so_far: &[String],
    notes: &mut Vec<String>,
) -> Result<(), TableError> {
    let wanted = &dataset.offer.readers;
    if wanted.is_empty() && so_far.is_empty() {
        return Ok(());
    }
    notes.extend(missing(conn, dataset).await?);
    let gone: Vec<String> = so_far.iter().filter(|role| !wanted.contains(role)).cloned().collect();
    let (schemas, names) = relations(conn, dataset).await?;
    let has = rights(conn, include_str!("readers_gone.sql"), &gone, &schemas, &names).await?;
    let lacks = rights(conn, include_str!("readers_new.sql"), wanted, &schemas, &names).await?;
    let acts =
        has.iter().map(|right| right.act("REVOKE", "FROM")).chain(lacks.iter().map(|right| right.act("GRANT", "TO")));
    act(conn, acts.collect(), notes).await?;
    // Who could not be shown out is shown out by the next run.
    let still = rights(conn, include_str!("readers_gone.sql"), &gone, &schemas, &names).await?;
    let mut readers = wanted.clone();
    readers.extend(gone.into_iter().filter(|role| still.iter().any(|right| right.role == *role)));
    if readers != so_far {
        dataset_rows::let_in(conn, &dataset.name, &readers).await?;
    }
    Ok(())
}

/// Sentences about declared readers that the server does not know.
pub(super) async fn missing(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<String>> {
    let unknown: Vec<Role> = diesel::sql_query(
        "SELECT role FROM unnest($1) AS wanted (role) WHERE role NOT IN (SELECT rolname FROM pg_roles) ORDER BY role",
    )
    .bind::<Array<Text>, _>(&dataset.offer.readers)
    .load(conn)
    .await?;
    let sentence = |Role { role }| {
        let quoted = ident::quote(&role);
        format!("readers: the server has no role {role}: CREATE ROLE {quoted}, or take it off the list")
    };
    Ok(unknown.into_iter().map(sentence).collect())
}

/// What readers may read, as schemas and names: the table, its history, its long view, its view under an older name.
/// The function that reads the history is everybody's, as functions are; who may not read the history gets nothing of it.
async fn relations(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<(Vec<String>, Vec<String>)> {
    let in_data = [Some(&dataset.name), dataset.long_view.as_ref().map(|view| &view.name)];
    let in_data = in_data.into_iter().flatten().map(|name| ("data".to_owned(), name.to_string()));
    let history = ("data".to_owned(), format!("{}_history", dataset.name));
    Ok(in_data.chain([history]).chain(old_name::standing(conn, dataset).await?).unzip())
}

async fn rights(
    conn: &mut AsyncPgConnection,
    query: &str,
    roles: &[String],
    schemas: &[String],
    names: &[String],
) -> DbResult<Vec<Right>> {
    diesel::sql_query(query)
        .bind::<Array<Text>, _>(roles)
        .bind::<Array<Text>, _>(schemas)
        .bind::<Array<Text>, _>(names)
        .load(conn)
        .await
}

impl Right {
    fn act(&self, verb: &str, towards: &str) -> Act {
        let (right, on) = match &self.name {
            Some(name) => ("SELECT", ident::qualified(&self.schema, name)),
            None => ("USAGE", format!("SCHEMA {}", ident::quote(&self.schema))),
        };
        let statement = format!("{verb} {right} ON {on} {towards} {}", ident::quote(&self.role));
        Act { what: format!("reader {}", self.role), ways: vec![vec![ONE_AT_A_TIME.to_owned(), statement]] }
    }
}
